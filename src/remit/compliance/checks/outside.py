"""Whether a resource's policy lets somebody outside in.

The organization is asked for only when it matters who belongs to it.
"""

import json
from collections.abc import Callable, Sequence

from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.findings import Judgement, Verdict, failed, passed
from remit.compliance.checks.proofs import Answer, Caller, Exhausted, Found, Question, Sampled, Target, find, outsiders
from remit.compliance.checks.proofs.callers import stranger_account
from remit.compliance.checks.resource_controls import RESOURCE_CONTROL_READS, counted
from remit.compliance.checks.seen import Seen, Unread
from remit.policy import Document, Policies, Policy, PrincipalType, Request, parse
from remit.policy.language.document import Effect, PrincipalEntry

DESCRIBE_ORGANIZATION, LIST_ACCOUNTS = "organizations:DescribeOrganization", "organizations:ListAccounts"
ORGANIZATION_READS = (DESCRIBE_ORGANIZATION, LIST_ACCOUNTS)
OUTSIDE_READS = (*ORGANIZATION_READS, *RESOURCE_CONTROL_READS)
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
# Whoever is outside may do everything as far as their own account goes: only our policies stand in the way.
FULL_ACCESS = Policy(parse(json.dumps(_EVERYTHING)), name="full access of one's own account")
# Where an ARN has its account.
_ACCOUNT_AT = 4


def policies(text: str | None, levels: Levels | None = None) -> Policies:
    """Return what takes part where a resource has the policy *text*; None for none.

    Args:
        levels: of resource control policies; None for none.
    """
    own = None if text is None else Policy(parse(text), name="policy")
    return Policies(identity=(FULL_ACCESS,), resource=own, rcps=levels)


def outside(
    seen: Seen, text: str, targets: tuple[Target, ...], others: Sequence[Caller] = (), canonical_id: str = ""
) -> Answer:
    """Return whether somebody outside the organization, or *others*, may do something of *targets*.

    Needs the reads of `OUTSIDE_READS`.

    Args:
        text: the resource's policy.
        canonical_id: by which S3 knows our account.

    Raises:
        Unread: it depends on who belongs to the organization, and that is not known.
    """
    documents = [parse(text)]
    if not others and _lets_in_only(documents[0], seen.account):
        return Exhausted(0)
    trusted = seen.parameters.trusted_accounts

    def asked(insiders: Sequence[str], organization: str, levels: Levels = ()) -> Answer:
        named = [*documents, *(policy.document for level in levels for policy in level)]
        callers = outsiders(named, insiders, organization, trusted, canonical_id)
        return find(policies(text, levels or None), Question(callers=(*others, *callers), targets=targets))

    return counted(_found(seen, documents, asked), seen, lambda levels: asked(*_belonging(seen), levels))


_Asked = Callable[[Sequence[str], str], Answer]


def _found(seen: Seen, documents: Sequence[Document], asked: _Asked) -> Answer:
    """Ask of as few accounts as the answer needs.

    Raises:
        Unread: it depends on who belongs to the organization, and that is not known.
    """
    trusted = seen.parameters.trusted_accounts
    alone = asked((seen.account,), "")
    nobodys = stranger_account(documents, {seen.account, *trusted})
    if not isinstance(alone, Found) or _is_nobodys(alone.request, nobodys) or not seen.is_in_organization:
        return alone
    identity = seen.answer(DESCRIBE_ORGANIZATION)["Organization"]["Id"]
    without_accounts = asked((seen.account,), identity)
    if not isinstance(without_accounts, Found) or _is_nobodys(without_accounts.request, nobodys):
        return without_accounts
    accounts = [account["Id"] for account in seen.organization.items(LIST_ACCOUNTS, "Accounts")]
    return asked((seen.account, *accounts), identity)


def _belonging(seen: Seen) -> tuple[tuple[str, ...], str]:
    """Return the accounts of the organization as far as they are known, ours at least, and its id."""
    identity = str(seen.answer(DESCRIBE_ORGANIZATION)["Organization"]["Id"])
    try:
        accounts = [str(account["Id"]) for account in seen.organization.items(LIST_ACCOUNTS, "Accounts")]
    except (Unread, KeyError, TypeError):
        accounts = []
    return (seen.account, *accounts), identity


def _lets_in_only(document: Document, account: str) -> bool:
    """Whether each principal that a policy allows something is written out as one of *account*'s.

    Then there is nobody outside to ask about, which spares the search: most policies of keys are of this kind.
    """
    return all(
        statement.principal is not None
        and bool(statement.principal.entries)
        and all(_is_of(entry, account) for entry in statement.principal.entries)
        for statement in document.statements
        if statement.effect is Effect.ALLOW
    )


def _is_of(entry: PrincipalEntry, account: str) -> bool:
    if entry.type is not PrincipalType.AWS:
        return False
    parts = entry.name.split(":")
    # `arn:partition:iam::account:...`; an id such as AIDA... does not say whose it is.
    return entry.name == account or (len(parts) > _ACCOUNT_AT and parts[_ACCOUNT_AT] == account)


def _is_nobodys(request: Request, account: str) -> bool:
    """Whether a request is nobody's who could belong to us: of no account, or of one that no policy mentions."""
    is_of_organization = any(key.startswith("aws:principalorg") for key in request.context)
    return not is_of_organization and request.principal.account in ("", account)


def judged(answer: Answer, nobody: str) -> Judgement:
    """Return what an answer comes to; *nobody* is what is so where nothing was found."""
    match answer:
        case Found(words=words):
            return failed(words)
        case Exhausted(tried=0):
            return passed(f"{nobody}: the policy names nobody outside")
        case Exhausted(tried=tried, counting=counting):
            more = f", {counting}" if counting else ""
            return passed(f"{nobody}: none of {tried:,} requests, one of each kind, is allowed{more}")
        case Sampled(tried=tried, why=why):
            return Judgement(Verdict.PASS, f"{nobody}, as far as {tried:,} samples show: {why}", is_sampled=True)
