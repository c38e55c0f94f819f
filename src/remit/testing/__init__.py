"""Tests with Remit: a server in this process, identities with policies, and a pytest plugin.

    with remit.serve() as server:
        alice = server.user("alice", policy={...})
        alice.client("iam").get_user()

The plugin (`remit.testing.plugin`) is registered by entry point; its fixtures are the same things.
"""

from remit.testing.identity import Identity
from remit.testing.server import Server, serve

__all__ = ["Identity", "Server", "serve"]
