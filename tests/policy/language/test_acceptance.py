import json
from pathlib import Path
from typing import Any

import pytest

from remit.policy import PolicyType, acceptance_failure

RECORDED = Path(__file__).parents[2] / "cases" / "policy" / "recorded_acceptance.jsonl"
LINES = [json.loads(line) for line in RECORDED.read_text().splitlines()]


@pytest.mark.parametrize(("message", "document"), LINES, ids=[f"case-{n}" for n in range(1, len(LINES) + 1)])
def test_a_managed_policy_is_accepted_or_refused_in_the_recorded_words(message: str | None, document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)

    assert acceptance_failure(text, PolicyType.MANAGED) == message
