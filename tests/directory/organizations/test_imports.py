"""Organizations put into the store as they are described, and described as they are."""

import json
from typing import Any

import msgspec
import pytest
from directory.conftest import AT, LATER, OTHER, OWN
from hypothesis import given
from hypothesis import strategies as st

from remit.directory import ACCOUNTS, KINDS, ROLES
from remit.directory.accounts import AccountState, create_account, known_account
from remit.directory.organizations import ORGANIZATION_POLICIES, UNITS, Organization, create_organization
from remit.directory.organizations.descriptions import Description, content_part, content_text, describe
from remit.directory.organizations.imports import Imported, management_account, put_organization
from remit.directory.organizations.putting import DescriptionRefused
from remit.directory.organizations.tree import path_to
from remit.store import Keyring, Transaction
from remit.store.sealing import new_data_key
from remit.store.view import View

SCP, RCP, TAG, INSPECTOR = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY", "TAG_POLICY", "INSPECTOR_POLICY"
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
MASTER = b"m" * 32
KEYRING = Keyring(MASTER, [new_data_key(MASTER)])


def empty() -> Transaction:
    """Give a store that holds the account that manages, and no organization."""
    tx = Transaction(View(KINDS), KEYRING, lambda _: [])
    create_account(tx, OWN, email="root@example.com", name="main", at=AT)
    return tx


def put(tx: Transaction, said: dict[str, Any], *, exact: bool = False, at: Any = AT) -> Imported:
    description = msgspec.convert(said, Description)
    return put_organization(tx, description, known_account(tx, OWN), at=at, exact=exact)


def changes(done: Imported) -> list[str]:
    return [f"{change.verb} {change.thing}{f': {change.details}' if change.details else ''}" for change in done.changes]


COMPANY: dict[str, Any] = {
    "policy_types": [SCP, RCP],
    "trusted_services": ["iam.amazonaws.com"],
    "delegated_administrators": {"iam.amazonaws.com": ["security"]},
    "root_sessions": True,
    "quotas": {"AccountsPerOrganization": 20},
    "policies": [{"name": "no-s3", "type": SCP, "content": DENY}],
    "root": {
        "accounts": [{"name": "main", "id": int(OWN)}],
        "units": [
            {
                "name": "Prod",
                "tags": {"stage": "prod", "number": 7},
                "policies": {SCP: ["FullAWSAccess", "no-s3"]},
                "units": [{"name": "Web", "accounts": [{"name": "shop", "email": "shop@example.com"}]}],
            },
            {"name": "Security", "accounts": [{"name": "security", "email": "security@example.com"}]},
        ],
    },
    "resource_policy": {"content": DENY, "tags": {"a": "b"}},
}


# -- the round trip

NAMES = st.sampled_from(["Prod", "Dev", "a b", "Ünit", "no", "1", "true"])
TAGS = st.dictionaries(st.sampled_from(["team", "cost center", "stage", "no"]), st.sampled_from(["", "1", "on", "x y"]))
POLICIES = st.sampled_from(["no-s3", "no-ec2", "FullAWSAccess"])


@st.composite
def units(draw: st.DrawFn, depth: int = 0) -> list[dict[str, Any]]:
    names = draw(st.lists(NAMES, unique=True, max_size=3 if depth < 3 else 0))
    return [
        {
            "name": name,
            "tags": draw(TAGS),
            "policies": {SCP: draw(st.lists(POLICIES, unique=True, min_size=1, max_size=3))},
            "accounts": [],
            "units": draw(units(depth + 1)),
        }
        for name in names
    ]


