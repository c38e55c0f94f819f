"""Seventeen faults, drawn from the attempt's seed and planted in the tenant.

What was planted is not kept: it is drawn again from the seed when claims are judged.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from remit.compliance.learning.attempts import Attempt
from remit.compliance.learning.audit.furnishing import MEMBERS, SERVICES, Furnishing, document, trust
from remit.directory.accounts import known_account
from remit.directory.attachments import attach, put_inline
from remit.directory.groups import add_member, create_group, group
from remit.directory.oidc_providers import create_oidc_provider
from remit.directory.organizations.members import membership_of, move_account
from remit.directory.policies import create_policy
from remit.directory.users import user
from remit.store import Transaction

COUNT = 17
_GIVEN = ("ana", "bo", "cleo", "dag", "eli", "finn", "gia", "hal", "ivo", "jun", "kim", "lea", "max", "nia", "ole")
_PROVIDER = "token.actions.githubusercontent.com"
_OLD_KEY_DAYS = (120, 900)
_ROOT_KEY_DAYS = 700
# Of each kind so many at most.
_MOST = {"stray-administrator": 1}
_TWICE = 2


class Planted(NamedTuple):
    """A fault that was planted."""

    fault: str
    account: str
    subject: str


class _Drawn(NamedTuple):
    """What a seed comes to; *people* are the users of each account, whose names are in no other account."""

    planted: tuple[Planted, ...]
    people: Mapping[str, tuple[str, ...]]


def planted_in(attempt: Attempt) -> tuple[Planted, ...]:
    """Return the faults that are planted in the tenant of an attempt."""
    return _drawn(attempt).planted


def plant(tx: Transaction, attempt: Attempt) -> None:
    """Furnish the accounts of an attempt, and plant the faults."""
    drawn = _drawn(attempt)
    furnishing = Furnishing(tx, attempt, drawn.planted)
    furnishing.furnish(drawn.people)
    for one in drawn.planted:
        planter = _PLANTERS[one.fault]
        if planter is not None:
            planter(furnishing, one)


def _drawn(attempt: Attempt) -> _Drawn:
    dice = Random(f"{attempt.seed} faults")  # noqa: S311  # reproducible by design
    people = {
        account: tuple(f"{one}-{account}" for one in sorted(dice.sample(_GIVEN, dice.randint(4, 6))))
        for account in MEMBERS
    }
    places = [(fault, account) for fault in _PLANTERS for account in MEMBERS]
    dice.shuffle(places)
    count = dict.fromkeys(_PLANTERS, 0)
    taken: set[str] = set()
    planted: list[Planted] = []
    for fault, account in places:
        if count[fault] >= _MOST.get(fault, _TWICE) or len(planted) == COUNT:
            continue
        if (fault, account) == ("stray-administrator", "security"):
            continue
        subject = _subject(fault, account, dice, [one for one in people[account] if one not in taken], attempt)
        count[fault] += 1
        taken.add(subject)
        planted.append(Planted(fault, account, subject))
    return _Drawn(tuple(sorted(planted)), people)


def _subject(fault: str, account: str, dice: Random, free: list[str], attempt: Attempt) -> str:
    if fault in _OF_USERS:
        return dice.choice(free)
    if fault in _NAMED:
        return f"{_NAMED[fault]}-{dice.randrange(1 << 12):03x}"
    return dice.choice(SERVICES) if fault == "stray-administrator" else attempt.accounts[account]


# -- one for each kind


def _root_key(furnishing: Furnishing, one: Planted) -> None:
    furnishing.key(one.account, one.subject, _ROOT_KEY_DAYS)


def _old_key(furnishing: Furnishing, one: Planted) -> None:
    dice = Random(f"{furnishing.attempt.seed} {one.subject}")  # noqa: S311  # reproducible by design
    furnishing.key(one.account, one.subject, dice.randint(*_OLD_KEY_DAYS))


def _two_keys(furnishing: Furnishing, one: Planted) -> None:
    furnishing.key(one.account, one.subject, 40)
    furnishing.key(one.account, one.subject, 10)


def _direct_policy(furnishing: Furnishing, one: Planted) -> None:
    own = document({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})
    put_inline(furnishing.tx, user(furnishing.tx, furnishing.id(one.account), one.subject), "queue", own)


def _star_policy(furnishing: Furnishing, one: Planted) -> None:
    tx, account = furnishing.tx, furnishing.id(one.account)
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    made = create_policy(
        tx,
        account,
        one.subject,
        path="/",
        document=everything,
        description=None,
        tags={},
        partition="aws",
        at=furnishing.at,
    )
    role = furnishing.role(one.account, f"{one.subject}-job", trust({"Service": "codebuild.amazonaws.com"}))
    attach(tx, role, made)


def _trusts_stranger(furnishing: Furnishing, one: Planted) -> None:
    dice = Random(f"{furnishing.attempt.seed} {one.subject}")  # noqa: S311  # reproducible by design
    stranger = f"{dice.randrange(10**11, 10**12)}"
    furnishing.role(one.account, one.subject, trust({"AWS": f"arn:aws:iam::{stranger}:root"}))


def _trusts_everybody(furnishing: Furnishing, one: Planted) -> None:
    furnishing.role(one.account, one.subject, trust({"AWS": "*"}))


def _open_federation(furnishing: Furnishing, one: Planted) -> None:
    account = furnishing.id(one.account)
    provider = create_oidc_provider(
        furnishing.tx, account, _PROVIDER, client_ids=["sts.amazonaws.com"], thumbprints=[], tags={}, at=furnishing.at
    )
    condition = {"StringEquals": {f"{_PROVIDER}:aud": "sts.amazonaws.com"}}
    furnishing.role(
        one.account, one.subject, trust({"Federated": provider.arn}, "sts:AssumeRoleWithWebIdentity", condition)
    )


def _escalation(furnishing: Furnishing, one: Planted) -> None:
    """Let a user pass any role, in one of the groups that look harmless."""
    tx, account = furnishing.tx, furnishing.id(one.account)
    name = f"deployers-{one.subject[:2]}"
    made = create_group(tx, account, name, path="/", at=furnishing.at)
    statement = {"Effect": "Allow", "Action": ["iam:PassRole", "lambda:CreateFunction"], "Resource": "*"}
    put_inline(tx, made, "deploy", document(statement))
    add_member(tx, group(tx, account, name), user(tx, account, one.subject))


def _in_root(furnishing: Furnishing, one: Planted) -> None:
    organization = furnishing.organization
    account = known_account(furnishing.tx, furnishing.id(one.account))
    move_account(
        furnishing.tx, organization, account, source=membership_of(account).parent, destination=organization.root
    )


def _stray_administrator(furnishing: Furnishing, one: Planted) -> None:
    furnishing.administer(one.subject, one.account)


# None where leaving it out is the fault.
_PLANTERS: Mapping[str, Callable[[Furnishing, Planted], None] | None] = {
    "root-key": _root_key,
    "old-key": _old_key,
    "two-keys": _two_keys,
    "no-mfa": None,
    "direct-policy": _direct_policy,
    "star-policy": _star_policy,
    "trusts-stranger": _trusts_stranger,
    "trusts-everybody": _trusts_everybody,
    "open-federation": _open_federation,
    "escalation": _escalation,
    "weak-passwords": None,
    "no-contact": None,
    "in-root": _in_root,
    "unguarded": None,
    "no-owner": None,
    "stray-administrator": _stray_administrator,
}
_OF_USERS = frozenset({"old-key", "two-keys", "no-mfa", "direct-policy", "escalation"})
_NAMED = {
    "star-policy": "legacy",
    "trusts-stranger": "partner",
    "trusts-everybody": "share",
    "open-federation": "pipeline",
}
