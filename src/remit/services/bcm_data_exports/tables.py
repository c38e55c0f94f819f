"""The tables that exports ask. Source: Data Exports API reference, GetTable and ListTables."""

from collections.abc import Mapping
from typing import Any

from remit.billing.exports.dictionary import TABLES, PropertyWrong, known_table, properties_of, type_of
from remit.request import Call
from remit.services.bcm_data_exports import shapes
from remit.services.bcm_data_exports.errors import wrong
from remit.services.bcm_data_exports.pages import page
from remit.services.bcm_data_exports.registry import operation
from remit.store import Transaction


@operation("GetTable")
def get_table(call: Call[shapes.GetTableRequest], tx: Transaction) -> dict[str, Any]:
    """Show a table, with the columns that it has under the properties that are asked for."""
    del tx
    given: Mapping[str, str] = call.input.get("TableProperties") or {}
    try:
        table = known_table(call.input["TableName"])
        properties = properties_of(table, given)
    except PropertyWrong as error:
        raise wrong("TableProperties" if given else "TableName", str(error)) from None
    return {
        "TableName": table.name,
        "Description": table.description,
        "TableProperties": {name: value for name, value in properties.items() if value},
        "Schema": [{"Name": one.name, "Type": type_of(one.kind)} for one in table.form(properties).columns],
    }


@operation("ListTables")
def list_tables(call: Call[shapes.ListTablesRequest], tx: Transaction) -> dict[str, Any]:
    """List the tables, with what can be set about each."""
    tables, following = page(call, tx, sorted(TABLES.values(), key=lambda one: one.name), lambda one: one.name)
    shown = [
        {
            "TableName": table.name,
            "Description": table.description,
            "TableProperties": [
                {
                    "Name": one.name,
                    "ValidValues": list(one.values),
                    "DefaultValue": one.default,
                    "Description": one.description,
                }
                for one in table.properties
            ],
        }
        for table in tables
    ]
    return {"Tables": shown, **following}