@st.composite
def organizations(draw: st.DrawFn) -> dict[str, Any]:
    root: dict[str, Any] = {"accounts": [{"id": OWN}], "units": draw(units()), "tags": draw(TAGS)}
    places = [root]
    for place in places:
        places += place["units"]
    for number in range(draw(st.integers(0, 6))):
        account: dict[str, Any] = {"name": f"a{number}", "email": f"a{number}@example.com", "tags": draw(TAGS)}
        if draw(st.booleans()):
            account["policies"] = {SCP: draw(st.lists(POLICIES, unique=True, min_size=1))}
        draw(st.sampled_from(places)).setdefault("accounts", []).append(account)
    types = draw(st.permutations([SCP, RCP, "AISERVICES_OPT_OUT_POLICY"]))
    contents = st.sampled_from([DENY, json.dumps(DENY), json.dumps(DENY, indent=2), content_text(DENY)])
    return {
        "policy_types": [SCP, *[type_ for type_ in types if type_ != SCP and draw(st.booleans())]],
        "trusted_services": draw(st.sampled_from([[], ["iam.amazonaws.com"], ["ssm.amazonaws.com"]])),
        "policies": [
            {"name": name, "type": SCP, "content": draw(contents), "tags": draw(TAGS), "description": draw(NAMES)}
            for name in ("no-s3", "no-ec2")
        ],
        "root": root,
        "resource_policy": draw(st.sampled_from([None, {"content": DENY}])),
        "quotas": draw(st.sampled_from([{}, {"OrganizationalUnitLevels": 4}])),
    }


@given(organizations())
def test_what_is_described_and_put_into_an_empty_store_is_the_same_organization(said: dict[str, Any]) -> None:
    first, second = empty(), empty()
    described = describe(first, put(first, said).organization)

    done = put_organization(second, described, known_account(second, OWN), at=LATER)

    assert describe(second, done.organization) == described
    for store in (first, second):
        again = put_organization(store, described, known_account(store, OWN), at=LATER, exact=True)
        assert again.changes == ()
    for account in first.all(ACCOUNTS):
        there, here = second.get(ACCOUNTS, account.id), account
        assert there is not None
        assert there.membership is not None
        assert here.membership is not None
        assert there.membership.attached == here.membership.attached
        paths = {
            path_to(store, done.organization, one.membership.parent) for store, one in ((first, here), (second, there))
        }
        assert len(paths) == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":1e3}',
        '{"a":"\\u00e9"}',
        '{"a":"é"}',
        '{"a":1,"a":2}',
        "[]",
        "no JSON",
        '{"a":"\\ud800"}',
        "",
    ],
)
def test_a_document_comes_back_byte_for_byte(text: str) -> None:
    assert content_text(content_part(text)) == text


# -- what it makes


def test_an_organization_is_made_with_everything_that_is_described() -> None:
    tx = empty()

    done = put(tx, COMPANY)

    organization = done.organization
    (shop,) = [account for account in tx.all(ACCOUNTS) if account.name == "shop"]
    (security,) = [account for account in tx.all(ACCOUNTS) if account.name == "security"]
    web = next(unit for unit in tx.all(UNITS) if unit.name == "Web")
    prod = next(unit for unit in tx.all(UNITS) if unit.name == "Prod")
    (policy,) = tx.all(ORGANIZATION_POLICIES)
    assert organization.account == OWN
    assert organization.policy_types == (SCP, RCP)
    assert organization.services_administered_by(security.id) == {"iam.amazonaws.com": AT}
    assert organization.root_sessions
    assert organization.quotas == {"AccountsPerOrganization": 20}
    assert (web.parent, prod.tags) == (prod.id, {"stage": "prod", "number": "7"})
    assert shop.membership is not None
    assert shop.membership.parent == web.id
    assert prod.attached == {SCP: ("p-FullAWSAccess", policy.id)}
    assert {role.name for role in tx.all(ROLES) if role.account == shop.id} == {
        "OrganizationAccountAccessRole",
        "AWSServiceRoleForOrganizations",
    }
    assert [one.id for one in done.joined] == [OWN, shop.id, security.id]


def test_a_second_import_changes_nothing() -> None:
    tx = empty()
    put(tx, COMPANY)

    assert changes(put(tx, COMPANY, at=LATER)) == []


def test_ids_are_kept_where_the_store_can_have_them() -> None:
    tx = empty()
    said = {
        "id": "o-aaaaaaaaaa",
        "policies": [{"name": "p", "type": SCP, "id": "p-aaaaaaaa", "content": DENY}],
        "root": {
            "id": "r-aaaa",
            "units": [{"name": "U", "id": "ou-aaaa-aaaaaaaa"}, {"name": "V", "id": "ou-bbbb-aaaaaaaa"}],
            "accounts": [{"name": "a", "id": OTHER, "email": "a@example.com"}],
        },
    }

    organization = put(tx, said).organization

    assert (organization.id, organization.root) == ("o-aaaaaaaaaa", "r-aaaa")
    assert tx.get(ORGANIZATION_POLICIES, "p-aaaaaaaa") is not None
    assert tx.get(UNITS, "ou-aaaa-aaaaaaaa") is not None
    assert tx.get(UNITS, "ou-bbbb-aaaaaaaa") is None  # of another root
    assert tx.get(ACCOUNTS, OTHER) is not None


