"""`remit org export`, `import` and `quota`, and `remit account reopen`: over a store that no server has open."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from composed import ACCOUNT, Composed, composed
from hypothesis import given
from hypothesis import strategies as st
from services.organizations.conftest import World

from remit.cli import main
from remit.cli.options import settings_of
from remit.cli.serve import command as serve
from remit.directory import ACCOUNTS
from remit.directory.accounts import AccountState
from remit.yaml_files import FileUnreadable, dump_yaml, load_yaml, read_file

COMPANY = """
policy_types: [SERVICE_CONTROL_POLICY]
policies:
  - name: no-s3
    type: SERVICE_CONTROL_POLICY
    content: {Version: 2012-10-17, Statement: [{Effect: Deny, Action: "s3:*", Resource: "*"}]}
root:
  units:
    - name: Prod
      policies: {SERVICE_CONTROL_POLICY: [FullAWSAccess, no-s3]}
      accounts:
        - {name: shop, email: shop@example.com}
"""

Folder = Callable[[str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make data folders, each with a store that holds one account."""

    def make(name: str) -> Path:
        data = tmp_path / name
        with composed(data):
            pass
        return data

    return make


def said(capsys: Any, *arguments: str, status: int = 0) -> str:
    assert main(list(arguments)) == status
    return str(capsys.readouterr().out)


def test_what_is_exported_is_the_same_organization_elsewhere(folder: Folder, tmp_path: Path, capsys: Any) -> None:
    first, second = str(folder("a")), str(folder("b"))
    company, whole = tmp_path / "company.yaml", tmp_path / "whole.yaml"
    company.write_text(COMPANY)
    assert "create   unit Root/Prod\n" in said(capsys, "org", "import", str(company), "--data", first)

    said(capsys, "org", "export", str(whole), "--data", first)
    said(capsys, "org", "import", str(whole), "--data", second)

    assert said(capsys, "org", "export", "--data", second) == whole.read_text()
    again = said(capsys, "org", "import", str(whole), "--exact", "--data", second)
    assert again.startswith("no things changed in organization o-")


@pytest.mark.parametrize("name", ["o.json", "o.yaml"])
def test_the_name_of_the_file_says_its_form(folder: Folder, tmp_path: Path, capsys: Any, name: str) -> None:
    data, company = str(folder("a")), tmp_path / "company.yaml"
    company.write_text(COMPANY)
    said(capsys, "org", "import", str(company), "--data", data)

    said(capsys, "org", "export", str(tmp_path / name), "--data", data)

    written = (tmp_path / name).read_text()
    assert (json.loads if name.endswith("json") else load_yaml)(written)["root"]["units"][0]["name"] == "Prod"
    assert written.startswith("{") is name.endswith("json")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_dry_run_says_what_would_change_and_changes_nothing(folder: Folder, tmp_path: Path, capsys: Any) -> None:
    data, company = str(folder("a")), tmp_path / "company.yaml"
    company.write_text(COMPANY)

    dry = said(capsys, "org", "import", str(company), "--dry-run", "--data", data)

    assert "create   the organization: managed by account" in dry
    assert "things would change" in dry
    assert main(["org", "export", "--data", data]) == 1
    assert "the store holds no organization" in capsys.readouterr().err


def test_programs_read_what_was_changed(folder: Folder, tmp_path: Path, capsys: Any) -> None:
    data, company = str(folder("a")), tmp_path / "company.yaml"
    company.write_text(COMPANY)

    done = json.loads(said(capsys, "org", "import", str(company), "--json", "--data", data))

    assert done["organization"].startswith("o-")
    assert {"verb": "create", "thing": "unit Root/Prod", "details": ""} in done["changes"]


def test_who_joined_is_in_the_trail(folder: Folder, tmp_path: Path, capsys: Any) -> None:
    data, company = folder("a"), tmp_path / "company.yaml"
    company.write_text(COMPANY)

    said(capsys, "org", "import", str(company), "--data", str(data))

    with composed(data) as remit:
        sts = remit.client("cloudtrail")
        wanted = [{"AttributeKey": "EventName", "AttributeValue": "AccountJoinedOrganization"}]
        events = sts.lookup_events(LookupAttributes=wanted)["Events"]
    assert len(events) == 2


