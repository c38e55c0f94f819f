"""A month of a ledger billed: over columns where that will do, else piece by piece."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from remit.billing.bulk.month import bill_columns
from remit.billing.bulk.unsuited import Unsuited
from remit.billing.engine.inputs import CommitmentUse, CreditUse, Inputs
from remit.billing.engine.month import bill
from remit.billing.ledger import Ledger, LedgerError
from remit.billing.ledger.columnar import first_line, interruptible
from remit.billing.ledger.files import folder_made
from remit.billing.money import text
from remit.billing.monthly.gathered import Gathered
from remit.billing.monthly.terms import agreed
from remit.billing.months import Month
from remit.billing.prices.products import PriceList
from remit.billing.scenarios.form import ScenarioForm

_WORK = "run-"
# The name under which the digest of the inputs is kept with the bill.
INPUTS = "inputs"


class Billed(NamedTuple):
    """What came out.

    Attributes:
        unpriced: lines without a price.
        piece_by_piece: why the month was not billed over columns; empty where it was.
    """

    period: str
    lines: int
    unblended: Fraction
    unpriced: int
    credit_uses: Sequence[CreditUse]
    piece_by_piece: str


def inputs_for(month: Month, payer: str, prices: PriceList, known: Gathered, terms: ScenarioForm | None) -> Inputs:
    """Put together what decides the month, usage apart.

    Raises:
        ScenarioMistake: the terms name an account that is none of the payer's.
    """
    base = agreed(terms, str(month), payer, known.accounts) if terms else Inputs(month, prices)
    return base._replace(
        prices=prices,
        usage=(),
        memberships=known.memberships,
        sharing={payer: known.sharing},
        credits=known.credits,
        zones={},
    )


def run_month(ledger: Ledger, inputs: Inputs, payer: str, digest: str = "") -> Billed:
    """Bill a month into *ledger*. Whoever calls it is the only one that bills the month: see `month_locks`.

    Args:
        digest: what the inputs were, usage apart; it is kept with the bill.

    Raises:
        MonthClosed: it is closed.
        LedgerError: the usage cannot be read, or the lines cannot be written.
    """
    import duckdb

    ledger.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    prefix = f"{_WORK}{inputs.month}-"
    for left in ledger.folder.glob(f"{prefix}*"):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=ledger.folder) as folder:
        try:
            return _over_columns(ledger, inputs, payer, digest, Path(folder))
        except Unsuited as error:
            return _piece_by_piece(ledger, inputs, payer, digest, str(error))
        except duckdb.Error as error:
            raise LedgerError(f"cannot bill {inputs.month}: {first_line(error)}") from None


def _over_columns(ledger: Ledger, inputs: Inputs, payer: str, digest: str, work: Path) -> Billed:
    period = str(inputs.month)
    with ledger.open_usage(period, spill=folder_made(work / "spill")) as opened:
        version = opened.version
        found = interruptible(opened.connection, lambda: bill_columns(opened.connection, inputs, payer, work))
    written = ledger.put_month(period, found.files, _facts(found.commitments, found.unpriced, digest), version)
    return Billed(period, written.lines, found.unblended, found.unpriced, found.credit_uses, "")


def _piece_by_piece(ledger: Ledger, inputs: Inputs, payer: str, digest: str, reason: str) -> Billed:
    period = str(inputs.month)
    version = ledger.usage_version(period)
    recorded = list(ledger.usage(period))
    found = bill(
        inputs._replace(
            usage=tuple(one.usage for one in recorded if not one.corrects),
            late=tuple((one.usage, one.corrects) for one in recorded if one.corrects),
        ),
        payer,
    )
    unpriced = len(found.unpriced)
    written = ledger.write_month(period, found.lines, _facts(found.commitments, unpriced, digest), version)
    total = sum((line.unblended for line in found.lines), Fraction(0))
    return Billed(period, written.lines, total, unpriced, found.credit_uses, reason)


def _facts(commitments: Mapping[str, CommitmentUse], unpriced: int, digest: str) -> dict[str, Any]:
    """Return what is kept of the bill beside its lines."""
    return {
        "unpriced": unpriced,
        INPUTS: digest,
        "commitments": {
            name: {"total": text(use.total), "used": text(use.used)} for name, use in sorted(commitments.items())
        },
    }
