"""How long an effective policy takes: five levels, ten tag policies each, 9,900 to 10,000 characters a policy.

    python benchmarks/effective_policy.py

Cold: nothing of the account was merged before; the garbage collector is left as it is. Read: the documents from text.
"""

import json
import statistics
import time
from collections.abc import Callable

from remit.policy.management import ManagementPolicyType, effective_policy, stored

LEVELS, POLICIES, CHARACTERS, ROUNDS = 5, 10, 10_000, 30


def tag(number: int, level: int) -> dict[str, object]:
    """One tag of a policy: as much as people write about one."""
    name = f"CostCenter-{number}"
    values = [f"Department-{number}-{level}-{value}" for value in range(6)]
    return {
        "tag_key": {"@@assign": name},
        "tag_value": {"@@assign" if number % 3 else "@@append": values},
        "enforced_for": {
            "@@assign": ["ec2:instance", "s3:bucket", "dynamodb:table", "organizations:account"],
            "@@operators_allowed_for_child_policies": ["@@assign", "@@append"],
        },
    }


def policy(level: int, place: int) -> str:
    """A policy that is as long as it may be; half of its tags are in the levels above, too."""
    tags: dict[str, object] = {}
    text = ""
    number = place * 100 + (level % 2) * 5
    while True:
        number += 1
        tags[f"costcenter-{number}"] = tag(number, level)
        longer = json.dumps({"tags": tags}, separators=(",", ":"))
        if len(longer) > CHARACTERS:
            return text
        text = longer


def milliseconds(work: Callable[[], object]) -> float:
    """The median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        work()
        taken.append((time.thread_time() - start) * 1e3)
    return statistics.median(taken)


def main() -> None:
    texts = [[policy(level, place) for place in range(POLICIES)] for level in range(LEVELS)]
    documents = [[stored(text) for text in level] for level in texts]
    size = sum(len(text) for level in texts for text in level)
    effective = effective_policy(ManagementPolicyType.TAG, documents)
    tags = effective.document["tags"]
    first = []
    for _ in range(ROUNDS):
        start = time.thread_time()
        effective_policy(ManagementPolicyType.TAG, [[stored(text) for text in level] for level in texts])
        first.append((time.thread_time() - start) * 1e3)
    print(f"{LEVELS} levels of {POLICIES} policies, {size:,} characters, {len(tags)} tags in the end")
    print(f"merge: {milliseconds(lambda: effective_policy(ManagementPolicyType.TAG, documents)):.2f} ms")
    print(f"read and merge: {statistics.median(first):.2f} ms")


if __name__ == "__main__":
    main()