def test_a_second_organization_of_a_store_gets_ids_of_its_own() -> None:
    tx = empty()
    create_account(tx, OTHER, email="other@example.com", name="other", at=AT)
    said = {"id": "o-aaaaaaaaaa", "root": {"id": "r-aaaa"}, "policies": [
        {"name": "p", "type": SCP, "id": "p-aaaaaaaa", "content": DENY}]}  # fmt: skip
    put(tx, said)

    other = put_organization(tx, msgspec.convert(said, Description), known_account(tx, OTHER), at=AT).organization

    assert other.id != "o-aaaaaaaaaa"
    assert other.root != "r-aaaa"
    assert len(tx.all(ORGANIZATION_POLICIES)) == 2


# -- what it changes


def made(tx: Transaction) -> Organization:
    return put(tx, COMPANY).organization


def test_a_part_changes_only_what_it_names() -> None:
    tx = empty()
    made(tx)

    done = put(tx, {"root": {"units": [{"name": "Prod", "accounts": [{"name": "security"}]}]}})

    id_ = next(account.id for account in tx.all(ACCOUNTS) if account.name == "security")
    assert changes(done) == [f"move account `security`: {id_} from Root/Security to Root/Prod"]


def test_each_change_is_said() -> None:
    tx = empty()
    organization = made(tx)
    prod = next(unit for unit in tx.all(UNITS) if unit.name == "Prod")
    shop = next(account for account in tx.all(ACCOUNTS) if account.name == "shop")
    create_account(tx, OTHER, email="old@example.com", name="old", at=AT)

    done = put(
        tx,
        {
            "id": organization.id,
            "policy_types": [SCP, "TAG_POLICY"],
            "trusted_services": ["iam.amazonaws.com", "tagpolicies.tag.amazonaws.com"],
            "delegated_administrators": {},
            "root_sessions": False,
            "policies": [
                {"name": "no-s3", "type": SCP, "description": "why", "content": {**DENY, "Id": "x"}},
                {"name": "tags", "type": TAG, "content": {"tags": {}}},
            ],
            "root": {
                "units": [
                    {
                        "name": "Live",
                        "id": prod.id,
                        "tags": {},
                        "policies": {SCP: ["no-s3"]},
                        "accounts": [{"id": OTHER}],
                        "units": [
                            {"name": "Web", "accounts": [{"id": shop.id, "name": "store", "email": "s@example.com"}]}
                        ],
                    }
                ],
                "accounts": [{"name": "new", "email": "new@example.com"}],
            },
            "resource_policy": None,
        },
    )

    new = next(account.id for account in tx.all(ACCOUNTS) if account.name == "new")
    security = next(account.id for account in tx.all(ACCOUNTS) if account.name == "security")
    assert changes(done) == [
        "disable RESOURCE_CONTROL_POLICY",
        "enable trusted access of tagpolicies.tag.amazonaws.com",
        "enable TAG_POLICY",
        "change SERVICE_CONTROL_POLICY `no-s3`: description, content",
        "create TAG_POLICY `tags`",
        "rename unit Root/Prod: to `Live`",
        "change unit Root/Live: tags: none (were number=7, stage=prod)",
        f"create account `new`: {new}",
        f"join account `old`: {OTHER}",
        f"move account `old`: {OTHER} from Root to Root/Live",
        f"rename account {shop.id}: `store` (was `shop`)",
        "change account `store`: e-mail address: s@example.com (was shop@example.com)",
        "attach unit Root/Live: SERVICE_CONTROL_POLICY: no-s3 (were FullAWSAccess, no-s3)",
        f"disable administration of iam.amazonaws.com: by account `security` ({security})",
        "disable root_sessions",
        "delete the resource policy",
    ]


