"""What stories hold beside their text: policies that run, and an organization in which they are attached.

A policy stands in the text as a block that begins with ```json policy NAME TYPE, TYPE being one of `scp`, `rcp`,
`identity`, `resource` and `trust`.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import UnsetType

from remit.compliance.library.documents import Decision, Document, Expectation
from remit.content_files import ContentMistake, yaml_of
from remit.directory.organizations.descriptions import Description, RootPart, UnitPart, content_text
from remit.policy import DocumentMalformed, PolicyType, acceptance_failure, compile, parse  # noqa: A004  # as in `re`

# The account in which the requests of a story are made.
STORY_ACCOUNT = "111122223333"
_OPENING = re.compile(r"^```json policy(?P<rest>.*)$")
_NAME = re.compile(r"^ (?P<name>[A-Za-z0-9][\w.-]*) (?P<type>[a-z]+)$")
_TYPES = {
    "scp": PolicyType.SCP,
    "rcp": PolicyType.RCP,
    "identity": PolicyType.MANAGED,
    "resource": PolicyType.RESOURCE,
    "trust": PolicyType.TRUST,
}
_EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
_EVERYBODY = _EVERYTHING.replace('"Action"', '"Principal": "*", "Action"')


class StoryPolicy(msgspec.Struct, frozen=True):
    """A policy of a story.

    Attributes:
        type: as what it is stored.
        line: where it begins in the story's file.
    """

    name: str
    type: PolicyType
    document: str
    line: int


class Story(msgspec.Struct, frozen=True):
    """What a story holds beside its text.

    Attributes:
        tenant: the file that describes its organization.
    """

    policies: Sequence[StoryPolicy]
    tenant: Path


def story_of(document: Document, folder: Path) -> Story:
    """Return the policies and the tenant of a story.

    Raises:
        ContentMistake: a policy is none that AWS would store, is not attached in the tenant, or does not decide as the
            story says; or there is no tenant.
    """
    policies = list(_policies(document))
    if document.front.tenant is None or not policies or not document.front.expect:
        raise ContentMistake(
            document.file,
            2,
            "a story without a tenant, a policy or an expectation",
            "add `tenant` and `expect` to the front matter and a block ```json policy NAME TYPE to the text",
        )
    tenant = folder / document.front.tenant
    _check_attached(document, policies, yaml_of(tenant).as_form(Description))
    for expectation in document.front.expect:
        found = decided(policies, expectation)
        if found is not expectation.decision:
            raise ContentMistake(
                document.file,
                2,
                f"`{expectation.action}` on `{expectation.resource}` with {dict(expectation.context)} is {found}, "
                f"and the story expects {expectation.decision}",
                "correct the policy or `expect`",
            )
    return Story(policies, tenant)


def decided(policies: Sequence[StoryPolicy], expectation: Expectation) -> Decision:
    """Decide a request as an administrator's in a member account, over whom the story's policies stand."""
    asked = [one for one in policies if expectation.policy in {"", one.name}]
    of_type = {type_: [one.document for one in asked if one.type is type_] for type_ in PolicyType}
    resource = of_type[PolicyType.RESOURCE] + of_type[PolicyType.TRUST]
    compiled = compile(
        *(of_type[PolicyType.MANAGED] or [_EVERYTHING]),
        scps=[[_EVERYTHING], [_EVERYTHING, *of_type[PolicyType.SCP]]],
        rcps=[[_EVERYBODY], [_EVERYBODY, *of_type[PolicyType.RCP]]],
        resource_policy=resource[0] if resource else None,
    )
    answer = compiled.decide(
        action=expectation.action, resource=expectation.resource, context=dict(expectation.context)
    )
    return Decision.ALLOW if answer.allowed else Decision.DENY


def _policies(document: Document) -> Iterator[StoryPolicy]:
    lines, seen = document.body.split("\n"), set[str]()
    for number, line in enumerate(lines):
        opening = _OPENING.match(line)
        if opening is None:
            continue
        at = document.first_line + number
        found = _NAME.match(opening["rest"])
        if found is None or found["type"] not in _TYPES or found["name"] in seen:
            raise ContentMistake(
                document.file,
                at,
                f"a policy block `{line}`",
                f"begin it with ```json policy NAME TYPE, a name of its own and a type of {', '.join(_TYPES)}",
            )
        seen.add(found["name"])
        ends = next((end for end in range(number + 1, len(lines)) if lines[end].startswith("```")), len(lines))
        policy = StoryPolicy(found["name"], _TYPES[found["type"]], "\n".join(lines[number + 1 : ends]), at)
        _check_policy(document, policy)
        yield policy


def _check_policy(document: Document, policy: StoryPolicy) -> None:
    failure = acceptance_failure(policy.document, policy.type)
    if failure is None:
        try:
            parse(policy.document)
        except DocumentMalformed as error:
            failure = str(error)
    if failure is not None:
        raise ContentMistake(
            document.file, policy.line, f"policy `{policy.name}`: {failure}", "write one that AWS would store"
        )


def _check_attached(document: Document, policies: Sequence[StoryPolicy], tenant: Description) -> None:
    described = {one.name: one.content for one in tenant.policies if not isinstance(one.content, UnsetType)}
    attached = set(_attached(tenant.root))
    for policy in policies:
        if policy.type not in {PolicyType.SCP, PolicyType.RCP}:
            continue
        content = described.get(policy.name, "null")
        if json.loads(content_text(content)) != json.loads(policy.document):
            what, remedy = "is not there, or is another", "let the tenant have it word for word"
        elif policy.name not in attached:
            what, remedy = "is attached to nothing", "attach it to the root, a unit or an account"
        else:
            continue
        raise ContentMistake(
            document.file, policy.line, f"policy `{policy.name}` in {document.front.tenant} {what}", remedy
        )


def _attached(part: RootPart | UnitPart) -> Iterator[str]:
    for one in (part, *part.accounts):
        if not isinstance(one.policies, UnsetType):
            yield from (name for names in one.policies.values() for name in names)
    for unit in part.units:
        yield from _attached(unit)
