"""What IAM Toolbox tells of a refusal: the model's promises, the cases' causes, and nothing of another account."""

import json
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from policy.cases import case_id, cases
from policy.cases import policies as policies_of
from policy.cases import request as request_of
from strategies import policies, requests

from remit.authz import Question
from remit.policy import Layer, Policies, Policy, Principal, PrincipalKind, Request, Resource, parse, reference
from remit.services.iam_toolbox.evaluation import details
from remit.services.iam_toolbox.sources import is_foreign, sources

OWN, OTHER = "111122223333", "444455556666"
CHECKS = {
    "RESOURCE_CONTROL_POLICY": Layer.RCP,
    "SERVICE_CONTROL_POLICY": Layer.SCP,
    "VPC_ENDPOINT": Layer.VPC_ENDPOINT,
    "RESOURCE": Layer.RESOURCE,
    "PRINCIPAL": Layer.IDENTITY,
    "PERMISSIONS_BOUNDARY": Layer.BOUNDARY,
    "SESSION": Layer.SESSION,
}
EFFECTS = {"implicit-deny": "IMPLICIT_DENY", "explicit-deny": "EXPLICIT_DENY"}
ANA = Principal(kind=PrincipalKind.USER, arn=f"arn:aws:iam::{OWN}:user/ana", account=OWN, id="AIDAANA")
RUN = Principal(
    kind=PrincipalKind.ROLE_SESSION,
    arn=f"arn:aws:sts::{OWN}:assumed-role/Builder/run-1",
    account=OWN,
    id="AROABUILDER:run-1",
    role_arn=f"arn:aws:iam::{OWN}:role/Builder",
    role_id="AROABUILDER",
)


def asked(drawn: Policies, request: Request) -> Question:
    """Return a refusal; what is allowed is none, and is drawn again."""
    question = Question(request, "shown", drawn, reference.decide(drawn, request))
    if question.is_allowed:
        reject()
    return question


def policy(*statements: dict[str, Any], name: str = "p", arn: str = "") -> Policy:
    return Policy(parse(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})), name, arn)


