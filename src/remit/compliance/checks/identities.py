"""Who an account's users and roles are, and which policies decide what they may do.

All of it from GetAccountAuthorizationDetails; a policy that is left out there is read alone, in all its versions. One
whose document is not there either leaves an identity unknown: what is not read may allow anything.
Source: IAM API reference, GetAccountAuthorizationDetails; RFC 3986 for documents as the wire has them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from remit.compliance.checks.check import Subject
from remit.compliance.checks.seen import Seen, Unread
from remit.policy import Document, DocumentMalformed, Policy, Principal, PrincipalKind, parse

DETAILS = "iam:GetAccountAuthorizationDetails"
_VERSIONS, _VERSION = "iam:ListPolicyVersions", "iam:GetPolicyVersion"
IDENTITY_READS = (DETAILS, _VERSIONS, _VERSION)
_SERVICE_LINKED = "/aws-service-role/"
_OF_USERS = "UserPolicyList"
_DOCUMENTS_KEPT = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A user or a role.

    Attributes:
        policies: its own, those attached to it, and those of its groups.
        managed: ARNs of the customer managed policies among them.
        groups: ARNs.
        trust: of a role.
        profiles: ARNs of instance profiles that have the role.
        unread: why nobody can say what it may do; empty where somebody can.
    """

    arn: str
    name: str
    principal: Principal
    policies: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    managed: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    trust: Policy | None = None
    profiles: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    unread: str = ""

    @property
    def is_user(self) -> bool:
        """Whether it is a user."""
        return self.principal.kind is PrincipalKind.USER

    @property
    def is_service_linked(self) -> bool:
        """Whether AWS made the role for one of its services, which alone can assume it."""
        return self.principal.is_service_linked_role

    def known(self) -> "Identity":
        """Return it.

        Raises:
            Unread: nobody can say what it may do.
        """
        if self.unread:
            raise Unread(self.unread)
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Managed:
    """A managed policy: its default version, and the others."""

    arn: str
    name: str
    document: Document
    others: tuple[Document, ...]
    is_customer: bool


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """All of an account.

    Attributes:
        managed: by ARN; those whose documents are there.
        inline: where it is, what it is called, what it says: policies of users, groups and roles.
        attached: ARN of a managed policy -> ARNs of what it is attached to.
        members: ARN of a group -> ARNs of its users.
        missing: ARNs of managed policies that are attached, and whose documents are not there.
    """

    all: tuple[Identity, ...]
    managed: Mapping[str, Managed]
    inline: tuple[tuple[str, str, Document], ...]
    attached: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]


@lru_cache(maxsize=_DOCUMENTS_KEPT)
def document(text: str) -> Document:
    """Read a document, each text once.

    Raises:
        DocumentMalformed: it is none.
    """
    return parse(text)


def document_of(value: Any) -> Document:
    """Read a document as an answer has it: as an object, as its text, or as the text that the wire escapes.

    Raises:
        DocumentMalformed: it is none.
    """
    if isinstance(value, str):
        return document(unquote(value) if value.startswith("%") else value)
    return document(json.dumps(value, sort_keys=True, separators=(",", ":")))


def identities(seen: Seen) -> Identities:
    """Return who an account has.

    Raises:
        Unread: it is not known.
    """
    return seen.derived("identities", lambda seen: _Reading(seen).identities())


