"""A served endpoint, emptied before each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from serving import Served, served


@pytest.fixture(scope="session")
def one_server() -> Iterator[Served]:
    with served("--ephemeral", "--allow-reset") as found:
        yield found


@pytest.fixture
def server(one_server: Served) -> Served:
    one_server.reset()
    return one_server


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Give a function that calls something and returns the error: `refused(call, "AccessDenied")["Message"]`.

    The message is without its end, which says where to learn more and is another one each time.
    """

    def check(call: Callable[[], Any], code: str, status: int | None = None) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            call()
        error: dict[str, Any] = caught.value.response["Error"]
        assert error["Code"] == code, error
        if status is not None:
            assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        return {**error, "Message": error.get("Message", "").partition(" Go to ")[0]}

    return check
