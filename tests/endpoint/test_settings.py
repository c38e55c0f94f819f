"""Settings: flags over variables over the file over defaults."""

from pathlib import Path

import pytest

from remit.endpoint.settings import SETTINGS, SettingsInvalid, read_settings


def read(tmp_path: Path, flags=None, environment=None, file=""):
    path = tmp_path / "remit.toml"
    path.write_text(file)
    return read_settings(flags or {}, environment or {}, path)


def test_a_flag_counts_before_a_variable_before_the_file_before_the_default(tmp_path):
    everywhere = {"flags": {"port": 1}, "environment": {"REMIT_PORT": "2"}, "file": "port = 3"}

    ports = []
    for given in (everywhere, {**everywhere, "flags": {}}, {"file": "port = 3"}, {}):
        settings, sourced = read(tmp_path, **given)
        ports.append((settings.port, sourced["port"].source.rsplit("/", 1)[-1]))

    assert ports == [(1, "flag"), (2, "REMIT_PORT"), (3, "remit.toml"), (7364, "default")]


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"REMIT_PORT": "many"}, "port cannot be `many` (REMIT_PORT)"),
        ({"REMIT_PORT": "65536"}, "port cannot be `65536`: at most 65535"),
        ({"REMIT_PORT": "-1"}, "port cannot be `-1`"),
        ({"REMIT_WORKERS": "0"}, "workers cannot be `0`"),
        ({"REMIT_EPHEMERAL": "perhaps"}, "ephemeral cannot be `perhaps`"),
        ({"REMIT_ACCOUNT_ID": "12345678901"}, "account_id cannot be `12345678901`: twelve digits"),
        ({"REMIT_ACCOUNT_ID": "١٢٣٤٥٦٧٨٩٠١٢"}, "twelve digits"),
        ({"REMIT_TLS_CERT": "cert.pem"}, "tls_cert and tls_key go together"),
        ({"REMIT_ROOT_ACCESS_KEY_ID": "AKIA"}, "go together"),
        ({"REMIT_LOG_LEVEL": "loud"}, "log_level cannot be `loud`"),
        ({"REMIT_NOTIFY_WEBHOOK": "https://hooks.example.com/"}, "notify_webhook_secret_file go together"),
        ({"REMIT_NOTIFY_WEBHOOK_SECRET_FILE": "secret"}, "notify_webhook_secret_file go together"),
        (
            {"REMIT_NOTIFY_WEBHOOK": "http://10.0.0.1/", "REMIT_NOTIFY_WEBHOOK_SECRET_FILE": "secret"},
            "notify_webhook cannot be `http://10.0.0.1/`: http is for this machine only, https for others",
        ),
        ({"REMIT_LOG_FORMAT": "xml"}, "log_format cannot be `xml`"),
        ({"REMIT_ORG_QUOTAS": "AccountsPerOrganization=many"}, "AccountsPerOrganization cannot be `many` (REMIT_ORG"),
        ({"REMIT_ORG_QUOTAS": "AccountsPerOrganization"}, "AccountsPerOrganization cannot be ``"),
        ({"REMIT_ORG_QUOTAS": "AccountsPerOrganization=-1"}, "AccountsPerOrganization cannot be `-1`"),
        ({"REMIT_TRUSTED_PROXIES": "office"}, "trusted_proxies cannot be `office`"),
    ],
)
def test_a_value_that_cannot_be_is_named(tmp_path, environment, words):
    with pytest.raises(SettingsInvalid, match=r"cannot be|go together") as refused:
        read(tmp_path, environment=environment)

    assert words in str(refused.value)


def test_quotas_of_organizations_are_numbers_by_name_wherever_they_stand(tmp_path):
    wanted = {"AccountsPerOrganization": 1000, "OrganizationalUnitLevels": 6}

    text = read(tmp_path, environment={"REMIT_ORG_QUOTAS": "AccountsPerOrganization=1000, OrganizationalUnitLevels=6"})
    table = read(tmp_path, file="[org_quotas]\nAccountsPerOrganization = 1000\nOrganizationalUnitLevels = 6")
    flags = read(tmp_path, flags={"org_quotas": ("AccountsPerOrganization=1000", "OrganizationalUnitLevels=6")})

    assert [settings.org_quotas for settings, _ in (text, table, flags, read(tmp_path))] == [wanted, wanted, wanted, {}]
    with pytest.raises(SettingsInvalid, match="no quota of organizations is called `UsersPerAccount`"):
        read(tmp_path, environment={"REMIT_ORG_QUOTAS": "UsersPerAccount=1"})


@pytest.mark.parametrize("endpoint", ["", "aws", "http://127.0.0.1:9000", "https://s3.example.com"])
def test_exports_go_to_an_s3_server(tmp_path, endpoint):
    settings, _ = read(tmp_path, environment={"REMIT_EXPORTS_S3_ENDPOINT": endpoint})

    assert settings.exports_s3_endpoint == endpoint
    assert read(tmp_path)[0].exports_s3_endpoint == ""


def test_exports_go_to_one_place(tmp_path):
    with pytest.raises(SettingsInvalid, match="do not go together"):
        read(tmp_path, environment={"REMIT_EXPORTS_S3_ENDPOINT": "aws", "REMIT_EXPORTS_FOLDER": "buckets"})


@pytest.mark.parametrize("endpoint", ["storage.example.com", "https://key:s3cr3t@s3.example.com", "file:///buckets"])
def test_what_is_no_s3_server_is_refused_and_not_shown(tmp_path, endpoint):
    with pytest.raises(SettingsInvalid, match="not the URL of a server") as refused:
        read(tmp_path, environment={"REMIT_EXPORTS_S3_ENDPOINT": endpoint})

    assert endpoint not in str(refused.value)


def test_the_highest_port_is_one(tmp_path):
    assert read(tmp_path, environment={"REMIT_PORT": "65535"})[0].port == 65535


@pytest.mark.parametrize(("file", "words"), [("prt = 1", "`prt`"), ("port = ", "cannot read")])
def test_a_file_that_is_wrong_is_named(tmp_path, file, words):
    with pytest.raises(SettingsInvalid) as refused:
        read(tmp_path, file=file)

    assert words in str(refused.value)


def test_a_path_that_is_empty_is_none(tmp_path):
    settings, _ = read(tmp_path, environment={"REMIT_MAIL_FOLDER": "", "REMIT_FIDO_METADATA": "", "REMIT_TLS_CERT": ""})

    assert (settings.mail_folder, settings.fido_metadata, settings.tls_cert) == (None, None, None)
    assert read(tmp_path, environment={"REMIT_MAIL_FOLDER": "mail"})[0].mail_folder == Path("mail")


@pytest.mark.parametrize("text", ["1", "true", "YES", "on"])
def test_a_switch_is_turned_on_by_several_words(tmp_path, text):
    assert read(tmp_path, environment={"REMIT_ALLOW_RESET": text})[0].allow_reset is True


def test_no_secret_is_shown(tmp_path):
    environment = {"REMIT_ROOT_ACCESS_KEY_ID": "AKIA", "REMIT_ROOT_SECRET_ACCESS_KEY": "s3cr3t"}

    settings, _ = read(tmp_path, environment=environment)

    assert "s3cr3t" not in repr(settings)
    assert [setting.name for setting in SETTINGS if setting.secret] == ["root_secret_access_key"]
