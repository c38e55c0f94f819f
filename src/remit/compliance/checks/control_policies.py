"""The service control policies that bind an account, level by level.

Source: `policy-evaluation` reference, 4.1; Organizations API reference, DescribePolicy.
"""

from collections.abc import Mapping

from remit.compliance.checks.identities import document
from remit.compliance.checks.organization_tree import ATTACHED_READS, DESCRIBED, SCP, attached, is_management, tree
from remit.compliance.checks.seen import Seen, Unread
from remit.policy import Document, DocumentMalformed, Policy

_POLICY = "organizations:DescribePolicy"
CONTROL_READS = (*ATTACHED_READS, _POLICY)

Levels = tuple[tuple[Policy, ...], ...]


def levels_of(seen: Seen, account: str) -> Levels | None:
    """Return the levels of an account of the organization; None where no policy binds its members.

    Raises:
        Unread: they are not known.
    """
    known = tree(seen)
    if SCP not in known.policy_types:
        return None
    on, documents = attached(seen), seen.organization.derived("control policies", _documents)
    path = known.path(account)
    return tuple(tuple(_policy(documents, id_) for id_ in on.get(place, ())) for place in path)


def own_levels(seen: Seen) -> Levels | None:
    """Return the levels that bind the account's principals; None for the management account, and outside of all.

    Raises:
        Unread: they are not known.
    """
    if not seen.is_in_organization or is_management(seen):
        return None
    return levels_of(seen, seen.account)


def organization_id(seen: Seen) -> str:
    """Return the id of the organization; empty for none.

    Raises:
        Unread: it is not known.
    """
    described = seen.maybe(DESCRIBED)
    return "" if described is None else str(described["Organization"]["Id"])


def _policy(documents: Mapping[str, Document | Unread], id_: str) -> Policy:
    found = documents[id_]
    if isinstance(found, Unread):
        raise found
    return Policy(found, name=id_)


def _documents(seen: Seen) -> Mapping[str, Document | Unread]:
    found: dict[str, Document | Unread] = {}
    for policy in seen.items("organizations:ListPolicies", "Policies", Filter=SCP):
        id_ = policy["Id"]
        try:
            found[id_] = document(seen.answer(_POLICY, PolicyId=id_)["Policy"]["Content"])
        except Unread as unread:
            found[id_] = unread
        except DocumentMalformed as error:
            found[id_] = Unread(f"the policy {id_} is none: {error}")
    return found
