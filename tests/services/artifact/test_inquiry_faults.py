"""Commits that fail: an inquiry is there whole or not at all, and the same request can come again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from composed import Composed, composed
from services.artifact.test_inquiries import PATCHES, UNKNOWN, artifact, create, detail, rate, refusal
from services.organizations.test_faults import Fault, refused_commits, refused_writes

from remit.clock import FixedClock, SystemClock
from remit.directory.artifact.inquiries import EXPORTS, INQUIRIES
from remit.directory.artifact.reviews import FEEDBACK, REVIEWS
from remit.store import Transaction

__all__ = ["artifact"]
_ONCE = Config(retries={"total_max_attempts": 1})
_KINDS = (INQUIRIES, EXPORTS, REVIEWS, FEEDBACK)
_CHANGES: dict[str, Callable[[Any, str], Any]] = {
    "create": lambda client, _: create(client, PATCHES, UNKNOWN, clientToken="again"),
    "export": lambda client, id_: client.export_compliance_inquiry(complianceInquiryId=id_),
    "feedback": lambda client, id_: rate(client, id_, clientToken="again"),
    "tag": lambda client, id_: client.tag_resource(resourceArn=detail(client, id_)["arn"], tags={"a": "1"}),
    "untag": lambda client, id_: client.untag_resource(resourceArn=detail(client, id_)["arn"], tagKeys=["b"]),
}


def kept(remit: Composed) -> Any:
    def every(tx: Transaction) -> list[Any]:
        return [sorted(tx.all(kind), key=lambda one: one.id) for kind in _KINDS]

    return remit.change(every)


@pytest.mark.parametrize("fault", [refused_commits, refused_writes])
@pytest.mark.parametrize("name", _CHANGES)
def test_a_change_that_cannot_be_kept_is_none(remit: Composed, artifact: Any, name: str, fault: Fault) -> None:
    id_ = create(artifact, PATCHES, tags={"b": "2"})
    client = remit.client("artifact", config=_ONCE)
    before = kept(remit)

    with fault(remit.database):
        refusal(lambda: _CHANGES[name](client, id_), "InternalServerException", 500)

    assert kept(remit) == before
    _CHANGES[name](client, id_)
    assert kept(remit) != before


def test_too_many_calls_are_told_when_to_come_again(tmp_path: Path) -> None:
    with composed(tmp_path, FixedClock(SystemClock().now()), throttle=True) as remit:
        client = remit.client("artifact", config=_ONCE)
        for _ in range(20):
            client.list_compliance_inquiries()

        answer = refusal(client.list_compliance_inquiries, "ThrottlingException", 429)

    assert answer["serviceCode"] == "artifact"
    assert answer["ResponseMetadata"]["HTTPHeaders"]["retry-after"] == "1"
