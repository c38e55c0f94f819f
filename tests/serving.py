"""A `remit serve` in a process of its own, as users have it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ports import free_port

from remit.ids import Secret
from remit.testing import Identity

ACCOUNT = "123456789012"
BIN = Path(sys.executable).parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "REMIT_"))}


class Served:
    """A `remit serve` that runs."""

    def __init__(self, process: "subprocess.Popen[str]", said: dict[str, Any]) -> None:
        self.process = process
        self.endpoint: str = said["endpoint"]
        self.account: str = said["account"]
        self.data = Path(said["data"])
        self.admin = Identity(
            f"arn:aws:iam::{self.account}:user/admin",
            said["access_key_id"],
            Secret(said["secret_access_key"]),
            None,
            self.endpoint,
        )

    def client(self, service: str, **options: Any) -> Any:
        return self.admin.client(service, **options)

    def reset(self) -> None:
        with urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/_remit/reset", method="POST", data=b"")):
            pass

    def user(self, name: str, *statements: dict[str, Any]) -> Identity:
        iam = self.client("iam")
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_user_policy(UserName=name, PolicyName="test", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Identity(arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, self.endpoint)

    def opens_bills(self) -> None:
        """Let policies say who sees bills, as whoever runs the server does."""
        command = [BIN / "remit", "billing", "access", self.account, "--users", "--data", self.data]
        subprocess.run(command, env=CLEAN, check=True, capture_output=True)

    def events(self, **attribute: str) -> list[dict[str, Any]]:
        """Return the records of the trail, newest first: `events(EventName="CreateUser")`."""
        wanted = [{"AttributeKey": key, "AttributeValue": value} for key, value in attribute.items()]
        pages = self.client("cloudtrail").get_paginator("lookup_events").paginate(LookupAttributes=wanted)
        return [json.loads(event["CloudTrailEvent"]) for page in pages for event in page["Events"]]

    def aws(self, *arguments: str, identity: Identity | None = None) -> "subprocess.CompletedProcess[str]":
        """Run the AWS CLI."""
        variables = {name: value for name, value in (identity or self.admin).variables().items() if value is not None}
        return subprocess.run(
            [BIN / "aws", *arguments],
            env={**CLEAN, **variables, "AWS_PAGER": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@contextmanager
def served(*flags: str, **variables: str) -> Iterator[Served]:
    """Run `remit serve` with *flags*, until the block ends."""
    process = subprocess.Popen(
        [BIN / "remit", "serve", "--port", str(free_port()), "--json", "--log-level", "warning", *flags],
        env={**CLEAN, "REMIT_ACCOUNT_ID": ACCOUNT, "REMIT_BILL_EVERY_SECONDS": "0", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(f"remit serve did not start: {process.stderr.read()}")
    try:
        found = Served(process, json.loads(line))
        _wait(found)
        yield found
    finally:
        process.terminate()
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def _wait(found: Served) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{found.endpoint}/_remit/ready"):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)  # the process is starting; there is nothing to wait on
    raise AssertionError("the server was not ready within six seconds")
