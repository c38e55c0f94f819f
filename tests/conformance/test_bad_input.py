"""Bad input, operation by operation: AWS's code and status, nothing changed, the connection usable."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from conformance.raw import FORM, Raw

from remit.endpoint.compose import SERVICES
from remit.endpoint.limits import Limits
from remit.wire import Wire
from remit.wire.models import Field, ServiceModel

pytestmark = pytest.mark.conformance

WIRE = Wire(SERVICES)
QUERY = [(service, operation) for service in ("iam", "sts") for operation in sorted(SERVICES[service].handlers)]
# What the model has and Remit does not answer, if there is anything left.
UNANSWERED = [name for name in WIRE.operations("iam") if name not in SERVICES["iam"].handlers]
TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'
POLICY = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
# Values that an operation's own checks take, by the member's name; others are made from the model.
GIVEN = {
    "AssumeRolePolicyDocument": TRUST,
    "PolicyDocument": POLICY,
    "Policy": POLICY,
    "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "RoleArn": "arn:aws:iam::123456789012:role/R",
    "RoleSessionName": "session",
    "VersionId": "v1",
    "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
    "Status": "Active",
}
CODE = re.compile(r"<Code>([^<]*)</Code>")


def input_of(service: str, operation: str) -> tuple[ServiceModel, dict[str, Field], list[str]]:
    model = WIRE.model(service)
    asked = model.operations[operation].input
    if asked is None:
        return model, {}, []
    return model, model.members(asked.shape), model.shapes[asked.shape].required


def flat(model: ServiceModel, name: str, field: Field) -> dict[str, str]:
    """Return parameters that give *name* a value that the model takes."""
    match field.shape.type:
        case "string":
            return {name: GIVEN.get(name.rsplit(".", 1)[-1], (field.shape.enum or ["value"])[0])}
        case "integer" | "long":
            return {name: str(int(field.shape.min or 1))}
        case "boolean":
            return {name: "true"}
        case "list":
            return flat(model, f"{name}.member.1", model.element(field.shape))
        case _:
            found: dict[str, str] = {}
            for member, inner in model.members(field.shape_name).items():
                found |= flat(model, f"{name}.{member}", inner)
            return found


def valid(service: str, operation: str) -> dict[str, str]:
    model, members, required = input_of(service, operation)
    found: dict[str, str] = {}
    for name in required:
        found |= flat(model, name, members[name])
    return found


@pytest.fixture(scope="module")
def raw(one_server) -> Iterator[Raw]:
    one_server.reset()
    admin = one_server.admin
    with closing(Raw(one_server.endpoint, admin.access_key_id, admin.secret_access_key.reveal())) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _unchanged(raw):
    """Whatever a test sends: no entity appears or goes, and the connection that sent it still answers."""
    before = entities(raw)
    yield
    assert entities(raw) == before
    assert raw.is_usable()


def entities(raw: Raw) -> list[str]:
    names = []
    for operation, element in (("ListUsers", "UserName"), ("ListGroups", "GroupName"), ("ListRoles", "RoleName")):
        names += re.findall(f"<{element}>([^<]*)<", raw.form("iam", operation, {})[1])
    return names + re.findall("<PolicyName>([^<]*)<", raw.form("iam", "ListPolicies", {"Scope": "Local"})[1])


def refused(answer: tuple[int, str], *codes: str) -> str:
    status, body = answer
    found = CODE.search(body)
    assert found is not None, body
    assert 400 <= status < 500, (status, body)
    assert found[1] in codes, body
    return body


WITH_REQUIRED = [(service, operation, name) for service, operation in QUERY for name in input_of(service, operation)[2]]


@pytest.mark.parametrize(("service", "operation", "name"), WITH_REQUIRED)
def test_a_missing_member_is_named(raw, service, operation, name):
    given = {key: value for key, value in valid(service, operation).items() if key.split(".")[0] != name}

    body = refused(raw.form(service, operation, given), "ValidationError")

    assert f"at '{name[:1].lower()}{name[1:]}' failed to satisfy constraint: Member must not be null" in body


def strings(trait: str) -> list[tuple[str, str, str, Field]]:
    """List the top-level text members of every operation that have *trait*."""
    return [
        (service, operation, name, field)
        for service, operation in QUERY
        for name, field in input_of(service, operation)[1].items()
        if field.shape.type == "string" and getattr(field.shape, trait)
    ]


def named(rows: list[tuple[str, str, str, Field]]) -> list[tuple[str, str, str]]:
    return [row[:3] for row in rows]


def ids(value: object) -> str | None:
    return None if isinstance(value, Field) else str(value)


# What may be longer than a whole request is refused by its size.
BOUNDED = [row for row in strings("max") if int(row[3].shape.max or 0) < Limits().body_bytes]


@pytest.mark.parametrize(("service", "operation", "name", "field"), BOUNDED, ids=ids)
def test_a_text_that_is_too_long_is_refused(raw, service, operation, name, field):
    given = {**valid(service, operation), name: "a" * (int(field.shape.max) + 1)}

    body = refused(raw.form(service, operation, given), "ValidationError")

    assert f"Member must have length less than or equal to {int(field.shape.max)}" in body


@pytest.mark.parametrize(("service", "operation", "name"), named(strings("min")))
def test_an_empty_text_is_refused(raw, service, operation, name):
    refused(raw.form(service, operation, {**valid(service, operation), name: ""}), "ValidationError")


@pytest.mark.parametrize(("service", "operation", "name"), named(strings("pattern")))
def test_a_text_with_other_characters_is_refused(raw, service, operation, name):
    given = {**valid(service, operation), name: "\u0001\u2603!" * 10}

    refused(raw.form(service, operation, given), "ValidationError", "MalformedPolicyDocument")


@pytest.mark.parametrize(("service", "operation", "name"), named(strings("enum")))
def test_a_value_that_is_none_of_those_is_refused(raw, service, operation, name):
    body = refused(raw.form(service, operation, {**valid(service, operation), name: "None"}), "ValidationError")

    assert "Member must satisfy enum value set" in body


NUMBERS = [
    (service, operation, name, field)
    for service, operation in QUERY
    for name, field in input_of(service, operation)[1].items()
    if field.shape.type in ("integer", "long", "boolean")
]


@pytest.mark.parametrize(("service", "operation", "name"), named(NUMBERS))
@pytest.mark.parametrize("text", ["many", "", "1e3", "9" * 30, "0x10", "\u0661"])
def test_a_number_that_is_none_is_refused(raw, service, operation, name, text):
    refused(
        raw.form(service, operation, {**valid(service, operation), name: text}), "MalformedInput", "ValidationError"
    )


DOCUMENTS = [
    (service, operation, name)
    for service, operation in QUERY
    for name in input_of(service, operation)[1]
    if name in ("PolicyDocument", "AssumeRolePolicyDocument") or (operation, name) == ("AssumeRole", "Policy")
]


@pytest.mark.parametrize(("service", "operation", "name"), DOCUMENTS)
@pytest.mark.parametrize(
    "document",
    [
        "{",
        "null",
        "[]",
        '"text"',
        '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}',
        '{"Version":"2012-10-17","Statement":{"Effect":"Maybe","Action":"*","Resource":"*"}}',
        "[" * 1_000 + "]" * 1_000,
        '{"Version":"2012-10-17","Statement":' * 100 + "1" + "}" * 100,
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":NaN,"Resource":"*"}}',
    ],
)
def test_a_malformed_policy_is_refused(raw, one_server, service, operation, name, document):
    prepare(one_server, operation)
    try:
        given = {**valid(service, operation), **NAMED.get(operation, {}), name: document}
        refused(raw.form(service, operation, given), "MalformedPolicyDocument")
    finally:
        one_server.reset()


# Operations that look for an entity before they look at the document get one.
NAMED = {
    "PutUserPolicy": {"UserName": "admin"},
    "PutGroupPolicy": {"GroupName": "group"},
    "PutRolePolicy": {"RoleName": "role"},
    "UpdateAssumeRolePolicy": {"RoleName": "role"},
    "AssumeRole": {"RoleArn": "arn:aws:iam::123456789012:role/role"},
}


def prepare(server, operation: str) -> None:
    iam = server.client("iam")
    if operation == "PutGroupPolicy":
        iam.create_group(GroupName="group")
    if operation in ("PutRolePolicy", "UpdateAssumeRolePolicy", "AssumeRole"):
        iam.create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)


def test_parameters_that_the_model_does_not_have_are_ignored(raw):
    status, _ = raw.form("iam", "ListUsers", {"Surprise": "1", "Another.member.1": "2"})

    assert status == 200


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("UserName", "alice"), ("UserName", "bob")], "MalformedInput"),
        ([("UserName", "alice"), ("UserName.member.1", "bob")], "MalformedInput"),
        ([("UserName", "alice"), ("Tags.member.2.Key", "a")], "MalformedInput"),
        ([("UserName", "alice"), ("Tags.member.x.Key", "a")], "MalformedInput"),
        ([("UserName", "alice"), (".".join(["Tags"] * 500), "a")], "MalformedInput"),
        ([("UserName", "alice"), *((f"Tags.member.{n}.Key", f"k{n}") for n in range(1, 60))], "ValidationError"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused(raw, pairs, code):
    refused(raw.form("iam", "CreateUser", pairs), code)


@pytest.mark.parametrize(
    "body",
    [
        b"Action=CreateUser&Version=2010-05-08&UserName=%zz",
        b"Action=CreateUser&Version=2010-05-08&UserName=%ff%fe",
        b"Action=CreateUser&Version=2010-05-08&UserName=\xff\xfe",
        b"Action=CreateUser&Version=2010-05-08&UserName=%",
        b"Action=CreateUser&Version=2010-05-08&" + b"&".join(b"a%d=1" % n for n in range(30_000)),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(raw, body):
    refused(raw.send("iam", body), "MalformedQueryString", "MalformedInput")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MissingAction"),
        (b"Action=", "MissingAction"),
        (b"Version=2010-05-08", "MissingAction"),
        (b"Action=Nothing&Version=2010-05-08", "InvalidAction"),
        (b"Action=CreateUser", "InvalidAction"),
        (b"Action=CreateUser&Version=2011-06-15", "InvalidAction"),
        *((f"Action={name}&Version=2010-05-08".encode(), "InvalidAction") for name in UNANSWERED[:1]),
    ],
)
def test_a_request_for_nothing_is_refused(raw, body, code):
    refused(raw.send("iam", body), code)


def test_an_action_that_is_not_there_is_told_with_its_version(raw):
    body = refused(raw.form("iam", "Nothing", {}), "InvalidAction")

    assert "Could not find operation Nothing for version 2010-05-08" in body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "SerializationException"),
        (b"[]", "SerializationException"),
        (b'"text"', "SerializationException"),
        (b"\xff\xfe", "SerializationException"),
        (b'{"MaxResults": "many"}', "SerializationException"),
        (b'{"MaxResults": 1.5}', "SerializationException"),
        (b'{"LookupAttributes": {}}', "SerializationException"),
        (b'{"LookupAttributes": [1]}', "SerializationException"),
        (b'{"MaxResults": 51}', "ValidationException"),
        (b'{"MaxResults": 0}', "ValidationException"),
        (b'{"LookupAttributes": [{"AttributeKey": "EventName"}]}', "ValidationException"),
        (b'{"LookupAttributes": [{"AttributeKey": "Nothing", "AttributeValue": "x"}]}', "ValidationException"),
        (b"[" * 100_000, "SerializationException"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "SerializationException"),
    ],
)
def test_a_json_body_that_is_wrong_is_refused(raw, body, code):
    status, answer = raw.json("LookupEvents", body)

    assert status == 400
    assert f'"{code}"' in answer


def test_a_body_of_ten_megabytes_is_refused_and_the_connection_stays(raw):
    status, body = raw.send("iam", b"Action=CreateUser&Version=2010-05-08&UserName=" + b"a" * 10_000_000)

    assert status == 413
    assert "<Code>RequestEntityTooLarge</Code>" in body


def test_a_wrong_key_is_refused_whatever_the_body(one_server):
    with closing(Raw(one_server.endpoint, "AKIAIOSFODNN7EXAMPLE", "secret")) as stranger:
        for body in (b"Action=CreateUser&Version=2010-05-08&UserName=%zz", b"Action=CreateUser&Version=2010-05-08"):
            status, answer = stranger.send("iam", body, {"Content-Type": FORM})
            assert (status, CODE.search(answer)[1]) == (403, "InvalidClientTokenId")
