"""Whose lines count: an account's own, a member's part of its payer's, or what a billing view shows.

Everything of the store that a question needs is gathered here, before its slow work begins.
Source: Cost Explorer API reference, `BillingViewArn`; user guide, "Controlling access to Cost Explorer".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from remit.billing.analysis.categories import Dated, with_categories
from remit.billing.analysis.dimensions import Known, naive
from remit.billing.analysis.expressions import matching
from remit.billing.analysis.fragments import TRUE, Fragment, every
from remit.billing.analysis.questions import Part, account_is, combined
from remit.directory.accounts import ACCOUNTS
from remit.directory.billing.access import billing_access
from remit.directory.billing.allocation_tags import allocation_tags
from remit.directory.billing.cost_categories import cost_categories
from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.payers import accounts_ever_of, payer_of
from remit.directory.billing.views import BillingView, find_view
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.store import Transaction

_LEAVES = {"dimensions": "Dimensions", "tags": "Tags", "costCategories": "CostCategories"}


class Scope(NamedTuple):
    """What a question is about.

    Attributes:
        parts: one for each ledger.
        known: of the payer whose names, tags and categories the question speaks of.
    """

    parts: Sequence[Part]
    known: Known


def scope_of_view(tx: Transaction, view: BillingView) -> Scope:
    """Return what a view shows to its owner.

    Raises:
        Missing: a source is not there.
        AccessDenied: it is a member's, and its payer lets members see nothing.
    """
    knowns: dict[str, Known] = {}
    parts = combined(_parts(tx, view, knowns))
    payer = payer_of(tx, view.account)
    return Scope(parts, knowns.get(payer) or known_of(tx, payer))


def _parts(tx: Transaction, view: BillingView, knowns: dict[str, Known]) -> list[Part]:
    if view.is_primary:
        payer = payer_of(tx, view.account)
        if payer not in knowns:
            knowns[payer] = known_of(tx, payer)
        if payer == view.account:
            return [Part(payer, knowns[payer], TRUE)]
        if not billing_access(tx, payer).members_see:
            raise AccessDenied(f"Account {payer}, which pays, does not let member accounts see what they cost.")
        return [Part(payer, knowns[payer], account_is(view.account))]
    found: list[Part] = []
    for arn in view.sources:
        source = find_view(tx, arn)
        if source is None:
            raise Missing(Thing.BILLING_VIEW, arn)
        for part in _parts(tx, source, knowns):
            condition = every([part.condition, _filter(view.filter or {}, part.known)])
            found.append(part._replace(condition=condition))
    return found


def _filter(expression: Mapping[str, Any], known: Known) -> Fragment:
    """Return what is true of the lines that a view's filter lets through."""
    leaves = [
        {name: {"Key": expression[given]["key"], "Values": expression[given]["values"]}}
        for given, name in _LEAVES.items()
        if given in expression
    ]
    between = expression.get("timeRange", {})
    times = [
        Fragment(f'"start" {sign} ?', (naive(datetime.fromisoformat(between[name])),))
        for name, sign in (("beginDateInclusive", ">="), ("endDateInclusive", "<="))
        if name in between
    ]
    return every([matching(leaves, known), *times])


def known_of(tx: Transaction, payer: AccountId) -> Known:
    """Return the names of accounts, the active tags and the cost categories of a payer."""
    accounts = accounts_ever_of(tx, payer)
    found = [account for id_ in accounts if (account := tx.get(ACCOUNTS, id_)) is not None]
    known = Known(
        names={account.id: account.name or account.id for account in found},
        tags={tag.key: tag.active_since for tag in allocation_tags(tx, payer) if tag.active_since is not None},
    )
    histories = {
        made.name: [Dated(rules.starts_at, rules.rules, rules.default) for rules in made.history]
        for made in cost_categories(tx, payer)
    }
    return with_categories(known, histories)
