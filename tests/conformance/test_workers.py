"""Several workers, and several servers, over one store: what one has answered holds in all."""

import threading

import pytest
from conformance.test_mfa import Device
from serving import served

pytestmark = pytest.mark.conformance


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def flags(request, tmp_path):
    common = ("--data", str(tmp_path), "--workers", "3")
    if request.param == "sqlite":
        return common
    return (*common, "--database", request.getfixturevalue("postgresql_address"))


def test_a_revoked_permission_is_not_used_again_in_any_worker(flags, refused):
    with served(*flags) as server:
        iam = server.client("iam")
        bob = server.user("bob")
        policy = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
        for _ in range(15):
            iam.attach_user_policy(UserName="bob", PolicyArn=policy)
            for _ in range(4):
                bob.client("iam").list_users()  # a client of its own: a connection of its own, to whichever worker
            iam.detach_user_policy(UserName="bob", PolicyArn=policy)
            for _ in range(4):
                refused(lambda: bob.client("iam").list_users(), "AccessDenied")


def test_concurrent_changes_are_all_there(flags):
    with served(*flags) as server:
        failures: list[Exception] = []

        def make(worker):
            iam = server.client("iam")
            try:
                for number in range(20):
                    iam.create_user(UserName=f"u-{worker}-{number}")
            except Exception as error:  # noqa: BLE001  # shown below
                failures.append(error)

        threads = [threading.Thread(target=make, args=(worker,)) for worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        users = server.client("iam").list_users(MaxItems=1000)["Users"]
        assert len(users) == 121
        assert len(server.events(EventName="CreateUser")) == 120


def test_a_name_is_given_once_however_many_ask(flags):
    with served(*flags) as server:
        outcomes: list[str] = []

        def make():
            try:
                server.client("iam").create_user(UserName="alice")
                outcomes.append("made")
            except Exception as error:  # noqa: BLE001  # counted below
                outcomes.append(type(error).__name__)

        threads = [threading.Thread(target=make) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(outcomes) == ["EntityAlreadyExistsException"] * 11 + ["made"]


def test_a_code_of_an_mfa_device_is_good_once_however_many_show_it(flags):
    with served(*flags) as server:
        bob = server.user("bob")
        device = Device(server.client("iam"), "d")
        device.enable(server.client("iam"), "bob")
        proof = {"SerialNumber": device.serial, "TokenCode": device.code()}
        outcomes: list[str] = []

        def ask():
            try:
                bob.client("sts").get_session_token(**proof)
                outcomes.append("given")
            except Exception as error:  # noqa: BLE001  # counted below
                outcomes.append(str(error).partition("operation: ")[2])

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code."
        assert sorted(outcomes) == [wrong] * 11 + ["given"]
