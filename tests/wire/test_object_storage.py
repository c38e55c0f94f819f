"""Objects come whole into the buckets of an S3 server, or it is said in words why they do not."""

import logging
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from motos import checked, known_to_moto, reader, s3_bucket

from remit.wire.object_storage import PART_BYTES, ObjectStorage, StorageFailed, is_server

SECRET, TOKEN = "s3cr3t-of-the-process", "token-of-the-process"
Handling = Callable[[socketserver.StreamRequestHandler], None]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known_to_moto(monkeypatch, tmp_path)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)


@pytest.fixture
def bucket(moto: str) -> Iterator[str]:
    with s3_bucket(moto):
        yield "our-bills"


def content(url: str, key: str) -> bytes:
    found: bytes = reader(url).get_object(Bucket="our-bills", Key=key)["Body"].read()
    return found


@contextmanager
def server(handling: Handling) -> Iterator[str]:
    """Serve connections until the block ends; the value is the URL."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            handling(self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as found:
        found.daemon_threads = True
        threading.Thread(target=found.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{found.server_address[1]}"
        finally:
            found.shutdown()


def test_an_object_is_put_and_replaced(moto: str, bucket: str) -> None:
    storage = ObjectStorage(moto, "eu-west-1")

    storage.put(bucket, "a/b.json", b"one")
    storage.put(bucket, "a/b.json", b"two")

    assert content(moto, "a/b.json") == b"two"


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES])
def test_a_file_of_any_size_is_the_same_bytes(moto: str, bucket: str, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(range(251)) * (size // 251) + b"x" * (size % 251))

    ObjectStorage(moto, "eu-west-1").put_file(bucket, "file", path)

    assert content(moto, "file") == path.read_bytes()
    etag = reader(moto).head_object(Bucket=bucket, Key="file")["ETag"].strip('"')
    assert etag.partition("-")[2] == ("2" if size > PART_BYTES else "")


def test_what_is_ended_half_way_leaves_nothing(moto: str, bucket: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(PART_BYTES + 1))
    asked: list[int] = []

    def still() -> None:
        asked.append(1)
        if len(asked) == 2:
            raise KeyError

    with pytest.raises(KeyError):
        ObjectStorage(moto, "eu-west-1").put_file(bucket, "file", path, still)

    assert "Contents" not in reader(moto).list_objects_v2(Bucket=bucket)
    assert "Uploads" not in reader(moto).list_multipart_uploads(Bucket=bucket)


@pytest.mark.parametrize("size", [1, PART_BYTES + 1])
def test_a_bucket_that_is_not_there_refuses(moto: str, tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(size))

    with pytest.raises(StorageFailed, match=r"^NoSuchBucket: ") as caught:
        ObjectStorage(moto, "eu-west-1").put_file("nobodys-bills", "file", path)

    assert (caught.value.is_refusal, caught.value.is_bucket_missing) == (True, True)


def test_credentials_that_the_server_does_not_know_are_refused(moto: str, bucket: str) -> None:
    storage = ObjectStorage(moto, "eu-west-1")
    with checked(moto), pytest.raises(StorageFailed, match=r"^Invalid") as caught:
        storage.put(bucket, "file", b"x")

    assert (caught.value.is_refusal, caught.value.is_bucket_missing) == (True, False)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_without_credentials_it_says_so(moto: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)

    with pytest.raises(StorageFailed, match="no credentials") as caught:
        ObjectStorage(moto, "eu-west-1").put("our-bills", "file", b"x")

    assert caught.value.is_refusal


def test_a_profile_that_is_not_there_is_no_credential(moto: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(StorageFailed, match="no credentials") as caught:
        ObjectStorage(moto, "eu-west-1").put("our-bills", "file", b"x")

    assert caught.value.is_refusal


def test_credentials_of_a_profile_are_found(moto: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    file = Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"])
    file.write_text("[bills]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_PROFILE", "bills")

    ObjectStorage(moto, "eu-west-1").put(bucket, "file", b"x")

    assert content(moto, "file") == b"x"


def test_a_server_that_is_not_there_is_no_refusal() -> None:
    with pytest.raises(StorageFailed, match="Could not connect") as caught:
        ObjectStorage("http://127.0.0.1:9", "eu-west-1", seconds=1).put("our-bills", "file", b"x")

    assert not caught.value.is_refusal


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_was_said() -> None:
    ended = threading.Event()
    with server(lambda handler: ended.wait(20) and None) as url:
        try:
            with pytest.raises(StorageFailed, match=r"timeout|timed out") as caught:
                ObjectStorage(url, "eu-west-1", seconds=0.2).put("our-bills", "file", b"x")
        finally:
            ended.set()

    assert not caught.value.is_refusal


def test_a_connection_that_is_cut_is_tried_again_and_then_said(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(PART_BYTES))
    cut: list[int] = []

    def cutting(handler: socketserver.StreamRequestHandler) -> None:
        cut.append(len(handler.rfile.read(1000)))

    with server(cutting) as url, pytest.raises(StorageFailed) as caught:
        ObjectStorage(url, "eu-west-1", seconds=5).put_file("our-bills", "file", path)

    assert not caught.value.is_refusal
    assert len(cut) == 3


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"{}", b""])
def test_a_server_that_is_none_of_s3s_kind_took_nothing(body: bytes) -> None:
    def answering(handler: socketserver.StreamRequestHandler) -> None:
        handler.rfile.readline()
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    with server(answering) as url, pytest.raises(StorageFailed, match=r"as S3 does|Internal Server Error"):
        ObjectStorage(url, "eu-west-1", seconds=5).put("our-bills", "file", b"")


def test_nobody_reads_credentials_in_the_log(
    moto: str, bucket: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("botocore"), "level", logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        ObjectStorage(moto, "eu-west-1").put(bucket, "file", b"x")

    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text


def test_aws_has_an_endpoint_in_each_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    assert ObjectStorage("aws", "eu-west-1").url == "https://s3.eu-west-1.amazonaws.com"
    assert ObjectStorage("https://s3.example.com:9000", "eu-west-1").url == "https://s3.example.com:9000"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:9000", True),
        ("https://s3.example.com", True),
        ("https://[::1]:9000/s3", True),
        ("https://key:secret@s3.example.com", False),
        ("https://s3.example.com?a=b", False),
        ("https://s3.example.com#a", False),
        ("https://s3.example.com:0", False),
        ("https://s3.example.com:x", False),
        ("https://", False),
        ("ftp://s3.example.com", False),
        ("s3.example.com", False),
        ("", False),
    ],
)
def test_what_is_the_url_of_a_server(url: str, *, expected: bool) -> None:
    assert is_server(url) is expected
