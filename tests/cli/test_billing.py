"""`remit billing`: switches, credits, codes and views."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from bills import PAYER
from composed import composed

from remit.cli import main

STRANGER = "777788889999"
VIEW = f"arn:aws:billing::{PAYER}:billingview/primary"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    with composed(tmp_path):
        pass

    def call(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main(["billing", *arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


def test_bills_are_the_root_users_until_they_are_opened(run: Callable[..., tuple[int, str]]) -> None:
    before = json.loads(run("access", PAYER, "--json")[1])
    run("access", PAYER, "--users", "--no-members")
    after = json.loads(run("access", PAYER, "--json")[1])

    assert before == {"account": PAYER, "users": False, "members": True}
    assert after == {"account": PAYER, "users": True, "members": False}


def test_what_is_not_said_stays(run: Callable[..., tuple[int, str]]) -> None:
    run("access", PAYER, "--users")
    run("access", PAYER, "--no-members")

    status, said = run("access", PAYER)

    assert status == 0
    assert "policies decide who sees them" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("access", STRANGER, "--users"), "no account"),
        (("access", "12"), "12"),
        (("credit", PAYER, "--amount", "0", "--until", "2099-01-01"), "more than nothing"),
        (("credit", PAYER, "--amount", "x", "--until", "2099-01-01"), "no number"),
        (("credit", PAYER, "--amount", "5", "--until", "2001-01-01"), "end after it starts"),
        (("credit", STRANGER, "--amount", "5", "--until", "2099-01-01"), "no account"),
        (("share", VIEW, "--with", STRANGER), "primary billing view cannot be changed"),
        (("share", f"{VIEW}x"), "no billing view"),
    ],
)
def test_what_cannot_be_is_said(run: Callable[..., tuple[int, str]], arguments: tuple[str, ...], words: str) -> None:
    status, said = run(*arguments)

    assert status != 0
    assert words in said


def test_a_credit_is_given(run: Callable[..., tuple[int, str]]) -> None:
    made = json.loads(run("credit", PAYER, "--amount", "100", "--until", "2099-01-01", "--json")[1])

    assert made["amount"] == "100"
    assert made["credit"].isdigit()


def test_a_code_is_made_once(run: Callable[..., tuple[int, str]]) -> None:
    asked = ("promotion", "WELCOME", "--amount", "25", "--until", "2099-01-01")

    assert run(*asked)[0] == 0
    assert "exists" in run(*asked)[1]