def test_what_is_refused_changes_nothing(folder: Folder, tmp_path: Path, capsys: Any) -> None:
    data, wrong = str(folder("a")), tmp_path / "wrong.yaml"
    wrong.write_text("root: {units: [{name: A}, {name: B, policies: {SERVICE_CONTROL_POLICY: [none]}}]}")

    assert main(["org", "import", str(wrong), "--data", data]) == 1

    assert capsys.readouterr().err == "remit: unit Root/B: no SERVICE_CONTROL_POLICY is called `none`\n"
    assert main(["org", "export", "--data", data]) == 1


@pytest.mark.parametrize(
    ("principal", "action", "why"),
    [
        ("999999999999", "organizations:ListAccounts", "has a principal that isn't a member account"),
        ("222222222222", "organizations:CreateAccount", "has an action that can't be delegated"),
        ("222222222222", "organizations:ListAccounts", ""),
    ],
)
def test_a_resource_policy_is_one_that_aws_takes(
    folder: Folder, tmp_path: Path, capsys: Any, principal: str, action: str, why: str
) -> None:
    file = tmp_path / "o.yaml"
    member = "root: {accounts: [{name: shop, id: '222222222222', email: s@example.com}]}"
    statement = f"{{Effect: Allow, Principal: {{AWS: '{principal}'}}, Action: '{action}', Resource: '*'}}"
    content = f"{{Version: 2012-10-17, Statement: [{statement}]}}"
    file.write_text(f"{member}\nresource_policy: {{content: {content}}}")

    assert main(["org", "import", str(file), "--data", str(folder("a"))]) == (1 if why else 0)

    assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "line "),
        ("root: {unit: []}", "Object contains unknown field `unit` - at `$.root`"),
        ("policies: [{name: p, type: SCP, content: {}}]", "Invalid enum value 'SCP'"),
        ("policies: [{name: p, type: SERVICE_CONTROL_POLICY, content: {Statement: 1}}]", "`p`: Syntax errors"),
        ("policies: [{name: p, type: TAG_POLICY, content: {tag: {}}}]", "the outermost key has to be `tags`"),
        (
            f"policies: [{{name: p, type: SERVICE_CONTROL_POLICY, content: '{'x' * 10_241}'}}]",
            "You have exceeded the maximum policy size.",
        ),
        ("resource_policy: {content: x}", "the resource policy: "),
        ("a: 1\na: 2", "a key is there twice"),
        ("a: &x [1]\nb: *x", "aliases are not read"),
        ("[" * 200 + "a" + "]" * 200, "nested more than 100 times"),
        ("\ufffe", ""),
        ("!!python/object:os.system {}", "could not determine a constructor"),
        ("--- a\n--- b", "but found another document"),
    ],
)
def test_a_file_that_describes_nothing_is_named(tmp_path: Path, capsys: Any, text: str, why: str) -> None:
    file = tmp_path / "o.yaml"
    file.write_text(text)

    assert main(["org", "import", str(file), "--data", str(tmp_path)]) == 2

    error = capsys.readouterr().err
    assert error.startswith(f"remit: {file}: ")
    assert why in error


# -- YAML

TEXTS = st.text() | st.sampled_from(
    ["no", "on", "true", "null", "~", "", "012345678901", "123456789012", "1e3", "2012-10-17", "0x1f", "a: b", "- a",
     "a\nb", "a\n\n b\n", "\tx\n", "<<", "=", "'", '"', "#", " x ", "x\u0085y", "\u2028", "%", "!x", "&x", "*x", "|"]
)  # fmt: skip
SCALARS = TEXTS | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_yaml_that_is_written_is_read_as_the_same(value: Any) -> None:
    try:
        msgspec.json.encode(value)
    except (UnicodeEncodeError, msgspec.EncodeError, OverflowError):
        return

    assert load_yaml(dump_yaml(value)) == value
    assert dump_yaml(load_yaml(dump_yaml(value))) == dump_yaml(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("True", "True"),
        ("012345678901", "012345678901"),
        ("123456789012", 123456789012),
        ("2012-10-17", "2012-10-17"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1:30", "1:30"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("~", None),
    ],
)
def test_plain_words_are_what_they_look_like(text: str, value: Any) -> None:
    assert load_yaml(text) == value


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot read"):
        read_file(tmp_path / "nothing")
    (tmp_path / "x.json").write_text("a: b")
    with pytest.raises(FileUnreadable, match="not JSON"):
        read_file(tmp_path / "x.json")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileUnreadable, match="is not UTF-8"):
        read_file(tmp_path / "x.yaml")


