"""Course A1: what passes, and what does not."""

import re
from datetime import date, datetime
from typing import Any

from compliance.learning.solutions.solution import Solution
from learners import Learner

# -- A1-1


def sort(learner: Learner) -> None:
    learner.answers["duties"] = {str(n): one["owner"] for n, one in enumerate(learner.drawn["duties"], start=1)}


def two_wrong(learner: Learner) -> None:
    sort(learner)
    for number in ("3", "17"):
        learner.answers["duties"][number] = "nobody"


def three_wrong(learner: Learner) -> None:
    two_wrong(learner)
    learner.answers["duties"]["40"] = ""


def everything_is_shared(learner: Learner) -> None:
    learner.answers["duties"] = dict.fromkeys(learner.answers["duties"], "shared")


def answer_in_a_list(learner: Learner) -> None:
    learner.answers["duties"] = [one["owner"] for one in learner.drawn["duties"]]


# -- A1-2


def name_halves(learner: Learner) -> None:
    learner.answers["findings"] = {str(n): one["half"] for n, one in enumerate(learner.drawn["cases"], start=1)}


def name_the_other_half(learner: Learner) -> None:
    name_halves(learner)
    half = learner.answers["findings"]["4"]
    learner.answers["findings"]["4"] = half[:-1] + ("a" if half.endswith("c") else "c")


def name_rows(learner: Learner) -> None:
    name_halves(learner)
    learner.answers["findings"] = {n: half[:-2] for n, half in learner.answers["findings"].items()}


# -- A1-3

_DAY = r"(\d{1,2} [A-Z][a-z]+ \d{4})"


def _day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  # a day has no zone


def read(learner: Learner) -> None:
    text = " ".join((learner.folder / "report.txt").read_text().split())
    throughout = re.search(f"throughout {_DAY} to {_DAY}", text)
    until = re.search(f"until {_DAY} we are not aware", text)
    assert throughout is not None
    assert until is not None
    start, end, letter = _day(throughout[1]), _day(throughout[2]), _day(until[1])
    covered = (min(letter, date(2026, 12, 31)) - max(start, date(2026, 1, 1))).days + 1
    learner.answers |= {
        "type": 2,
        "period_start": str(start),
        "period_end": str(end),
        "carved_out": learner.drawn["carved"],
        "qualified": learner.drawn["criterion"],
        "uncovered_days": 365 - max(0, covered),
    }


def take_the_date_of_the_signature(learner: Learner) -> None:
    read(learner)
    text = (learner.folder / "report.txt").read_text()
    signed = re.search(f"signed on {_DAY}", text)
    assert signed is not None
    learner.answers["period_end"] = str(_day(signed[1]))


def believe_that_the_letter_has_no_end(learner: Learner) -> None:
    read(learner)
    learner.answers["uncovered_days"] = 0


def forget_the_carve_out(learner: Learner) -> None:
    read(learner)
    learner.answers["carved_out"] = "none"


# -- A1-4


def _offer(artifact: Any, scope: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = artifact.list_agreements()["agreements"]
    return next(one for one in found if one["scopes"] == [scope])


def _prepare(learner: Learner) -> None:
    learner.client("organizations").enable_aws_service_access(
        ServicePrincipal="aws-artifact-account-sync.amazonaws.com"
    )
    learner.client("iam").create_service_linked_role(AWSServiceName="artifact.amazonaws.com")


def _accept(learner: Learner, scope: str) -> None:
    artifact = learner.client("artifact")
    offer = _offer(artifact, scope)
    nda = artifact.get_nda_for_agreement(agreementId=offer["id"])["ndaToken"]
    artifact.accept_nda_for_agreement(agreementId=offer["id"], ndaToken=nda)
    artifact.accept_agreement(
        agreementId=offer["id"],
        agreementToken=artifact.get_agreement(agreementId=offer["id"])["agreementToken"],
        acceptedTerms=offer["acceptanceTerms"],
        scope=scope,
    )


def accept(learner: Learner) -> None:
    _prepare(learner)
    _accept(learner, "ORGANIZATION")


def accept_for_the_account(learner: Learner) -> None:
    _prepare(learner)
    _accept(learner, "ACCOUNT")


def only_prepare(learner: Learner) -> None:
    _prepare(learner)


def accept_and_terminate(learner: Learner) -> None:
    accept(learner)
    artifact = learner.client("artifact")
    found = artifact.list_customer_agreements()["customerAgreements"][0]
    artifact.terminate_agreement(customerAgreementId=found["id"], acceptedTerms=found.get("terminateTerms", []))


SOLUTIONS = {
    "A1-1": Solution(sort, (three_wrong, everything_is_shared, answer_in_a_list)),
    "A1-2": Solution(name_halves, (name_the_other_half, name_rows)),
    "A1-3": Solution(read, (take_the_date_of_the_signature, believe_that_the_letter_has_no_end, forget_the_carve_out)),
    "A1-4": Solution(accept, (accept_for_the_account, only_prepare, accept_and_terminate)),
}
