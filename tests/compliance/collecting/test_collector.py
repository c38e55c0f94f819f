import threading
from collections.abc import Mapping
from typing import Any

import pytest
from snapshots import ACCOUNT, AT

from remit.clock import FixedClock
from remit.compliance.collecting import NotCollected, collect
from remit.compliance.snapshots import Read, Shelf, Status
from remit.wire.reader import ReadFailed

NAMES = frozenset({"kms:DescribeKey", "s3:GetBucketPolicy", "iam:GetCredentialReport"})
KEYS = Read("kms", "ListKeys", "a")


class Endpoint:
    """Answers as a table says; a read that it has not fails. An exception is raised, a list answered one by one."""

    endpoint = "http://endpoint"

    def __init__(self, **more: Any) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self._lock = threading.Lock()
        self._table: dict[str, Any] = {
            "GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/x"},
            "ListRegions": {"Regions": [{"RegionName": "b"}, {"RegionName": "a"}]},
            "ListKeys": {"Keys": [{"KeyId": "1"}]},
            "DescribeKey": {"KeyMetadata": {}},
            "ListBuckets": {"Buckets": [{"Name": "x"}]},
            "GetBucketPolicy": ReadFailed("NoSuchBucketPolicy", ""),
            "GenerateCredentialReport": {"State": "STARTED"},
            "GetCredentialReport": {"Content": b"user"},
            **more,
        }

    def read(self, service: str, operation: str, region: str, _: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        with self._lock:
            self.asked.append((service, operation, region))
            answer = self._table.get(operation, ReadFailed("NotImplemented", operation))
            if isinstance(answer, list):
                answer = answer.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer, "id"


def kept(folder):
    return Shelf(folder).newest(ACCOUNT)


def taken(endpoint, folder, **more):
    return collect(endpoint, Shelf(folder), FixedClock(AT), names=more.pop("names", NAMES), **more)


def test_what_was_answered_is_kept(tmp_path):
    endpoint = Endpoint()

    collected = taken(endpoint, tmp_path)

    assert kept(tmp_path) == collected.snapshot
    assert collected.snapshot.header.regions == ("a", "b")
    assert {str(asked): answer.status.value for asked, answer in collected.snapshot.answers.items()} == {
        "kms:ListKeys in a": "answered",
        "kms:ListKeys in b": "answered",
        "kms:DescribeKey 1 in a": "answered",
        "kms:DescribeKey 1 in b": "answered",
        "s3:ListBuckets": "answered",
        "s3:GetBucketPolicy x": "absent",
        "iam:GetCredentialReport": "answered",
    }
    assert len(list((tmp_path / ACCOUNT).iterdir())) == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ReadFailed("AccessDenied", "no", is_refusal=True), Status.DENIED),
        (ReadFailed("Throttling", "later"), Status.FAILED),
        (ReadFailed("ConnectTimeoutError", "hangs"), Status.FAILED),
        (ReadFailed("NoSuchBucketPolicy", "of another service"), Status.FAILED),
    ],
)
def test_what_was_not_answered_is_kept_as_such(tmp_path, error, status):
    collected = taken(Endpoint(ListKeys=error), tmp_path)

    answer = collected.snapshot.answers[KEYS]
    assert (answer.status, answer.code, answer.message) == (status, error.code, error.message)


def test_an_answer_that_is_no_json_is_no_answer(tmp_path):
    collected = taken(Endpoint(ListKeys={"Keys": {1, 2}}), tmp_path)

    assert collected.snapshot.answers[KEYS].code == "Nonsense"


def test_a_report_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("remit.compliance.collecting.asking._PAUSE_SECONDS", 0)
    endpoint = Endpoint(GetCredentialReport=[ReadFailed("ReportInProgress", ""), {"Content": b"user"}])

    collected = taken(endpoint, tmp_path)

    assert collected.snapshot.answers[Read("iam", "GetCredentialReport")].status is Status.ANSWERED


