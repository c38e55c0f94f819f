"""Principals of stored policies are bound to ids, and shown as ARNs while what they name is there (P7)."""

import json
from typing import Any

import pytest
from directory.conftest import AT, OTHER, OWN
from directory.people import a_role, a_user

from remit.directory.accounts import create_account
from remit.directory.facts import InvalidPrincipal
from remit.directory.principals import bind_principals, show_principals
from remit.directory.roles import delete_role
from remit.directory.users import delete_user, rename_user
from remit.store import Transaction

FOREIGN = "999988887777"


@pytest.fixture(autouse=True)
def accounts(tx: Transaction) -> None:
    for account in (OWN, OTHER):
        create_account(tx, account, email=f"root@{account}.example", name="a", at=AT)


def trust(principal: Any, element: str = "Principal") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", element: principal, "Action": "x"}]})


def bound(tx: Transaction, principal: Any, partition: str = "aws") -> Any:
    return json.loads(bind_principals(tx, trust(principal), partition))["Statement"][0]["Principal"]


def shown(tx: Transaction, document: str) -> Any:
    return json.loads(show_principals(tx, document))["Statement"][0]["Principal"]


def test_a_user_and_a_role_are_bound_to_their_ids_and_shown_by_their_arns(tx: Transaction) -> None:
    ana, builder = a_user(tx, path="/team/"), a_role(tx, account=OTHER)

    assert bound(tx, {"AWS": ana.arn}) == {"AWS": ana.id}
    assert bound(tx, {"AWS": [builder.arn, ana.arn]}) == {"AWS": [builder.id, ana.id]}
    document = bind_principals(tx, trust({"AWS": [builder.arn, ana.arn]}), "aws")
    assert ana.arn not in document
    assert shown(tx, document) == {"AWS": [builder.arn, ana.arn]}


def test_a_renamed_user_is_shown_by_the_new_arn(tx: Transaction) -> None:
    ana = a_user(tx)
    document = bind_principals(tx, trust({"AWS": ana.arn}), "aws")

    renamed = rename_user(tx, ana, name="eva", path="/new/")

    assert shown(tx, document) == {"AWS": renamed.arn}


def test_who_is_gone_shows_as_a_bare_id_and_a_namesake_does_not_take_the_place(tx: Transaction) -> None:
    ana, builder = a_user(tx), a_role(tx)
    document = bind_principals(tx, trust({"AWS": [ana.arn, builder.arn]}), "aws")
    delete_user(tx, ana)
    delete_role(tx, builder)

    assert shown(tx, document) == {"AWS": [ana.id, builder.id]}
    assert (a_user(tx).arn, a_role(tx).arn) == (ana.arn, builder.arn)
    assert shown(tx, document) == {"AWS": [ana.id, builder.id]}


