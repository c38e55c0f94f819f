"""`remit prices import`."""

from pathlib import Path

import click

from remit.billing.ledger import LedgerError
from remit.billing.ledger.price_shelf import Imported, PriceShelf, price_folder, sample_offers
from remit.billing.monthly.told import tell_prices
from remit.billing.prices.products import PriceMistake
from remit.cli.frame import framed
from remit.cli.options import data_option, has_store, open_store, settings_here
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.endpoint.settings import Settings
from remit.store import StoreError


@framed("import", "remit prices import AmazonEC2.json")
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sample", is_flag=True, help="Take the sample that comes with Remit: round figures of our own.")
@data_option
@json_option
def import_(*, files: tuple[Path, ...], sample: bool, data: Path | None, as_json: bool) -> None:
    """Take price lists from each FILE: AWS's offer files in JSON, of services and of Savings Plans, also as .gz.

    Each price holds from its date until the next one of the same product. Versions that are there stay.
    """
    if not files and not sample:
        raise click.UsageError("name a FILE, or take --sample")
    settings = settings_here(None, data)
    shelf = PriceShelf(price_folder(settings.data))
    told: list[Imported] = []
    name: object = "the sample"
    try:
        told += [shelf.add_content(content) for content in (sample_offers() if sample else ())]
        for name in files:
            told.append(shelf.add(name))
    except (PriceMistake, LedgerError) as error:
        raise Failed(f"{name}: {error}", REFUSED) from None
    except OSError as error:
        raise Failed(
            f"{name}: cannot write {error.filename or price_folder(settings.data)}: {error.strerror}"
        ) from None
    finally:
        _tell(settings, data)
    if as_json:
        Say.json([one._asdict() for one in told])
        return
    for one in told:
        what = "rates" if one.service == "plans" else "products"
        new = "" if one.is_new else ", there already"
        Say.line(f"{one.service} {one.version}: {one.entries} {what}{new}")


def _tell(settings: Settings, data: Path | None) -> None:
    """Put what was imported into the trail; without a store yet, the first command that finds one does."""
    if not has_store(settings):
        return
    _, database = open_store(None, data)
    try:
        tell_prices(database, settings.data)
    except StoreError as error:
        raise Failed(str(error)) from None
    except OSError as error:
        raise Failed(f"cannot write {error.filename or price_folder(settings.data)}: {error.strerror}") from None
    finally:
        database.close_now()
