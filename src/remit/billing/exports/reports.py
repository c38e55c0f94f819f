"""Reports of the older kind: their columns, how their files lie in a bucket, and the manifest that names them.

    PREFIX/NAME/20260301-20260401/ASSEMBLY/NAME-1.csv.gz     the rows, kept each time
    PREFIX/NAME/20260301-20260401/NAME-1.csv.gz              the rows, overwritten each time
    PREFIX/NAME/NAME/year=2026/month=3/NAME-00001.snappy...  the rows, overwritten each time, where Athena reads them
    PREFIX/NAME/20260301-20260401/NAME-Manifest.json         the manifest of the newest; the same beside rows that stay

Columns are those of the Cost and Usage Report 2.0 by their older names, and one for each tag and cost category.
Source: Cost and Usage Report user guide, "Understanding your report versions" and "Data dictionary".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from remit.billing.analysis.dimensions import Known
from remit.billing.analysis.fragments import Fragment
from remit.billing.analysis.questions import Granularity
from remit.billing.exports.cur import CUR
from remit.billing.exports.layout import Files
from remit.billing.exports.naming import snake, title_of_tag
from remit.billing.exports.places import key
from remit.billing.exports.shaped import Shape
from remit.billing.exports.tables import MAP, TEXT, Column, shown
from remit.billing.ledger.columnar import name
from remit.billing.months import begin_of, month_after
from remit.directory.billing.executions import Execution

# Format and compression -> how files end.
ENDINGS: Mapping[tuple[str, str], str] = {
    ("textORcsv", "GZIP"): ".csv.gz",
    ("textORcsv", "ZIP"): ".csv.zip",
    ("Parquet", "Parquet"): ".snappy.parquet",
}
RESOURCES, DISCOUNTS = "RESOURCES", "MANUAL_DISCOUNT_COMPATIBILITY"
ATHENA = "ATHENA"
_PARQUET = "Parquet"
# Prefix of a column of CUR 2.0 -> the category of the older report.
_CATEGORIES = {
    "identity": "identity",
    "bill": "bill",
    "line_item": "lineItem",
    "product": "product",
    "pricing": "pricing",
    "reservation": "reservation",
    "savings_plan": "savingsPlan",
    "discount": "discount",
}
# Categories whose names begin with a small letter, and names that do in others, or that are written otherwise.
_SMALL = frozenset({"product"})
_NAMES = {
    "pricing_currency": "currency",
    "pricing_public_on_demand_cost": "publicOnDemandCost",
    "pricing_public_on_demand_rate": "publicOnDemandRate",
    "pricing_term": "term",
    "pricing_unit": "unit",
    "reservation_reservation_a_r_n": "ReservationARN",
    "savings_plan_savings_plan_a_r_n": "SavingsPlanARN",
}
# Added by CUR 2.0; the older report does not have them.
_NEW = frozenset({"bill_payer_account_name", "line_item_usage_account_name"})


class Cell(NamedTuple):
    """A column of a report; *held* is an expression of SQL over `named`."""

    category: str
    name: str
    kind: str
    held: Fragment

    def title(self, *, is_csv: bool) -> str:
        """Return what the file calls it: `lineItem/UsageType` in CSV, `line_item_usage_type` in Parquet."""
        return f"{self.category}/{self.name}" if is_csv else snake(f"{self.category}_{self.name}")


def cells_of(said: Mapping[str, Any], known: Known) -> list[Cell]:
    """Return the columns of a report."""
    elements = frozenset(said["AdditionalSchemaElements"])
    gone = set(_NEW)
    if RESOURCES not in elements:
        gone.add("line_item_resource_id")
    if DISCOUNTS in elements:
        gone.add("discount_total_discount")
    columns = [one for one in CUR.columns if one.kind != MAP and one.name not in gone]
    found = [Cell(*_older(one.name), one.kind, Fragment(one.sql)) for one in columns]
    order = {category: number for number, category in enumerate(_CATEGORIES.values())}
    found.sort(key=lambda cell: (order[cell.category], cell.name))
    for tag in sorted(known.tags):
        held = Fragment("map_extract_value(tags, ?)", (tag,))
        found.append(Cell("resourceTags", title_of_tag(tag), TEXT, held))
    found += [
        Cell("costCategory", category, TEXT, Fragment("map_extract_value(categories, ?)", (category,)))
        for category in sorted(known.categories)
    ]
    return list(_apart(found, text=is_csv(said)))


def _apart(cells: Sequence[Cell], *, text: bool) -> Iterator[Cell]:
    """Leave out columns that the file would call as an earlier one; in CSV, case tells them apart."""
    seen: set[str] = set()
    for cell in cells:
        title = cell.title(is_csv=text)
        if title not in seen:
            seen.add(title)
            yield cell


def titles_of(said: Mapping[str, Any], cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return what a CSV calls its columns; nothing for other forms, whose columns have the names of `select_of`."""
    return tuple(cell.title(is_csv=True) for cell in cells) if is_csv(said) else ()


