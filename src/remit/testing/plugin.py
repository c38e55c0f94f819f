"""The pytest plugin: a server for the test session, fresh for each test, and words for what is allowed and what is not.

| fixture | gives |
| --- | --- |
| `remit` | the server; the AWS variables point at it, as its administrator |
| `remit_account` | the account's id |
| `as_user(name, policy)`, `as_role(name, policy, trust)` | an identity that may do what the policy says |
| `assert_allowed(call)`, `assert_denied(call, by=None)` | calls *call*, and fails if it is refused, or is not |

With pytest-xdist each worker has a server of its own.
"""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from remit.testing.identity import Identity
    from remit.testing.server import Server

_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
# What messages say of each layer, `by` of `assert_denied`.
_LAYERS = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "trust": "role trust policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
    "vpc_endpoint": "VPC endpoint policy",
}
_served = pytest.StashKey["Server"]()


@pytest.fixture(scope="session")
def remit_server() -> "Iterator[Server]":
    """Serve Remit while the tests run."""
    from remit.testing.server import serve

    with serve() as server:
        yield server


@pytest.fixture
def remit(request: pytest.FixtureRequest, remit_server: "Server") -> "Iterator[Server]":
    """Give a fresh server, with the AWS variables pointing at it as its administrator."""
    remit_server.reset()
    request.node.stash[_served] = remit_server
    held = {name: os.environ.get(name) for name in remit_server.administrator.variables()}
    _set(remit_server.administrator.variables())
    yield remit_server
    _set(held)


def _set(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture
def remit_account(remit: "Server") -> str:
    """Give the id of the account that the test is in."""
    return remit.account


@pytest.fixture
def as_user(remit: "Server") -> "Callable[..., Identity]":
    """Give a function that makes a user: `as_user(name, policy=None)`."""
    return remit.user


@pytest.fixture
def as_role(remit: "Server") -> "Callable[..., Identity]":
    """Give a function that makes a role and assumes it: `as_role(name, policy=None, trust=None)`."""
    return remit.role


@pytest.fixture
def assert_allowed() -> Callable[[Callable[[], Any]], Any]:
    """Give a function that calls something, and returns what it returns; a refusal fails the test, explained."""

    def check(call: Callable[[], Any]) -> Any:
        return call()

    return check


@pytest.fixture
def assert_denied() -> Callable[..., str]:
    """Give a function that calls what must be refused, and returns the message: `assert_denied(call, by=None)`."""

    def check(call: Callable[[], Any], by: str | None = None) -> str:
        __tracebackhide__ = True
        if by is not None and by not in _LAYERS:
            raise ValueError(f"no layer `{by}`: one of {', '.join(_LAYERS)}")
        try:
            call()
        except Exception as error:
            code, message = _refused(error)
            if code not in _DENIED:
                raise
            if by is not None and _LAYERS[by] not in message:
                pytest.fail(f"refused, but not by {by}: {message}")
            return message
        pytest.fail("allowed, and should have been refused")

    return check


def _refused(error: BaseException) -> tuple[str, str]:
    """Return code and message of a botocore ClientError; two empty texts for any other exception."""
    found: Mapping[str, str] = getattr(error, "response", {}).get("Error", {})
    return found.get("Code", ""), found.get("Message", "")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show why a request was refused, under its own heading, when that made a test fail."""
    report = yield
    server = item.stash.get(_served, None)
    if report.failed and server is not None and call.excinfo is not None:
        code, _ = _refused(call.excinfo.value)
        if code in _DENIED:
            try:
                report.sections.append(("Remit explains", server.explain(call.excinfo.value)))
            except LookupError as unknown:
                report.sections.append(("Remit explains", str(unknown)))
    return report
