"""Sessions of programs: whose they are, who sees them, and how they end before their time."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def everybody(remit: Composed) -> str:
    return f"arn:aws:iam::{remit.account}:*"


def ids(answer: dict[str, Any]) -> list[str]:
    return [item["sessionArn"] for item in answer["items"]]


def test_a_session_is_shown_to_whom_it_belongs(remit: Composed, login: Callable[..., Any]) -> None:
    program = login()
    program.all_the_way()
    ana, signin = f"arn:aws:iam::{remit.account}:user/ana", remit.client("signin")

    assert signin.list_sessions()["items"] == []
    (item,) = signin.list_sessions(principalArn=ana)["items"]
    assert item.items() >= {"principalArn": ana, "status": "ACTIVE", "clientType": "CLI"}.items()
    assert item["sessionArn"].startswith(f"arn:aws:signin:us-east-1:{remit.account}:session/")
    assert item["expiresAt"] - item["issuedAt"] in range(43_195, 43_201)
    assert ids(signin.list_sessions(principalArn=everybody(remit))) == [item["sessionArn"]]

    shown = signin.get_session(sessionArn=item["sessionArn"], principalArn=ana)
    assert shown["lastUsedAt"] >= shown["issuedAt"]
    assert (shown["userAgent"], shown["issuedInRegion"]) == ("tests", "us-east-1")
    assert "role" not in shown
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        signin.get_session(sessionArn=item["sessionArn"])


def test_a_code_that_nobody_redeemed_is_no_session(remit: Composed, login: Callable[..., Any]) -> None:
    program = login()
    program.authorize(program.sign_in()[1]["credentials"])

    assert remit.client("signin").list_sessions(principalArn=everybody(remit))["items"] == []


def test_a_revoked_session_is_never_refreshed_again(remit: Composed, login: Callable[..., Any]) -> None:
    program, other = login(), login("bob")
    program.all_the_way()
    other.all_the_way()
    signin, all_ = remit.client("signin"), everybody(remit)
    mine, bobs = ids(signin.list_sessions(principalArn=all_))
    missing = mine[:-1] + ("0" if mine[-1] != "0" else "1")

    answer = signin.batch_revoke_sessions(sessionArns=[mine, missing], principalArn=all_, reason="lost")

    assert answer["revokedSessions"] == [{"sessionArn": mine}]
    assert [(error["sessionArn"], error["code"]) for error in answer["errors"]] == [
        (missing, "ResourceNotFoundException")
    ]
    status, told = program.refresh()
    assert (status, told["error"]) == (400, "TOKEN_EXPIRED")
    assert other.refresh()[0] == 200
    again = signin.batch_revoke_sessions(sessionArns=[mine], principalArn=all_)
    assert again["revokedSessions"] == [{"sessionArn": mine}]
    assert ids(signin.list_sessions(principalArn=all_, status="REVOKED")) == [mine]
    assert ids(signin.list_sessions(principalArn=all_, status="ACTIVE")) == [bobs]


def test_nobody_revokes_what_belongs_to_somebody_else(remit: Composed, login: Callable[..., Any]) -> None:
    program = login()
    program.all_the_way()
    signin = remit.client("signin")
    (arn,) = ids(signin.list_sessions(principalArn=everybody(remit)))

    bobs = f"arn:aws:iam::{remit.account}:user/bob"
    assert len(signin.batch_revoke_sessions(sessionArns=[arn], principalArn=bobs)["errors"]) == 1
    assert len(signin.batch_revoke_sessions(sessionArns=[arn])["errors"]) == 1
    assert program.refresh()[0] == 200


def test_filters_count_together(remit: Composed, login: Callable[..., Any]) -> None:
    login().all_the_way()
    signin, all_ = remit.client("signin"), everybody(remit)
    (item,) = signin.list_sessions(principalArn=all_)["items"]
    at, client = item["issuedAt"], item["clientId"]

    for asked, count in [
        ({"clientId": client}, 1),
        ({"clientId": "other"}, 0),
        ({"issuedAfter": at}, 1),
        ({"issuedAfter": at + 1}, 0),
        ({"issuedBefore": at}, 0),
        ({"issuedBefore": at + 1}, 1),
        ({"issuedBefore": at + 1, "clientId": "other"}, 0),
    ]:
        assert len(signin.list_sessions(principalArn=all_, **asked)["items"]) == count, asked


def test_a_long_list_comes_in_pages(remit: Composed, login: Callable[..., Any]) -> None:
    programs = [login("ana"), login("bob"), login("cyd")]
    for program in programs:
        program.all_the_way()
    signin, all_ = remit.client("signin"), everybody(remit)

    first = signin.list_sessions(principalArn=all_, maxResults=2)
    second = signin.list_sessions(principalArn=all_, maxResults=2, nextToken=first["nextToken"])

    assert len(set(ids(first) + ids(second))) == 3
    assert "nextToken" not in second
    with pytest.raises(ClientError, match="ValidationException"):
        signin.list_sessions(principalArn=all_, nextToken="AAAA")


def test_sessions_need_a_permission(remit: Composed) -> None:
    nobody = remit.client("signin", remit.user("nobody"))

    with pytest.raises(ClientError, match="AccessDeniedException"):
        nobody.list_sessions()
    with pytest.raises(ClientError, match="AccessDeniedException"):
        nobody.batch_revoke_sessions(sessionArns=["a"])
