"""`--as ROLE`: credentials of a role, asked for by the administrator, as any client would ask."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

from remit.authn.signing import signed_headers
from remit.cli.output import REFUSED, Failed
from remit.ids import Secret

_SECONDS = 10
_NAMES = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}


def as_role(variables: Mapping[str, str], role: str) -> dict[str, str]:
    """Return *variables* with the credentials of a session of *role* in the place of the administrator's.

    Args:
        variables: `AWS_ENDPOINT_URL`, `AWS_DEFAULT_REGION` and the administrator's key.
        role: a name, or an ARN.

    Raises:
        Failed: the role does not let the administrator assume it, or no server answers.
    """
    arn = role if role.startswith("arn:") else f"arn:aws:iam::{_account(variables)}:role/{role}"
    answer = _ask(variables, {"Action": "AssumeRole", "RoleArn": arn, "RoleSessionName": "remit"})
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in answer.iter()}
    return {**variables, **{variable: found[name] for variable, name in _NAMES.items()}}


def _account(variables: Mapping[str, str]) -> str:
    answer = _ask(variables, {"Action": "GetCallerIdentity"})
    return next(element.text or "" for element in answer.iter() if element.tag.endswith("}Account"))


def _ask(variables: Mapping[str, str], parameters: Mapping[str, str]) -> ET.Element:
    endpoint = variables["AWS_ENDPOINT_URL"]
    form = urlencode({"Version": "2011-06-15", **parameters}).encode()
    headers = signed_headers(
        urlsplit(endpoint).netloc,
        "sts",
        variables["AWS_DEFAULT_REGION"],
        form,
        key_id=variables["AWS_ACCESS_KEY_ID"],
        secret=Secret(variables["AWS_SECRET_ACCESS_KEY"]),
        at=datetime.now(UTC),
    )
    request = urllib.request.Request(f"{endpoint}/", data=form, headers=headers)  # noqa: S310  # our own server's
    context = ssl.create_default_context() if endpoint.startswith("https:") else None
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS, context=context) as answer:  # noqa: S310  # as above
            return ET.fromstring(answer.read())  # noqa: S314  # as above
    except urllib.error.HTTPError as error:
        said = ET.fromstring(error.read())  # noqa: S314  # as above
        message = next((element.text for element in said.iter() if element.tag.endswith("}Message")), str(error))
        raise Failed(str(message), REFUSED) from None
    except OSError as error:
        raise Failed(f"no server answers at {endpoint}: {error}; start one with `remit serve`") from None
