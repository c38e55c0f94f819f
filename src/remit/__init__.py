"""The security side of AWS that you can run yourself.

    with remit.serve() as server:                  # a server in this process, with an empty store
        server.client("iam").create_user(UserName="alice")

`remit.policy` decides without a server; `remit.testing` has the test kit; `remit serve` is the server itself.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remit import policy
    from remit.testing import serve

__all__ = ["policy", "serve"]


def __getattr__(name: str) -> Any:
    # `import remit.policy` and the command line must not pay for the server.
    if name == "serve":
        from remit.testing import serve

        return serve
    if name == "policy":
        from importlib import import_module

        return import_module("remit.policy")
    raise AttributeError(f"module `remit` has no attribute `{name}`")