def allow(action: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def deny(action: str, **more: Any) -> dict[str, Any]:
    return {**allow(action, **more), "Effect": "Deny"}


def a_request(principal: Principal = ANA, account: str = OWN, **context: str) -> Request:
    resource = Resource(arn="arn:aws:s3:::b/k", account=account)
    return Request(principal=principal, action="s3:GetObject", resource=resource, context=context)


def evaluation(found: Any) -> Any:
    (only,) = found["evaluations"]
    return only


def checks(drawn: Policies, request: Request | None = None) -> list[tuple[str, str]]:
    """Return the types and effects of the checks."""
    found = evaluation(details(asked(drawn, request or a_request())))
    return [(check["checkType"], check["evaluatedEffect"]) for check in found["checks"]]


def told_apart(drawn: Policies) -> Policies:
    """Give every policy that has an ARN one of its own."""
    numbers = count()

    def one(found: Policy) -> Policy:
        return msgspec.structs.replace(found, arn=f"{found.arn}-{next(numbers)}") if found.arn else found

    def maybe(found: Policy | None) -> Policy | None:
        return None if found is None else one(found)

    def levels(found: tuple[tuple[Policy, ...], ...] | None) -> tuple[tuple[Policy, ...], ...] | None:
        return None if found is None else tuple(tuple(map(one, level)) for level in found)

    return Policies(
        identity=tuple(map(one, drawn.identity)),
        boundary=maybe(drawn.boundary),
        session=tuple(map(one, drawn.session)),
        resource=maybe(drawn.resource),
        scps=levels(drawn.scps),
        rcps=levels(drawn.rcps),
        vpc_endpoint=maybe(drawn.vpc_endpoint),
    )


# -- promises of the model


@given(policies(), requests())
def test_a_refusal_has_the_checks_that_the_model_promises(drawn: Policies, request: Request) -> None:
    found = evaluation(details(asked(drawn, request)))
    effects = {check["evaluatedEffect"] for check in found["checks"]}

    if "EXPLICIT_DENY" in effects:
        assert found["evaluatedEffect"] == "EXPLICIT_DENY"
    else:
        assert found["evaluatedEffect"] == "IMPLICIT_DENY"
        assert "IMPLICIT_DENY" in effects
    order = [list(CHECKS).index(check["checkType"]) for check in found["checks"]]
    assert order == sorted(order)


@given(policies(), requests())
def test_what_matched_is_in_the_list_of_policies_and_is_what_decided(drawn: Policies, request: Request) -> None:
    assume(not is_foreign(request))
    question = asked(told_apart(drawn), request)
    every = sources(question)
    found = details(question)

    told = {
        (CHECKS[check["checkType"]], matched["uri"], statement["sid"], statement["evaluatedEffect"])
        for check in evaluation(found)["checks"]
        for matched in check["matchedPolicies"]
        for statement in matched["matchedStatements"]
    }

    assert question.decision is not None
    uris = {id(source.policy): source.uri for source in every}
    matches = [*question.decision.denies, *question.decision.allows]
    assert told == {
        (
            match.layer,
            uris[id(match.policy)],
            match.statement.sid or f"Statement[{match.index}]",
            match.statement.effect.upper(),
        )
        for match in matches
    }
    assert {info["uri"] for info in found["policies"]} == set(uris.values())
    assert {uri for _, uri, _, _ in told} == {matched["uri"] for matched in evaluation(found)["matchedPolicies"]}


REFUSED = [case for case in cases("decide") if case["expect"]["decision"] != "allow"]
IN_ONE_ACCOUNT = [case for case in REFUSED if not is_foreign(request_of(case))]


@pytest.mark.parametrize("case", IN_ONE_ACCOUNT, ids=case_id)
def test_the_checks_that_deny_are_the_causes_of_the_case(case: dict[str, Any]) -> None:
    effect = EFFECTS[case["expect"]["decision"]]

    found = evaluation(details(asked(policies_of(case), request_of(case))))

    assert found["evaluatedEffect"] == effect
    denying = {CHECKS[check["checkType"]] for check in found["checks"] if check["evaluatedEffect"] == effect}
    assert denying == {Layer(cause) for cause in case["expect"]["causes"]}


# -- another account


@given(policies(), policies(), requests(), st.sampled_from(["red", "blue"]))
def test_nothing_of_another_accounts_side_is_told(drawn: Policies, other: Policies, request: Request, tag: str) -> None:
    """Whatever guards the resource over there, and whether it is there at all: the answer is the same."""
    context = {**request.context, "aws:resourcetag/team": tag, "iam:resourcetag/team": tag}
    request = msgspec.structs.replace(
        request,
        principal=msgspec.structs.replace(ANA, arn=request.principal.arn),
        resource=msgspec.structs.replace(request.resource, account=OTHER),
        context=context,
    )
    without = msgspec.structs.replace(
        request, context={key: value for key, value in context.items() if "resourcetag" not in key}
    )
    replaced = msgspec.structs.replace(drawn, resource=other.resource, rcps=other.rcps)

    told = details(asked(drawn, request))

    assert told == details(asked(replaced, request))
    assert told == details(asked(msgspec.structs.replace(drawn, resource=None, rcps=None), without))


def test_whether_a_tag_is_there_does_not_follow_from_the_own_side() -> None:
    tagged = allow("s3:*", Condition={"StringEquals": {"aws:ResourceTag/team": "red"}})

    for tags in ({"aws:resourcetag/team": "red"}, {}):
        assert checks(Policies(identity=(policy(tagged),)), a_request(account=OTHER, **tags)) == [
            ("PRINCIPAL", "IMPLICIT_DENY")
        ]


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ((policy(allow("s3:*")),), [("RESOURCE", "IMPLICIT_DENY"), ("PRINCIPAL", "ALLOW")]),
        ((policy(allow("sqs:*")),), [("PRINCIPAL", "IMPLICIT_DENY")]),
        ((policy(allow("s3:*"), deny("s3:Get*")),), [("PRINCIPAL", "EXPLICIT_DENY")]),
    ],
)
def test_the_other_side_lacks_an_allow_only_if_this_side_has_one(
    identity: tuple[Policy, ...], expected: list[tuple[str, str]]
) -> None:
    denying = policy({**deny("s3:*"), "Principal": "*"})

    for resource in (None, denying):
        assert checks(Policies(identity=identity, resource=resource), a_request(account=OTHER)) == expected


# -- one by one


FULL = policy(allow("*"), name="Full", arn="arn:aws:iam::aws:policy/Full")
READ = policy(allow("s3:Get*", Sid="Read"), name="read")
NO = policy(deny("s3:Get*"), name="no")
SQS = policy(allow("sqs:*"), name="sqs")
FOR_ANA = policy({**allow("s3:*"), "Principal": {"AWS": ANA.arn}})


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (Policies(), [("PRINCIPAL", "IMPLICIT_DENY")]),
        (Policies(identity=(READ,), boundary=SQS), [("PRINCIPAL", "ALLOW"), ("PERMISSIONS_BOUNDARY", "IMPLICIT_DENY")]),
        (
            Policies(identity=(SQS,), boundary=NO),
            [("PRINCIPAL", "IMPLICIT_DENY"), ("PERMISSIONS_BOUNDARY", "EXPLICIT_DENY")],
        ),
        (
            Policies(identity=(READ,), scps=((FULL,), (SQS,), (FULL, NO))),
            [
                ("SERVICE_CONTROL_POLICY", "ALLOW"),
                ("SERVICE_CONTROL_POLICY", "IMPLICIT_DENY"),
                ("SERVICE_CONTROL_POLICY", "EXPLICIT_DENY"),
                ("PRINCIPAL", "ALLOW"),
            ],
        ),
        (
            Policies(identity=(READ,), rcps=((), (policy({**deny("s3:*"), "Principal": "*"}),))),
            [
                ("RESOURCE_CONTROL_POLICY", "NO_IMPACT"),
                ("RESOURCE_CONTROL_POLICY", "EXPLICIT_DENY"),
                ("PRINCIPAL", "ALLOW"),
            ],
        ),
        (
            Policies(identity=(READ,), vpc_endpoint=policy({**allow("sqs:*"), "Principal": "*"})),
            [("VPC_ENDPOINT", "IMPLICIT_DENY"), ("PRINCIPAL", "ALLOW")],
        ),
        # The resource policy grants, so the missing Allow of the user's own policies does no harm.
        (
            Policies(identity=(SQS,), resource=FOR_ANA, scps=((SQS,),)),
            [("SERVICE_CONTROL_POLICY", "IMPLICIT_DENY"), ("RESOURCE", "ALLOW"), ("PRINCIPAL", "NO_IMPACT")],
        ),
    ],
)
def test_each_layer_has_its_check(drawn: Policies, expected: list[tuple[str, str]]) -> None:
    assert checks(drawn) == expected


