"""What a story expects, as expectations of the organization that was founded from it.

Page `organization-checks` of the documentation is about their form.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import UnsetType

from remit.compliance.library.documents import Decision, Document, Expectation
from remit.compliance.library.stories import STORY_ACCOUNT, Story
from remit.content_files import yaml_of
from remit.directory.organizations.descriptions import Description, RootPart, UnitPart

_MEMBERS = "members"
_PRINCIPAL = "aws:PrincipalArn"
_ROOT = "root"
_EXPECT = {Decision.ALLOW: "allowed", Decision.DENY: "denied"}


def expectations(document: Document, story: Story) -> dict[str, Any]:
    """Return the expectations of a story for the units and accounts to which its policies are attached.

    Asked are imagined principals, who have every permission: an administrator, or who the story names by ARN; and root
    users, who are there.
    """
    tenant = yaml_of(story.tenant).as_form(Description)
    places: dict[str, list[str]] = {policy.name: [] for policy in story.policies}
    for policy, place in _attachments(tenant.root, ""):
        if policy in places:
            places[policy].append(place)
    every = [place for found in places.values() for place in found]
    return {
        "expectations": [
            _expectation(one, places[one.policy] if one.policy else list(dict.fromkeys(every)))
            for one in document.front.expect
        ]
    }


def _expectation(one: Expectation, where: list[str]) -> dict[str, Any]:
    context = {key: value for key, value in one.context.items() if key != _PRINCIPAL}
    who = _who(one.context)
    return {
        "where": where,
        "who": who,
        "action": one.action,
        "resource": one.resource.replace(STORY_ACCOUNT, "${account}"),
        "context": context,
        "expect": _EXPECT[one.decision],
        "ask": "existing" if who == _ROOT else "imagined",
    }


def _who(context: Mapping[str, Any]) -> str:
    named = context.get(_PRINCIPAL)
    return "everybody" if named is None else str(named).rpartition(":")[2]


def _attachments(part: RootPart | UnitPart, path: str) -> Iterator[tuple[str, str]]:
    """Give policies and the places to which they are attached, as expectations name places."""
    for names in ({} if isinstance(part.policies, UnsetType) else part.policies).values():
        yield from ((name, path or _MEMBERS) for name in names)
    for account in part.accounts:
        for names in ({} if isinstance(account.policies, UnsetType) else account.policies).values():
            yield from ((name, account.name) for name in names)
    for unit in part.units:
        yield from _attachments(unit, f"{path}/{unit.name}" if path else unit.name)
