"""A server in this process: an endpoint of its own, an empty store, gone at the end."""

import json
import os
import threading
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import uvicorn

from remit.authz import text
from remit.endpoint.compose import Endpoint, compose, in_temporary_folder
from remit.endpoint.server import App, listen, uvicorn_config
from remit.endpoint.settings import read_settings
from remit.ids import Secret
from remit.testing.identity import Identity

_STOP_SECONDS = 10
_POLICY_NAME = "test"


class Server:
    """A Remit that serves from a thread of this process.

    Attributes:
        endpoint: its URL.
        account: id of its first account.
        administrator: who may do everything in that account.
        data: its data folder.
    """

    def __init__(self, whole: Endpoint) -> None:
        founded = whole.founded
        self.endpoint = whole.settings.endpoint
        self.account: str = founded.account.id
        self.data = whole.settings.data
        self._whole = whole
        key = founded.administrator
        if key is None:
            raise ValueError("the server was founded without an administrator")
        self.administrator = Identity(
            arn=f"arn:aws:iam::{self.account}:user/{key.user}",
            access_key_id=key.access_key_id,
            secret_access_key=key.secret,
            session_token=None,
            endpoint=self.endpoint,
        )

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of *service* that signs as the administrator."""
        return self.administrator.client(service, **options)

    def user(self, name: str, policy: Mapping[str, Any] | None = None) -> Identity:
        """Make a user with an access key.

        Args:
            policy: an inline policy document; without one the user may do nothing.
        """
        iam = self.client("iam")
        arn: str = iam.create_user(UserName=name)["User"]["Arn"]
        if policy is not None:
            iam.put_user_policy(UserName=name, PolicyName=_POLICY_NAME, PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Identity(arn, key["AccessKeyId"], Secret(key["SecretAccessKey"]), None, self.endpoint)

    def role(
        self,
        name: str,
        policy: Mapping[str, Any] | None = None,
        trust: Mapping[str, Any] | None = None,
        session_name: str = "test",
    ) -> Identity:
        """Make a role and assume it as the administrator.

        Args:
            policy: an inline policy document; without one the session may do nothing.
            trust: the trust policy; by default it trusts the administrator.
        """
        iam = self.client("iam")
        trusting = trust or {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": self.administrator.arn}, "Action": "sts:AssumeRole"}
            ],
        }
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusting))["Role"]["Arn"]
        if policy is not None:
            iam.put_role_policy(RoleName=name, PolicyName=_POLICY_NAME, PolicyDocument=json.dumps(policy))
        answer = self.client("sts").assume_role(RoleArn=arn, RoleSessionName=session_name)
        credentials = answer["Credentials"]
        return Identity(
            answer["AssumedRoleUser"]["Arn"],
            credentials["AccessKeyId"],
            Secret(credentials["SecretAccessKey"]),
            credentials["SessionToken"],
            self.endpoint,
        )

    def reset(self) -> None:
        """Empty the store, but for the first account and its administrator."""
        request = urllib.request.Request(f"{self.endpoint}/_remit/reset", method="POST", data=b"")  # noqa: S310  # our own
        with urllib.request.urlopen(request, timeout=_STOP_SECONDS):  # noqa: S310  # as above
            pass

    def explain(self, error: BaseException) -> str:
        """Say why a request was refused.

        Args:
            error: what the client raised, a botocore `ClientError`.

        Raises:
            LookupError: no refusal of this server, or one too long ago: the last thousand are kept.
        """
        response: Mapping[str, Any] = getattr(error, "response", {})
        request_id = response.get("ResponseMetadata", {}).get("RequestId", "")
        question = self._whole.refusals.question(request_id)
        return text(question, question.request.principal.arn, every_statement=True)


@contextmanager
def serve(**settings: Any) -> Generator[Server, None, None]:
    """Serve in this process, on a port and a store of its own, until the block ends.

    Args:
        settings: as in `remit config`; by default a free port of the loopback interface, no bills unless a command
            makes them, and nothing that the environment or a `remit.toml` says.
    """
    ours = {"port": 0, "ephemeral": True, "allow_reset": True, "log_level": "error", "bill_every_seconds": 0}
    chosen = {**ours, **settings}
    read, _ = read_settings(chosen, environment={}, file=Path(os.devnull))
    read, folder = in_temporary_folder(read)
    with folder:
        listener = listen(read.host, read.port)
        read = msgspec.structs.replace(read, port=listener.getsockname()[1])
        whole = compose(read)
        server = uvicorn.Server(uvicorn_config(read, App(whole, owns_process=False)))
        thread = threading.Thread(target=server.run, args=([listener],), name="remit", daemon=True)
        thread.start()
        try:
            yield Server(whole)
        finally:
            server.should_exit = True
            thread.join(_STOP_SECONDS)
            listener.close()
