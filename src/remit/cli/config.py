"""`remit config`."""

from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.endpoint.settings import SETTINGS, SettingsInvalid, read_settings


@framed("config", "REMIT_PORT=8000 remit config")
@json_option
def command(*, as_json: bool) -> None:
    """Show each setting, its value, and where it comes from."""
    try:
        _, sourced = read_settings({})
    except SettingsInvalid as error:
        raise Failed(str(error), REFUSED) from None
    rows: list[tuple[str, object, str, str]] = []
    for setting in SETTINGS:
        found = sourced[setting.name]
        value = "****" if setting.secret and found.value else found.value
        rows.append((setting.name, "" if value is None or value == {} else value, found.source, setting.help))
    if as_json:
        Say.json({name: {"value": value, "source": source} for name, value, source, _ in rows})
    else:
        Say.table(("setting", "value", "from", "what it does"), rows)