@pytest.mark.parametrize(("partition", "expected"), [("aws", "aws"), ("aws-us-gov", "aws-us-gov")])
def test_an_account_id_becomes_the_arn_of_its_root(tx: Transaction, partition: str, expected: str) -> None:
    assert bound(tx, {"AWS": OWN}, partition) == {"AWS": f"arn:{expected}:iam::{OWN}:root"}
    assert bound(tx, {"AWS": [FOREIGN]}, partition) == {"AWS": [f"arn:{expected}:iam::{FOREIGN}:root"]}


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": "*"},
        {"AWS": ["*"]},
        {"AWS": f"arn:aws:iam::{OWN}:root"},
        {"AWS": f"arn:aws:iam::{FOREIGN}:root"},
        {"AWS": f"arn:aws:iam::{FOREIGN}:user/anyone"},
        {"AWS": f"arn:aws:iam::{FOREIGN}:role/path/anything"},
        {"AWS": f"arn:aws:sts::{OWN}:assumed-role/builder/session"},
        {"AWS": f"arn:aws:sts::{OWN}:federated-user/kiosk"},
        {"Service": "ec2.amazonaws.com"},
        {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com.cn", "a-b.c.aws.internal"]},
        {"Federated": "accounts.google.com"},
        {"Federated": f"arn:aws:iam::{OWN}:saml-provider/idp"},
        {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"},
        {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
    ],
)
def test_other_principals_stay_as_they_are(tx: Transaction, principal: Any) -> None:
    assert bound(tx, principal) == principal
    assert shown(tx, trust(principal)) == principal


def test_an_id_of_somebody_who_is_there_stays(tx: Transaction) -> None:
    ana, builder = a_user(tx), a_role(tx)

    assert bound(tx, {"AWS": [ana.id, builder.id]}) == {"AWS": [ana.id, builder.id]}


@pytest.mark.parametrize(
    "value",
    [
        f"arn:aws:iam::{OWN}:user/nobody",
        f"arn:aws:iam::{OWN}:user/Ana",  # names in ARNs are compared with case
        f"arn:aws:iam::{OWN}:user/ana",  # and with the path
        f"arn:aws:iam::{OTHER}:user/team/ana",
        f"arn:aws-cn:iam::{OWN}:user/team/ana",
        f"arn:aws:iam::{OWN}:role/team/ana",
        f"arn:aws:iam::{OWN}:group/team",
        f"arn:aws:iam::{OWN}:user/*",
        f"arn:aws:iam::{FOREIGN}:user/*",
        f"arn:aws:iam::{OWN}:",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::*:root",
        f"arn:aws:s3::{OWN}:bucket",
        "arn:aws:iam",
        "AIDAAAAAAAAAAAAAAAAAA",
        "AROAAAAAAAAAAAAAAAAAA",
        "ana",
        "11112222333",
        "1111222233334",
        "١١١١٢٢٢٢٣٣٣٣",  # digits of another script are the point
        "",
    ],
)
def test_a_principal_that_is_not_there_is_refused(tx: Transaction, value: str) -> None:
    a_user(tx, path="/team/")

    for principal in ({"AWS": value}, {"AWS": ["*", value]}):
        with pytest.raises(InvalidPrincipal) as fact:
            bound(tx, principal)
        assert (fact.value.kind, fact.value.value) == ("AWS", value)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("Service", "ec2", "SERVICE"),
        ("Service", "ec2.example.com", "SERVICE"),
        ("Service", "EC2.amazonaws.com", "SERVICE"),
        ("Service", "*", "SERVICE"),
        ("Service", "", "SERVICE"),
        ("Federated", "idp.example.com", "FEDERATED"),
        ("Federated", "accounts.google.com.example", "FEDERATED"),
    ],
)
def test_what_is_no_service_or_provider_is_refused(tx: Transaction, kind: str, value: str, said: str) -> None:
    with pytest.raises(InvalidPrincipal) as fact:
        bound(tx, {kind: value})

    assert (fact.value.kind, fact.value.value) == (said, value)


@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("as_list", [True, False])
def test_every_principal_of_every_statement_is_bound(tx: Transaction, element: str, *, as_list: bool) -> None:
    ana = a_user(tx)
    statement = {"Sid": "a", "Effect": "Deny", element: {"AWS": ana.arn, "Service": "ec2.amazonaws.com"}}
    document = json.dumps({"Id": "x", "Statement": [statement, statement] if as_list else statement})

    stored = json.loads(bind_principals(tx, document, "aws"))

    expected = {**statement, element: {"AWS": ana.id, "Service": "ec2.amazonaws.com"}}
    assert stored == {"Id": "x", "Statement": [expected, expected] if as_list else expected}
    assert json.loads(show_principals(tx, json.dumps(stored))) == json.loads(document)


def test_arns_in_conditions_and_resources_stay(tx: Transaction) -> None:
    """P7: ARNs inside `Condition` are never converted."""
    ana = a_user(tx)
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": [ana.arn, ana.id, OWN]}},
    }
    document = json.dumps({"Statement": [statement]})

    for changed in (bind_principals(tx, document, "aws"), show_principals(tx, document)):
        assert json.loads(changed) == {"Statement": [statement]}
