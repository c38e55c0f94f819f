"""Every small case there is: what random examples might miss in a corner, these cannot.

Each test says how much it goes through, which is why it is slow.
"""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from strategies import ANA, ANONYMOUS, KIOSK, OTHER, OWN, PROVIDER, ROOT, SERVICE, SESSION

from remit.policy import (
    Policies,
    Policy,
    Principal,
    Request,
    Resource,
    ResourceKind,
    evaluate,
    explain,
    parse,
    reference,
)
from remit.policy.language.operators import OPERATORS

pytestmark = pytest.mark.slow

BUCKET = Resource(arn="arn:aws:s3:::b/x", account=OWN)


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> Policy:
    return Policy(document=parse(json.dumps({"Version": version, "Statement": list(statements)})), name="p")


def statement(effect: str = "Allow", **change: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:*", "Resource": "*", **change}


def differences(policies: Policies, request: Request, compiled: evaluate.Compiled) -> Iterator[str]:
    """Give the names of the backends that answer otherwise than the reference."""
    expected = reference.decide(policies, request)
    told = (expected.verdict, expected.causes, expected.denies, expected.allows)
    for name, found in (
        ("evaluate", compiled.decide(request)),
        ("explain", explain.explain(policies, request).decision),
    ):
        if (found.verdict, found.causes, found.denies, found.allows) != told:
            yield name
    if compiled.verdict(request) is not expected.verdict:
        yield "verdict"


# Values that are read as texts, numbers, dates, truths, addresses, bytes and ARNs, and some that are none of them.
WRITTEN: tuple[list[str], ...] = (
    ["a"],
    ["a", "A*"],
    ["*"],
    ["?"],
    [""],
    [],
    ["10"],
    ["10.0", "9"],
    ["true"],
    ["TRUE", "false"],
    ["10.0.0.0/8", "::1"],
    ["2026"],
    ["1767225600"],
    ["YQ=="],
    ["arn:aws:s3:::a*"],
    ["${v}"],
    ["${v, 'a'}"],
    ["arn:aws:s3:::${v}", "b"],
)
ASKED: tuple[str | tuple[str, ...] | None, ...] = (
    None,
    (),
    "",
    "a",
    "A",
    "aa",
    "9.99",
    "10",
    "true",
    "False",
    "10.1.2.3",
    "2025-12-31T23:59:59Z",
    "2026-01-01",
    "YQ==",
    "arn:aws:s3:::a",
    ("a",),
    ("a", "b"),
    ("b", "c"),
    ("9", "11"),
)


@pytest.mark.parametrize("name", sorted({operator.name for operator in OPERATORS.values()}))
def test_every_operator_over_every_kind_of_value(name: str) -> None:
    """27 operators in their forms, 18 lists of values, 19 values asked, with a variable or none: 108,756 decisions."""
    suffixes = [""] if name == "Null" else ["", "IfExists"]
    for qualifier, suffix, written in product(["", "ForAllValues:", "ForAnyValue:"], suffixes, WRITTEN):
        given = Policies(identity=(policy(statement(Condition={f"{qualifier}{name}{suffix}": {"K": written}})),))
        compiled = evaluate.Compiled(given)
        for asked, variable in product(ASKED, (None, "a")):
            context = {key: value for key, value in (("k", asked), ("v", variable)) if value is not None}
            request = Request(principal=ANA, action="s3:GetObject", resource=BUCKET, context=context)

            assert list(differences(given, request, compiled)) == [], (qualifier, suffix, written, asked, variable)


@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_every_short_pattern_over_every_short_name(version: str, element: str) -> None:
    """85 patterns of up to three pieces, 15 names, three contexts, both elements and versions: 15,300 decisions."""
    pieces = ["a", "*", "?", "${v}"]
    names = ["".join(letters) for length in range(4) for letters in product("ab", repeat=length)]
    for length in range(4):
        for chosen in product(pieces, repeat=length):
            text = f"arn:aws:s3:::{''.join(chosen)}"
            given = Policies(
                identity=(policy({"Effect": "Allow", "Action": "*", element: text}, version=version),),
            )
            compiled = evaluate.Compiled(given)
            for name, context in product(names, ({}, {"v": "a"}, {"v": "*"})):
                resource = Resource(arn=f"arn:aws:s3:::{name}", account=OWN)
                request = Request(principal=ANA, action="s3:GetObject", resource=resource, context=context)

                assert list(differences(given, request, compiled)) == [], (text, name, context)


ALLOWS, SILENT, DENIES = policy(statement()), policy(statement(Action="sqs:*")), policy(statement("Deny"))
ENDPOINT_ALLOWS = policy(statement(Principal="*"))
ENDPOINT_SILENT = policy(statement(Principal="*", Action="sqs:*"))
RCP_DENIES = policy(statement("Deny", Principal="*"))
RESOURCE_POLICIES = (
    None,
    ENDPOINT_SILENT,
    policy(statement(Principal="*")),
    policy(statement(Principal={"AWS": [SESSION.role_arn, ANA.arn]})),
    policy(statement(Principal={"AWS": OWN})),
    policy(statement(Principal={"Service": list(SERVICE.names), "Federated": PROVIDER.provider})),
    policy(statement(Principal="*"), statement("Deny", Principal={"AWS": OWN})),
)


@pytest.mark.parametrize(
    "principal", [ANA, SESSION, KIOSK, ROOT, SERVICE, PROVIDER, ANONYMOUS], ids=lambda who: who.kind
)
def test_every_combination_of_layers(principal: Principal) -> None:
    """What every layer can say, in every combination, for 7 callers and 4 resources: 254,016 decisions."""
    resources = [
        BUCKET,
        Resource(arn=BUCKET.arn, account=OTHER),
        Resource(arn=BUCKET.arn, account=OWN, kind=ResourceKind.KMS_KEY),
        Resource(arn=BUCKET.arn, account=OWN, is_management_account=True),
    ]
    for scps, rcps, endpoint, resource_policy, identity, boundary, (session, *scopes) in product(
        (None, ((ALLOWS,), (SILENT, ALLOWS)), ((ALLOWS,), (SILENT,)), ((ALLOWS, DENIES),)),
        (None, ((RCP_DENIES,),)),
        (None, ENDPOINT_ALLOWS, ENDPOINT_SILENT),
        RESOURCE_POLICIES,
        ((ALLOWS,), (), (DENIES, ALLOWS)),
        (None, ALLOWS, SILENT),
        (
            ((),),
            ((ALLOWS, SILENT),),
            ((SILENT,),),
            ((), (ALLOWS,)),
            ((ALLOWS,), (SILENT,), (ALLOWS,)),
            ((ALLOWS,), (ALLOWS, DENIES)),
        ),
    ):
        given = Policies(
            scps=scps,
            rcps=rcps,
            vpc_endpoint=endpoint,
            resource=resource_policy,
            identity=identity,
            boundary=boundary,
            session=session,
            scopes=tuple(scopes),
        )
        compiled = evaluate.Compiled(given)
        for resource in resources:
            request = Request(principal=principal, action="s3:GetObject", resource=resource, context={})

            assert list(differences(given, request, compiled)) == [], (given, request)
