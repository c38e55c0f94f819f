"""E1 to E6, K11, K15, K16, O3: who is bound by what. What follows from it is in the case files."""

import msgspec
import pytest
from strategies import (
    ANA,
    ANONYMOUS,
    KIOSK,
    LINKED,
    MANAGEMENT,
    OTHER,
    OWN,
    PRINCIPALS,
    PROVIDER,
    ROOT,
    SAML,
    SERVICE,
    SESSION,
)

from remit.policy import Layer, Principal, PrincipalKind, Request, Resource, ResourceKind
from remit.policy.language.layers import (
    BINDS,
    RCP_SERVICES,
    WAYS,
    Standing,
    binding,
    needs_no_permission,
    needs_session_policy,
    standing,
)

BUCKET = Resource(arn="arn:aws:s3:::b", account=OWN)
EVERY = frozenset(Layer)
OUTSIDE = frozenset({Layer.RCP, Layer.VPC_ENDPOINT, Layer.RESOURCE})


def asks(principal: Principal, action: str = "s3:GetObject", resource: Resource = BUCKET, **context: str) -> Request:
    return Request(principal=principal, action=action, resource=resource, context=context)


def test_every_kind_and_every_standing_is_in_the_tables() -> None:
    assert set(BINDS) == set(PrincipalKind)
    assert set(WAYS) == set(Standing)


@pytest.mark.parametrize(
    ("principal", "layers"),
    [
        (ANA, EVERY),
        (SESSION, EVERY),
        (KIOSK, EVERY),
        (ROOT, OUTSIDE | {Layer.SCP}),
        (MANAGEMENT, EVERY - {Layer.SCP}),
        (LINKED, EVERY - {Layer.SCP, Layer.RCP, Layer.BOUNDARY}),
        (SERVICE, OUTSIDE),
        (PROVIDER, OUTSIDE),
        (SAML, OUTSIDE),
        (ANONYMOUS, OUTSIDE),
    ],
)
def test_what_binds_a_caller(principal: Principal, layers: frozenset[Layer]) -> None:
    assert binding(asks(principal)) == layers


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("ec2:RunInstances", BUCKET),
        ("kms:RetireGrant", BUCKET),
        ("KMS:retiregrant", BUCKET),
        ("s3:GetObject", msgspec.structs.replace(BUCKET, is_management_account=True)),
        ("kms:Decrypt", msgspec.structs.replace(BUCKET, is_aws_managed_key=True)),
        ("sts:AssumeRole", Resource(arn="arn:aws:iam::1:role/aws-service-role/x/y", kind=ResourceKind.ROLE)),
    ],
)
def test_what_resource_control_policies_leave_alone(action: str, resource: Resource) -> None:
    assert Layer.RCP not in binding(asks(ANA, action, resource))


@pytest.mark.parametrize("service", sorted(RCP_SERVICES))
def test_the_services_that_resource_control_policies_know(service: str) -> None:
    assert Layer.RCP in binding(asks(ANA, f"{service.upper()}:Anything"))


@pytest.mark.parametrize(
    ("principal", "resource", "expected"),
    [
        (ANA, BUCKET, Standing.OWN_ACCOUNT),
        (ANA, Resource(arn="*"), Standing.OWN_ACCOUNT),
        (ANA, Resource(arn="x", account=OWN, kind=ResourceKind.ROLE), Standing.OWN_ACCOUNT_POLICY_NEEDED),
        (ANA, Resource(arn="x", account=OWN, kind=ResourceKind.KMS_KEY), Standing.OWN_ACCOUNT_POLICY_NEEDED),
        (ANA, Resource(arn="x", account=OTHER), Standing.OTHER_ACCOUNT),
        (ANA, Resource(arn="x", account=OTHER, kind=ResourceKind.ROLE), Standing.OTHER_ACCOUNT),
        (SERVICE, BUCKET, Standing.NO_ACCOUNT),
        (ANONYMOUS, Resource(arn="*"), Standing.NO_ACCOUNT),
    ],
)
def test_how_a_caller_stands_to_a_resource(principal: Principal, resource: Resource, expected: Standing) -> None:
    assert standing(principal, resource) is expected


def test_only_two_actions_need_no_permission_and_a_caller_at_all() -> None:
    for principal in PRINCIPALS:
        for action in ("sts:GetCallerIdentity", "STS:getsessiontoken"):
            assert needs_no_permission(asks(principal, action)) is (principal is not ANONYMOUS)
        assert not needs_no_permission(asks(principal, "sts:GetAccessKeyInfo"))


def test_who_may_do_nothing_without_a_session_policy() -> None:
    assert needs_session_policy(asks(KIOSK))
    assert not needs_session_policy(asks(SESSION))
    assert not needs_session_policy(asks(ROOT))
    assumed = Request(principal=ROOT, action="s3:Get", resource=BUCKET, context={"aws:assumedroot": "true"})
    assert needs_session_policy(assumed)
    assert Layer.SESSION in binding(assumed)


@pytest.mark.parametrize("action", ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"])
def test_a_bucket_policy_does_not_keep_its_accounts_root_user_from_itself(action: str) -> None:
    assert Layer.RESOURCE not in binding(asks(ROOT, action))
    assert Layer.RESOURCE in binding(asks(ANA, action))
    assert Layer.RESOURCE in binding(asks(ROOT, action, Resource(arn="arn:aws:s3:::b", account=OTHER)))
