"""The root user's password, seen from a session of AssumeRoot: it may be allowed, shown and taken away, and not set."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.directory import LOGIN_PROFILES
from remit.ids import Secret
from remit.testing import Identity

OTHER = "444455556666"
TASKS = "arn:aws:iam::aws:policy/root-task"


def root_for(remit: Composed, task: str) -> Any:
    """Return a client of the member's root user, for one task."""
    answer = remit.client("sts").assume_root(TargetPrincipal=OTHER, TaskPolicyArn={"arn": f"{TASKS}/{task}"})
    keys = answer["Credentials"]
    identity = Identity(
        f"arn:aws:iam::{OTHER}:root",
        keys["AccessKeyId"],
        Secret(keys["SecretAccessKey"]),
        keys["SessionToken"],
        remit.admin.endpoint,
    )
    return remit.client("iam", identity)


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_member_gets_a_root_password_and_loses_it(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity]
) -> None:
    join(organize(root_sessions=True, root_credentials_management=True))
    create = root_for(remit, "IAMCreateRootUserPassword")
    audit = root_for(remit, "IAMAuditRootUserCredentials")

    assert refusal(audit.get_login_profile) == ("NoSuchEntity", "Login Profile for User root cannot be found.")
    assert refusal(lambda: create.create_login_profile(Password="correct Horse 1"))[0] == "ValidationError"
    made = create.create_login_profile()["LoginProfile"]

    assert made == {**made, "UserName": "root", "PasswordResetRequired": False}
    assert audit.get_login_profile()["LoginProfile"] == made
    profile = remit.change(lambda tx: tx.get(LOGIN_PROFILES, OTHER))
    assert profile.sealed_hashes == ()
    assert refusal(create.create_login_profile)[0] == "EntityAlreadyExists"
    assert refusal(audit.delete_login_profile)[0] == "AccessDenied"
    root_for(remit, "IAMDeleteRootUserCredentials").delete_login_profile()
    assert refusal(audit.get_login_profile)[0] == "NoSuchEntity"


def test_with_keys_of_its_own_root_names_a_user(
    remit: Composed, organize: Callable[..., str], join: Callable[[str], Identity]
) -> None:
    root = remit.client("iam", join(organize()))

    for call in (root.create_login_profile, root.get_login_profile, root.delete_login_profile):
        assert refusal(call) == ("ValidationError", "Must specify userName when calling with non-User credentials")
