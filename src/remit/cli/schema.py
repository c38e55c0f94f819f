"""`remit schema`."""

import json
from typing import Any, cast

import click
import msgspec

from remit.billing.ledger.readers.record import UsageRecord
from remit.billing.scenarios.form import ScenarioForm
from remit.cli.frame import framed
from remit.cli.guardrails.expectations import Expectations
from remit.cli.output import Say, json_option
from remit.compliance.library.checklist import Part
from remit.compliance.library.documents import FrontMatter
from remit.directory.organizations.descriptions import Description

# What a file is called -> what it says.
_FORMS: dict[str, tuple[str, type]] = {
    "checklist": ("a part of the auditing checklist", Part),
    "document": ("the front matter of a document of the compliance center's library", FrontMatter),
    "expectations": ("what is expected of an organization, for `remit org check`", Expectations),
    "scenario": ("a month of an organization and its bill, for `remit bill test`", ScenarioForm),
    "usage": ("a record of usage, a line for `remit usage import`", UsageRecord),
    "organization": ("an organization, or a part of one, for `remit org import` and `plan`", Description),
}


@framed("schema", "remit schema organization > organization.schema.json")
@click.argument("name", type=click.Choice(list(_FORMS)))
@json_option
def command(*, name: str, as_json: bool) -> None:
    """Print the JSON schema of a kind of file, with which editors complete and check it."""
    title, form = _FORMS[name]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_numbers_allowed(msgspec.json.schema(form)),
    }
    if as_json:
        Say.json(schema)
    else:
        click.echo(json.dumps(schema, indent=2))


def _numbers_allowed(schema: Any) -> Any:
    """Let exact decimal numbers be written with and without quotes."""
    if isinstance(schema, dict):
        members = cast("dict[str, Any]", schema)
        if members.get("format") == "decimal":
            return {"anyOf": [{"type": "number"}, members]}
        return {key: _numbers_allowed(value) for key, value in members.items()}
    if isinstance(schema, list):
        return list(map(_numbers_allowed, schema))  # pyright: ignore[reportUnknownArgumentType]  # JSON
    return schema
