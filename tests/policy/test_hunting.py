"""The hunter: finds a backend that is wrong, and writes what the runner of cases reads."""

from pathlib import Path

import msgspec
from hypothesis import given
from policy.hunting import case_of, hunt_once, told, write
from strategies import policies, requests

from remit.cli.cases import read_cases
from remit.cli.cases.reading import policies_of, request_of
from remit.policy import Decision, Policies, Request, Verdict, reference


@given(policies(), requests())
def test_a_written_case_asks_the_same(drawn: Policies, request: Request) -> None:
    case = case_of(drawn, request, note="x")

    assert request_of(case) == request
    read = reference.decide(policies_of(case), request_of(case))
    expected = reference.decide(drawn, request)
    assert (read.verdict, read.causes) == (expected.verdict, expected.causes)
    assert case["expect"]["decision"] == expected.verdict


def _forgets_boundaries(drawn: Policies, request: Request) -> Decision:
    return reference.decide(msgspec.structs.replace(drawn, boundary=None), request)


def test_a_wrong_backend_is_found_and_written(tmp_path: Path) -> None:
    found = hunt_once(7, {"forgetful": _forgets_boundaries}, lambda: False)

    assert found is not None
    name, drawn, request = found
    assert name == "forgetful"
    assert told(_forgets_boundaries(drawn, request)) != told(reference.decide(drawn, request))
    (case,) = read_cases([write(found, tmp_path)])
    assert case.title == "forgetful answered otherwise"
    assert Verdict(case.said["expect"]["decision"]) is reference.decide(drawn, request).verdict


def test_right_backends_are_left_alone_and_time_ends_the_hunt() -> None:
    assert hunt_once(7, {"reference": reference.decide}, lambda: True) is None
