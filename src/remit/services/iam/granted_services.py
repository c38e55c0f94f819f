"""Which services permissions policies give access to.

Only what they allow counts: boundaries, control policies, trust policies and denials do not.
Source: IAM API reference, ListPoliciesGrantingServiceAccess; `iam-sts` reference, sections 7 and 15.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import msgspec

from remit.arn import Arn
from remit.directory.attachments import Holder, attached_policies
from remit.directory.by_arn import holder_by_arn
from remit.directory.facts import NotFound, Noun
from remit.directory.groups import Group, groups_of
from remit.directory.roles import Role
from remit.directory.users import User
from remit.policy import DocumentMalformed, Statement, parse
from remit.policy.language.document import Effect
from remit.policy.language.patterns import ActionPattern
from remit.policy.language.wildcards import Wildcard, glob
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input
from remit.services.iam.pages import numbered_page
from remit.services.iam.registry import operation
from remit.store import Transaction

_NOUNS = {"user": Noun.USER, "group": Noun.GROUP, "role": Noun.ROLE}
_OWNERS: dict[type[Holder], str] = {User: "USER", Group: "GROUP", Role: "ROLE"}
_DOCUMENTS_KEPT = 1_024


@cache
def service_names() -> dict[str, str]:
    """Return the services of AWS: prefix in actions -> name, by prefix."""
    text = resources.files("remit.services.iam").joinpath("data/service_names.json").read_bytes()
    return msgspec.json.decode(text, type=dict[str, str])


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def granted_services(document: str) -> frozenset[str]:
    """Return the services of which a policy allows something; a policy that cannot be read allows nothing.

    It takes long for a long policy: only for `Call.slowly`.
    """
    return frozenset(prefix for prefix in service_names() if grants(document, prefix))


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def denied_services(document: str) -> frozenset[str]:
    """Return the services of which a policy denies everything, to everybody; for `Call.slowly`, too."""
    return frozenset(prefix for prefix in service_names() if any(_denies(one, prefix) for one in _statements(document)))


def grants(document: str, prefix: str) -> bool:
    """Say whether a policy allows any action of the service with this prefix; for `Call.slowly`, too."""
    return any(_grants(statement, prefix) for statement in _allowing(document))


def _allowing(document: str) -> Iterator[Statement]:
    return (statement for statement in _statements(document) if statement.effect is Effect.ALLOW)


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def _statements(document: str) -> tuple[Statement, ...]:
    try:
        return parse(document).statements
    except DocumentMalformed:
        return ()


def _grants(statement: Statement, prefix: str) -> bool:
    if statement.actions:
        return any(_reaches(pattern, prefix) for pattern in statement.actions)
    return not any(_reaches(pattern, prefix) and _is_whole(pattern) for pattern in statement.not_actions)


def _denies(statement: Statement, prefix: str) -> bool:
    is_everywhere = any(resource.text == "*" for resource in statement.resources)
    if statement.effect is Effect.ALLOW or statement.conditions or not is_everywhere:
        return False
    if statement.actions:
        return any(_reaches(pattern, prefix) and _is_whole(pattern) for pattern in statement.actions)
    return not any(_reaches(pattern, prefix) for pattern in statement.not_actions)


def _reaches(pattern: ActionPattern, prefix: str) -> bool:
    if pattern.is_everything:
        return True
    written, colon, _ = pattern.text.partition(":")
    if "*" in written or "?" in written:
        return bool(colon) and glob(pattern.segments[0]).matches(prefix)
    return bool(colon) and written.lower() == prefix


def _is_whole(pattern: ActionPattern) -> bool:
    """Say whether a pattern names every action of the services that it reaches."""
    return pattern.is_everything or set(pattern.segments[1]) == {Wildcard.ANY}


# -- the policies of a principal


def holder_named(call: Call[Any], tx: Transaction, arn: str) -> Holder:
    """Find a user, group or role of the caller's account by its ARN.

    Raises:
        NotFound: there is none.
        ServiceError: InvalidInput, the ARN is none of a user, group or role.
    """
    found = holder_by_arn(tx, arn)
    if found is not None and found.account == call.account:
        return found
    try:
        kind, _, path_and_name = Arn.parse(arn).resource.partition("/")
        noun = _NOUNS[kind]
    except (ValueError, KeyError):
        raise invalid_input(f"ARN {arn} is not valid.") from None
    raise NotFound(noun, path_and_name.rsplit("/", 1)[-1])


def permissions_policies(tx: Transaction, holder: Holder) -> Iterator[tuple[shapes.PolicyGrantingServiceAccess, str]]:
    """Give the permissions policies of *holder* with their documents; to a user those of the user's groups belong."""
    for policy in attached_policies(tx, holder):
        yield {"PolicyName": policy.name, "PolicyType": "MANAGED", "PolicyArn": policy.arn}, policy.document
    for name, document in holder.inline.items():
        owner = _OWNERS[type(holder)]
        yield (
            {"PolicyName": name, "PolicyType": "INLINE", "EntityType": owner, "EntityName": holder.name},
            document,
        )
    if isinstance(holder, User):
        for group in groups_of(tx, holder):
            yield from permissions_policies(tx, group)


@operation("ListPoliciesGrantingServiceAccess")
def list_policies_granting_service_access(
    call: Call[shapes.ListPoliciesGrantingServiceAccessRequest], tx: Transaction
) -> shapes.ListPoliciesGrantingServiceAccessResponse:
    """List, for each service that the call names, the policies that give a user, group or role access to it."""
    policies = list(permissions_policies(tx, holder_named(call, tx, call.input["Arn"])))
    prefixes, more = numbered_page(call, tx, call.input["ServiceNamespaces"])
    entries = call.slowly("entries", lambda: [_entry(prefix, policies) for prefix in prefixes])
    return {"PoliciesGrantingServiceAccess": entries, **more}


def _entry(
    prefix: str, policies: list[tuple[shapes.PolicyGrantingServiceAccess, str]]
) -> shapes.ListPoliciesGrantingServiceAccessEntry:
    granting = [shape for shape, document in policies if grants(document, prefix.lower())]
    return {"ServiceNamespace": prefix, "Policies": granting}
