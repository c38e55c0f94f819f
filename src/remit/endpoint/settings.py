"""Settings: flags over `REMIT_*` variables over `remit.toml` over defaults, and where each value came from.

The table `SETTINGS` is the one place where a setting is declared; the documentation's table and `remit config` come
from it.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
import platformdirs

from remit.directory.facts import ORGANIZATION_QUOTAS
from remit.endpoint.proxies import trusted_networks
from remit.endpoint.webhook import webhook_place
from remit.wire.object_storage import AWS, is_server

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


class SettingsInvalid(Exception):
    """A setting has a value that it cannot have. The message is one line, for a person."""


class Setting(msgspec.Struct, frozen=True):
    """A setting.

    Attributes:
        name: as in `remit.toml`; with `REMIT_` before it, in capitals, the environment variable.
        kind: `text`, `number`, `switch`, `path` or `quotas`: numbers by name, `A=1,B=2`, in `remit.toml` also a table.
        default: what holds when nobody says anything.
        help: what it does, a sentence without its full stop.
        secret: never shown.
    """

    name: str
    kind: str
    default: Any
    help: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"REMIT_{self.name.upper()}"


SETTINGS = (
    Setting("host", "text", "127.0.0.1", "the address to listen on"),
    Setting("port", "number", 7364, "the port to listen on; 0 takes a free one"),
    Setting("data", "path", None, "the data folder; by default the user's data folder for remit"),
    Setting("database", "text", "", "a PostgreSQL connection string; empty for SQLite in the data folder"),
    Setting("master_key_file", "path", None, "the file of the master key; by default master.key in the data folder"),
    Setting("ephemeral", "switch", False, "keep everything in a temporary folder that ends with the server"),
    Setting("workers", "number", 1, "how many processes serve"),
    Setting("allow_reset", "switch", False, "let loopback clients empty the store with POST /_remit/reset"),
    Setting(
        "allow_local_identity_providers",
        "switch",
        False,
        "let identity providers be on this machine and in private networks, at any port",
    ),
    Setting("tls_cert", "path", None, "the certificate chain to serve HTTPS with, PEM"),
    Setting("tls_key", "path", None, "the private key to serve HTTPS with, PEM"),
    Setting(
        "fido_metadata", "path", None, "the FIDO Metadata Service's BLOB, which says how security keys are certified"
    ),
    Setting("account_id", "text", "", "the first account's id; by default a random one"),
    Setting("root_email", "text", "root@example.com", "the first account's root e-mail address"),
    Setting("admin", "switch", True, "make an administrator user when the first account is founded"),
    Setting("samples", "switch", True, "publish the sample reports and agreements when the first account is founded"),
    Setting("root_access_key_id", "text", "", "gives the root user this access key at founding"),
    Setting("root_secret_access_key", "text", "", "the secret of that key", secret=True),
    Setting(
        "org_quotas",
        "quotas",
        {},
        "what new organizations may have, `AccountsPerOrganization=1000,...`; `remit org quota` shows the names",
    ),
    Setting("mail_folder", "path", None, "the folder for e-mails to accounts, a file each; empty for none"),
    Setting(
        "exports_folder", "path", None, "the folder that exports are delivered to, a folder each bucket; empty for none"
    ),
    Setting(
        "exports_s3_endpoint",
        "text",
        "",
        "the URL of an S3 server for exports instead of the folder, or `aws`; credentials as the AWS SDKs find them",
    ),
    Setting("notify_webhook", "text", "", "the URL that notifications are posted to; https, or on this machine"),
    Setting("notify_webhook_secret_file", "path", None, "the file of the secret that signs what is posted there"),
    Setting(
        "bill_every_seconds",
        "number",
        3600,
        "how often months are billed whose usage, prices or terms changed, and calls metered; 0 for never",
    ),
    Setting("throttle", "switch", False, "refuse calls that come faster than AWS takes them, to try how clients wait"),
    Setting("trusted_proxies", "text", "", "addresses or networks, comma-separated, whose X-Forwarded-For is believed"),
    Setting("log_level", "text", "info", "debug, info, warning or error"),
    Setting("log_format", "text", "auto", "line, json, or auto: json when standard error is no terminal"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings, read; names and meanings as in `SETTINGS`."""

    host: str
    port: int
    data: Path
    database: str
    master_key_file: Path
    ephemeral: bool
    workers: int
    allow_reset: bool
    allow_local_identity_providers: bool
    tls_cert: Path | None
    tls_key: Path | None
    fido_metadata: Path | None
    account_id: str
    root_email: str
    admin: bool
    samples: bool
    root_access_key_id: str
    root_secret_access_key: str
    org_quotas: Mapping[str, int]
    mail_folder: Path | None
    exports_folder: Path | None
    exports_s3_endpoint: str
    notify_webhook: str
    notify_webhook_secret_file: Path | None
    bill_every_seconds: int
    throttle: bool
    trusted_proxies: str
    log_level: str
    log_format: str

    def __repr__(self) -> str:
        return f"Settings(data={self.data}, host={self.host}, port={self.port})"

    @property
    def store_address(self) -> str:
        """What `remit.store.open_backend` opens."""
        return self.database or str(self.data / "remit.db")

    @property
    def endpoint(self) -> str:
        """The URL that clients use."""
        scheme = "https" if self.tls_cert is not None else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


class Sourced(msgspec.Struct, frozen=True):
    """A setting's value and where it came from: `flag`, the variable's name, the file's path, or `default`."""

    value: Any
    source: str