class _Reading:
    """Reads one answer."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._account = seen.account
        self._details = seen.answer(DETAILS)
        self._managed = {one.arn: one for one in self._managed_policies()}
        self._groups = {one["GroupName"]: one for one in self._details["GroupDetailList"]}
        self._inline: list[tuple[str, str, Document]] = []
        self._attached: dict[str, list[str]] = {}
        self._missing: set[str] = set()

    def identities(self) -> Identities:
        for group in self._groups.values():
            self._own(group, "GroupPolicyList", [])
        users = [self._user(one) for one in self._details["UserDetailList"]]
        roles = [self._role(one) for one in self._details["RoleDetailList"]]
        members: dict[str, list[str]] = {}
        for user in users:
            for group in user.groups:
                members.setdefault(group, []).append(user.arn)
        return Identities(
            tuple(sorted((*users, *roles), key=lambda one: one.arn)),
            self._managed,
            tuple(self._inline),
            {arn: tuple(sorted(places)) for arn, places in self._attached.items()},
            {group: tuple(sorted(names)) for group, names in members.items()},
            tuple(sorted(self._missing)),
        )

    def _managed_policies(self) -> Iterator[Managed]:
        for one in self._details["Policies"]:
            default: Document | None = None
            others: list[Document] = []
            for version in one["PolicyVersionList"]:
                try:
                    read = document_of(version["Document"])
                except (KeyError, DocumentMalformed):
                    continue
                if version["IsDefaultVersion"]:
                    default = read
                else:
                    others.append(read)
            if default is not None:
                arn = one["Arn"]
                yield Managed(arn, one["PolicyName"], default, tuple(others), f":{self._account}:policy/" in arn)

    def _user(self, one: Mapping[str, Any]) -> Identity:
        missing: list[str] = []
        policies = self._own(one, _OF_USERS, missing)
        groups: list[str] = []
        for name in one["GroupList"]:
            group = self._groups.get(name)
            if group is None:
                missing.append(f"group {name} is not in {DETAILS}")
                continue
            groups.append(group["Arn"])
            policies += self._of(group, "GroupPolicyList", missing)
        principal = Principal(kind=PrincipalKind.USER, arn=one["Arn"], account=self._account, id=one["UserId"])
        return self._identity(one, one["UserName"], principal, policies, missing, groups=tuple(groups))

    def _role(self, one: Mapping[str, Any]) -> Identity:
        missing: list[str] = []
        policies = self._own(one, "RolePolicyList", missing)
        trust = None
        try:
            trust = Policy(document_of(one["AssumeRolePolicyDocument"]), name="trust policy")
        except DocumentMalformed as error:
            missing.append(f"the trust policy of {one['Arn']} is none: {error}")
        partition = one["Arn"].split(":")[1]
        principal = Principal(
            kind=PrincipalKind.ROLE_SESSION,
            arn=f"arn:{partition}:sts::{self._account}:assumed-role/{one['RoleName']}/session",
            account=self._account,
            id=f"{one['RoleId']}:session",
            role_arn=one["Arn"],
            role_id=one["RoleId"],
            is_service_linked_role=one["Path"].startswith(_SERVICE_LINKED),
        )
        profiles = tuple(profile["Arn"] for profile in one["InstanceProfileList"])
        return self._identity(one, one["RoleName"], principal, policies, missing, trust=trust, profiles=profiles)

    def _identity(
        self,
        one: Mapping[str, Any],
        name: str,
        principal: Principal,
        policies: Sequence[Policy],
        missing: list[str],
        **more: Any,
    ) -> Identity:
        boundary = None
        bounded = one.get("PermissionsBoundary")
        if bounded:
            boundary = self._policy(bounded["PermissionsBoundaryArn"], missing)
        managed = tuple(one.arn for one in policies if one.arn in self._managed and self._managed[one.arn].is_customer)
        tags = tuple((tag["Key"], tag["Value"]) for tag in one.get("Tags") or ())
        unread = missing[0] if missing else ""
        return Identity(
            one["Arn"], name, principal, tuple(policies), boundary, managed, tags=tags, unread=unread, **more
        )

    def _own(self, one: Mapping[str, Any], inline: str, missing: list[str]) -> list[Policy]:
        """Return the policies on one thing, and note where they are."""
        policies = self._of(one, inline, missing)
        for policy in policies:
            if policy.arn:
                self._attached.setdefault(policy.arn, []).append(one["Arn"])
            else:
                self._inline.append((one["Arn"], policy.name, policy.document))
        return policies

    def _of(self, one: Mapping[str, Any], inline: str, missing: list[str]) -> list[Policy]:
        found: list[Policy] = []
        # IAM leaves the list out for users who have none, and for users only.
        for policy in one.get(inline, ()) if inline == _OF_USERS else one[inline]:
            try:
                found.append(Policy(document_of(policy["PolicyDocument"]), name=policy["PolicyName"]))
            except DocumentMalformed as error:
                missing.append(f"policy {policy['PolicyName']} of {one['Arn']} is none: {error}")
        for attached in one["AttachedManagedPolicies"]:
            policy = self._policy(attached["PolicyArn"], missing)
            if policy is not None:
                found.append(policy)
        return found

    def _policy(self, arn: str, missing: list[str]) -> Policy | None:
        held = self._managed.get(arn)
        if held is None:
            try:
                held = self._managed[arn] = self._read_alone(arn)
            except (Unread, DocumentMalformed) as error:
                self._missing.add(arn)
                missing.append(f"the document of {arn} is not in {DETAILS}, and {error}")
                return None
        return Policy(held.document, name=held.name, arn=arn)

    def _read_alone(self, arn: str) -> Managed:
        """Return a policy that the list of everything leaves out.

        Raises:
            Unread: it was not read in all versions that count: of AWS's policies that is the default one, of others
                everyone, since somebody may choose it.
            DocumentMalformed: its default version is none.
        """
        is_customer = f":{self._account}:policy/" in arn
        default: Document | None = None
        others: list[Document] = []
        for version in self._seen.items(_VERSIONS, "Versions", PolicyArn=arn):
            if not (is_customer or version["IsDefaultVersion"]):
                continue
            read = self._seen.answer(_VERSION, PolicyArn=arn, VersionId=version["VersionId"])["PolicyVersion"]
            if version["IsDefaultVersion"]:
                default = document_of(read["Document"])
            else:
                with suppress(DocumentMalformed):
                    others.append(document_of(read["Document"]))
        if default is None:
            message = f"{_VERSIONS} names no default version"
            raise Unread(message)
        return Managed(arn, arn.rpartition("/")[2], default, tuple(others), is_customer)


def identity_subjects(seen: Seen) -> Iterator[Subject]:
    """List users and roles, as the subjects of a check."""
    for one in identities(seen).all:
        yield Subject(one.arn, "", {"identity": one})
