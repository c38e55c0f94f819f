"""How a line comes about, in sentences, from what the line itself says."""

from collections.abc import Mapping
from typing import Any

from remit.billing.lines import LineType, Pricing
from remit.billing.money import cents, exact, text


def steps(line: Mapping[str, Any]) -> list[str]:
    """Return the steps to *line*, whose members are the columns of a ledger.

    Sources of the rules are sections of the `consolidated-billing` reference.
    """

    def number(name: str) -> str:
        return text(exact(line[name]))

    kind, pricing = line["line_type"], line["pricing"]
    what = " ".join(filter(None, (line["service"], line["usage_type"], line["operation"])))
    unit = line["unit"] or "units"
    told: list[str] = []
    if line["usage_id"]:
        told.append(
            f"Record {line['usage_id']}: account {line['account']} used {what}"
            f"{' in ' + line['region'] if line['region'] else ''} from {line['start']} to {line['end']}; "
            f"of it this line has {number('quantity')} {unit}."
        )
    else:
        told.append(f"{kind} of account {line['account']}: {what}; {line['description']}.")
    if line["corrects"]:
        told.append(f"It came after {line['corrects']} was closed, so it is billed in {line['period']} (1.5).")
    told += _price(line, kind, pricing, unit, number)
    if exact(line["blended"]) != exact(line["unblended"]):
        told.append(f"The organization pays on average another price for it: blended {number('blended')} USD (4).")
    if exact(line["amortized"]) != exact(line["unblended"]):
        told.append(f"With what was paid ahead, or without what others use: amortized {number('amortized')} USD (4).")
    if exact(line["net_unblended"]) != exact(line["unblended"]):
        told.append(f"After private rates: {number('net_unblended')} USD net (2.7).")
    told.append(
        f"{line['payer']} pays for {line['account']} (1.1); in cents, half to even: "
        f"{cents(exact(line['unblended']))} USD (9)."
    )
    return told


def _price(  # noqa: PLR0911  # a case for each kind of price
    line: Mapping[str, Any], kind: str, pricing: str, unit: str, number: Any
) -> list[str]:
    match pricing:
        case Pricing.UNPRICED:
            return [f"No price is known for it: it is counted, and in no sum (8.3). SKU: {line['sku'] or 'none'}."]
        case Pricing.RESERVED:
            return [
                (
                    f"Reservation {line['commitment']} covers it: owners first, then who shares, smallest size first "
                    "(2.2, 2.3)."
                ),
                (
                    f"Covered usage costs 0; the fee has a line of its own. On demand it would cost "
                    f"{number('list_cost')} USD."
                ),
            ]
        case Pricing.SAVINGS_PLAN if kind == LineType.SAVINGS_PLAN_NEGATION:
            return [
                (
                    f"Savings Plan {line['commitment']} covers the usage: its price, {number('unblended')} USD, is "
                    "taken back (4)."
                )
            ]
        case Pricing.SAVINGS_PLAN:
            return [
                f"Savings Plan {line['commitment']} covers it: the highest saving in percent first (2.4).",
                (
                    f"On demand {number('quantity')} {unit} x {number('rate')} = {number('unblended')} USD, "
                    f"which a negation line takes back; of the plan it takes {number('amortized')} USD."
                ),
            ]
        case Pricing.FREE_TIER:
            return [f"It is {line['description']}, once a month for the whole organization (2.5)."]
        case Pricing.ON_DEMAND:
            tier = f" in tier {line['tier']}, which all accounts together have reached (3)" if line["tier"] else ""
            return [f"{number('quantity')} {unit} x {number('rate')} USD{tier} = {number('unblended')} USD (2.6)."]
        case _:
            rule = {"Credit": " (5.1 to 5.3)", "Tax": " (1.7)", "RIFee": " (4)"}.get(kind, "")
            return [f"Amount: {number('unblended')} USD{rule}."]