def _older(column: str) -> tuple[str, str]:
    prefix = next(one for one in _CATEGORIES if column.startswith(f"{one}_"))
    category = _CATEGORIES[prefix]
    if column in _NAMES:
        return category, _NAMES[column]
    words = [word.capitalize() for word in column.removeprefix(f"{prefix}_").split("_")]
    text = "".join(words)
    return category, text[0].lower() + text[1:] if category in _SMALL else text


def is_csv(said: Mapping[str, Any]) -> bool:
    """Say whether a report is CSV."""
    return bool(said["Format"] != _PARQUET)


def select_of(said: Mapping[str, Any], cells: Sequence[Cell]) -> Fragment:
    """Write the SELECT of a report over `named`."""
    text = is_csv(said)
    shown_cells = [
        f"{shown(Column(cell.name, cell.kind, cell.held.text), is_csv=text)} AS {name(cell.title(is_csv=text))}"
        for cell in cells
    ]
    return Fragment(f"SELECT {', '.join(shown_cells)} FROM named", tuple(v for cell in cells for v in cell.held.values))


def shape_of(said: Mapping[str, Any]) -> Shape:
    """Return how finely a report tells lines apart."""
    return Shape(Granularity(said["TimeUnit"]), RESOURCES in said["AdditionalSchemaElements"])


def report_files(execution: Execution) -> Files:
    """Return where an execution of a report delivers to."""
    said = execution.said
    report: str = said["ReportName"]
    ending = ENDINGS[said["Format"], said["Compression"]]
    root = key(said["S3Prefix"], report, date_range(execution.partition))
    manifest_name = f"{report}-Manifest.json"
    newest = key(root, manifest_name)
    if ATHENA in (said.get("AdditionalArtifacts") or ()):
        year, month = execution.partition.split("-")
        parts = (f"year={year}", f"month={int(month)}", f"{report}-00001{ending}")
        return Files(key(said["S3Prefix"], report, report, *parts), (newest,))
    if said.get("ReportVersioning") == "OVERWRITE_REPORT":
        return Files(key(root, f"{report}-1{ending}"), (newest,))
    return Files(key(root, execution.id, f"{report}-1{ending}"), (key(root, execution.id, manifest_name), newest))


def date_range(period: str) -> str:
    """Return the part of keys that says which month it is: `20260301-20260401`."""
    return f"{begin_of(period):%Y%m%d}-{begin_of(month_after(period)):%Y%m%d}"


def report_manifest(
    execution: Execution, files: Files, cells: Sequence[Cell], artifacts: Sequence[tuple[str, str]]
) -> bytes:
    """Return the manifest of what an execution of a report delivered; *artifacts* are kinds and keys."""
    said = execution.said
    manifest = {
        "assemblyId": execution.id,
        "account": execution.account,
        "columns": [{"category": cell.category, "name": cell.name} for cell in cells],
        "charset": "UTF-8",
        "compression": said["Compression"],
        "contentType": "text/csv" if is_csv(said) else _PARQUET,
        "reportId": execution.of,
        "reportName": said["ReportName"],
        "billingPeriod": {
            "start": f"{begin_of(execution.partition):%Y%m%dT%H%M%S.000Z}",
            "end": f"{begin_of(month_after(execution.partition)):%Y%m%dT%H%M%S.000Z}",
        },
        "bucket": said["S3Bucket"],
        "reportKeys": [files.rows],
        "additionalArtifactKeys": [{"artifactType": kind, "name": place} for kind, place in artifacts],
    }
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
