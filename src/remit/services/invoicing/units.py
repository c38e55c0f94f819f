"""Invoice units: made, shown, listed, changed, removed; by the management account alone.

Source: Invoicing API reference, CreateInvoiceUnit and the operations beside it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory.billing import invoice_units as directory
from remit.directory.billing.invoice_units import InvoiceUnit, known_unit
from remit.directory.billing.standing import check_management
from remit.ids import AccountId
from remit.request import Call
from remit.services.invoicing import shapes
from remit.services.invoicing.errors import validation, wrong_field
from remit.services.invoicing.pages import page
from remit.services.invoicing.registry import TOKENS, operation
from remit.services.invoicing.tags import RULES, require_tagging
from remit.store import Transaction


def _linked(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the accounts of a rule, by id.

    Raises:
        ServiceError: ValidationException, one is given twice, or a bill of another organization.
    """
    if rule.get("BillSourceAccounts"):
        text = "No organization has transferred its bill to this account."
        raise validation(text, "accountMembershipError", "Rule.BillSourceAccounts")
    given: list[str] = list(rule.get("LinkedAccounts", ()))
    if len(set(given)) != len(given):
        raise wrong_field("Rule.LinkedAccounts", "An account is given twice.")
    return tuple(sorted(given))


@operation("CreateInvoiceUnit")
def create_invoice_unit(call: Call[shapes.CreateInvoiceUnitRequest], tx: Transaction) -> dict[str, Any]:
    """Make a unit of accounts whose charges are on an invoice of their own."""
    check_management(call, tx)
    asked = call.input

    def work() -> dict[str, Any]:
        unit = InvoiceUnit(
            id=directory.new_arn(call.account, call.partition),
            account=call.account,
            name=asked["Name"],
            receiver=AccountId(asked["InvoiceReceiver"]),
            linked=_linked(_mapping(asked["Rule"])),
            created_at=call.at,
            since=call.at,
            description=asked.get("Description", ""),
            tax_inheritance_disabled=asked.get("TaxInheritanceDisabled", False),
            tags=RULES.read(asked.get("ResourceTags", ())),
        )
        require_tagging(call, unit.id, unit.tags)
        directory.create_unit(tx, unit)
        return {"InvoiceUnitArn": unit.id}

    return TOKENS.once(call, tx, work)


def _mapping(said: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = said
    return found


@operation("GetInvoiceUnit")
def get_invoice_unit(call: Call[shapes.GetInvoiceUnitRequest], tx: Transaction) -> dict[str, Any]:
    """Show a unit as it is, or as it was at a moment."""
    check_management(call, tx)
    return _shown(known_unit(tx, call.account, call.input["InvoiceUnitArn"], _as_of(call)))


def _as_of(call: Call[Any]) -> datetime | None:
    """Return the moment that is asked about; None for now.

    Raises:
        ServiceError: ValidationException, it is to come.
    """
    at: datetime | None = call.input.get("AsOf")
    if at is not None and at > call.at:
        raise wrong_field("AsOf", "The moment is in the future.")
    return at


def _shown(unit: InvoiceUnit) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "InvoiceUnitArn": unit.id,
        "InvoiceReceiver": unit.receiver,
        "Name": unit.name,
        "Description": unit.description or None,
        "TaxInheritanceDisabled": unit.tax_inheritance_disabled,
        "Rule": {"LinkedAccounts": list(unit.linked)},
        "LastModified": whole_second(unit.since),
    }
    return {name: value for name, value in shown.items() if value is not None}


@operation("ListInvoiceUnits")
def list_invoice_units(call: Call[shapes.ListInvoiceUnitsRequest], tx: Transaction) -> dict[str, Any]:
    """List the units as they are, or as they were at a moment: those that every filter matches."""
    check_management(call, tx)
    filters: Mapping[str, list[str]] = _mapping(call.input.get("Filters", {}))
    found = [
        unit
        for unit in directory.units_of(tx, call.account, _as_of(call))
        if ("Names" not in filters or unit.name in filters["Names"])
        and ("InvoiceReceivers" not in filters or unit.receiver in filters["InvoiceReceivers"])
        and ("Accounts" not in filters or not set(filters["Accounts"]).isdisjoint(unit.linked))
        and "BillSourceAccounts" not in filters  # no unit has any
    ]
    units, following = page(call, tx, found, lambda unit: unit.id)
    return {"InvoiceUnits": [_shown(unit) for unit in units], **following}


@operation("UpdateInvoiceUnit")
def update_invoice_unit(call: Call[shapes.UpdateInvoiceUnitRequest], tx: Transaction) -> dict[str, Any]:
    """Change the description, the accounts or the taxes of a unit; what is left out stays."""
    check_management(call, tx)
    asked = call.input

    def work() -> dict[str, Any]:
        unit = known_unit(tx, call.account, asked["InvoiceUnitArn"])
        changed = msgspec.structs.replace(
            unit,
            description=asked.get("Description", unit.description),
            tax_inheritance_disabled=asked.get("TaxInheritanceDisabled", unit.tax_inheritance_disabled),
            linked=_linked(_mapping(asked["Rule"])) if "Rule" in asked else unit.linked,
        )
        directory.update_unit(tx, unit, changed, call.at)
        return {"InvoiceUnitArn": unit.id}

    return TOKENS.once(call, tx, work)


@operation("DeleteInvoiceUnit")
def delete_invoice_unit(call: Call[shapes.DeleteInvoiceUnitRequest], tx: Transaction) -> dict[str, Any]:
    """End a unit: what its accounts cost is on the invoice of the management account again."""
    check_management(call, tx)

    def work() -> dict[str, Any]:
        unit = known_unit(tx, call.account, call.input["InvoiceUnitArn"])
        directory.delete_unit(tx, unit, call.at)
        return {"InvoiceUnitArn": unit.id}

    return TOKENS.once(call, tx, work)
