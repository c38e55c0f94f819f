"""`remit profile`."""

import configparser
import os
from pathlib import Path

import click

from remit.cli.assume import as_role
from remit.cli.env import aws_variables, server_and_folder
from remit.cli.frame import framed
from remit.cli.options import as_option, data_option, port_option
from remit.cli.output import Failed, Say, json_option


@framed("profile", "remit profile --write --name remit")
@click.option("--name", default="remit", show_default=True, help="The profile's name.")
@click.option("--write", is_flag=True, help="Change the AWS config files; without it the profile is only shown.")
@port_option
@data_option
@as_option
@json_option
def command(*, name: str, write: bool, port: int | None, data: Path | None, role: str | None, as_json: bool) -> None:
    """Show a profile for AWS tools, or write it to the AWS config files."""
    variables = aws_variables(*server_and_folder(port, data))
    if role is not None:
        variables = as_role(variables, role)
    config = {"endpoint_url": variables["AWS_ENDPOINT_URL"], "region": variables["AWS_DEFAULT_REGION"]}
    credentials = {
        "aws_access_key_id": variables["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": variables["AWS_SECRET_ACCESS_KEY"],
    }
    if "AWS_SESSION_TOKEN" in variables:
        credentials["aws_session_token"] = variables["AWS_SESSION_TOKEN"]
    config_path = Path(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")).expanduser()
    credentials_path = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")).expanduser()
    shown = {key: value if key == "aws_access_key_id" else "****" for key, value in credentials.items()}
    if as_json and not write:
        Say.json({"name": name, "config": config, "credentials": shown})
        return
    if not write:
        _show(config_path, f"profile {name}", config)
        _show(credentials_path, name, shown)
        Say.line("Nothing was written; add --write.")
        return
    _write(config_path, f"profile {name}", config)
    _write(credentials_path, name, credentials)
    if as_json:
        Say.json({"name": name, "files": [str(config_path), str(credentials_path)]})
    else:
        Say.line(f"Wrote profile {name}: aws --profile {name} sts get-caller-identity")


def _show(path: Path, section: str, values: dict[str, str]) -> None:
    Say.line(f"# {path}\n[{section}]")
    for key, value in values.items():
        Say.line(f"{key} = {value}")
    Say.line()


def _write(path: Path, section: str, values: dict[str, str]) -> None:
    """Put *section* into the file, in the place of one of its name; everything else stays as it was, comments too."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        configparser.ConfigParser(interpolation=None).read_string(old)
        kept = _without_section(old, section)
        text = "\n".join([f"[{section}]", *(f"{key} = {value}" for key, value in values.items())]) + "\n"
        temporary = path.with_name(f"{path.name}.remit-{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{kept}\n{text}" if kept else text)
        temporary.replace(path)
    except (OSError, configparser.Error) as error:
        raise Failed(f"cannot write {path}: {error}") from None


def _without_section(text: str, section: str) -> str:
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.strip().startswith("["):
            inside = line.strip() == f"[{section}]"
        if not inside:
            kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n" if any(line.strip() for line in kept) else ""
