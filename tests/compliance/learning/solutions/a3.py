"""Course A3: what passes, and what does not."""

import csv
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from compliance.learning.solutions.documents import deny, document
from compliance.learning.solutions.solution import Solution
from learners import Learner


def _unit(learner: Learner, *names: str) -> str:
    """Return the id of a unit by its path; of the root without one."""
    organizations = learner.client("organizations")
    parent: str = organizations.list_roots()["Roots"][0]["Id"]
    for name in names:
        units = organizations.list_organizational_units_for_parent(ParentId=parent)["OrganizationalUnits"]
        parent = next(one["Id"] for one in units if one["Name"] == name)
    return parent


def _guard(learner: Learner, target: str, *statements: dict[str, Any], name: str = "guard") -> None:
    organizations = learner.client("organizations")
    made = organizations.create_policy(
        Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=document(*statements)
    )
    organizations.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)


# -- A3-1

_GLOBAL = ["iam:*", "sts:*", "organizations:*", "support:*"]


def _regions(learner: Learner, besides: list[str], **more: Any) -> dict[str, Any]:
    wanted = {"StringNotEquals": {"aws:RequestedRegion": learner.drawn["regions"][:2]}, **more}
    return {"Effect": "Deny", "NotAction": besides, "Resource": "*", "Condition": wanted}


def guardrail(learner: Learner) -> None:
    _guard(learner, _unit(learner, "Workloads"), _regions(learner, _GLOBAL))


def guardrail_for_all(learner: Learner) -> None:
    _guard(learner, _unit(learner), _regions(learner, _GLOBAL))


def no_global_services(learner: Learner) -> None:
    _guard(learner, _unit(learner, "Workloads"), _regions(learner, ["iam:*"]))


def break_glass(learner: Learner) -> None:
    but = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}
    _guard(learner, _unit(learner, "Workloads"), _regions(learner, _GLOBAL, **but))


def deny_one_region(learner: Learner) -> None:
    there = {"StringEquals": {"aws:RequestedRegion": learner.drawn["regions"][2]}}
    _guard(learner, _unit(learner, "Workloads"), deny("*", Condition=there))


# -- A3-2

_TRAIL = ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors"]
_BUCKET = ["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration"]


def _protect(learner: Learner, trail: str, objects: str, **more: Any) -> None:
    bucket = f"arn:aws:s3:::{learner.drawn['bucket']}"
    _guard(learner, _unit(learner, "Production"), deny(_TRAIL, trail, **more), name="trail")
    _guard(
        learner,
        _unit(learner, "Security"),
        deny(["s3:DeleteObject", "s3:DeleteObjectVersion"], bucket + objects),
        deny(_BUCKET, bucket),
        name="bucket",
    )


def _arn(learner: Learner) -> str:
    drawn = learner.drawn
    return f"arn:aws:cloudtrail:{drawn['region']}:{learner.account('workload')}:trail/{drawn['trail']}"


def protect(learner: Learner) -> None:
    _protect(learner, _arn(learner), "/*")


def protect_every_trail(learner: Learner) -> None:
    _protect(learner, "*", "/*")


def exempt_the_keeper(learner: Learner) -> None:
    but = {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{learner.drawn['keeper']}"}}
    _protect(learner, _arn(learner), "/*", Condition=but)


def forget_the_objects(learner: Learner) -> None:
    _protect(learner, _arn(learner), "")


# -- A3-3


def _move(learner: Learner) -> None:
    learner.client("organizations").move_account(
        AccountId=learner.account("app"),
        SourceParentId=_unit(learner, "Sandbox"),
        DestinationParentId=_unit(learner, "Production", "Claims"),
    )


def _predict(learner: Learner, denied: list[str], services: list[str]) -> None:
    learner.answers["after"] = {
        action: "allowed" if action not in denied and action.split(":", maxsplit=1)[0] in services else "denied"
        for action in learner.drawn["asked"]
    }


def move(learner: Learner) -> None:
    _predict(learner, learner.drawn["production"], learner.drawn["allowed"])
    _move(learner)


def do_not_move(learner: Learner) -> None:
    _predict(learner, learner.drawn["production"], learner.drawn["allowed"])


def forget_the_allow_list(learner: Learner) -> None:
    every = [action.split(":", maxsplit=1)[0] for action in learner.drawn["asked"]]
    _predict(learner, learner.drawn["production"], every)
    _move(learner)


def move_one_level_short(learner: Learner) -> None:
    _predict(learner, learner.drawn["production"], learner.drawn["allowed"])
    learner.client("organizations").move_account(
        AccountId=learner.account("app"),
        SourceParentId=_unit(learner, "Sandbox"),
        DestinationParentId=_unit(learner, "Production"),
    )


# -- A3-4


def _delegate(learner: Learner, gone: list[tuple[str, str]], registered: list[tuple[str, str]]) -> None:
    organizations = learner.client("organizations")
    for account, service in gone:
        organizations.deregister_delegated_administrator(AccountId=learner.account(account), ServicePrincipal=service)
    for account, service in registered:
        organizations.register_delegated_administrator(AccountId=learner.account(account), ServicePrincipal=service)


def review(learner: Learner) -> None:
    services = learner.drawn["services"]
    _delegate(
        learner,
        [("legacy", services[1]), ("legacy", services[3])],
        [("security", services[1]), ("security", services[4])],
    )


def only_remove(learner: Learner) -> None:
    services = learner.drawn["services"]
    _delegate(learner, [("legacy", services[1]), ("legacy", services[3])], [])


def only_add(learner: Learner) -> None:
    services = learner.drawn["services"]
    _delegate(learner, [("legacy", services[1])], [("security", services[1]), ("security", services[4])])


# -- A3-5


def _check_bill(learner: Learner) -> None:
    with (learner.folder / "bill.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    pages = learner.client("organizations").get_paginator("list_accounts").paginate()
    members = {one["Id"] for page in pages for one in page["Accounts"]}
    lines = [row for row in rows if row["line"]]
    right = {
        row["line"]: (Decimal(row["quantity"]) * Decimal(row["rate"])).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        for row in lines
    }
    learner.answers["stranger"] = next(row["account"] for row in lines if row["account"] not in members)
    learner.answers["line"] = next(row["line"] for row in lines if Decimal(row["cost"]) != right[row["line"]])
    learner.answers["subtotal"] = next(
        row["account"]
        for row in rows
        if row["service"] == "SUBTOTAL"
        and Decimal(row["cost"]) != sum(Decimal(one["cost"]) for one in lines if one["account"] == row["account"])
    )
    learner.answers["total"] = str(sum(right[row["line"]] for row in lines if row["account"] in members))


def check_bill(learner: Learner) -> None:
    _check_bill(learner)


def keep_the_printed_total(learner: Learner) -> None:
    _check_bill(learner)
    learner.answers["total"] = (learner.folder / "bill.csv").read_text().splitlines()[-1].split(",")[-1]


def name_a_member(learner: Learner) -> None:
    _check_bill(learner)
    learner.answers["stranger"] = learner.account("play")


SOLUTIONS = {
    "A3-1": Solution(guardrail, (guardrail_for_all, no_global_services, break_glass, deny_one_region)),
    "A3-2": Solution(protect, (protect_every_trail, exempt_the_keeper, forget_the_objects)),
    "A3-3": Solution(move, (do_not_move, forget_the_allow_list, move_one_level_short)),
    "A3-4": Solution(review, (only_remove, only_add)),
    "A3-5": Solution(check_bill, (keep_the_printed_total, name_a_member)),
}
