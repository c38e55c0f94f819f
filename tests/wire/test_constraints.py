"""What is shown of a value that breaks a constraint: nothing of one that the model calls sensitive."""

from typing import Any

import pytest

from remit.errors import ValidationError
from remit.wire.constraints import Checker, Violations
from remit.wire.models import load


def _message(asked: dict[str, Any]) -> str:
    check = Checker(load("artifact")).structure("CreateComplianceInquiryRequest")
    assert check is not None
    violations = Violations()
    check(asked, "", violations)
    with pytest.raises(ValidationError) as caught:
        violations.raise_any()
    assert violations.hidden == 0
    return str(caught.value.message)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"query": "secret <"}, "inquiryContent.query"),
        ({"query": "secret" * 400}, "inquiryContent.query"),
        ({"fileContent": {"content": b"", "fileSections": ["secret!"]}}, "inquiryContent.fileContent.fileSections"),
        ({"fileContent": {"content": b"", "fileSections": ["secret"] * 31}}, "inquiryContent.fileContent.fileSections"),
    ],
)
def test_nothing_within_a_sensitive_member_is_shown(content: dict[str, Any], place: str) -> None:
    message = _message({"name": "x", "inquiryContent": content, "clientToken": "not sensitive"})

    assert f"Value at '{place}' failed to satisfy constraint" in message
    assert "secret" not in message
    assert "Value 'not sensitive' at 'clientToken' failed" in message
