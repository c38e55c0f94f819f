"""Somebody who can sign: credentials, and clients that use them."""

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from remit.ids import Secret
from remit.wire.client import extended_session

_making = threading.Lock()
_SESSIONS_KEPT = 4


@lru_cache(_SESSIONS_KEPT)
def _session(variables: tuple[tuple[str, str], ...]) -> Any:
    """Return the session that makes clients while the environment has these *variables*.

    A session takes 130 ms to load what a client from it then needs in 10: tests make thousands of them.
    """
    del variables
    import boto3

    return boto3.Session(botocore_session=extended_session())


@dataclass(frozen=True)
class Identity:
    """An administrator, a user or a role session of a served Remit.

    Attributes:
        session_token: None for long-term keys.
        arn: of the user or the session.
    """

    arn: str
    access_key_id: str
    secret_access_key: Secret
    session_token: str | None
    endpoint: str
    region: str = "us-east-1"

    def client(self, service: str, **options: Any) -> Any:
        """Return a boto3 client of *service* that signs as this identity.

        Args:
            options: for `boto3.client`; `region_name` and `config` are the usual ones.

        Raises:
            ImportError: boto3 is not installed.
        """
        given: dict[str, Any] = {
            "endpoint_url": self.endpoint,
            "region_name": self.region,
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key.reveal(),
            "aws_session_token": self.session_token,
        }
        variables = tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_")))
        with _making:  # a session is not for several threads
            client: Any = _session(variables).client(service, **(given | options))
        return client

    def variables(self) -> dict[str, str | None]:
        """Return the environment variables that make AWS tools use this identity; None takes a variable away."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key.reveal(),
            "AWS_SESSION_TOKEN": self.session_token,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_REGION": self.region,
            # Nothing of the developer's own accounts may be reached by mistake.
            "AWS_PROFILE": None,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
