"""What an export may say. Source: Data Exports API reference, `Export`; user guide, "Data query" and "Quotas"."""

from collections.abc import Mapping
from typing import Any

from remit.billing.exports.carrying_out import Undelivered
from remit.billing.exports.compiled import outputs
from remit.billing.exports.deliveries import part_of, view_of
from remit.billing.exports.dictionary import PropertyWrong, Table, known_table, properties_of
from remit.billing.exports.layout import ENDINGS
from remit.billing.exports.places import PlaceWrong, check_bucket, check_name, check_prefix
from remit.billing.exports.queries import QueryWrong, parsed
from remit.directory.regions import is_region
from remit.request import Call
from remit.services.bcm_data_exports.errors import wrong
from remit.store import Transaction

_DESTINATION = "Export.DestinationConfigurations.S3Destination"
_CUSTOM = "CUSTOM"


def check_export(call: Call[Any], tx: Transaction, said: Mapping[str, Any]) -> Table:
    """Return the table that an export asks.

    Raises:
        ServiceError: ValidationException, no export can be as *said*.
    """
    table = _check_query(said)
    _check_destination(call, said["Name"], said["DestinationConfigurations"]["S3Destination"])
    if table.by_month:
        try:
            part_of(tx, call.account, view_of(said, table.name), call.partition)
        except Undelivered as error:
            raise wrong("Export.DataQuery.TableConfigurations", f"BILLING_VIEW_ARN: {error}.") from None
    return table


def _check_query(said: Mapping[str, Any]) -> Table:
    query: Mapping[str, Any] = said["DataQuery"]
    tables: Mapping[str, Mapping[str, str]] = query.get("TableConfigurations") or {}
    try:
        asked = parsed(query["QueryStatement"])
        table = known_table(asked.table)
    except (QueryWrong, PropertyWrong) as error:
        raise wrong("Export.DataQuery.QueryStatement", str(error)) from None
    others = sorted(tables.keys() - {table.name})
    if others:
        text = f"The query asks {table.name}, and not {others[0]}."
        raise wrong("Export.DataQuery.TableConfigurations", text)
    try:
        properties = properties_of(table, tables.get(table.name, {}))
    except PropertyWrong as error:
        raise wrong("Export.DataQuery.TableConfigurations", str(error)) from None
    try:
        outputs(asked, table.form(properties))
    except QueryWrong as error:
        raise wrong("Export.DataQuery.QueryStatement", str(error)) from None
    return table


def _check_destination(call: Call[Any], name: str, destination: Mapping[str, Any]) -> None:
    for field, check, text in (
        ("Export.Name", check_name, name),
        (f"{_DESTINATION}.S3Bucket", check_bucket, destination["S3Bucket"]),
        (f"{_DESTINATION}.S3Prefix", check_prefix, destination["S3Prefix"]),
    ):
        try:
            check(text)
        except PlaceWrong as error:
            raise wrong(field, str(error)) from None
    if not is_region(destination["S3Region"], call.partition):
        raise wrong(f"{_DESTINATION}.S3Region", f"There is no region {destination['S3Region']}.")
    if destination.get("S3BucketOwner", call.account) != call.account:
        raise wrong(f"{_DESTINATION}.S3BucketOwner", "An export is delivered to a bucket of its own account.")
    output: Mapping[str, str] = destination["S3OutputConfigurations"]
    field = f"{_DESTINATION}.S3OutputConfigurations"
    if output["OutputType"] != _CUSTOM:
        raise wrong(f"{field}.OutputType", f"Only the output type {_CUSTOM} is delivered, not {output['OutputType']}.")
    if (output["Format"], output["Compression"]) not in ENDINGS:
        text = f"The format {output['Format']} cannot have the compression {output['Compression']}."
        raise wrong(f"{field}.Compression", text)
