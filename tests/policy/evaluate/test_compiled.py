import json

import msgspec
import pytest
from strategies import ANA, KIOSK, MANAGEMENT, OTHER, OWN, ROOT, SERVICE, SESSION

from remit.policy import (
    Policies,
    Policy,
    Principal,
    Request,
    Resource,
    ResourceKind,
    Verdict,
    evaluate,
    parse,
    reference,
)
from remit.policy.evaluate import compiled as module

ALLOW = Policy(document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'))
DENY = Policy(document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'))
STATEMENT = {"Effect": "Allow", "Principal": {"AWS": ANA.arn}, "Action": "*", "Resource": "*"}
NAMES_ANA = Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": STATEMENT})))
EVERYONE = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
DENIES_EVERYONE = Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": EVERYONE})))
GET = Request(principal=ANA, action="s3:GetObject", resource=Resource(arn="arn:aws:s3:::b/x", account=OWN), context={})


def asked(principal: Principal = ANA, action: str = "s3:GetObject", **resource: object) -> Request:
    return Request(
        principal=principal,
        action=action,
        resource=msgspec.structs.replace(GET.resource, **resource),
        context={},
    )


def test_a_plan_for_one_caller_answers_no_other() -> None:
    bob = msgspec.structs.replace(ANA, arn=f"arn:aws:iam::{OWN}:user/bob", id="AIDABOB")
    compiled = evaluate.Compiled(Policies(resource=NAMES_ANA))

    answers = [compiled.verdict(asked(principal)) for principal in (ANA, bob, ANA, SERVICE, bob)]

    assert answers == [
        Verdict.ALLOW,
        Verdict.IMPLICIT_DENY,
        Verdict.ALLOW,
        Verdict.IMPLICIT_DENY,
        Verdict.IMPLICIT_DENY,
    ]


def test_callers_that_are_bound_differently_share_no_plan() -> None:
    compiled = evaluate.Compiled(Policies(identity=(ALLOW,), scps=((DENY,),)))

    answers = [compiled.verdict(asked(principal)) for principal in (ANA, MANAGEMENT, ROOT, KIOSK, ANA)]

    assert answers == [
        Verdict.EXPLICIT_DENY,
        Verdict.ALLOW,
        Verdict.EXPLICIT_DENY,
        Verdict.EXPLICIT_DENY,
        Verdict.EXPLICIT_DENY,
    ]


@pytest.mark.parametrize("principal", [ANA, SESSION, ROOT, SERVICE])
@pytest.mark.parametrize(
    "policies",
    [
        Policies(identity=(ALLOW,), rcps=((),), resource=NAMES_ANA),
        Policies(identity=(ALLOW,), rcps=((DENIES_EVERYONE,),)),
        Policies(identity=(ALLOW,), resource=NAMES_ANA),
        Policies(identity=(ALLOW,)),
        Policies(resource=NAMES_ANA),
    ],
)
def test_every_standing_to_a_resource_has_its_own_plan(policies: Policies, principal: Principal) -> None:
    compiled = evaluate.Compiled(policies)

    for _ in range(2):
        for kind in ResourceKind:
            for account in (OWN, OTHER, ""):
                for flag in (False, True):
                    request = asked(principal, kind=kind, account=account, is_management_account=flag)
                    assert compiled.verdict(request) is reference.decide(policies, request).verdict


def test_a_task_policy_binds_only_the_session_that_has_it() -> None:
    policies = Policies(identity=(ALLOW,), session=(DENY,))
    compiled = evaluate.Compiled(policies)
    plain = asked(ROOT)
    limited = msgspec.structs.replace(plain, context={"aws:assumedroot": "true"})

    for request in (plain, limited, plain, limited):
        assert compiled.verdict(request) is reference.decide(policies, request).verdict
    assert compiled.verdict(limited) is Verdict.EXPLICIT_DENY


def policy(*statements: dict[str, object]) -> Policy:
    whole = [{"Effect": "Allow", "Action": "*", "Resource": "*", **statement} for statement in statements]
    return Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": whole})), name="x")


IF_TEAM = {"Condition": {"StringEquals": {"k:team": "a"}}}


@pytest.mark.parametrize("grants", [STATEMENT, {**STATEMENT, **IF_TEAM}])
@pytest.mark.parametrize("identity", [{}, IF_TEAM, {"Condition": {"StringEquals": {"k:other": "a"}}}])
@pytest.mark.parametrize("context", [{}, {"k:team": "a"}, {"k:other": "a"}])
def test_either_grant_is_enough_at_home(
    grants: dict[str, object], identity: dict[str, object], context: dict[str, str]
) -> None:
    policies = Policies(identity=(policy(identity),), resource=policy(grants))
    request = msgspec.structs.replace(GET, context=context)

    assert evaluate.Compiled(policies).verdict(request) is reference.decide(policies, request).verdict


def test_a_statement_that_names_somebody_else_ends_nothing() -> None:
    other = {**STATEMENT, "Principal": {"AWS": OTHER}}

    assert evaluate.Compiled(Policies(resource=policy(other, STATEMENT))).verdict(GET) is Verdict.ALLOW


def test_matches_come_in_the_order_of_the_statements_however_they_were_found() -> None:
    statements: list[dict[str, object]] = [{"Resource": f"arn:aws:s3:::{name}/*"} for name in "abcdefghijkl"]
    statements.insert(5, {})
    statements.insert(8, IF_TEAM)
    statements.append({"Resource": "arn:aws:s3:::b/x"})
    document = policy(*statements)
    request = msgspec.structs.replace(GET, context={"k:team": "a"})

    decision = evaluate.Compiled(Policies(identity=(document,))).decide(request)

    assert [match.index for match in decision.allows] == [1, 5, 8, 14]
    assert [match.statement for match in decision.allows] == [
        document.document.statements[index] for index in (1, 5, 8, 14)
    ]


def test_an_equal_caller_made_anew_is_known() -> None:
    compiled = evaluate.Compiled(Policies(resource=NAMES_ANA))

    for _ in range(3):
        assert compiled.verdict(asked(msgspec.structs.replace(ANA))) is Verdict.ALLOW
    assert len(compiled._callers) == 1


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PLANS_KEPT", 5)
    monkeypatch.setattr(module, "_CALLERS_KEPT", 3)
    compiled = evaluate.Compiled(Policies(identity=(ALLOW,), resource=NAMES_ANA))

    for number in range(20):
        for principal in (ANA, ROOT, msgspec.structs.replace(ANA, id=f"AIDA{number}")):
            assert compiled.verdict(asked(principal, f"s3:Get{number}")) is Verdict.ALLOW

    assert len(compiled._callers) <= 3
    assert all(len(caller.own) <= 5 and len(caller.rare) <= 5 for caller in compiled._callers.values())


def test_equal_policy_sets_are_compiled_once() -> None:
    one, other = Policies(identity=(ALLOW,)), Policies(identity=(ALLOW,))

    assert evaluate.compile_policies(one) is evaluate.compile_policies(other)
    assert evaluate.compile_policies(one) is not evaluate.compile_policies(Policies(identity=(ALLOW, DENY)))


def test_a_policy_under_another_name_is_told_by_its_name() -> None:
    renamed = msgspec.structs.replace(DENY, name="renamed")

    assert evaluate.decide(Policies(identity=(DENY,)), GET).denies[0].policy is DENY
    assert evaluate.decide(Policies(identity=(renamed,)), GET).denies[0].policy is renamed
