"""Learners on one server do not see each other; what a lab leaves behind goes; seeds and files are as promised."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from composed import Composed
from learners import Learner, school

from remit.compliance.learning.attempts import Attempts, LearnerInvalid, new_seed
from remit.compliance.learning.founding import CannotFound, begin, found, is_there
from remit.compliance.learning.labs import COURSES, EXAM, labs
from remit.compliance.model import read_model
from remit.directory import KINDS


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Composed]:
    with school(tmp_path) as made:
        yield made


def test_there_are_twenty_four_labs_in_five_courses_and_an_exam() -> None:
    every = [lab.course for lab in labs().values()]

    assert {course: every.count(course) for course in COURSES} == {"A1": 4, "A2": 6, "A3": 5, "A4": 5, "A5": 4}
    assert every[-1] == EXAM
    assert len(every) == 25


def test_learners_are_in_organizations_of_their_own(whole: Composed) -> None:
    ada, eve = Learner(whole, "A2-5", new_seed(), "ada"), Learner(whole, "A2-5", new_seed(), "eve")

    listed = {one["Id"] for one in eve.client("organizations").list_accounts()["Accounts"]}

    assert listed == set(eve.attempt.accounts.values())
    assert listed.isdisjoint(ada.attempt.accounts.values())


@pytest.mark.parametrize("account", ["management", "payments"])
def test_a_learner_gets_no_role_of_anothers_tenant(account: str, whole: Composed) -> None:
    ada, eve = Learner(whole, "A2-5", new_seed(), "ada"), Learner(whole, "A2-5", new_seed(), "eve")
    role = f"arn:aws:iam::{ada.account(account)}:role/OrganizationAccountAccessRole"

    with pytest.raises(ClientError, match="AccessDenied"):
        eve.client("sts").assume_role(RoleArn=role, RoleSessionName="eve")


def test_a_learner_does_not_come_near_the_account_of_the_server(whole: Composed) -> None:
    ada = Learner(whole, "A2-5", new_seed())

    with pytest.raises(ClientError, match="AccessDenied"):
        ada.client("sts").assume_role(RoleArn=f"arn:aws:iam::{whole.account}:role/any", RoleSessionName="eve")
    assert ada.client("sts").get_caller_identity()["Account"] != whole.account


def test_one_learner_may_be_at_two_labs_and_two_at_one(whole: Composed) -> None:
    seeds = [("A2-4", "ada"), ("A2-6", "ada"), ("A2-4", "eve")]

    accounts = [one for lab, name in seeds for one in Learner(whole, lab, "00" * 16, name).attempt.accounts.values()]

    assert len(accounts) == len(set(accounts))


def test_nothing_is_left_of_an_ended_lab_but_the_trail(whole: Composed) -> None:
    def held() -> dict[str, int]:
        return {kind.name: whole.change(lambda tx, kind=kind: len(tx.all(kind))) for kind in KINDS}

    before = held()
    ada = Learner(whole, "A5-1", new_seed())
    ada.client("organizations").create_account(Email="new@example.com", AccountName="made by the learner")
    assert held() != before

    ada.end()

    assert held() == before
    assert not whole.change(lambda tx: is_there(tx, ada.attempt))
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        ada.client("sts").get_caller_identity()


def test_another_learners_tenant_stays_when_one_ends(whole: Composed) -> None:
    ada, eve = Learner(whole, "A2-4", new_seed(), "ada"), Learner(whole, "A2-4", new_seed(), "eve")

    ada.end()

    assert whole.change(lambda tx: is_there(tx, eve.attempt))
    assert eve.client("iam", "workload").list_groups()["Groups"]


def test_files_are_the_owners_alone(whole: Composed) -> None:
    ada = Learner(whole, "A4-5", new_seed())

    modes = {stat.S_IMODE(path.stat().st_mode) for path in ada.folder.rglob("*") if path.is_file()}

    assert modes == {0o600}
    assert stat.S_IMODE(ada.folder.stat().st_mode) == 0o700


def test_the_secret_of_a_key_is_in_one_file_only(whole: Composed) -> None:
    ada = Learner(whole, "A2-1", new_seed())
    secret = ada.identity().secret_access_key.reveal()

    holding = [path.name for path in ada.folder.rglob("*") if path.is_file() and secret in path.read_text()]

    assert holding == ["credentials"]


def test_the_same_seed_draws_the_same_lab_and_another_one_another() -> None:
    accounts = {"management": "111111111111", "workload": "222222222222"}

    one, same, other = (labs()["A2-1"].for_learner(seed, accounts) for seed in ("0" * 32, "0" * 32, "1" * 32))

    assert one == same
    assert one != other


def test_seeds_are_long_and_never_the_same() -> None:
    seeds = {new_seed() for _ in range(1000)}

    assert len(seeds) == 1000
    assert {len(seed) for seed in seeds} == {32}


@pytest.mark.parametrize("name", ["", "..", ".x", "a/b", "a\\b", "a b", "ä", "x" * 129, "-x", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_no_learners(name: str, tmp_path: Path) -> None:
    with pytest.raises(LearnerInvalid):
        Attempts(tmp_path, name)


@pytest.mark.parametrize("name", ["ada", "ada@example.com", "a.b+c_d-e", "x" * 128])
def test_names_of_users_and_addresses_are_learners(name: str, tmp_path: Path) -> None:
    assert Attempts(tmp_path, name).every() == []


def test_the_first_pass_is_kept(tmp_path: Path) -> None:
    attempts, at = Attempts(tmp_path, "ada"), datetime(2026, 11, 29, tzinfo=UTC)
    first, second = (begin(labs()["A2-1"], "ada", seed * 32, at) for seed in ("0", "1"))

    attempts.note_passed(first, at)
    attempts.forget("A2-1")
    attempts.note_passed(second, at)

    assert attempts.passed()["A2-1"].seed == "0" * 32


def test_a_lab_about_agreements_is_not_founded_where_none_is_offered(tmp_path: Path) -> None:
    with school(tmp_path, samples=False) as whole:
        attempt = begin(labs()["A1-4"], "ada", new_seed(), datetime.now(UTC))

        with pytest.raises(CannotFound, match="no agreement is offered"):
            whole.change(lambda tx: found(tx, labs()["A1-4"], attempt))
        assert not whole.change(lambda tx: is_there(tx, attempt))


def test_halves_that_labs_ask_for_are_rows_of_the_model() -> None:
    cases = labs()["A1-2"].parameters["cases"]

    assert {one["half"] for one in cases.of} <= {half.id for row in read_model().rows for half in row.halves}