def test_a_job_is_asked_by_its_id_until_it_is_done(tmp_path, monkeypatch):
    monkeypatch.setattr("remit.compliance.collecting.asking._PAUSE_SECONDS", 0)
    endpoint = Endpoint(
        GetAccountAuthorizationDetails={"RoleDetailList": [{"Arn": "arn:r"}]},
        GenerateServiceLastAccessedDetails={"JobId": "7"},
        GetServiceLastAccessedDetails=[{"JobStatus": "IN_PROGRESS"}, {"JobStatus": "COMPLETED"}],
    )

    collected = taken(endpoint, tmp_path, names=frozenset({"iam:GetServiceLastAccessedDetails"}))

    answer = collected.snapshot.answers[Read("iam", "GetServiceLastAccessedDetails", "", (("Arn", "arn:r"),))]
    assert answer.value() == {"JobStatus": "COMPLETED"}


def test_a_report_that_never_comes_is_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr("remit.compliance.collecting.asking._PAUSE_SECONDS", 0)
    endpoint = Endpoint(GetCredentialReport=ReadFailed("ReportInProgress", ""))

    collected = taken(endpoint, tmp_path)

    assert collected.snapshot.answers[Read("iam", "GetCredentialReport")].code == "Unfinished"


def test_an_interrupted_collection_goes_on(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        taken(Endpoint(GetBucketPolicy=KeyboardInterrupt()), tmp_path)
    assert kept(tmp_path) is None
    endpoint = Endpoint()

    collected = taken(endpoint, tmp_path)

    assert collected.taken_over > 0
    assert len(endpoint.asked) < 2 + 8
    assert kept(tmp_path) == collected.snapshot
    assert len(collected.snapshot.answers) == 7


def test_what_failed_is_asked_again_when_a_collection_goes_on(tmp_path):
    shelf = Shelf(tmp_path)
    failed = taken(Endpoint(ListKeys=ReadFailed("Throttling", "")), tmp_path)
    shelf.place(failed.snapshot.header).rename(shelf.unfinished(ACCOUNT))

    collected = taken(Endpoint(), tmp_path)

    assert collected.snapshot.answers[KEYS].status is Status.ANSWERED


def test_the_collection_of_another_caller_is_not_gone_on_with(tmp_path):
    shelf = Shelf(tmp_path)
    shelf.place(taken(Endpoint(), tmp_path).snapshot.header).rename(shelf.unfinished(ACCOUNT))

    other = Endpoint(GetCallerIdentity={"Account": ACCOUNT, "Arn": "arn:aws:iam::9:root"})

    assert taken(other, tmp_path).taken_over == 0


def test_regions_can_be_chosen(tmp_path):
    collected = taken(Endpoint(), tmp_path, regions=("b",))

    assert collected.snapshot.header.regions == ("a", "b")
    assert collected.snapshot.header.regions_read == ("b",)
    assert KEYS not in collected.snapshot.answers
    with pytest.raises(NotCollected, match=f"mars is not a region that {ACCOUNT} has enabled; it has a, b"):
        taken(Endpoint(), tmp_path, regions=("mars",))


def test_an_endpoint_that_does_not_know_its_regions_has_those_of_the_sdk(tmp_path):
    endpoint = Endpoint(ListRegions=ReadFailed("NotImplemented", ""))

    assert "eu-west-1" in taken(endpoint, tmp_path, names=frozenset()).snapshot.header.regions


def test_who_is_not_known_takes_no_snapshot(tmp_path):
    endpoint = Endpoint(GetCallerIdentity=ReadFailed("InvalidClientTokenId", "wrong"))

    with pytest.raises(NotCollected, match="http://endpoint does not say who asks: InvalidClientTokenId: wrong"):
        taken(endpoint, tmp_path)
    assert Shelf(tmp_path).accounts() == ()


def test_progress_ends_where_everything_is_done(tmp_path):
    steps: list[tuple[int, int]] = []

    taken(Endpoint(), tmp_path, progress=lambda done, known: steps.append((done, known)))

    assert steps[-1] == (7, 7)
    assert all(done <= known for done, known in steps)
