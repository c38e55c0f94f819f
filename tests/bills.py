"""Bills of our own making, and a family that they belong to: a management account, a member, and their ledger."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
from composed import Composed

from remit.billing.ledger import Ledger, ledger_folder
from remit.billing.lines import Line, LineType, Pricing
from remit.directory import ACCOUNTS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.billing.access import set_billing_access
from remit.directory.billing.credits import CREDITS, Credit, issue
from remit.directory.organizations import create_organization, join_organization
from remit.directory.organizations.members import leave_organization
from remit.ids import AccountId
from remit.store import Transaction
from remit.testing import Identity

PAYER, MEMBER, STRANGER = AccountId("123456789012"), AccountId("444455556666"), AccountId("777788889999")
# When requests are made: in the middle of an open month.
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """Return the moment that `2026-03-05` or `2026-03-05T06:00` writes, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def line(number: int, start: str, cost: str, **members: Any) -> Line:
    """Return a line of an hour of usage, which costs the same in every metric but for what is said."""
    begin = at(start)
    amount = Fraction(Decimal(cost))
    given: dict[str, Any] = {
        "line_id": f"line-{number:06}",
        "payer": PAYER,
        "account": MEMBER,
        "period": start[:7],
        "start": begin,
        "end": begin + HOUR,
        "line_type": LineType.USAGE,
        "service": "AmazonEC2",
        "usage_type": "BoxUsage:m5.large",
        "operation": "RunInstances",
        "region": "us-east-1",
        "instance_type": "m5.large",
        "platform": "Linux",
        "tenancy": "Shared",
        "unit": "Hrs",
        "pricing": Pricing.ON_DEMAND,
        "quantity": Fraction(1),
        "usage_id": f"usage-{number:06}",
    }
    costs = ("list_cost", "unblended", "blended", "amortized", "net_unblended", "net_amortized")
    return Line(**{**given, **dict.fromkeys(costs, amount), **members})


def written(data: Path, lines: Iterable[Line], *, closed: Iterable[str] = (), payer: str = PAYER) -> None:
    """Put *lines* into the ledger of *payer*, month by month."""
    ledger = Ledger(ledger_folder(data, payer))
    months: dict[str, list[Line]] = {}
    for one in lines:
        months.setdefault(one.period, []).append(one)
    for period, found in months.items():
        ledger.write_month(period, found, {})
    for period in closed:
        ledger.close(period)


class Family:
    """A management account and a member, whose policies decide who sees bills; and an account that is alone.

    Attributes:
        admin: the administrator of the management account.
        member, stranger: root users of the others.
    """

    def __init__(self, remit: Composed) -> None:
        self.remit = remit
        self.admin = remit.admin
        self.member, self.stranger = remit.change(self._made)

    def _made(self, tx: Transaction) -> tuple[Identity, Identity]:
        payer = tx.get(ACCOUNTS, PAYER)
        assert payer is not None
        founded = msgspec.structs.replace(payer, created_at=at("2025-01-01"))
        tx.put(ACCOUNTS, founded)
        organization = create_organization(tx, founded, at=at("2025-01-01"))
        found: list[Identity] = []
        for id_, name in ((MEMBER, "Research"), (STRANGER, "Stranger")):
            account = create_account(tx, id_, email=f"{name}@example.com", name=name, at=at("2025-01-01"))
            if id_ == MEMBER:
                join_organization(tx, organization, account, at=at("2025-01-01"))
            key, secret = create_access_key(tx, id_, id_, at=at("2025-01-01"))
            found.append(Identity(f"arn:aws:iam::{id_}:root", key.id, secret, None, self.admin.endpoint))
        for id_ in (PAYER, MEMBER, STRANGER):
            set_billing_access(tx, id_, is_open=True)
        return found[0], found[1]

    def client(self, service: str, identity: Identity | None = None) -> Any:
        return self.remit.client(service, identity or self.admin)

    def credit(self, amount: str = "500", account: AccountId = PAYER, **members: Any) -> str:
        """Give an account a credit; return its id."""

        def work(tx: Transaction) -> str:
            number = 1_000_000_000 + len(tx.all(CREDITS))
            given: dict[str, Any] = {
                "id": str(number),
                "account": account,
                "amount": Decimal(amount),
                "starts_at": at("2026-01-01"),
                "ends_at": at("2027-01-01"),
                "description": "Ours",
                "issued_at": at("2026-01-01"),
            }
            return issue(tx, Credit(**{**given, **members})).id

        id_: str = self.remit.change(work)
        return id_

    def leaves(self) -> None:
        """Let the member leave the organization."""

        def work(tx: Transaction) -> None:
            member = tx.get(ACCOUNTS, MEMBER)
            assert member is not None
            leave_organization(tx, member, at=NOW)

        self.remit.change(work)


def said(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer without what boto3 adds."""
    return {name: value for name, value in members.items() if name != "ResponseMetadata"}
