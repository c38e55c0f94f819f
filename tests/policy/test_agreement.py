"""Every backend answers as the reference does, causes and statements included."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy.cases import case_id, cases
from policy.cases import policies as policies_of
from policy.cases import request as request_of
from policy.hunting import told
from strategies import policies, requests

from remit.policy import Policies, Request, evaluate, explain, reference
from remit.policy.evaluate import candidates


@given(policies(), requests())
def test_the_compiled_answer_is_the_reference_answer(drawn: Policies, request: Request) -> None:
    expected = reference.decide(drawn, request)
    compiled = evaluate.compile_policies(drawn)

    assert told(compiled.decide(request)) == told(expected)
    assert compiled.verdict(request) is expected.verdict


@given(policies(), requests())
def test_the_explained_answer_is_the_reference_answer(drawn: Policies, request: Request) -> None:
    assert told(explain.explain(drawn, request).decision) == told(reference.decide(drawn, request))


@given(policies(), requests())
def test_an_index_leaves_out_no_statement_that_applies(drawn: Policies, request: Request) -> None:
    expected = reference.decide(drawn, request)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "INDEXED_FROM", 1)
        compiled = evaluate.Compiled(drawn)

        assert told(compiled.decide(request)) == told(expected)
        assert compiled.verdict(request) is expected.verdict


@given(policies(), st.lists(requests(), min_size=2, max_size=6))
def test_a_compiled_set_answers_one_after_the_other(drawn: Policies, asked: list[Request]) -> None:
    """Whoever asks in between, whatever they ask: a plan is never used for a request it was not made for."""
    compiled = evaluate.Compiled(drawn)

    for request in [*asked, *reversed(asked)]:
        expected = reference.decide(drawn, request)
        assert told(compiled.decide(request)) == told(expected)
        assert compiled.verdict(request) is expected.verdict


@pytest.mark.parametrize("case", cases("decide"), ids=case_id)
def test_the_verdict_alone_is_that_of_the_case(case: dict[str, Any]) -> None:
    assert evaluate.compile_policies(policies_of(case)).verdict(request_of(case)) == case["expect"]["decision"]
