"""Access advisor of an organization."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import ACCOUNT, Composed

from remit.testing import Identity

Organize = Callable[..., str]
Join = Callable[[str], Identity]
OTHER = "444455556666"
ROOT = "r-abcd"


def _report(iam: Any, path: str, **more: str) -> dict[str, Any]:
    job = iam.generate_organizations_access_report(EntityPath=path, **more)["JobId"]
    answer: dict[str, Any] = iam.get_organizations_access_report(JobId=job, MaxItems=1000)
    return answer


def _used(answer: dict[str, Any]) -> dict[str, str]:
    return {
        detail["ServiceNamespace"]: detail["EntityPath"] for detail in answer["AccessDetails"] if "Region" in detail
    }


def test_a_report_tells_what_the_members_used(remit: Composed, organize: Organize, join: Join) -> None:
    id_ = organize()
    remit.client("iam", join(id_)).list_users()
    iam = remit.client("iam")

    root = _report(iam, f"{id_}/{ROOT}/")
    own = _report(iam, f"{id_}/{ROOT}/{ACCOUNT}")

    assert root["JobStatus"] == "COMPLETED"
    assert _used(root) == {"iam": f"{id_}/{ROOT}/{OTHER}"}
    assert root["NumberOfServicesAccessible"] == root["NumberOfServicesNotAccessed"] + 1 == len(root["AccessDetails"])
    assert set(_used(own).values()) == {f"{id_}/{ROOT}/{ACCOUNT}"}


def test_a_report_is_sorted_as_asked(remit: Composed, organize: Organize, join: Join) -> None:
    id_ = organize()
    remit.client("iam", join(id_)).list_users()
    iam = remit.client("iam")
    job = iam.generate_organizations_access_report(EntityPath=f"{id_}/{ROOT}")["JobId"]
    first = lambda key: iam.get_organizations_access_report(JobId=job, SortKey=key, MaxItems=1)["AccessDetails"][0]  # noqa: E731

    assert first("LAST_AUTHENTICATED_TIME_DESCENDING")["ServiceNamespace"] == "iam"
    assert first("SERVICE_NAMESPACE_ASCENDING")["ServiceNamespace"] == "a2c"
    assert first("SERVICE_NAMESPACE_DESCENDING")["ServiceNamespace"] == "xray"
    assert "Region" not in first("LAST_AUTHENTICATED_TIME_ASCENDING")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("o-0000000000/r-abcd", {}),
        ("{id}/r-abcd/ou-abcd-12345678", {}),
        ("{id}/r-abcd/999999999999", {}),
        ("{id}/r-abcd", {"OrganizationsPolicyId": "p-12345678"}),
    ],
)
def test_a_report_on_what_is_not_there_fails(
    remit: Composed, organize: Organize, path: str, more: dict[str, str]
) -> None:
    id_ = organize()

    answer = _report(remit.client("iam"), path.replace("{id}", id_), **more)

    assert answer["JobStatus"] == "FAILED"
    assert answer["ErrorDetails"]["Code"] == "NoSuchEntity"
    assert "AccessDetails" not in answer


def test_only_the_management_account_asks(remit: Composed, organize: Organize, join: Join) -> None:
    iam = remit.client("iam")
    ask = lambda client: client.generate_organizations_access_report(EntityPath="o-0000000000/r-abcd")  # noqa: E731

    with pytest.raises(ClientError, match="AccessDenied"):
        ask(iam)
    member = remit.client("iam", join(organize()))
    with pytest.raises(ClientError, match="AccessDenied"):
        ask(member)
    job = ask(iam)["JobId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        member.get_organizations_access_report(JobId=job)
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_organizations_access_report(JobId="0" * 36)
