"""Our own records, as JSON Lines, CSV and Parquet."""

import csv
import gzip
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from billing.facts import is_ours, usage

from remit.billing.ledger import Ledger, UsageRefused
from remit.billing.ledger.readers import source_of


def record(**members: Any) -> dict[str, Any]:
    return {
        "usage_id": "u-1",
        "account": "444455556666",
        "service": "AmazonEC2",
        "usage_type": "USE2-BoxUsage:m5.large",
        "operation": "RunInstances",
        "region": "us-east-2",
        "start": "2026-03-01T00:00:00Z",
        "end": "2026-03-01T01:00:00Z",
        "quantity": "1",
        "unit": "Hrs",
        **members,
    }


def json_lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in records).encode()


def csv_text(records: list[dict[str, Any]]) -> bytes:
    names = list(dict.fromkeys(name for one in records for name in one))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: json.dumps(value) if isinstance(value, dict) else value for key, value in one.items()} for one in records
    )
    return text.getvalue().encode()


def written(folder: Path, name: str, records: list[dict[str, Any]]) -> Path:
    path = folder / name
    content = csv_text(records) if ".csv" in name.lower() else json_lines(records)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "billing")


FORMS = ["usage.jsonl", "usage.jsonl.gz", "usage.ndjson", "usage.csv", "usage.CSV", "usage.csv.gz"]


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_the_same_in_every_form(ledger, tmp_path, form):
    records = [
        record(quantity="0.000000000000000001", zone="us-east-2a", resource="i-1", tags={"team": 'a "b", c', "x": ""}),
        record(usage_id="u-2", quantity="1.5e-3", start="2026-03-01T02:00:00+02:00"),
    ]

    ledger.add_source(source_of(written(tmp_path, form, records)), is_ours)

    assert [recorded.usage for recorded in ledger.usage("2026-03")] == [
        usage(
            "u-1",
            quantity=Fraction(1, 10**18),
            zone="us-east-2a",
            resource="i-1",
            tags={"team": 'a "b", c', "x": ""},
        ),
        usage("u-2", quantity=Fraction("0.0015")),
    ]


def test_records_as_parquet(ledger, tmp_path):
    path = tmp_path / "usage.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'u-1' AS usage_id, '444455556666' AS account, 'AmazonEC2' AS service,"
            " 'USE2-BoxUsage:m5.large' AS usage_type, 'RunInstances' AS operation, 'us-east-2' AS region,"
            " TIMESTAMP '2026-03-01 00:00:00' AS start, TIMESTAMP '2026-03-01 01:00:00' AS \"end\","
            " 0.1::DOUBLE AS quantity, 'Hrs' AS unit, MAP {'team': 'blue'} AS tags)"
            f" TO '{path}' (FORMAT parquet)"
        )

    ledger.add_source(source_of(path), is_ours)

    assert [recorded.usage for recorded in ledger.usage("2026-03")] == [
        usage("u-1", quantity=Fraction("0.1"), tags={"team": "blue"})
    ]


def test_the_same_records_in_another_form_are_known(ledger, tmp_path):
    records = [record(usage_id=f"u-{number}", quantity=f"{number}.50") for number in range(5)]
    for form in FORMS:
        added = ledger.add_source(source_of(written(tmp_path, form, records)), is_ours)

    assert (added.added, added.known) == ({}, 5)


BAD = {
    "a number without quotes": ({"quantity": 1.5}, r"expected `str`, got `float` - at `\$.quantity`: write numbers in"),
    "a name that is none": ({"ressource": "i-1"}, "object contains unknown field `ressource`"),
    "no unit": ({"unit": ""}, "length >= 1"),
    "a short account": ({"account": "1"}, r"`\$.account`"),
    "tags that are none": ({"tags": {"team": 1}}, "tags"),
    "not a number": ({"quantity": "NaN"}, "quantity `NaN` is no finite number"),
    "infinity": ({"quantity": "-Infinity"}, "quantity `-Infinity` is no finite number"),
    "hexadecimal": ({"quantity": "0x10"}, "is no decimal number"),
    "a comma": ({"quantity": "1,5"}, "is no decimal number"),
    "nineteen places": ({"quantity": "0.1234567890123456789"}, "has more than 18 places"),
    "nineteen places by exponent": ({"quantity": "15e-19"}, "has more than 18 places"),
    "twenty-one digits": ({"quantity": "1" * 21}, "more than 20 digits before the point"),
    "no zone": ({"start": "2026-03-01T00:00:00"}, "start `2026-03-01T00:00:00` has no time zone"),
    "a day": ({"end": "2026-03-02"}, "end `2026-03-02` has no time zone"),
    "no such day": ({"start": "2026-02-30T00:00:00Z"}, "start `2026-02-30T00:00:00Z` is no time"),
    "the end first": ({"end": "2026-03-01T00:00:00Z"}, "is not after start"),
    "over the month": ({"end": "2026-04-01T00:00:01Z"}, "runs into the next month"),
    "negative": ({"quantity": "-1"}, "of that there is 0: correct no more"),
}