def test_exactly_what_is_described_stays() -> None:
    tx = empty()
    organization = made(tx)
    less = {
        **COMPANY,
        "delegated_administrators": {},
        "policies": [],
        "root": {"units": [{"name": "Prod", "accounts": [{"name": "shop"}]}]},
    }
    much_later = AT.replace(year=2027)

    done = put(tx, less, exact=True, at=much_later)

    security = next(account for account in tx.all(ACCOUNTS) if account.name == "security")
    shop = next(account for account in tx.all(ACCOUNTS) if account.name == "shop")
    assert security.membership is None
    assert [one.id for one in done.left] == [security.id]
    assert tx.all(ORGANIZATION_POLICIES) == []
    (prod,) = tx.all(UNITS)
    assert (prod.name, prod.attached, prod.tags) == ("Prod", {}, {})
    assert shop.membership is not None
    assert shop.membership.parent == prod.id
    assert known_account(tx, OWN).organization == organization.id  # it need not be described


def test_a_closed_account_stays_whatever_is_described() -> None:
    tx = empty()
    organization = made(tx)
    shop = next(account for account in tx.all(ACCOUNTS) if account.name == "shop")
    closed = msgspec.structs.replace(shop, state=AccountState.CLOSED, closed_at=AT)
    tx.put(ACCOUNTS, closed)

    described = describe(tx, organization)
    done = put_organization(tx, described, known_account(tx, OWN), at=LATER, exact=True)

    assert "shop" not in json.dumps(msgspec.to_builtins(described))
    assert done.changes == ()
    assert known_account(tx, shop.id) == closed


