"""`--as ROLE`: credentials of a role, asked for by the administrator, as any client would ask."""

from collections.abc import Mapping

from remit.cli.output import REFUSED, Failed
from remit.ids import Secret
from remit.wire.client import Client, ClientFailed

_NAMES = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}


def as_role(variables: Mapping[str, str], role: str) -> dict[str, str]:
    """Return *variables* with the credentials of a session of *role* in the place of the administrator's.

    Args:
        variables: `AWS_ENDPOINT_URL`, `AWS_DEFAULT_REGION` and a key, with its session token if it has one.
        role: a name, or an ARN.

    Raises:
        Failed: the role does not let the administrator assume it, or no server answers.
    """
    endpoint = variables["AWS_ENDPOINT_URL"]
    sts = Client(
        "sts",
        endpoint,
        variables["AWS_DEFAULT_REGION"],
        variables["AWS_ACCESS_KEY_ID"],
        Secret(variables["AWS_SECRET_ACCESS_KEY"]),
        variables.get("AWS_SESSION_TOKEN", ""),
    )
    try:
        arn = role if role.startswith("arn:") else f"arn:aws:iam::{_account(sts)}:role/{role}"
        found = sts.call("AssumeRole", RoleArn=arn, RoleSessionName="remit")["Credentials"]
    except ClientFailed as failed:
        if failed.code:
            raise Failed(failed.message, REFUSED) from None
        raise Failed(f"no server answers at {endpoint}: {failed.message}; start one with `remit serve`") from None
    return {**variables, **{variable: found[name] for variable, name in _NAMES.items()}}


def _account(sts: Client) -> str:
    account: str = sts.call("GetCallerIdentity")["Account"]
    return account
