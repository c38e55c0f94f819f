"""Invoice units over time: what was is what is told, and no account is ever in two."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from remit.directory import KINDS
from remit.directory.accounts import create_account
from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Unfit
from remit.directory.billing.invoice_units import (
    INVOICE_UNITS,
    InvoiceUnit,
    create_unit,
    delete_unit,
    known_unit,
    units_of,
    update_unit,
)
from remit.directory.organizations import create_organization, join_organization
from remit.ids import AccountId
from remit.store import Keyring, Transaction
from remit.store.view import View

PAYER = AccountId("123456789012")
MEMBERS = [AccountId(f"{number}" * 12) for number in range(1, 5)]
START = datetime(2026, 3, 1, tzinfo=UTC)
STEP = timedelta(seconds=1)
NAMES = ("a", "b", "c")


def organization(keyring: Keyring) -> Transaction:
    tx = Transaction(View(KINDS), keyring, lambda _: [])
    payer = create_account(tx, PAYER, email="payer@example.com", name="Payer", at=START)
    made = create_organization(tx, payer, at=START)
    for member in MEMBERS:
        account = create_account(tx, member, email=f"{member}@example.com", name=member, at=START)
        join_organization(tx, made, account, at=START)
    return tx


def new(name: str, linked: tuple[str, ...], at: datetime, number: int) -> InvoiceUnit:
    return InvoiceUnit(
        id=f"arn:aws:invoicing::{PAYER}:invoice-unit/{number}",
        account=PAYER,
        name=name,
        receiver=PAYER,
        linked=linked,
        created_at=at,
        since=at,
    )


# What happens, one second after the other or at once: a unit is made, changed or deleted.
happenings = st.lists(
    st.tuples(
        st.sampled_from(("create", "update", "delete")),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from(MEMBERS), max_size=3, unique=True).map(sorted).map(tuple),
        st.booleans(),
    ),
    max_size=14,
)


def state(tx: Transaction, at: datetime | None = None) -> dict[str, tuple[str, ...]]:
    return {unit.name: unit.linked for unit in units_of(tx, PAYER, at)}


@given(happenings)
def test_what_was_is_what_is_told_and_no_account_is_in_two(keyring: Keyring, happened: list[tuple]) -> None:
    tx, at, told = organization(keyring), START, {}

    for number, (what, name, linked, is_later) in enumerate(happened):
        at = at + STEP if is_later else at
        unit = next((unit for unit in units_of(tx, PAYER) if unit.name == name), None)
        try:
            if what == "create":
                create_unit(tx, new(name, linked, at, number))
            elif unit is not None and what == "update":
                update_unit(tx, unit, msgspec.structs.replace(unit, linked=linked), at)
            elif unit is not None:
                delete_unit(tx, unit, at)
        except (Full, Hindered, Missing, Taken, Unfit):
            pass  # refused: nothing has changed
        told[at] = state(tx)

    for moment, was in told.items():
        assert state(tx, moment) == was
        assert state(tx, moment + STEP / 2) == was
        accounts = [account for linked in was.values() for account in linked]
        assert len(accounts) == len(set(accounts))
    assert state(tx, START - STEP) == {}
    for unit in tx.all(INVOICE_UNITS):
        if unit.deleted_at is None:
            assert known_unit(tx, PAYER, unit.id) == unit
