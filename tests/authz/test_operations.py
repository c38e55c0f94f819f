"""What the authorization data says of each operation, held to the `iam-sts` reference, 3.2 to 3.4."""

import pytest

from remit.authz.operations import operations

IAM = operations()["iam"]
STS = operations()["sts"]

# Section 3.4: `iam:PermissionsBoundary` is in the context of these.
BOUNDED = {
    "CreateUser", "CreateRole",
    "PutUserPermissionsBoundary", "PutRolePermissionsBoundary",
    "DeleteUserPermissionsBoundary", "DeleteRolePermissionsBoundary",
    "AttachUserPolicy", "AttachRolePolicy", "DetachUserPolicy", "DetachRolePolicy",
    "PutUserPolicy", "PutRolePolicy", "DeleteUserPolicy", "DeleteRolePolicy",
    "UpdateRole", "UpdateAssumeRolePolicy", "DeleteRole",
}  # fmt: skip
# The service authorization data has it for these as well.
BOUNDED_TOO = {"GetRole", "UpdateRoleDescription"}
KINDS = ("User", "Group", "Role")
# What makes something that can have tags at once, and what that is in the names of operations.
TAGGING = [
    ("CreateUser", "User"),
    ("CreateRole", "Role"),
    ("CreatePolicy", "Policy"),
    ("CreateInstanceProfile", "InstanceProfile"),
    ("CreateVirtualMFADevice", "MFADevice"),
    ("CreateOpenIDConnectProvider", "OpenIDConnectProvider"),
    ("CreateSAMLProvider", "SAMLProvider"),
    ("UploadServerCertificate", "ServerCertificate"),
]


def with_key(key: str) -> set[str]:
    return {name for name, operation in IAM.items() if key in operation.keys}


def test_the_boundary_is_in_the_context_where_the_reference_says() -> None:
    assert with_key("iam:PermissionsBoundary") == BOUNDED | BOUNDED_TOO


def test_the_policy_is_in_the_context_of_what_attaches_and_detaches_it() -> None:
    assert with_key("iam:PolicyARN") == {f"{verb}{kind}Policy" for verb in ("Attach", "Detach") for kind in KINDS}


def test_tags_are_in_the_context_of_what_gives_and_takes_them() -> None:
    tagged = {kind for _, kind in TAGGING}

    assert with_key("aws:RequestTag") == {name for name, _ in TAGGING} | {f"Tag{kind}" for kind in tagged}
    assert with_key("aws:TagKeys") == with_key("aws:RequestTag") | {f"Untag{kind}" for kind in tagged}


@pytest.mark.parametrize(("name", "kind"), TAGGING)
def test_creating_with_tags_needs_the_permission_to_tag(name: str, kind: str) -> None:
    (also,) = IAM[name].also

    assert (also.action, also.when, also.session) == (f"iam:Tag{kind}", ("Tags",), "")


def test_no_other_operation_of_iam_needs_more_than_one_action() -> None:
    assert {name for name, operation in IAM.items() if operation.also} == {name for name, _ in TAGGING}


def test_a_code_in_the_call_counts_for_the_trust_policy() -> None:
    assert {"aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"} <= set(STS["AssumeRole"].keys)


def test_assuming_a_role_needs_more_actions_for_what_it_passes() -> None:
    also = {one.action: (one.when, one.session) for one in STS["AssumeRole"].also}

    assert also == {
        "sts:TagSession": (("Tags", "TransitiveTagKeys"), ""),
        "sts:SetSourceIdentity": (("SourceIdentity",), "source_identity"),
        "sts:SetContext": (("ProvidedContexts",), ""),
    }


def test_three_operations_need_no_permission_of_their_own() -> None:
    free = {name for service in operations().values() for name, operation in service.items() if operation.is_free}

    assert free == {"GetCallerIdentity", "GetSessionToken", "AcquireRole"}  # which asks for others itself


@pytest.mark.parametrize(
    ("name", "resource"),
    [(f"{verb}{kind}Policy", kind.lower()) for verb in ("Attach", "Detach", "Put", "Get", "Delete") for kind in KINDS]
    + [("AddUserToGroup", "group"), ("RemoveUserFromGroup", "group"), ("CreateAccessKey", "user")]
    + [("GetPolicyVersion", "policy"), ("ListEntitiesForPolicy", "policy"), ("GetAccessKeyLastUsed", "key-owner")],
)
def test_an_operation_acts_on_what_it_names(name: str, resource: str) -> None:
    assert IAM[name].resource == resource


# Operations on tokens that are signed have one action with those that are not.
SIGNED = {
    "CreateOAuth2TokenWithIAM": "CreateOAuth2Token",
    "IntrospectOAuth2TokenWithIAM": "IntrospectOAuth2Token",
    "RevokeOAuth2TokenWithIAM": "RevokeOAuth2Token",
}


# Budgets, their notifications and who gets these have two actions: to see and to change.
SEEN = {
    "DescribeBudget", "DescribeBudgets", "DescribeBudgetPerformanceHistory", "DescribeNotificationsForBudget",
    "DescribeBudgetNotificationsForAccount", "DescribeSubscribersForNotification",
}  # fmt: skip
CHANGED = {
    f"{verb}{kind}" for verb in ("Create", "Update", "Delete") for kind in ("Budget", "Notification", "Subscriber")
}
BUDGETS = {**dict.fromkeys(SEEN, "ViewBudget"), **dict.fromkeys(CHANGED, "ModifyBudget")}


def test_an_operation_is_authorised_under_its_own_name() -> None:
    for service, entries in operations().items():
        prefix = "iam" if service == "iam-toolbox" else service
        others = BUDGETS if service == "budgets" else SIGNED
        assert {name: operation.action for name, operation in entries.items()} == {
            name: f"{prefix}:{others.get(name, name)}" for name in entries
        }
