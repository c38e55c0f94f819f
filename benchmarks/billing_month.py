"""10,000,000 records of usage of 1,000 accounts, billed: seconds and memory of `run_month`, on one core.

python benchmarks/billing_month.py [--records 1000000 10000000] [--commitments 120]

The records are those of `billing.py`, in a ledger; half of the commitments are reservations of several families, half
are Savings Plans of both kinds, spread over the accounts, all of which share. Each bill is made in a process of its
own. The peer is the engine that goes piece by piece, on a hundredth of the smallest number of records.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from fractions import Fraction
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from billing import ACCOUNTS, FIRST_ACCOUNT, write_usage

PERIOD = "2026-03"
PAYER = str(FIRST_ACCOUNT)
FAMILIES = ("m5", "c5", "r5", "t3")
REGIONS = ("us-east-1", "eu-west-1")


def inputs_of(commitments, folder, payer=PAYER):
    from remit.billing.commitments.reservations import Reservation
    from remit.billing.commitments.savings_plans import PlanKind, SavingsPlan
    from remit.billing.engine.inputs import Inputs, Membership
    from remit.billing.ledger.price_shelf import PriceShelf, sample_offers
    from remit.billing.months import Month

    shelf = PriceShelf(folder / "prices")
    for offer in sample_offers():
        shelf.add_content(offer)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    accounts = [str(FIRST_ACCOUNT + number) for number in range(ACCOUNTS)]
    reservations, plans = [], []
    for number in range(commitments // 2):
        family, region = FAMILIES[number % 4], REGIONS[number % 2]
        attributes = {"instanceType": f"{family}.large", "operatingSystem": "Linux", "tenancy": "Shared"}
        reservations.append(
            Reservation(
                f"ri-{number:05}", accounts[number * 37 % ACCOUNTS], "AmazonEC2", region, attributes, 5 + number % 7,
                start, end, upfront=Fraction(100 * (number % 3)), hourly=Fraction("0.05"),
            )
        )  # fmt: skip
        is_ec2 = number % 2 == 0
        kind = PlanKind.EC2_INSTANCE if is_ec2 else PlanKind.COMPUTE
        plans.append(
            SavingsPlan(
                f"sp-{number:05}", accounts[number * 91 % ACCOUNTS], kind, Fraction(3 + number % 5), start,
                end, family if is_ec2 else "", region if is_ec2 else "",
            )
        )  # fmt: skip
    return Inputs(
        Month.parse(PERIOD),
        shelf.price_list(datetime(2026, 4, 1, tzinfo=UTC)),
        memberships=tuple(Membership(account, payer) for account in accounts if account != payer),
        reservations=tuple(reservations),
        savings_plans=tuple(plans),
    )


def bill(folder, commitments):
    from remit.billing.ledger import Ledger
    from remit.billing.monthly.run import run_month

    inputs = inputs_of(commitments, folder)
    started, cpu = time.perf_counter(), time.process_time()
    billed = run_month(Ledger(folder / "ledger"), inputs, PAYER)
    print(
        json.dumps(
            {
                "lines": billed.lines,
                "seconds": round(time.perf_counter() - started, 1),
                "cpu": round(time.process_time() - cpu, 1),
                "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


def bill_by_pieces(folder, commitments, records):
    from remit.billing.engine.month import bill as bill_pieces
    from remit.billing.ledger import Ledger

    inputs = inputs_of(commitments, folder)
    usage = tuple(recorded.usage for recorded in islice(Ledger(folder / "ledger").usage(PERIOD), records))
    cpu = time.process_time()
    bill_pieces(inputs._replace(usage=usage), PAYER)
    print(json.dumps({"cpu": round(time.process_time() - cpu, 1)}))


def alone(*arguments):
    """Run this file again, on one core."""
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}),
    )
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--commitments", type=int, default=120)
    parser.add_argument("--bill", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pieces", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.bill and asked.pieces:
        bill_by_pieces(asked.bill, asked.commitments, asked.pieces)
        return
    if asked.bill:
        bill(asked.bill, asked.commitments)
        return
    for number, records in enumerate(asked.records):
        with tempfile.TemporaryDirectory() as work:
            from remit.billing.ledger import Ledger
            from remit.billing.ledger.readers import source_of

            folder = Path(work)
            write_usage(folder / "usage.parquet", records, PERIOD)
            Ledger(folder / "ledger").add_source(source_of(folder / "usage.parquet"), lambda _: True)
            arguments = ("--commitments", asked.commitments, "--bill", folder)
            found = alone(*arguments)
            each = found["cpu"] / records * 1e6
            print(f"{records:,} records, {asked.commitments} commitments: {found}, {each:.1f} us of CPU a record")
            if number == 0:
                some = records // 100
                peer = alone(*arguments, "--pieces", some)["cpu"] / some * 1e6
                print(f"piece by piece, {some:,} records: {peer:.0f} us a record, {peer / each:.0f} times as long")


if __name__ == "__main__":
    main()
