"""Central management of root users: what is needed for it, in AWS's order, and who may turn it on and off."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.clock import SystemClock
from remit.directory import ORGANIZATIONS
from remit.directory.organizations import FeatureSet
from remit.store import Transaction
from remit.testing import Identity

Organize = Callable[..., str]
Join = Callable[[str], Identity]
OTHER = "444455556666"
IAM = "iam.amazonaws.com"
ENABLE = ("enable_organizations_root_credentials_management", "enable_organizations_root_sessions")
DISABLE = ("disable_organizations_root_credentials_management", "disable_organizations_root_sessions")
EVERY = (*ENABLE, *DISABLE, "list_organizations_features")


def _refusal(client: Any, name: str) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        getattr(client, name)()
    error = caught.value.response
    return error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]


def _features(answer: dict[str, Any]) -> list[str]:
    return list(answer["EnabledFeatures"])


@pytest.mark.parametrize("name", EVERY)
def test_the_checks_are_made_in_awss_order(remit: Composed, organize: Organize, join: Join, name: str) -> None:
    iam = remit.client("iam")

    assert _refusal(iam, name) == ("OrganizationNotFoundException", 400)
    id_ = organize(feature_set=FeatureSet.CONSOLIDATED_BILLING, trusted_services={})
    assert _refusal(iam, name) == ("OrganizationNotInAllFeaturesModeException", 400)
    _change(remit, id_, feature_set=FeatureSet.ALL)
    member = remit.client("iam", join(id_))
    assert _refusal(iam, name) == ("ServiceAccessNotEnabledException", 400)
    assert _refusal(member, name) == ("ServiceAccessNotEnabledException", 400)
    _change(remit, id_, trusted_services={IAM: SystemClock().now()})
    assert _refusal(member, name) == ("AccountNotManagementOrDelegatedAdministratorException", 400)
    assert getattr(iam, name)()["OrganizationId"] == id_


def _change(remit: Composed, id_: str, **state: Any) -> None:
    def change(tx: Transaction) -> None:
        found = tx.get(ORGANIZATIONS, id_)
        assert found is not None
        tx.put(ORGANIZATIONS, msgspec.structs.replace(found, **state))

    remit.change(change)


def test_a_delegated_administrator_turns_off_and_not_on(remit: Composed, organize: Organize, join: Join) -> None:
    id_ = organize(delegated_administrators={IAM: {OTHER: SystemClock().now()}}, root_sessions=True)
    member = remit.client("iam", join(id_))

    for name in ENABLE:
        assert _refusal(member, name) == ("CallerIsNotManagementAccountException", 400)
    assert _features(member.list_organizations_features()) == ["RootSessions"]
    assert _features(member.disable_organizations_root_sessions()) == []


def test_each_feature_is_on_or_off(remit: Composed, organize: Organize) -> None:
    id_ = organize()
    iam = remit.client("iam")

    assert _features(iam.list_organizations_features()) == []
    assert _features(iam.enable_organizations_root_sessions()) == ["RootSessions"]
    assert _features(iam.enable_organizations_root_sessions()) == ["RootSessions"]
    both = iam.enable_organizations_root_credentials_management()
    assert both["OrganizationId"] == id_
    assert _features(both) == ["RootCredentialsManagement", "RootSessions"]
    assert _features(iam.disable_organizations_root_sessions()) == ["RootCredentialsManagement"]
    assert _features(iam.disable_organizations_root_credentials_management()) == []


def test_who_may_not_is_refused_and_both_are_in_the_trail(remit: Composed, organize: Organize) -> None:
    organize()
    ana = remit.client("iam", remit.user("ana"))

    for name in EVERY:
        assert _refusal(ana, name) == ("AccessDenied", 403)
    remit.client("iam").enable_organizations_root_sessions()
    wanted = [{"AttributeKey": "EventName", "AttributeValue": "EnableOrganizationsRootSessions"}]
    events = remit.client("cloudtrail").lookup_events(LookupAttributes=wanted)["Events"]
    assert ["AccessDenied" in event["CloudTrailEvent"] for event in events] == [False, True]
