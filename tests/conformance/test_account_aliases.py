"""Account aliases, through an unchanged boto3."""

import pytest

pytestmark = pytest.mark.conformance


def test_an_account_has_one_alias_at_most(server, refused):
    iam = server.client("iam")
    assert iam.list_account_aliases()["AccountAliases"] == []

    iam.create_account_alias(AccountAlias="remit-one")
    iam.create_account_alias(AccountAlias="remit-one")
    iam.create_account_alias(AccountAlias="remit-two")

    assert iam.list_account_aliases()["AccountAliases"] == ["remit-two"]
    error = refused(lambda: iam.delete_account_alias(AccountAlias="remit-one"), "NoSuchEntity", 404)
    assert error["Message"] == "The account alias remit-one cannot be found."
    iam.delete_account_alias(AccountAlias="remit-two")
    assert iam.list_account_aliases()["AccountAliases"] == []
    events = server.events(EventName="DeleteAccountAlias")
    assert [event.get("errorCode") for event in events] == [None, "NoSuchEntityException"]


@pytest.mark.parametrize("alias", ["Upper", "-first", "last-", "two--hyphens", "under_score"])
def test_an_alias_is_a_name_for_a_url(server, refused, alias):
    refused(lambda: server.client("iam").create_account_alias(AccountAlias=alias), "ValidationError", 400)


def test_an_alias_that_looks_like_an_account_is_refused(server, refused):
    refused(lambda: server.client("iam").create_account_alias(AccountAlias="123456789012"), "ValidationError", 400)
