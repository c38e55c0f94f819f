"""`remit env`."""

import configparser
import shlex
from pathlib import Path

from remit.cli.assume import as_role
from remit.cli.frame import framed
from remit.cli.options import Running, as_option, data_option, port_option, running_server, settings_of
from remit.cli.output import Failed, Say, json_option


@framed("env", 'eval "$(remit env)"')
@port_option
@data_option
@as_option
@json_option
def command(*, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """Print variables that point AWS tools at the server, as its administrator or in a role."""
    variables = aws_variables(*server_and_folder(port, data))
    if role is not None:
        variables = as_role(variables, role)
    if as_json:
        Say.json(variables)
        return
    for name, value in variables.items():
        Say.line(f"export {name}={shlex.quote(value)}")
    if "AWS_SESSION_TOKEN" not in variables:  # of a role, from an earlier time
        Say.line("unset AWS_SESSION_TOKEN")


def server_and_folder(port: int | None, data: Path | None) -> tuple[str, Path]:
    """Return the endpoint and the data folder of the server that is meant, whether it runs now or not."""
    running: Running | None = running_server(port, data)
    if running is not None:
        return running.endpoint, Path(running.data)
    settings = settings_of(port=port, data=data)
    return settings.endpoint, settings.data


def aws_variables(endpoint: str, folder: Path) -> dict[str, str]:
    """Return the environment variables of the administrator, whose key lies in *folder*.

    Raises:
        Failed: there is no such key.
    """
    path = folder / "credentials"
    parser = configparser.ConfigParser(interpolation=None)
    if not parser.read(path) or not parser.has_section("default"):
        raise Failed(
            f"no administrator's key in {path}: start a server with `remit serve`, or name its folder with --data"
        )
    section = parser["default"]
    return {
        "AWS_ACCESS_KEY_ID": section["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": section["aws_secret_access_key"],
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