@pytest.mark.parametrize(
    ("principal", "drawn", "expected"),
    [
        (RUN, Policies(identity=(READ,), session=(SQS,)), [("PRINCIPAL", "ALLOW"), ("SESSION", "IMPLICIT_DENY")]),
        (RUN, Policies(identity=(SQS,)), [("PRINCIPAL", "IMPLICIT_DENY")]),
        (
            msgspec.structs.replace(ANA, kind=PrincipalKind.FEDERATED_USER),
            Policies(identity=(READ,)),
            [("PRINCIPAL", "ALLOW"), ("SESSION", "IMPLICIT_DENY")],
        ),
        (
            msgspec.structs.replace(ANA, kind=PrincipalKind.ROOT),
            Policies(scps=((SQS,),)),
            [("SERVICE_CONTROL_POLICY", "IMPLICIT_DENY")],
        ),
        # Service control policies do not bind the management account.
        (
            msgspec.structs.replace(ANA, is_management_account=True),
            Policies(identity=(NO,), scps=((SQS,),)),
            [("PRINCIPAL", "EXPLICIT_DENY")],
        ),
    ],
)
def test_a_caller_has_the_checks_that_bind_it(
    principal: Principal, drawn: Policies, expected: list[tuple[str, str]]
) -> None:
    assert checks(drawn, a_request(principal)) == expected


def test_policies_are_told_apart_by_uri_and_type() -> None:
    drawn = Policies(identity=(FULL, READ, FULL, NO), boundary=FULL, session=(policy(allow("s3:*"), name="no"),))

    found = details(asked(drawn, a_request(RUN)))

    attached = [{"arn": RUN.role_arn}]
    assert found["policies"] == [
        {"type": "IDENTITY_BASED_POLICY", "inline": False, "uri": FULL.arn, "attachedTo": attached},
        {"type": "IDENTITY_BASED_POLICY", "inline": True, "uri": "inline/1/read", "attachedTo": attached},
        {"type": "IDENTITY_BASED_POLICY", "inline": True, "uri": "inline/3/no", "attachedTo": attached},
        {"type": "PERMISSIONS_BOUNDARY", "inline": False, "uri": FULL.arn, "attachedTo": attached},
        {"type": "SESSION_POLICY", "inline": True, "uri": "inline/5/no", "attachedTo": attached},
    ]


def test_a_statement_without_a_name_is_called_by_its_place() -> None:
    several = policy(allow("sqs:*"), deny("s3:*"), allow("s3:Get*", Sid="Get"), deny("s3:Get*"), name="several")

    (check,) = evaluation(details(asked(Policies(identity=(several,)), a_request())))["checks"]

    assert check == {
        "checkType": "PRINCIPAL",
        "evaluatedEffect": "EXPLICIT_DENY",
        "relevantPolicyTypes": ["IDENTITY_BASED_POLICY"],
        "matchedPolicies": [
            {
                "uri": "inline/0/several",
                "matchedStatements": [
                    {"sid": "Statement[1]", "evaluatedEffect": "DENY"},
                    {"sid": "Get", "evaluatedEffect": "ALLOW"},
                    {"sid": "Statement[3]", "evaluatedEffect": "DENY"},
                ],
            }
        ],
    }


def test_the_request_is_told_with_its_keys_in_aws_spelling() -> None:
    request = msgspec.structs.replace(
        a_request(), context={"aws:sourceip": "192.0.2.1", "aws:tagkeys": ("a", "b"), "aws:resourcetag/team": "red"}
    )

    found = details(asked(Policies(), request))

    assert found["requestContext"] == {
        "aws:ResourceTag/team": "red",
        "aws:SourceIp": "192.0.2.1",
        "aws:TagKeys": ["a", "b"],
    }
    assert (evaluation(found)["action"], evaluation(found)["resource"]) == ("s3:GetObject", "arn:aws:s3:::b/k")
    anything = msgspec.structs.replace(request, resource=Resource(arn="*", account=OWN))
    assert evaluation(details(asked(Policies(), anything)))["resource"] == ""


def test_a_policy_that_could_not_be_read_denies_without_checks() -> None:
    found = details(Question(a_request(), "shown", Policies(), None))

    assert (found["policies"], evaluation(found)["evaluatedEffect"]) == ([], "IMPLICIT_DENY")
    assert "checks" not in evaluation(found)
