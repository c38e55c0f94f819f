"""The price lists of a store: every version of every offer that was imported, as files.

prices/AmazonEC2.20260301000000.json    an offer file
prices/plans.20260301000000.json        rates of Savings Plans
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from remit.billing.ledger.errors import LedgerDamaged, LedgerError
from remit.billing.ledger.files import folder_made, one_writer, replaced
from remit.billing.ledger.readers.packed import blocks_of
from remit.billing.prices.catalogue import Listed, listed
from remit.billing.prices.offers import Offer, offer_read
from remit.billing.prices.plan_offers import PlanOffer, plan_offer_read, with_plan_rates
from remit.billing.prices.products import PriceList, PriceMistake
from remit.billing.prices.versions import merged

PLANS = "plans"
_KEPT = 16
_NAME = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


class _Kind(msgspec.Struct):
    offerCode: str = ""  # noqa: N815  # the name is AWS's


class _File(NamedTuple):
    """A file as it is; another one once it was changed."""

    path: Path
    changed: int
    size: int


class Imported(NamedTuple):
    """What became of a file.

    Attributes:
        service: `plans` for the rates of Savings Plans.
        entries: how many products, or rates.
        is_new: False if this version was there, and said the same.
    """

    service: str
    version: str
    entries: int
    is_new: bool


def price_folder(data: Path) -> Path:
    """Return where the price lists lie in a data folder; they are for every payer."""
    return data / "billing" / "prices"


class PriceShelf:
    """The offers in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, path: Path) -> Imported:
        """Take a file, whole or not at all; gzip if its name ends in `.gz`.

        Raises:
            PriceMistake: it is no offer file, or contradicts one that is there.
            UsageRefused: it cannot be read to its end.
        """
        return self.add_content(b"".join(blocks_of(path)))

    def add_content(self, content: bytes) -> Imported:
        """Take what a file holds.

        Raises:
            PriceMistake: it is no offer file, or contradicts one that is there.
        """
        offer = _read(content)
        service = offer.service if isinstance(offer, Offer) else PLANS
        entries = len(offer.products) if isinstance(offer, Offer) else len(offer.rates)
        name = f"{service}.{offer.version}"
        if not _NAME.fullmatch(name):
            raise PriceMistake(f"offer `{service}` of version `{offer.version}`: letters, digits, - and _ only")
        with one_writer(self._folder):
            path = self._folder / f"{name}.json"
            if path.exists():
                if path.read_bytes() != content:
                    raise PriceMistake(f"version {offer.version} of {service} is there and says something else")
                return Imported(service, offer.version, entries, is_new=False)
            if isinstance(offer, Offer):
                PriceList(merged([*self.offers(), offer]))
            replaced(folder_made(self._folder) / f"{name}.json", content)
        return Imported(service, offer.version, entries, is_new=True)

    def offers(self) -> list[Offer]:
        """Return every version of every offer, by service and version."""
        return [offer for offer in self._every() if isinstance(offer, Offer)]

    def plan_offers(self) -> list[PlanOffer]:
        """Return every version of the rates of Savings Plans."""
        return [offer for offer in self._every() if isinstance(offer, PlanOffer)]

    def services(self) -> list[str]:
        """Return the codes of the services that have an offer; no file is read."""
        return sorted({path.name.partition(".")[0] for path in self._folder.glob("*.json")} - {PLANS})

    def offers_of(self, service: str) -> list[Offer]:
        """Return the versions of a service's offer; a file that was read before is not read again.

        Raises:
            LedgerDamaged: a file cannot be read.
        """
        return [offer for _, offer in self._once(service) if isinstance(offer, Offer)]

    def listed(self, service: str, at: datetime) -> Sequence[Listed]:
        """Return what a service sells, by SKU, as its versions say that are published by a moment.

        What was put together before is not put together again.

        Raises:
            LedgerDamaged: a file cannot be read.
            PriceMistake: two versions contradict each other.
        """
        every = self._once(service)
        return _listed(tuple(file for file, one in every if isinstance(one, Offer) and one.published <= at))

    def plan_files(self) -> list[tuple[PlanOffer, bytes]]:
        """Return the versions of the rates of Savings Plans, each with its file.

        Raises:
            LedgerDamaged: a file cannot be read.
        """
        every = self._once(PLANS)
        return [(offer, file.path.read_bytes()) for file, offer in every if isinstance(offer, PlanOffer)]

    def _once(self, service: str) -> list[tuple[_File, Offer | PlanOffer]]:
        paths = sorted(self._folder.glob(f"{service}.*.json")) if _CODE.fullmatch(service) else []
        found: list[tuple[_File, Offer | PlanOffer]] = []
        for path in paths:
            try:
                status = path.stat()
                file = _File(path, status.st_mtime_ns, status.st_size)
                found.append((file, _read_once(file)))
            except (OSError, PriceMistake) as error:
                raise LedgerDamaged(f"cannot read {path}: {error}; restore it, or import it anew") from None
        return found

    def price_list(self, at: datetime) -> PriceList:
        """Return every price there is; rates of plans for one year without upfront payment as they are *at* a moment.

        Raises:
            LedgerDamaged: a file cannot be read.
        """
        rates = [rate for offer in self.plan_offers() for rate in offer.rates]
        return PriceList(with_plan_rates(merged(self.offers()), rates, at))

    def _every(self) -> list[Offer | PlanOffer]:
        found: list[Offer | PlanOffer] = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(_read(path.read_bytes()))
            except (OSError, PriceMistake) as error:
                raise LedgerDamaged(f"cannot read {path}: {error}; restore it, or import it anew") from None
        return found


def sample_offers() -> list[bytes]:
    """Return the offer files of our own sample: round figures that nobody charges."""
    folder = Path(__file__).parents[1] / "prices" / "data"
    found = [path.read_bytes() for path in sorted(folder.glob("*.json"))]
    if not found:
        raise LedgerError("the sample of prices is missing from the installation; install Remit anew")
    return found


@lru_cache(maxsize=_KEPT)
def _read_once(file: _File) -> Offer | PlanOffer:
    """Read a file."""
    return _read(file.path.read_bytes())


@lru_cache(maxsize=_KEPT)
def _listed(files: tuple[_File, ...]) -> Sequence[Listed]:
    """Put together what the versions in *files* sell."""
    return listed(offer for offer in map(_read_once, files) if isinstance(offer, Offer))


def _read(content: bytes) -> Offer | PlanOffer:
    try:
        kind = msgspec.json.decode(content, type=_Kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceMistake(f"no offer file: {error}") from None
    return offer_read(content) if kind.offerCode and b'"savingsPlan"' not in content else plan_offer_read(content)
