"""`remit prices show`."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import click

from remit.billing.ledger import LedgerError
from remit.billing.ledger.price_shelf import PriceShelf, price_folder
from remit.billing.money import text
from remit.billing.prices.products import Price, PriceMistake
from remit.cli.frame import framed
from remit.cli.options import data_option, settings_here
from remit.cli.output import Failed, Say, json_option


@framed("show", "remit prices show AmazonEC2")
@click.argument("service", required=False)
@data_option
@json_option
def show(*, service: str | None, data: Path | None, as_json: bool) -> None:
    """Show the price lists that were imported, or the prices of SERVICE and since when they hold."""
    shelf = PriceShelf(price_folder(settings_here(None, data).data))
    try:
        rows = _versions(shelf) if service is None else _prices(shelf, service)
    except (LedgerError, PriceMistake) as error:
        raise Failed(str(error)) from None
    if as_json:
        Say.json(rows)
    elif rows:
        Say.table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        Say.line(f"No prices{f' of {service}' if service else ''}; `remit prices import` brings them in.")


def _versions(shelf: PriceShelf) -> list[dict[str, object]]:
    found = [(offer.service, offer.version, offer.published, len(offer.products)) for offer in shelf.offers()]
    found += [("plans", offer.version, offer.published, len(offer.rates)) for offer in shelf.plan_offers()]
    return [
        {"service": service, "version": version, "published": f"{published:%Y-%m-%d}", "entries": entries}
        for service, version, published, entries in found
    ]


def _prices(shelf: PriceShelf, service: str) -> list[dict[str, object]]:
    return [
        {
            "usage type": product.usage_type,
            "operation": product.operation,
            "region": product.region,
            "since": f"{price.since:%Y-%m-%d}",
            "unit": price.unit,
            "USD": _tiers(price),
        }
        for product in shelf.price_list(datetime.now(UTC)).products
        if product.service == service
        for price in product.prices
    ]


def _tiers(price: Price) -> str:
    return ", ".join(
        text(tier.price) + (f" from {text(tier.begin)}" if tier.begin != Fraction(0) else "") for tier in price.tiers
    )
