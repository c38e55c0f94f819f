"""Course A5 and the exam: what passes, and what does not."""

import hashlib
from typing import Any

from compliance.learning.solutions.auditing import WAY_IN, Auditor
from compliance.learning.solutions.solution import Solution
from learners import Learner


def _details(learner: Learner, account: str) -> dict[str, Any]:
    found: dict[str, Any] = learner.client("iam", account).get_account_authorization_details()
    return found


# -- A5-1


def plan(learner: Learner) -> None:
    pages = learner.client("organizations").get_paginator("list_accounts").paginate()
    learner.answers["accounts"] = [one["Id"] for page in pages for one in page["Accounts"]]
    users = roles = passwords = keys = 0
    for account in learner.attempt.accounts:
        iam, details = learner.client("iam", account), _details(learner, account)
        roles += sum(
            one["RoleName"] not in WAY_IN and not one["Path"].startswith("/aws-service-role/")
            for one in details["RoleDetailList"]
        )
        for one in details["UserDetailList"]:
            if one["UserName"] in WAY_IN:
                continue
            users += 1
            found = iam.list_access_keys(UserName=one["UserName"])["AccessKeyMetadata"]
            keys += sum(key["Status"] == "Active" for key in found)
            try:
                iam.get_login_profile(UserName=one["UserName"])
                passwords += 1
            except iam.exceptions.NoSuchEntityException:
                pass
    learner.answers |= {"users": users, "roles": roles, "passwords": passwords, "active_keys": keys}


def forget_the_management_account(learner: Learner) -> None:
    plan(learner)
    learner.answers["accounts"].remove(learner.account("management"))


def count_ones_own(learner: Learner) -> None:
    plan(learner)
    learner.answers["users"] += 1


def change_something(learner: Learner) -> None:
    plan(learner)
    learner.client("iam", "lab").create_user(UserName="x")
    learner.client("iam", "lab").delete_user(UserName="x")


# -- A5-2


def _sample(learner: Learner, salt: str, end: str = "") -> None:
    arns = [
        one["Arn"]
        for account in learner.attempt.accounts
        for one in _details(learner, account)["UserDetailList"]
        if one["UserName"] not in WAY_IN
    ]
    arns.sort(key=lambda arn: hashlib.sha256(f"{salt}:{arn}{end}".encode()).hexdigest())
    learner.answers["sample"] = arns[: learner.drawn["size"]]


def sample(learner: Learner) -> None:
    _sample(learner, learner.drawn["salt"])


def sample_with_line_breaks(learner: Learner) -> None:
    _sample(learner, learner.drawn["salt"], "\n")


def sample_with_a_salt_of_ones_own(learner: Learner) -> None:
    _sample(learner, "convenient")


def sample_one_too_few(learner: Learner) -> None:
    sample(learner)
    learner.answers["sample"].pop()


# -- A5-3


def _failing(learner: Learner, fault: str) -> list[str]:
    return [one["subject"] for one in Auditor(learner).audit() if one["fault"] == fault]


def try_everybody(learner: Learner) -> None:
    found = Auditor(learner).audit()
    for key, fault in (("old_keys", "old-key"), ("no_mfa", "no-mfa"), ("direct_policies", "direct-policy")):
        learner.answers[key] = [one["subject"] for one in found if one["fault"] == fault]


def miss_one(learner: Learner) -> None:
    try_everybody(learner)
    longest = max(learner.answers, key=lambda key: len(learner.answers[key]))
    learner.answers[longest].pop()


def accuse_one(learner: Learner) -> None:
    try_everybody(learner)
    innocent = next(
        one["UserName"]
        for one in _details(learner, "shop")["UserDetailList"]
        if one["UserName"] not in learner.answers["no_mfa"]
    )
    learner.answers["no_mfa"].append(innocent)


# -- A5-4 and the exam


def _findings(learner: Learner) -> list[dict[str, Any]]:
    told = {
        "severity": "high",
        "effect": "Whoever has it can act beyond what was approved.",
        "recommendation": "Take it away, and see why nobody noticed.",
    }
    return [{**one, **told} for one in Auditor(learner).audit()]


def report(learner: Learner) -> None:
    learner.answers["findings"] = _findings(learner)


def report_without_evidence(learner: Learner) -> None:
    learner.answers["findings"] = [{**one, "evidence": []} for one in _findings(learner)]


def report_without_advice(learner: Learner) -> None:
    learner.answers["findings"] = [{**one, "recommendation": "fix"} for one in _findings(learner)]


def report_one_falsely(learner: Learner) -> None:
    false = {"fault": "root-key", "account": "management", "subject": "root", "evidence": []}
    learner.answers["findings"] = [*_findings(learner), {**_findings(learner)[0], **false}]


def report_eleven(learner: Learner) -> None:
    learner.answers["findings"] = _findings(learner)[:11]


def pass_the_exam(learner: Learner) -> None:
    learner.answers["claims"] = Auditor(learner).audit()


def find_thirteen(learner: Learner) -> None:
    learner.answers["claims"] = Auditor(learner).audit()[:13]


def claim_everything(learner: Learner) -> None:
    found = Auditor(learner).audit()
    learner.answers["claims"] = [
        *found,
        {"fault": "in-root", "account": "security", "subject": learner.account("security")},
        {"fault": "in-root", "account": "shop", "subject": learner.account("shop")},
        {"fault": "in-root", "account": "wiki", "subject": learner.account("wiki")},
    ]


def invent_evidence(learner: Learner) -> None:
    found = Auditor(learner).audit()
    one = learner.client("sts").get_caller_identity()["ResponseMetadata"]["RequestId"]
    learner.answers["claims"] = [
        {**claim, "evidence": [one, "00000000-0000-4000-8000-000000000000"]} for claim in found
    ]


def lend_evidence(learner: Learner) -> None:
    """Show each fault by the evidence of another one."""
    found = Auditor(learner).audit()
    evidence = [claim["evidence"] for claim in found]
    learner.answers["claims"] = [
        {**claim, "evidence": other} for claim, other in zip(found, evidence[9:] + evidence[:9], strict=True)
    ]


SOLUTIONS = {
    "A5-1": Solution(plan, (forget_the_management_account, count_ones_own, change_something)),
    "A5-2": Solution(sample, (sample_with_line_breaks, sample_with_a_salt_of_ones_own, sample_one_too_few)),
    "A5-3": Solution(try_everybody, (miss_one, accuse_one)),
    "A5-4": Solution(report, (report_without_evidence, report_without_advice, report_one_falsely, report_eleven)),
    "EXAM": Solution(pass_the_exam, (find_thirteen, claim_everything, invent_evidence, lend_evidence)),
}
