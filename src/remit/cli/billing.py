"""`remit billing`: what AWS has in its console, in contracts or in other services only.

Whoever runs the server speaks here for the root users of its accounts, and for AWS where it gives credits.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from remit.billing.ledger import Ledger, MonthState, ledger_folder
from remit.billing.monthly.told import SERVICE
from remit.billing.months import Month
from remit.cli.account import run
from remit.cli.budgets_told import as_data, looked_at, refuse_untold, tell
from remit.cli.frame import Framed
from remit.cli.notifications_told import say
from remit.cli.options import data_option, open_store
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.directory.accounts import first_account, known_account
from remit.directory.billing.access import billing_access, set_billing_access
from remit.directory.billing.credits import Credit, Promotion, issue, new_credit_id, offer
from remit.directory.billing.letters import BillingEvent
from remit.directory.billing.payers import payer_of
from remit.directory.billing.payment_currencies import USD, set_payment_currency
from remit.directory.billing.sharing import share, shared_with
from remit.directory.billing.views import check_custom, known_view
from remit.ids import AccountId, account_id
from remit.store import Answer, Record, StoreError, Transaction
from remit.trail import service_event

_YEAR_DAYS = 365
_CODE_LETTERS = 3


class _Amount(click.ParamType[Decimal]):
    """US dollars."""

    name = "USD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read a number."""
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"`{value}` is no number", param, ctx)
        if not amount.is_finite():
            self.fail(f"`{value}` is no number", param, ctx)
        return amount


_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("billing")
def command() -> None:
    """Say who sees bills; give credits; share billing views."""


@command.command("access", cls=Framed, example="remit billing access 123456789012 --users")
@click.argument("id_", metavar="ACCOUNT")
@click.option("--users/--no-users", default=None, help="Let policies decide who sees bills, not the root user alone.")
@click.option("--members/--no-members", default=None, help="Let member accounts see what they cost.")
@data_option
@json_option
def access(*, id_: str, users: bool | None, members: bool | None, data: Path | None, as_json: bool) -> None:
    """Say who of an account sees its bills: nobody but its root user, until `--users` is given."""
    account = _account(id_)
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[tuple[bool, bool]]:
        known_account(tx, account)
        before = billing_access(tx, account)
        if users is not None or members is not None:
            set_billing_access(tx, account, is_open=users, members_see=members)
        found = billing_access(tx, account)
        answer = found.is_open, found.members_see
        if answer == (before.is_open, before.members_see):
            return Answer(answer)
        details = {"usersSeeBills": found.is_open, "membersSeeTheirPart": found.members_see}
        return Answer(answer, (_event(account, "BillingAccessChanged", details),))

    is_open, members_see = run(database, work)
    if as_json:
        Say.json({"account": account, "users": is_open, "members": members_see})
        return
    Say.line(f"Bills of account {account}: {'policies decide who sees them' if is_open else 'the root user alone'}.")
    Say.line(f"Member accounts {'see' if members_see else 'do not see'} what they cost.")


@command.command("credit", cls=Framed, example="remit billing credit 123456789012 --amount 100 --until 2027-12-31")
@click.argument("id_", metavar="ACCOUNT")
@click.option("--amount", type=_Amount(), required=True, help="What the credit is worth, in US dollars.")
@click.option("--from", "starts_at", type=_DAY, help="The first day it counts; today by default.")
@click.option("--until", "ends_at", type=_DAY, required=True, help="The first day it counts no more.")
@click.option("--product", "products", multiple=True, help="The code of a service it pays for; all by default.")
@click.option("--description", default="Credit", help="A text for people.")
@data_option
@json_option
def credit(
    *,
    id_: str,
    amount: Decimal,
    starts_at: datetime | None,
    ends_at: datetime,
    products: tuple[str, ...],
    description: str,
    data: Path | None,
    as_json: bool,
) -> None:
    """Give an account a credit."""
    account = _account(id_)
    now = datetime.now(UTC)
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) if starts_at is None else _utc(starts_at)
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Credit]:
        known_account(tx, account)
        made = Credit(
            id=new_credit_id(tx),
            account=account,
            amount=amount,
            starts_at=start,
            ends_at=_utc(ends_at),
            description=description,
            issued_at=now,
            products=products,
        )
        details = {
            "creditId": made.id,
            "amount": f"{made.amount:f}",
            "startDate": f"{made.starts_at:%Y-%m-%d}",
            "endDate": f"{made.ends_at:%Y-%m-%d}",
            "applicableProducts": list(products),
        }
        return Answer(issue(tx, made), (_event(account, "CreditIssued", details),))

    made = run(database, work)
    if as_json:
        Say.json({"credit": made.id, "account": account, "amount": f"{made.amount:f}"})
    else:
        Say.line(f"Credit {made.id} of account {account}: {made.amount:f} USD until {made.ends_at:%Y-%m-%d}.")


