"""What an explanation finds is true: every miss, every near statement, every change that would turn the answer."""

import json
from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy.explain.changed import with_element_changed
from strategies import ANA, OWN, policies, requests

from remit.policy import Layer, Policies, Policy, Request, Resource, Verdict, parse, reference
from remit.policy.explain import Says, explain
from remit.policy.language.document import Element

GET = Request(
    principal=ANA, action="s3:GetObject", resource=Resource(arn="arn:aws:s3:::b/x", account=OWN), context={"a:b": "c"}
)


def policy(*statements: Mapping[str, object], name: str = "p") -> Policy:
    return Policy(document=parse(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})), name=name)


def allow(**change: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **change}


@given(policies(), requests())
def test_a_change_that_is_said_to_turn_the_answer_turns_it(drawn: Policies, request: Request) -> None:
    for change in explain(drawn, request).changes:
        changed = with_element_changed(drawn, change.finding, change.element)

        assert reference.decide(changed, request).verdict is change.verdict
        assert change.verdict is not reference.decide(drawn, request).verdict


@given(policies(), requests())
def test_a_near_statement_applies_once_its_one_element_fits(drawn: Policies, request: Request) -> None:
    for layer in explain(drawn, request).layers:
        for finding in layer.near:
            assert finding.miss is not None
            before = reference.decide(drawn, request)
            after = reference.decide(with_element_changed(drawn, finding, finding.miss.element), request)
            assert len(after.denies) + len(after.allows) > len(before.denies) + len(before.allows)


@given(policies(), requests(), st.sampled_from(Layer))
def test_a_layer_says_what_its_statements_do(drawn: Policies, request: Request, asked: Layer) -> None:
    explanation = explain(drawn, request)

    for layer in explanation.layers:
        if layer.layer is asked:
            effects = {finding.statement.effect for finding in layer.applying}
            assert (layer.says is Says.DENIES) == ("Deny" in effects)
            assert layer.says is not Says.EXEMPT or not layer.applying
            assert layer.says is not Says.ALLOWS or "Allow" in effects or asked in (Layer.RCP, Layer.SCP)


@pytest.mark.parametrize(
    ("statement", "element", "asked", "written"),
    [
        (allow(Action=["s3:Put*", "sqs:*"]), Element.ACTION, ("s3:GetObject",), ("s3:Put*",)),
        (
            {"Effect": "Allow", "NotAction": ["s3:*", "iam:*"], "Resource": "*"},
            Element.NOT_ACTION,
            ("s3:GetObject",),
            ("s3:*",),
        ),
        (allow(Resource="arn:aws:s3:::c/*"), Element.RESOURCE, ("arn:aws:s3:::b/x",), ("arn:aws:s3:::c/*",)),
        (
            {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"},
            Element.NOT_RESOURCE,
            ("arn:aws:s3:::b/x",),
            ("arn:aws:s3:::b/*",),
        ),
        (allow(Condition={"StringEquals": {"A:b": ["d", "e"]}}), Element.CONDITION, ("c",), ("d", "e")),
        (allow(Condition={"StringEquals": {"x:y": "d"}}), Element.CONDITION, (), ("d",)),
    ],
)
def test_a_miss_holds_what_was_asked_and_what_is_written(
    statement: Mapping[str, object], element: Element, asked: tuple[str, ...], written: tuple[str, ...]
) -> None:
    explanation = explain(Policies(identity=(policy(statement),)), GET)
    layer = next(layer for layer in explanation.layers if layer.layer is Layer.IDENTITY)

    (finding,) = layer.near
    assert finding.miss is not None
    assert (finding.miss.element, finding.miss.asked, finding.miss.written) == (element, asked, written)
    assert [change.element for change in explanation.changes] == [element]


def test_a_principal_that_is_not_named_is_a_miss() -> None:
    bucket = policy(allow(Principal={"AWS": ["arn:aws:iam::111122223333:user/bob"]}))

    explanation = explain(Policies(resource=bucket), GET)

    (change,) = explanation.changes
    assert (change.element, change.verdict) == (Element.PRINCIPAL, Verdict.ALLOW)
    assert change.finding.miss is not None
    assert change.finding.miss.asked == (ANA.arn,)


def test_two_failures_are_not_near() -> None:
    far = allow(Resource="arn:aws:s3:::c/*", Condition={"StringEquals": {"x:y": "d"}})

    explanation = explain(Policies(identity=(policy(far),)), GET)

    assert explanation.changes == ()
    assert all(layer.near == () for layer in explanation.layers)


def test_what_is_about_another_service_is_not_near() -> None:
    explanation = explain(Policies(identity=(policy(allow(Action="sqs:*")),)), GET)

    assert all(layer.near == () for layer in explanation.layers)


def test_a_place_in_the_text_is_told_by_line_and_column() -> None:
    text = json.dumps(
        {"Statement": [allow(Condition={"StringEquals": {"x:y": "d"}}), allow(Resource="arn:aws:s3:::c/*")]}, indent=2
    )
    explanation = explain(Policies(identity=(Policy(document=parse(text)),)), GET)
    lines = text.splitlines()

    found = [finding for layer in explanation.layers for finding in layer.near]

    assert [lines[f.position.line - 1][f.position.column - 1 :] for f in found] == ['"x:y": "d"', '"arn:aws:s3:::c/*"']


def test_a_lone_deny_could_be_changed_and_two_could_not() -> None:
    deny = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}

    one = explain(Policies(identity=(policy(allow(), deny),)), GET)
    two = explain(Policies(identity=(policy(allow(), deny, deny),)), GET)

    assert [(change.finding.index, change.verdict) for change in one.changes] == [(1, Verdict.ALLOW)]
    assert two.changes == ()


