"""AssumeRoot: who may be root of which account, for what, and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.ids import Secret
from remit.testing import Identity

Organize = Callable[..., str]
Join = Callable[[str], Identity]
OTHER = "444455556666"
IAM = "iam.amazonaws.com"
TASKS = "arn:aws:iam::aws:policy/root-task/"
AUDIT, CREATE, DELETE = (
    f"{TASKS}{task}"
    for task in ("IAMAuditRootUserCredentials", "IAMCreateRootUserPassword", "IAMDeleteRootUserCredentials")
)


def _code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


def _assume(remit: Composed, identity: Identity | None = None, task: str = AUDIT, **more: Any) -> Any:
    asked = {"TargetPrincipal": OTHER, "TaskPolicyArn": {"arn": task}, **more}
    return remit.client("sts", identity).assume_root(**asked)


def _root(remit: Composed, task: str) -> Identity:
    credentials = _assume(remit, task=task)["Credentials"]
    return Identity(
        f"arn:aws:iam::{OTHER}:root",
        credentials["AccessKeyId"],
        Secret(credentials["SecretAccessKey"]),
        credentials["SessionToken"],
        remit.admin.endpoint,
    )


@pytest.fixture
def member(organize: Organize, join: Join) -> Identity:
    return join(organize(root_sessions=True))


@pytest.mark.usefixtures("member")
def test_an_audit_sees_roots_credentials_and_does_nothing_else(remit: Composed) -> None:
    root = _root(remit, AUDIT)

    assert remit.client("sts", root).get_caller_identity()["Arn"] == f"arn:aws:iam::{OTHER}:root"
    iam = remit.client("iam", root)
    assert len(iam.list_access_keys()["AccessKeyMetadata"]) == 1
    iam.get_account_summary()
    for call in (iam.list_users, iam.create_access_key, lambda: iam.create_user(UserName="eve")):
        assert _code(call) == "AccessDenied"


def test_root_credentials_are_deleted_and_nobody_elses(remit: Composed, member: Identity) -> None:
    remit.client("iam", member).create_user(UserName="bob")
    iam = remit.client("iam", _root(remit, DELETE))

    assert _code(lambda: iam.list_access_keys(UserName="bob")) == "AccessDenied"
    iam.delete_access_key(AccessKeyId=member.access_key_id)
    assert iam.list_access_keys()["AccessKeyMetadata"] == []
    assert _code(remit.client("sts", member).get_caller_identity) == "InvalidClientTokenId"


@pytest.mark.usefixtures("member")
def test_a_session_lasts_a_quarter_of_an_hour(remit: Composed) -> None:
    ends = _assume(remit)["Credentials"]["Expiration"]
    sooner = _assume(remit, DurationSeconds=60)["Credentials"]["Expiration"]

    assert timedelta(seconds=890) < ends - datetime.now(UTC) <= timedelta(seconds=900)
    assert sooner - datetime.now(UTC) <= timedelta(seconds=60)
    assert _code(lambda: _assume(remit, DurationSeconds=901)) == "ValidationError"


@pytest.mark.usefixtures("member")
def test_a_target_is_an_account_or_its_root_user(remit: Composed) -> None:
    _assume(remit, TargetPrincipal=f"arn:aws:iam::{OTHER}:root")

    for target in (f"arn:aws:iam::{OTHER}:user/bob", "1234567890123", "arn:aws:iam::aws"):
        assert _code(lambda target=target: _assume(remit, TargetPrincipal=target)) == "ValidationError"
    for task in ("arn:aws:iam::aws:policy/AdministratorAccess", f"{TASKS}Nothing"):
        assert _code(lambda task=task: _assume(remit, task=task)) == "ValidationError"


def test_only_who_manages_root_users_may(remit: Composed, organize: Organize, join: Join) -> None:
    assert _code(lambda: _assume(remit)) == "AccessDenied"  # no organization
    id_ = organize(root_sessions=False)
    member = join(id_)
    assert _code(lambda: _assume(remit)) == "AccessDenied"  # the feature is off
    assert _code(lambda: _assume(remit, member)) == "AccessDenied"  # root
    assert _code(lambda: _assume(remit, TargetPrincipal="999988887777")) == "AccessDenied"  # no member


@pytest.mark.usefixtures("member")
def test_the_callers_policies_are_asked(remit: Composed) -> None:
    condition = {"StringEquals": {"sts:TaskPolicyArn": AUDIT}}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRoot", "Resource": f"arn:aws:iam::{OTHER}:root"}
    auditor = remit.user("auditor", {**statement, "Condition": condition})
    nobody = remit.user("nobody")

    _assume(remit, auditor)
    assert _code(lambda: _assume(remit, auditor, task=DELETE)) == "AccessDenied"
    assert _code(lambda: _assume(remit, nobody)) == "AccessDenied"


@pytest.mark.usefixtures("member")
def test_a_session_makes_no_other_session(remit: Composed) -> None:
    sts = remit.client("sts", _root(remit, AUDIT))

    assert _code(sts.get_session_token) == "AccessDenied"
