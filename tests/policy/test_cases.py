"""The case files, asked of every backend that can answer them."""

from typing import Any

import pytest
from policy.cases import case_id, cases, policies, request

from remit.policy import (
    Layer,
    Policies,
    PolicyType,
    Request,
    ResourceKind,
    acceptance_failure,
    access_denied_message,
    evaluate,
    explain,
    reference,
)
from remit.policy.language.decision import Decision


def explained(policies: Policies, request: Request) -> Decision:
    return explain.explain(policies, request).decision


BACKENDS = {"reference": reference.decide, "evaluate": evaluate.decide, "explain": explained}
# The case files know five types of documents.
POLICY_TYPES = {"identity": PolicyType.INLINE}


@pytest.mark.parametrize("case", cases("decide"), ids=case_id)
@pytest.mark.parametrize("backend", BACKENDS.values(), ids=BACKENDS)
def test_every_backend_gives_the_answer_of_the_case(backend: Any, case: dict[str, Any]) -> None:
    decision: Decision = backend(policies(case), request(case))

    assert decision.verdict == case["expect"]["decision"]
    assert sorted(decision.causes) == sorted(case["expect"]["causes"])


@pytest.mark.parametrize("case", cases("validate"), ids=case_id)
def test_a_document_is_accepted_or_refused_as_the_case_says(case: dict[str, Any]) -> None:
    kind = POLICY_TYPES.get(case["policy_type"]) or PolicyType(case["policy_type"])

    failure = acceptance_failure(case["document_text"], kind)

    assert (failure is None) is case["expect"]["valid"]


@pytest.mark.parametrize("case", cases("message"), ids=case_id)
def test_a_refusal_reads_as_the_case_says(case: dict[str, Any]) -> None:
    is_trust_policy = case["cause"] == "trust"

    message = access_denied_message(
        case["principal_arn"],
        case["action"],
        case["resource"],
        cause=Layer.RESOURCE if is_trust_policy else Layer(case["cause"]),
        explicit=case["explicit"],
        policy_arn=case.get("policy_arn", ""),
        resource_kind=ResourceKind.ROLE if is_trust_policy else ResourceKind.ORDINARY,
    )

    assert message == case["expect"]["message"]
