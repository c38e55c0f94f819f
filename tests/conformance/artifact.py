"""What the tests of Artifact ask of a served endpoint."""

import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from serving import Served

from remit.ids import Secret
from remit.testing import Identity


def opened(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def by_series(artifact: Any, series: str) -> dict[str, Any]:
    reports = artifact.get_paginator("list_reports").paginate(PaginationConfig={"PageSize": 5})
    return next(report for page in reports for report in page["reports"] if report["series"] == series)


def events(server: Served, name: str, count: int) -> list[dict[str, Any]]:
    """Return the records of the trail of this name, once there are *count* of them."""
    for _ in range(100):
        found = server.events(EventName=name)
        if len(found) >= count:
            return found
        time.sleep(0.02)
    pytest.fail(f"no {count} records of {name}")


def member_client(server: Served, account: str) -> Any:
    arn = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    role = server.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    key, secret, token = role["AccessKeyId"], Secret(role["SecretAccessKey"]), role["SessionToken"]
    return Identity(arn, key, secret, token, server.endpoint).client("artifact")