@command.command("promotion", cls=Framed, example="remit billing promotion WELCOME --amount 25 --until 2027-12-31")
@click.argument("code")
@click.option("--amount", type=_Amount(), required=True, help="What each credit is worth, in US dollars.")
@click.option("--until", "ends_at", type=_DAY, required=True, help="The first day the code is good no more.")
@click.option("--days", type=click.IntRange(1), default=_YEAR_DAYS, show_default=True, help="How long credits last.")
@click.option("--product", "products", multiple=True, help="The code of a service they pay for; all by default.")
@click.option("--description", default="Promotional credit", help="A text for people.")
@data_option
def promotion(
    *,
    code: str,
    amount: Decimal,
    ends_at: datetime,
    days: int,
    products: tuple[str, ...],
    description: str,
    data: Path | None,
) -> None:
    """Make a code that RedeemCredits turns into a credit, once for each account."""
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Promotion]:
        made = Promotion(
            id=code,
            account=first_account(tx).id,
            amount=amount,
            description=description,
            days=days,
            ends_at=_utc(ends_at),
            products=products,
        )
        # Without the code, which is money to whoever knows it.
        details = {"amount": f"{made.amount:f}", "days": days, "endDate": f"{made.ends_at:%Y-%m-%d}"}
        return Answer(offer(tx, made), (_event(made.account, "PromotionOffered", details),))

    made = run(database, work)
    Say.line(f"Code {made.id} is worth {made.amount:f} USD for {made.days} days, until {made.ends_at:%Y-%m-%d}.")


@command.command("share", cls=Framed, example="remit billing share ARN --with 222222222222")
@click.argument("view", metavar="VIEW")
@click.option("--with", "accounts", multiple=True, help="An account that may use the view; without it, nobody may.")
@data_option
@json_option
def share_view(*, view: str, accounts: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """Let other accounts use a custom billing view, and nobody else, as AWS Resource Access Manager does."""
    chosen = [_account(one) for one in accounts]
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[list[AccountId]]:
        found = known_view(tx, view)
        check_custom(found)
        shared = shared_with(share(tx, found, chosen))
        event = _event(found.account, "BillingViewShared", {"arn": view, "accounts": list(shared)})
        return Answer(shared, (event,))

    shared = run(database, work)
    if as_json:
        Say.json({"view": view, "accounts": shared})
    else:
        Say.line(f"{view} is shared with {', '.join(shared) or 'nobody'}.")


def _month(text: str) -> str:
    try:
        return str(Month.parse(text))
    except ValueError as error:
        raise Failed(str(error), REFUSED) from None


def _account(text: str) -> AccountId:
    try:
        return account_id(text)
    except ValueError as error:
        raise Failed(str(error), REFUSED) from None


def _event(account: AccountId, name: str, details: Mapping[str, Any]) -> Record:
    """Write the record of what whoever runs the server did: as something that AWS Billing did on its own account."""
    return service_event(account, service=SERVICE, name=name, details=details, at=datetime.now(UTC))


def _utc(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


@command.command("currency", cls=Framed, example="remit billing currency 123456789012 2026-03 EUR --rate 0.92")
@click.argument("id_", metavar="ACCOUNT")
@click.argument("month")
@click.argument("code", metavar="CURRENCY")
@click.option("--rate", type=_Amount(), help="How much of the currency is a US dollar, the whole month long.")
@data_option
@json_option
def currency(*, id_: str, month: str, code: str, rate: Decimal | None, data: Path | None, as_json: bool) -> None:
    """Let the invoices of MONTH, `2026-03`, be due in another currency; USD takes that back. It is said before closing.

    Bills, reports and all amounts in US dollars stay as they are.
    """
    account, period = _account(id_), _month(month)
    if not (len(code) == _CODE_LETTERS and code.isascii() and code.isalpha() and code.isupper()):
        raise Failed(f"`{code}` is no currency: it has three capital letters, such as EUR", REFUSED)
    if (rate is None) is not (code == USD) or (rate is not None and rate <= 0):
        raise Failed("a currency other than USD needs a --rate above zero, and USD none", REFUSED)
    settings, database = open_store(None, data)
    if (held := Ledger(ledger_folder(settings.data, account)).month(period)) and held.state is MonthState.CLOSED:
        raise Failed(f"{period} is closed: its invoices are made, and stay as they are", REFUSED)

    def work(tx: Transaction) -> Answer[None]:
        known_account(tx, account)
        if payer_of(tx, account) != account:
            raise Failed(f"account {account} gets no bill: {payer_of(tx, account)} pays for it", REFUSED)
        if not set_payment_currency(tx, account, period, code, rate or Decimal(1)):
            return Answer(None)
        details = {"month": period, "currency": code, **({"rate": f"{rate:f}"} if rate is not None else {})}
        return Answer(None, (_event(account, "PaymentCurrencyChanged", details),))

    run(database, work)
    if as_json:
        Say.json({"account": account, "month": period, "currency": code, "rate": None if rate is None else f"{rate:f}"})
        return
    at_rate = "" if rate is None else f" at 1 USD = {rate:f} {code}"
    Say.line(f"Invoices of {period} of account {account} are due in {code}{at_rate}.")


@command.command("notifications", cls=Framed, example="remit billing notifications --json")
@data_option
@json_option
def notifications(*, data: Path | None, as_json: bool) -> None:
    """Show what subscribers of budgets and of anomalies are told, the oldest first; it is kept for ninety days.

    A channel that is not set up counts as open: what is open then is told once it is.
    """
    say(frozenset(BillingEvent), data, as_json=as_json)


@command.command("budgets", cls=Framed, example="remit billing budgets")
@data_option
@json_option
def look_at_budgets(*, data: Path | None, as_json: bool) -> None:
    """Hold all budgets against the bills as they are: notifications go to alarm, actions are done.

    `remit bill run` does the same.
    """
    settings, database = open_store(None, data)
    try:
        looked = looked_at(database, settings)
    except StoreError as error:
        raise Failed(str(error)) from None
    finally:
        database.close_now()
    if as_json:
        Say.json(as_data(looked))
    else:
        Say.line(f"{looked.budgets} budgets were looked at.")
        tell(looked)
    refuse_untold(looked)
