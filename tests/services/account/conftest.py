"""A Remit whose clock a test can turn, and an organization that lets Account Management in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from composed import Composed, composed

from remit.clock import FixedClock, SystemClock
from remit.directory.one_time_codes import MESSAGES, Message
from remit.store import Transaction
from remit.testing import Identity

# For inputs that botocore would not send.
UNCHECKED = Config(parameter_validation=False)
OWN, OTHER = "123456789012", "444455556666"
ACCOUNT = "account.amazonaws.com"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SystemClock().now())


@pytest.fixture
def remit(tmp_path: Path, clock: FixedClock) -> Iterator[Composed]:
    with composed(tmp_path, clock) as whole:
        yield whole


@pytest.fixture
def member(organize: Callable[..., str], join: Callable[[str], Identity], clock: FixedClock) -> Identity:
    """Return the root user of a member account of an organization with trusted access."""
    return join(organize(trusted_services={ACCOUNT: clock.now()}))


@pytest.fixture
def newest_code(remit: Composed) -> Callable[[], tuple[str, str]]:
    """Give a function that returns where the newest code was sent, and the code."""

    def take(tx: Transaction) -> tuple[str, str]:
        message = max(tx.all(MESSAGES), key=_at)
        return message.to, message.code(tx.keyring).reveal()

    return lambda: remit.change(take)


def _at(message: Message) -> datetime:
    return message.at


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Give a function that calls something and returns the error: `refused(call, "ConflictException", 409)`.

    The message is without its end, which says where to learn more and is another one each time.
    """

    def check(call: Callable[[], Any], code: str, status: int) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            call()
        answer: dict[str, Any] = {**caught.value.response}
        assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), answer
        return {**answer, "message": answer["message"].partition(" Go to ")[0]}

    return check
