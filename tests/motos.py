"""moto's server, as a child process: an AWS that is not ours."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from ports import free_port


@contextmanager
def moto_server() -> Iterator[str]:
    """Run moto's server until the block ends; the value is its URL."""
    port = free_port()
    server = subprocess.Popen(
        [Path(sys.executable).with_name("moto_server"), "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "MOTO_EC2_LOAD_DEFAULT_AMIS": "false"},
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/moto-api/data.json")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()


def known_to_moto(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Give the process credentials, as its environment has them, and no others; *folder* is the test's own."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def reader(url: str, region: str = "eu-west-1") -> Any:
    """Return an unchanged client of moto's S3."""
    import boto3

    return boto3.Session("a", "b", region_name=region).client("s3", endpoint_url=url)


@contextmanager
def s3_bucket(url: str, name: str = "our-bills") -> Iterator[Any]:
    """Make a bucket that is there until the block ends; the value is a client."""
    client = reader(url)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    try:
        yield client
    finally:
        for key in keys(client, name):
            client.delete_object(Bucket=name, Key=key)
        client.delete_bucket(Bucket=name)


def keys(client: Any, name: str = "our-bills") -> list[str]:
    """Return what is in a bucket."""
    return [one["Key"] for one in client.list_objects_v2(Bucket=name).get("Contents", [])]


@contextmanager
def checked(url: str) -> Iterator[None]:
    """Let moto refuse callers that it does not know, until the block ends."""
    _check(url, b"0")
    try:
        yield
    finally:
        _check(url, b"inf")


def _check(url: str, after: bytes) -> None:
    with urlopen(Request(f"{url}/moto-api/reset-auth", after, {"Content-Type": "text/plain"})) as answer:
        assert answer.status == 200
