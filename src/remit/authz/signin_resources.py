"""Which resource a call of the sign-in service acts on.

Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Signin".
"""

import msgspec

from remit.authz.targets import Asked, Target, nothing, own
from remit.directory.console_access import policy_in_force
from remit.directory.oauth_tokens import AccessTokenInvalid, open_access_token
from remit.directory.signin_grants import GrantInvalid, grant_of_refresh_token


def oauth_client(asked: Asked) -> Target:
    """The program that a token is for; the account's sign-in policy guards it where it is in force."""
    policy = policy_in_force(asked.tx, asked.caller.account) or ""
    return msgspec.structs.replace(_public_client(asked, asked.input["tokenInput"]["clientId"]), policy=policy)


def _public_client(asked: Asked, client_id: str) -> Target:
    client = "localhost" if client_id.endswith("/same-device") else "remote"
    arn = f"arn:{asked.partition}:signin:us-east-1:{asked.caller.account}:oauth2/public-client/{client}"
    return own(asked, arn, arn)


def oauth_resource(asked: Asked) -> Target:
    """The service that a token is for."""
    return _for_service(asked, asked.input["resource"])


def _for_service(asked: Asked, service: str) -> Target:
    arn = f"arn:{asked.partition}:signin:us-east-1:{asked.caller.account}:service-principal/{service}"
    return own(asked, arn, arn)


def oauth_token(asked: Asked) -> Target:
    """What a token is for: an access token for a service, a refresh token for a client, anything else for nothing."""
    text: str = asked.input["token"]
    try:
        return _for_service(asked, open_access_token(asked.tx.keyring, text).resource)
    except AccessTokenInvalid:
        pass
    try:
        client = grant_of_refresh_token(asked.tx, text).client_id
    except GrantInvalid:
        return nothing(asked)
    return msgspec.structs.replace(_public_client(asked, client), keys={"signin:OAuthClientId": client})
