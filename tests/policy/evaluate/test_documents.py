import gc
import json
import weakref

import pytest

from remit.policy import parse
from remit.policy.evaluate.documents import compiled_document

DOCUMENT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "S3:PUT*"], "Resource": "*"},
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Deny", "NotAction": ["s3:Get*", "iam:*"], "Resource": "*"},
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Allow", "Action": ["*:get*", "s?:list"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["s3", "s3*"], "Resource": "*"},
            {"Effect": "Deny", "NotAction": "*", "Resource": "*"},
        ],
    }
)


@pytest.mark.parametrize(
    ("action", "indexes"),
    [
        ("s3:getobject", [0, 1, 3, 4]),
        ("s3:putobject", [0, 1, 2, 3]),
        ("s3:list", [1, 2, 3, 4]),
        ("iam:getuser", [3, 4]),
        ("s3express:getobject", [2, 3, 4]),
        ("nothing", [2, 3]),
    ],
)
def test_the_statements_that_name_an_action_are_found_in_their_order(action: str, indexes: list[int]) -> None:
    assert [found.index for found in compiled_document(parse(DOCUMENT)).naming(action)] == indexes


def test_a_line_break_in_a_pattern_makes_no_second_pattern() -> None:
    actions = ["s3:get\niam:*", "s3:put", "s3:list\n*"]
    document = parse(json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": actions}}))
    compiled = compiled_document(document)

    assert [bool(compiled.naming(action)) for action in ("iam:getuser", "s3:put", "s3:get", "kms:decrypt")] == [
        False,
        True,
        False,
        False,
    ]
    assert compiled.naming("s3:get\niam:x")
    assert compiled.naming("s3:list\nall")


def test_however_many_services_are_asked_for_few_are_kept() -> None:
    compiled = compiled_document(parse(DOCUMENT))

    for number in range(2_000):
        compiled.naming(f"s{number}:get")

    assert len(compiled._names._services) <= 256


def test_a_document_is_compiled_once() -> None:
    document = parse(DOCUMENT)

    assert compiled_document(document) is compiled_document(document)


def test_a_document_that_nobody_keeps_is_forgotten() -> None:
    document = parse(DOCUMENT)
    compiled_document(document).naming("s3:getobject")
    watched = weakref.ref(document)

    del document
    gc.collect()

    assert watched() is None


def test_however_many_actions_are_asked_for_few_are_kept() -> None:
    compiled = compiled_document(parse(DOCUMENT))

    for number in range(5_000):
        compiled.naming(f"s3:get{number}")

    assert len(compiled._by_action) <= 1_024
