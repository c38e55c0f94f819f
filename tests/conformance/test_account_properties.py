"""Account properties, through an unchanged boto3."""

import pytest

pytestmark = pytest.mark.conformance


def test_properties_are_put_by_namespace_and_stay(server):
    iam = server.client("iam")
    assert iam.get_account_properties().get("Properties", {}) == {}

    iam.put_account_properties(Properties={"RoleManager/Enabled": "true", "RoleManager/Level": "2"})
    iam.put_account_properties(Properties={"Other/Name": "x"})
    iam.put_account_properties(Properties={"RoleManager/Enabled": "false"})

    assert iam.get_account_properties()["Properties"] == {
        "Other/Name": "x",
        "RoleManager/Enabled": "false",
        "RoleManager/Level": "2",
    }


@pytest.mark.parametrize(
    "properties",
    [{"Name": "x"}, {"A/": "x"}, {"A/b/c": "x"}, {"A/b": "x", "B/b": "x"}],
)
def test_keys_have_a_namespace_and_a_request_has_one(server, refused, properties):
    iam = server.client("iam")

    refused(lambda: iam.put_account_properties(Properties=properties), "InvalidInput", 400)

    assert iam.get_account_properties().get("Properties", {}) == {}


def test_a_policy_tells_apart_whose_properties_are_shown(server, refused):
    statement = {
        "Effect": "Allow",
        "Action": "iam:GetAccountProperties",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": {"iam:AccountPropertyNamespaces": "Mine"}},
    }
    iam, ana = server.client("iam"), server.user("reader", statement).client("iam")
    iam.put_account_properties(Properties={"Mine/A": "x"})
    assert ana.get_account_properties()["Properties"] == {"Mine/A": "x"}

    iam.put_account_properties(Properties={"Theirs/A": "x"})

    refused(ana.get_account_properties, "AccessDenied", 403)


def test_a_policy_tells_namespaces_apart(server, refused):
    statement = {
        "Effect": "Allow",
        "Action": "iam:PutAccountProperties",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": {"iam:AccountPropertyNamespaces": "Mine"}},
    }
    ana = server.user("ana", statement).client("iam")

    ana.put_account_properties(Properties={"Mine/a": "1"})
    refused(lambda: ana.put_account_properties(Properties={"Yours/a": "1"}), "AccessDenied", 403)

    denied, allowed = server.events(EventName="PutAccountProperties")
    assert denied["errorCode"] == "AccessDenied"
    assert "errorCode" not in allowed
