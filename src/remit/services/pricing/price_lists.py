"""Price list files: which there are of a service at a date, and links to them that are good for five minutes.

Source: Price List API reference, ListPriceLists and GetPriceListFileUrl; `docs/choices-billing.md`.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from remit.billing.ledger.price_shelf import PLANS
from remit.billing.prices.catalogue import in_order
from remit.billing.prices.offers import CURRENCY
from remit.billing.prices.price_files import regions_of
from remit.directory.billing.links import BILLING_LINKS, PriceFile
from remit.request import Call
from remit.services.pricing import shapes
from remit.services.pricing.errors import missing, wrong
from remit.services.pricing.pages import page
from remit.services.pricing.registry import operation
from remit.services.pricing.shelf import of_shelf, shelf_of
from remit.store import Transaction

# Under which code the rates of Savings Plans are listed: one file for all regions and kinds of plans.
_PLAN_CODE = "ComputeSavingsPlans"
_FORMS, _PLAN_FORMS = ("json", "csv"), ("json",)
_ARN = re.compile(
    r"arn:[^:]+:pricing:::price-list/aws/([A-Za-z0-9_-]+)/USD/([A-Za-z0-9_-]+)(?:/([a-z0-9-]+))?", re.ASCII
)


class _Reference(NamedTuple):
    """A price list file; *region* is empty for the rates of Savings Plans."""

    code: str
    version: str
    region: str

    def arn(self, partition: str) -> str:
        """Return what names it."""
        ends = f"/{self.region}" if self.region else ""
        return f"arn:{partition}:pricing:::price-list/aws/{self.code}/{CURRENCY}/{self.version}{ends}"

    @property
    def forms(self) -> Sequence[str]:
        """The forms that it is there in."""
        return _FORMS if self.region else _PLAN_FORMS


def _every(call: Call[Any], code: str, at: datetime | None) -> list[_Reference]:
    """Return the files of a service: of all versions, or of the one that was the newest at a moment."""
    shelf = shelf_of(call)
    if code == _PLAN_CODE:
        plans = sorted((offer.published, offer.version) for offer, _ in shelf.plan_files())
        versions = [version for published, version in plans if at is None or published <= at]
        return [_Reference(code, version, "") for version in (versions if at is None else versions[-1:])]
    offers = in_order(offer for offer in shelf.offers_of(code) if at is None or offer.published <= at)
    chosen = offers if at is None else offers[-1:]
    return [_Reference(code, offer.version, region) for offer in chosen for region in regions_of(offer)]


@operation("ListPriceLists")
def list_price_lists(call: Call[shapes.ListPriceListsRequest], tx: Transaction) -> dict[str, Any]:
    """List the files of the version of a service's price list that was the newest at a date, by region."""
    asked = call.input
    code, region = asked["ServiceCode"], asked.get("RegionCode")

    def work() -> list[_Reference]:
        if not _every(call, code, None):
            raise missing(f"There is no price list of the service {code}.")
        return _every(call, code, asked["EffectiveDate"]) if asked["CurrencyCode"] == CURRENCY else []

    every = [one for one in of_shelf(call, work) if region in (None, one.region)]
    found, following = page(call, tx, every, lambda one: one.region)
    return {"PriceLists": [_shown(call, one) for one in found], **following}


def _shown(call: Call[Any], one: _Reference) -> dict[str, Any]:
    region = {"RegionCode": one.region} if one.region else {}
    return {
        "PriceListArn": one.arn(call.partition),
        "CurrencyCode": CURRENCY,
        "FileFormats": list(one.forms),
        **region,
    }


@operation("GetPriceListFileUrl")
def get_price_list_file_url(call: Call[shapes.GetPriceListFileUrlRequest], tx: Transaction) -> dict[str, Any]:
    """Give a link to a price list file."""
    arn, form = call.input["PriceListArn"], call.input["FileFormat"]
    said = _ARN.fullmatch(arn)
    wanted = None if said is None else _Reference(said[1], said[2], said[3] or "")
    known = [] if wanted is None else of_shelf(call, lambda: _every(call, wanted.code, None))
    if wanted is None or wanted not in known:
        raise missing(f"There is no price list {arn}.")
    if form not in wanted.forms:
        raise wrong(f"FileFormat must be one of {', '.join(wanted.forms)}.")
    service = PLANS if wanted.code == _PLAN_CODE else wanted.code
    target = PriceFile(service, wanted.version, wanted.region, form)
    name = "-".join(filter(None, (wanted.code, wanted.version, wanted.region)))
    return {"Url": BILLING_LINKS.to(tx.keyring, call.endpoint, f"{name}.{form}", target, call.at)}