# -- quotas and closed accounts


def test_a_quota_is_shown_and_set_and_counts_at_once(folder: Folder, capsys: Any) -> None:
    data = folder("a")
    with composed(data) as remit:
        remit.client("organizations").create_organization()

    shown = said(capsys, "org", "quota", "--data", str(data))
    assert "AccountsPerOrganization                   10" in shown
    assert "UsersPerAccount" not in shown
    said(capsys, "org", "quota", "OrganizationalUnitsPerOrganization", "1", "--data", str(data))

    with composed(data) as remit:
        api = remit.client("organizations")
        root = api.list_roots()["Roots"][0]["Id"]
        api.create_organizational_unit(ParentId=root, Name="one")
        with pytest.raises(api.exceptions.ConstraintViolationException):
            api.create_organizational_unit(ParentId=root, Name="two")
    one = said(capsys, "org", "quota", "OrganizationalUnitsPerOrganization", "--json", "--data", str(data))
    assert json.loads(one) == {"OrganizationalUnitsPerOrganization": 1}


def test_a_quota_that_organizations_do_not_have_is_used_wrongly(tmp_path: Path, capsys: Any) -> None:
    assert main(["org", "quota", "UsersPerAccount", "1", "--data", str(tmp_path)]) == 2
    assert "organizations have no quota `UsersPerAccount`" in capsys.readouterr().err
    assert main(["org", "quota", "AccountsPerOrganization", "-1", "--data", str(tmp_path)]) == 2


def test_organizations_of_a_server_begin_with_the_quotas_of_its_settings(tmp_path: Path) -> None:
    with composed(tmp_path, org_quotas={"OrganizationalUnitsPerOrganization": 0}) as remit:
        api = remit.client("organizations")
        api.create_organization()
        root = api.list_roots()["Roots"][0]["Id"]

        with pytest.raises(api.exceptions.ConstraintViolationException):
            api.create_organizational_unit(ParentId=root, Name="one")


def test_a_server_is_told_quotas_one_by_one() -> None:
    arguments = ["--org-quota", "AccountsPerOrganization=1000", "--org-quota", "OrganizationalUnitLevels=6"]

    context = serve.make_context("serve", arguments)

    assert settings_of(org_quotas=context.params["org_quotas"]).org_quotas == {
        "AccountsPerOrganization": 1000,
        "OrganizationalUnitLevels": 6,
    }


def test_a_closed_account_is_reopened(folder: Folder, capsys: Any) -> None:
    data = folder("a")
    with composed(data) as remit:
        closed = _closed(remit)

    assert main(["account", "reopen", ACCOUNT, "--data", str(data)]) == 1
    assert f"account {ACCOUNT} is ACTIVE, and only a closed one can be reopened" in capsys.readouterr().err
    assert main(["account", "reopen", "999999999999", "--data", str(data)]) == 1
    capsys.readouterr()
    assert said(capsys, "account", "reopen", closed, "--data", str(data)) == f"Account {closed} is ACTIVE.\n"

    with composed(data) as remit:
        account = remit.change(lambda tx: tx.get(ACCOUNTS, closed))
    assert (account.state, account.closed_at) == (AccountState.ACTIVE, None)


def _closed(remit: Composed) -> str:
    world = World(remit)
    account = world.account()
    world.api.close_account(AccountId=account)
    world.api.list_accounts()
    return account


def test_the_schema_of_a_file_is_printed(capsys: Any) -> None:
    schema = json.loads(said(capsys, "schema", "organization"))

    assert schema["$defs"]["UnitPart"]["required"] == ["name"]
    assert schema["$defs"]["UnitPart"]["additionalProperties"] is False