def read_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str] | None = None, file: Path | None = None
) -> tuple[Settings, dict[str, Sourced]]:
    """Put the settings together.

    Args:
        flags: setting -> value, as given on the command line; None where it was not given.
        environment: the process's by default.
        file: `remit.toml` in the working folder by default, when there is one.

    Returns:
        The settings, and where each came from.

    Raises:
        SettingsInvalid: a value that the setting cannot have, or a setting that there is not.
    """
    environment = os.environ if environment is None else environment
    sourced: dict[str, Sourced] = {}
    path = Path("remit.toml") if file is None else file
    from_file = _read_file(path)
    for setting in SETTINGS:
        if flags.get(setting.name) is not None:
            sourced[setting.name] = Sourced(_typed(setting, flags[setting.name], "flag"), "flag")
        elif setting.variable in environment:
            value = _typed(setting, environment[setting.variable], setting.variable)
            sourced[setting.name] = Sourced(value, setting.variable)
        elif setting.name in from_file:
            sourced[setting.name] = Sourced(_typed(setting, from_file[setting.name], str(path)), str(path))
        else:
            sourced[setting.name] = Sourced(setting.default, "default")
    values = {name: found.value for name, found in sourced.items()}
    if values["data"] is None:
        values["data"] = platformdirs.user_data_path("remit", appauthor=False)
        sourced["data"] = Sourced(values["data"], "default")
    if values["master_key_file"] is None:
        values["master_key_file"] = values["data"] / "master.key"
        sourced["master_key_file"] = Sourced(values["master_key_file"], "default")
    settings = Settings(**values)
    _check(settings)
    return settings, sourced


def _read_file(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsInvalid(f"cannot read {path}: {error}") from None
    unknown = sorted(set(found) - set(_BY_NAME))
    if unknown:
        raise SettingsInvalid(f"{path} has a setting that Remit does not know: `{unknown[0]}`; see `remit config`")
    return found


def _typed(setting: Setting, value: Any, source: str) -> Any:
    wrong = SettingsInvalid(f"{setting.name} cannot be `{'****' if setting.secret else value}` ({source})")
    match setting.kind:
        case "number":
            if isinstance(value, bool) or not str(value).isdigit():
                raise wrong
            return int(value)
        case "switch":
            if str(value).lower() not in _TRUE | _FALSE:
                raise wrong
            return str(value).lower() in _TRUE
        case "path":
            return Path(value).expanduser() if value != "" else None
        case "quotas":
            return _quotas(value, source)
        case _:
            if not isinstance(value, str):
                raise wrong
            return value


def _quotas(value: Any, source: str) -> dict[str, int]:
    """Read quotas of organizations: a text, several of them, or a table."""
    pairs: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        pairs = list(cast("Mapping[str, Any]", value).items())
    else:
        texts = value.split(",") if isinstance(value, str) else value
        pairs = [(name.strip(), number.strip()) for name, _, number in (one.partition("=") for one in texts if one)]
    quotas: dict[str, int] = {}
    for name, number in pairs:
        if name not in ORGANIZATION_QUOTAS:
            raise SettingsInvalid(f"org_quotas: no quota of organizations is called `{name}` ({source})")
        if isinstance(number, bool) or not (str(number).isascii() and str(number).isdigit()):
            raise SettingsInvalid(f"org_quotas: {name} cannot be `{number}` ({source})")
        quotas[name] = int(number)
    return quotas


def _check(settings: Settings) -> None:
    if settings.port > 65535:  # noqa: PLR2004  # ports have sixteen bits
        raise SettingsInvalid(f"port cannot be `{settings.port}`: at most 65535")
    if settings.workers < 1:
        raise SettingsInvalid("workers cannot be `0`: at least 1")
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise SettingsInvalid("tls_cert and tls_key go together")
    _check_webhook(settings)
    _check_exports(settings)
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise SettingsInvalid(f"log_level cannot be `{settings.log_level}`: debug, info, warning or error")
    try:
        trusted_networks(settings.trusted_proxies)
    except ValueError as error:
        raise SettingsInvalid(f"trusted_proxies cannot be `{settings.trusted_proxies}`: {error}") from None
    if settings.log_format not in ("auto", "line", "json"):
        raise SettingsInvalid(f"log_format cannot be `{settings.log_format}`: auto, line or json")
    if bool(settings.root_access_key_id) != bool(settings.root_secret_access_key):
        raise SettingsInvalid("REMIT_ROOT_ACCESS_KEY_ID and REMIT_ROOT_SECRET_ACCESS_KEY go together")
    if settings.account_id and not (settings.account_id.isascii() and settings.account_id.isdigit()
                                    and len(settings.account_id) == 12):  # noqa: PLR2004  # fmt: skip
        raise SettingsInvalid(f"account_id cannot be `{settings.account_id}`: twelve digits")


def _check_webhook(settings: Settings) -> None:
    if bool(settings.notify_webhook) != (settings.notify_webhook_secret_file is not None):
        raise SettingsInvalid("notify_webhook and notify_webhook_secret_file go together")
    if settings.notify_webhook:
        try:
            webhook_place(settings.notify_webhook)
        except ValueError as error:
            raise SettingsInvalid(f"notify_webhook cannot be `{settings.notify_webhook}`: {error}") from None


def _check_exports(settings: Settings) -> None:
    endpoint = settings.exports_s3_endpoint
    if not endpoint:
        return
    if settings.exports_folder is not None:
        raise SettingsInvalid("exports_folder and exports_s3_endpoint do not go together")
    if endpoint != AWS and not is_server(endpoint):
        raise SettingsInvalid(
            "exports_s3_endpoint is not the URL of a server, `https://s3.example.com:9000`, nor `aws`;"
            " credentials do not belong into it"
        )