def test_an_allow_tells_what_it_hangs_on() -> None:
    near_deny = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*", "Condition": {"Null": {"a:b": "true"}}}
    given = Policies(identity=(policy(allow(), near_deny), policy(allow(Action="sqs:*"))), boundary=policy(allow()))

    changes = explain(given, GET).changes

    assert [(change.finding.layer, change.finding.index, change.verdict) for change in changes] == [
        (Layer.IDENTITY, 1, Verdict.EXPLICIT_DENY),
        (Layer.IDENTITY, 0, Verdict.IMPLICIT_DENY),
        (Layer.BOUNDARY, 0, Verdict.IMPLICIT_DENY),
    ]


def test_what_needs_no_permission_has_nothing_to_explain() -> None:
    explanation = explain(Policies(), msgspec.structs.replace(GET, action="sts:GetCallerIdentity"))

    assert explanation.decision.is_allowed
    assert explanation.changes == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Policies(), {Layer.IDENTITY: Says.NONE, Layer.BOUNDARY: Says.NONE, Layer.SCP: Says.NONE}),
        (Policies(scps=((),)), {Layer.SCP: Says.SILENT}),
        (Policies(rcps=((),)), {Layer.RCP: Says.ALLOWS}),
        (Policies(boundary=policy(allow(Action="sqs:*"))), {Layer.BOUNDARY: Says.SILENT}),
        (Policies(identity=(policy(allow()),)), {Layer.IDENTITY: Says.ALLOWS}),
    ],
)
def test_every_layer_says_something(given: Policies, says: dict[Layer, Says]) -> None:
    found = {layer.layer: layer.says for layer in explain(given, GET).layers}

    assert set(found) == set(Layer)
    assert {layer: found[layer] for layer in says} == says


def test_a_layer_that_does_not_bind_says_so() -> None:
    management = msgspec.structs.replace(ANA, is_management_account=True)
    request = msgspec.structs.replace(GET, principal=management)

    layers = explain(Policies(scps=((policy(allow()),),)), request).layers

    assert [layer.says for layer in layers if layer.layer is Layer.SCP] == [Says.EXEMPT]
