"""M1 to M5. The table of all forms is in the case files."""

import pytest

from remit.policy import (
    Decision,
    Layer,
    Match,
    Policy,
    ResourceKind,
    Verdict,
    access_denied_message,
    parse,
    reason,
)

DOCUMENT = parse('{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}')
ARN = "arn:aws:iam::111122223333:policy/No"


def deny(layer: Layer, arn: str = "") -> Match:
    return Match(layer=layer, policy=Policy(document=DOCUMENT, arn=arn), index=0, statement=DOCUMENT.statements[0])


def test_an_allow_has_no_reason() -> None:
    assert reason(Decision(verdict=Verdict.ALLOW), "s3:GetObject") == ""


def test_the_first_cause_is_named() -> None:
    decision = Decision(verdict=Verdict.IMPLICIT_DENY, causes=(Layer.SCP, Layer.IDENTITY))

    assert reason(decision, "s3:GetObject") == "because no service control policy allows the s3:GetObject action"


def test_an_explicit_deny_names_the_first_policy_of_its_layer() -> None:
    decision = Decision(
        verdict=Verdict.EXPLICIT_DENY,
        causes=(Layer.IDENTITY, Layer.BOUNDARY),
        denies=(deny(Layer.IDENTITY, ARN), deny(Layer.BOUNDARY, "arn:other")),
    )

    assert reason(decision, "s3:GetObject") == f"with an explicit deny in an identity-based policy: {ARN}"


def test_a_policy_without_an_arn_is_not_named() -> None:
    decision = Decision(verdict=Verdict.EXPLICIT_DENY, causes=(Layer.IDENTITY,), denies=(deny(Layer.IDENTITY),))

    assert reason(decision, "s3:GetObject") == "with an explicit deny in an identity-based policy"


def test_a_roles_own_policy_is_its_trust_policy() -> None:
    decision = Decision(verdict=Verdict.IMPLICIT_DENY, causes=(Layer.RESOURCE,))

    assert reason(decision, "sts:AssumeRole", ResourceKind.ROLE).startswith("because no role trust policy")
    assert reason(decision, "kms:Decrypt", ResourceKind.KMS_KEY).startswith("because no resource-based policy")


@pytest.mark.parametrize("layer", [Layer.RESOURCE, Layer.VPC_ENDPOINT])
def test_a_resources_and_an_endpoints_policy_are_not_named(layer: Layer) -> None:
    message = access_denied_message("p", "a:b", "r", cause=layer, explicit=True, policy_arn=ARN)

    assert ARN not in message


def test_another_organization_gets_no_reason() -> None:
    assert (
        access_denied_message("p", "a:b", "r", cause=None, explicit=True)
        == "User: p is not authorized to perform: a:b on resource: r"
    )


def test_some_services_leave_the_resource_out() -> None:
    message = access_denied_message("p", "a:b", "", cause=Layer.IDENTITY, explicit=False)

    assert message == "User: p is not authorized to perform: a:b because no identity-based policy allows the a:b action"
