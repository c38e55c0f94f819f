"""`remit artifact` for the provider and for settings, beside a server."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli.test_commands import Shell
from pdf.documents import plain
from serving import ACCOUNT, served

from remit.cli.artifact_client import uploading
from remit.cli.output import Say
from remit.wire.client import Client, ClientFailed

pytestmark = pytest.mark.conformance
NOWHERE = "agreement-0000000000000000"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory):
    state, data = tmp_path_factory.mktemp("state"), tmp_path_factory.mktemp("data")
    with served("--data", str(data), "--allow-reset", XDG_STATE_HOME=str(state), HOME=str(state)) as server:
        yield Shell(server, state)


@pytest.fixture(autouse=True)
def _empty(shell: Shell) -> None:
    shell.server.reset()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "ours.pdf"
    path.write_bytes(plain(2))
    return str(path)


def offered(shell: Shell, file: str, *options: str) -> dict[str, object]:
    made: dict[str, object] = json.loads(shell("artifact", "offer", file, *options, "--json").stdout)
    return made


def listed(shell: Shell) -> dict[str, dict[str, object]]:
    return {one["id"]: one for one in json.loads(shell("artifact", "offers", "--json").stdout)}


def test_an_account_subscribes_and_unsubscribes(shell: Shell) -> None:
    assert shell("artifact", "settings").stdout == "The account is not subscribed to notifications.\n"
    assert shell("artifact", "settings", "--subscribe").stdout == "The account is subscribed to notifications.\n"
    told = json.loads(shell("artifact", "settings", "--json").stdout)
    assert told == {"notificationSubscriptionStatus": "SUBSCRIBED"}
    shell("artifact", "settings", "--unsubscribe")
    assert "not subscribed" in shell("artifact", "settings").stdout


def test_an_agreement_from_its_offer_to_its_end(shell: Shell, file: str) -> None:
    made = offered(shell, file, "--name", "Ours", "--for", "both", "--term", "One.", "--term", "Two.")
    id_ = str(made["id"])
    assert (made["name"], made["version"], made["state"]) == ("Ours", 1, "OFFERED")
    assert (made["scopes"], made["acceptanceTerms"]) == (["ACCOUNT", "ORGANIZATION"], ["One.", "Two."])

    said = shell("artifact", "revise", id_, "--file", file, "--term", "Only.", "--nda", file).stdout
    assert said == f"Ours, version 2 of {id_}: offered\n"
    assert listed(shell)[id_]["acceptanceTerms"] == ["Only."]
    shell("artifact", "accept", id_, "--accept-terms")

    assert shell("artifact", "withdraw", id_).stdout == f"Ours, version 2 of {id_}: withdrawn\n"
    assert id_ in shell("artifact", "offers").stdout
    assert "in force" in shell("artifact", "agreements").stdout
    shell("artifact", "withdraw", id_, "--end-all")
    assert "in force" not in shell("artifact", "agreements").stdout
    assert shell("artifact", "revise", id_, "--offered").stdout == f"Ours, version 2 of {id_}: offered\n"


def test_an_agreement_on_paper_is_in_force_and_has_no_certificate(shell: Shell, file: str) -> None:
    said = shell("artifact", "paper", file, "--account", ACCOUNT, "--since", "2026-01-31").stdout
    id_ = said.split(", ")[1]

    assert said == f"ours, {id_}, for {ACCOUNT}: in force\n"
    assert f"2026-01-31  {id_}" in shell("artifact", "agreements").stdout
    refused = shell("artifact", "certificate", id_, status=1).stderr
    assert "signed on paper" in refused
    (paper,) = (one for one in listed(shell).values() if one["name"] == "ours")
    assert (paper["state"], paper["type"]) == ("WITHDRAWN", "CUSTOM")


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        (("revise", NOWHERE, "--name", "x"), 1, "no agreement agreement-0000000000000000"),
        (("withdraw", NOWHERE), 1, "no agreement agreement-0000000000000000"),
        (("revise", NOWHERE), 2, "say what is to be another"),
        (("paper", "FILE"), 2, "say whose it is"),
        (("paper", "FILE", "--account", ACCOUNT, "--organization", "arn"), 2, "say whose it is"),
        (("paper", "FILE", "--account", "999999999999"), 1, "There is no such account"),
        (("offer", "TEXT"), 1, "not a PDF"),
        (("certificate", "customer-agreement-0000000000000000"), 1, "ResourceNotFoundException"),
        (("verify-certificate", "TEXT"), 1, "no Ed25519 key is there"),
        (("verify-certificate", "TEXT", "--key", "TEXT"), 1, "neither a JWK nor a set of them"),
    ],
)
def test_what_is_refused_says_why(
    shell: Shell, file: str, tmp_path: Path, arguments: tuple[str, ...], status: int, why: str
) -> None:
    text = tmp_path / "text.pdf"
    text.write_text("text")
    given = [{"FILE": file, "TEXT": str(text)}.get(argument, argument) for argument in arguments]

    assert why in shell("artifact", *given, status=status).stderr


def test_a_certificate_verifies_where_no_server_is(shell: Shell, file: str, tmp_path: Path) -> None:
    id_ = str(offered(shell, file, "--term", "One.")["id"])
    accepted = json.loads(shell("artifact", "accept", id_, "--accept-terms", "--json").stdout)["id"]
    pdf, alone, keys = (tmp_path / name for name in ("a.pdf", "a.json", "keys.json"))
    shell("artifact", "certificate", accepted, "-o", str(pdf))
    shell("artifact", "certificate", accepted, "--json", "-o", str(alone))
    assert json.loads(alone.read_text()) == json.loads(shell("artifact", "certificate", accepted, "--json").stdout)
    keys.write_text(shell("artifact", "certificate-keys").stdout)

    for form in (pdf, alone):
        elsewhere = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
        proved = shell("artifact", "verify-certificate", str(form), "--key", str(keys), "--json", **elsewhere).stdout
        assert json.loads(proved)["id"] == accepted
        assert json.loads(shell("artifact", "verify-certificate", str(form), "--json").stdout)["id"] == accepted
    signing = json.loads(shell("artifact", "rotate-certificate-key", "--json").stdout)["kid"]
    assert json.loads(shell("artifact", "certificate-keys").stdout)["keys"][0]["kid"] == signing
    assert json.loads(shell("artifact", "verify-certificate", str(pdf), "--json").stdout)["id"] == accepted
    shell("artifact", "certificate", accepted, "-o", str(pdf), "--force")
    assert json.loads(shell("artifact", "verify-certificate", str(pdf), "--json").stdout)["id"] == accepted
    assert "was signed with" in shell("artifact", "verify-certificate", str(pdf), "--key", str(keys), status=1).stderr
    alone.write_text(alone.read_text().replace('"payload": "e', '"payload": "f'))
    assert "altered" in shell("artifact", "verify-certificate", str(alone), status=1).stderr


def test_of_a_large_file_is_told_how_much_was_sent(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, int, str]] = []
    steps: list[int] = []

    @contextmanager
    def progress(what: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
        shown.append((what, total, unit))
        yield steps.append

    monkeypatch.setattr(Say, "progress", progress)
    ana = shell.server.user("ana", {"Effect": "Allow", "Action": "artifact:*", "Resource": "*"})
    client = Client("artifact", ana.endpoint, "us-east-1", ana.access_key_id, ana.secret_access_key)
    document = b"%" * 3_000_000  # which is no PDF, as the server says when it has it

    with pytest.raises(ClientFailed, match="not a PDF"), uploading(client, document):
        client.call("CreateTerm", name="Large", document=document)
    client.call("ListReports")

    assert shown == [("uploading", 3, " MB")]
    assert steps == sorted(steps)
    assert set(steps) == {0, 1, 2, 3}