@pytest.mark.parametrize(("members", "message"), BAD.values(), ids=BAD)
def test_a_bad_record_refuses_the_file_with_its_line(ledger, tmp_path, members, message):
    path = written(tmp_path, "usage.jsonl", [record(resource="other"), record(usage_id="u-2", **members)])

    with pytest.raises(UsageRefused, match=f"usage.jsonl, line 2: .*{message}"):
        ledger.add_source(source_of(path), is_ours)

    assert ledger.usage_months() == {}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"unit": ""}, "row 2: unit is missing"),
        ({"account": "1"}, "row 2: account `1` is not twelve digits"),
        ({"tags": "team"}, "row 2: tags is no JSON object"),
        ({"quantity": "inf"}, "row 2: quantity `inf` is no finite number"),
        ({"start": ""}, "row 2: start is missing"),
    ],
)
def test_a_bad_row_refuses_the_table(ledger, tmp_path, members, message):
    path = written(tmp_path, "usage.csv", [record(), record(usage_id="u-2", **members)])

    with pytest.raises(UsageRefused, match=message):
        ledger.add_source(source_of(path), is_ours)


@pytest.mark.parametrize("places", ["1.000000000000000000000", "0.5000000000000000000e1"])
def test_zeros_at_the_end_are_no_places(ledger, tmp_path, places):
    ledger.add_source(source_of(written(tmp_path, "usage.jsonl", [record(quantity=places)])), is_ours)

    assert [recorded.usage.quantity for recorded in ledger.usage("2026-03")] == [Fraction(places)]


@pytest.mark.parametrize("form", ["usage.jsonl", "usage.jsonl.gz", "usage.csv", "usage.csv.gz"])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.999])
def test_a_file_that_is_cut_is_refused_whole(ledger, tmp_path, form, kept):
    path = written(tmp_path, form, [record(usage_id=f"u-{number:03}", resource="i" * number) for number in range(200)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(UsageRefused, match=r"cut|values instead of"):
        ledger.add_source(source_of(path), is_ours)

    assert ledger.usage_months() == {}


def test_a_packed_file_with_a_wrong_checksum_is_refused(ledger, tmp_path):
    path = written(tmp_path, "usage.jsonl.gz", [record()])
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)

    with pytest.raises(UsageRefused, match="is damaged"):
        ledger.add_source(source_of(path), is_ours)


def test_packed_files_that_were_joined_are_read_whole(ledger, tmp_path):
    path = tmp_path / "usage.jsonl.gz"
    path.write_bytes(b"".join(gzip.compress(json_lines([record(usage_id=one)])) for one in "ab"))

    added = ledger.add_source(source_of(path), is_ours)

    assert added.added == {"2026-03": 2}


def test_a_parquet_file_that_is_cut_is_refused(tmp_path):
    path = tmp_path / "usage.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 'u' AS usage_id) TO '{path}' (FORMAT parquet)")
    path.write_bytes(path.read_bytes()[:-7])

    with pytest.raises(UsageRefused, match="is no Parquet file, or was cut"):
        source_of(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "usage.csv",
            b"usage_id,account\nu-1,444455556666\n",
            "column service is missing, column usage_type is missing",
        ),
        ("usage.csv", b"usage_id,usage_id\na,b\n", "has a column twice, or without a name: usage_id"),
        ("usage.csv", b"a,b\n1,2\n", "neither those of usage records"),
        ("usage.csv", b"", "does not end with a line break"),
        ("usage.txt", b"", "name it .jsonl, .csv or .parquet"),
        ("usage.jsonl", b"\n", "line 1 is empty"),
        ("usage.jsonl", json_lines([record()]) + b"\n" + json_lines([record(usage_id="b")]), "line 2 is empty"),
        ("usage.jsonl", b"[]\n", "line 1: expected `object`, got `array`"),
        ("usage.jsonl", b"\xff\n", "line 1"),
    ],
)
def test_what_is_no_file_of_usage_is_refused(ledger, tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UsageRefused, match=message):
        ledger.add_source(source_of(path), is_ours)


def test_an_empty_file_has_no_records(ledger, tmp_path):
    (tmp_path / "usage.jsonl").write_bytes(b"")

    assert ledger.add_source(source_of(tmp_path / "usage.jsonl"), is_ours).added == {}


def test_a_csv_row_that_is_torn_is_told_with_its_line(ledger, tmp_path):
    path = written(tmp_path, "usage.csv", [record(), record(usage_id="u-2")])
    path.write_bytes(path.read_bytes()[:-30] + b"\n")

    with pytest.raises(UsageRefused, match=r"line 3: [0-9] values instead of 10; the file may have been cut"):
        ledger.add_source(source_of(path), is_ours)


def test_a_file_longer_than_a_block_is_told_with_its_line(ledger, tmp_path):
    records = [record(usage_id=f"u-{number}", resource="r" * 1000) for number in range(5000)]
    path = written(tmp_path, "usage.jsonl", [*records, record(usage_id="late", quantity=1)])

    with pytest.raises(UsageRefused, match="line 5001: expected"):
        ledger.add_source(source_of(path), is_ours)


def test_the_month_of_the_start_counts(ledger, tmp_path):
    path = written(
        tmp_path, "usage.jsonl", [record(start="2026-03-01T00:30:00+01:00", end="2026-03-01T00:45:00+01:00")]
    )

    added = ledger.add_source(source_of(path), is_ours)

    assert added.added == {"2026-02": 1}
