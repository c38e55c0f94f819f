"""Signed requests as bytes, for what no client would send."""

import http.client
import json
import urllib.parse
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

FORM = "application/x-www-form-urlencoded; charset=utf-8"
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


class Raw:
    """One kept-alive connection, on which anything can be sent."""

    def __init__(self, endpoint: str, key: str, secret: str) -> None:
        self.netloc = urllib.parse.urlsplit(endpoint).netloc
        self._credentials = Credentials(key, secret)
        self._connection = http.client.HTTPConnection(self.netloc, timeout=20)

    def close(self) -> None:
        self._connection.close()

    def head(self, service: str, body: bytes, headers: dict[str, str], path: str = "/") -> dict[str, str]:
        """Return the headers of a signed POST."""
        asked = AWSRequest("POST", f"http://{self.netloc}{path}", data=body, headers={"Host": self.netloc, **headers})
        SigV4Auth(self._credentials, service, "us-east-1").add_auth(asked)
        return dict(asked.headers.items())

    def send(self, service: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Send a signed POST; return status and body."""
        content = headers or {"Content-Type": FORM}
        self._connection.request("POST", "/", body=body, headers=self.head(service, body, content))
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def form(self, service: str, operation: str, parameters: dict[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        """Send a form of the query protocol."""
        pairs = parameters.items() if isinstance(parameters, dict) else parameters
        asked = [("Action", operation), ("Version", VERSIONS[service]), *pairs]
        return self.send(service, urllib.parse.urlencode(asked).encode())

    def json(self, target: str, body: Any) -> tuple[int, str]:
        """Send a body of the json protocol to CloudTrail; bytes go as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{target}",
        }
        return self.send("cloudtrail", data, headers)

    def is_usable(self) -> bool:
        """Say whether this same connection still answers."""
        held = self._connection.sock
        status, _ = self.form("sts", "GetCallerIdentity", {})
        return status == 200 and held is not None and self._connection.sock is held