# -- what it refuses


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"id": "o-1"}, "not an id of an organization: `o-1`"),
        ({"root": {"id": "x"}}, "not an id of a root: `x`"),
        ({"quotas": {"UsersPerAccount": 1}}, "organizations have no quota `UsersPerAccount`; they have Acc"),
        ({"quotas": {"AccountsPerOrganization": -1}}, "AccountsPerOrganization cannot be -1"),
        ({"trusted_services": ["x"]}, "no service that works with Organizations: `x`"),
        ({"policy_types": [INSPECTOR]}, "INSPECTOR_POLICY: not allowed: SERVICE_ACCESS_NOT_ENABLED"),
        ({"policies": [{"name": "p", "type": SCP}]}, f"{SCP} `p`: there is none, and to make one it needs its content"),
        (
            {"policies": [{"name": "p", "type": SCP, "content": DENY, "id": "q"}]},
            f"{SCP} `p`: not an id of a policy: `q`",
        ),
        (
            {"policies": [{"name": "FullAWSAccess", "type": SCP, "content": DENY}]},
            f"{SCP} `FullAWSAccess`: policy of the organization `p-FullAWSAccess` belongs to AWS",
        ),
        ({"root": {"policies": {SCP: ["none"]}}}, f"the root: no {SCP} is called `none`"),
        ({"root": {"policies": {SCP: []}}}, f"the root, {SCP}: not allowed: MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED"),
        ({"root": {"policies": {SCP: ["FullAWSAccess"] * 2}}}, f"the root, {SCP}: attachment of a policy of the"),
        (
            {"root": {"policies": {RCP: ["RCPFullAWSAccess"]}}},
            f"the root, {RCP}: the root does not have the type of policy enabled",
        ),
        ({"policy_types": [SCP, RCP], "root": {"policies": {RCP: []}}}, f"the root, {RCP}: attachment of a policy"),
        ({"root": {"units": [{"name": "U"}, {"name": "U"}]}}, "unit Root/U: described twice"),
        ({"root": {"units": [{"name": "U", "id": "x"}]}}, "unit Root/U: not an id of a unit: `x`"),
        ({"root": {"tags": {"aws:x": "y"}}}, "the root: not a tag: `aws:x=y`"),
        ({"root": {"tags": {"a": "x" * 257}}}, "the root: not a tag: `a="),
        ({"root": {"tags": {f"t{number}": "" for number in range(51)}}}, "the root: more than 50 tags"),
        ({"root": {"accounts": [{"name": "x"}]}}, "account `x`: there is none, and to make one it needs its e-mail"),
        ({"root": {"accounts": [{"name": "x", "email": "x"}]}}, "account `x`: not an e-mail address: `x`"),
        ({"root": {"accounts": [{"email": "x@example.com"}]}}, "account `x@example.com`: not a name of an account: ``"),
        (
            {"root": {"accounts": [{"name": "x", "email": "x@example.com", "id": "1"}]}},
            "account `x`: not an account id (twelve digits): `1`",
        ),
        ({"root": {"accounts": [{"id": OWN}, {"id": OWN}]}}, f"account `{OWN}`: described twice"),
        ({"root": {"accounts": [{"id": "999999999999", "email": "root@example.com", "name": "y" * 9}]}}, ""),
        (
            {"quotas": {"AccountsPerOrganization": 1}, "root": {"accounts": [{"name": "x", "email": "x@example.com"}]}},
            "account `x`: not allowed: ACCOUNT_NUMBER_LIMIT_EXCEEDED",
        ),
        (
            {"quotas": {"OrganizationalUnitLevels": 1}, "root": {"units": [{"name": "U", "units": [{"name": "V"}]}]}},
            "unit Root/U/V: not allowed: OU_DEPTH_LIMIT_EXCEEDED",
        ),
        ({"delegated_administrators": {"iam.amazonaws.com": ["x"]}}, "a delegated administrator is no account of the"),
        (
            {"delegated_administrators": {"iam.amazonaws.com": [OWN]}},
            "account `main` as administrator of iam.amazonaws",
        ),
        ({"root_sessions": True}, "root_sessions needs the trusted access of iam.amazonaws.com"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(said: dict[str, Any], refusal: str) -> None:
    tx = empty()
    if not refusal:  # found by its e-mail address, and renamed
        assert "rename account 111122223333: `yyyyyyyyy` (was `main`)" in changes(put(tx, said))
        return

    with pytest.raises(DescriptionRefused) as refused:
        put(tx, said)

    assert str(refused.value).startswith(refusal)


def test_an_account_of_another_organization_is_refused() -> None:
    tx = empty()
    create_organization(tx, create_account(tx, OTHER, email="o@example.com", name="o", at=AT), at=AT)

    with pytest.raises(DescriptionRefused, match="is in another organization"):
        put(tx, {"root": {"accounts": [{"id": OTHER}]}})


def test_features_are_not_changed() -> None:
    tx = empty()
    made(tx)

    with pytest.raises(DescriptionRefused, match="has the features ALL, which no import changes"):
        put(tx, {"feature_set": "CONSOLIDATED_BILLING"})


def test_a_name_that_several_accounts_have_is_refused() -> None:
    tx = empty()
    accounts = [{"name": "twin", "email": f"twin{number}@example.com"} for number in (1, 2)]
    put(tx, {"root": {"accounts": accounts}})

    with pytest.raises(DescriptionRefused, match="several accounts are called `twin`"):
        put(tx, {"root": {"accounts": [{"name": "twin"}]}})


def test_an_account_that_may_not_leave_yet_stops_an_exact_import() -> None:
    tx = empty()
    made(tx)

    with pytest.raises(DescriptionRefused, match="which is not described: not allowed: WAIT_PERIOD_ACTIVE"):
        put(tx, {**COMPANY, "root": {"units": [{"name": "Security", "accounts": [{"name": "security"}]}]}}, exact=True)


# -- who manages it


def test_the_management_account_is_found_or_made() -> None:
    tx = empty()
    accounts = [{"name": "boss", "id": OTHER, "email": "boss@example.com"}]

    def of(said: dict[str, Any]) -> Any:
        return management_account(tx, msgspec.convert(said, Description), at=AT)

    assert of({}) is None
    assert of({"management_account": int(OWN)}).id == OWN
    assert of({"management_account": "ROOT@example.com"}).id == OWN
    moved = {"management_account": "999999999999", "root": {"accounts": [{"id": "999999999999", "email": "root@example.com"}]}}  # fmt: skip  # noqa: E501
    assert of(moved).id == OWN  # the same e-mail address is the same account
    assert of({"management_account": OTHER, "root": {"accounts": accounts}}).name == "boss"
    with pytest.raises(DescriptionRefused, match="does not say how to make it"):
        of({"management_account": "999999999999"})
    with pytest.raises(DescriptionRefused, match="needs its e-mail address"):
        of({"management_account": "x", "root": {"accounts": [{"name": "x"}]}})
