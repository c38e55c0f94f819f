"""GetFederationToken: a user, or root, lends some of their permissions to somebody with a name of their own.

The session may do what its user may do and its session policies allow; without session policies, only what resource
policies grant to it by name.
Source: `iam-sts` reference, sections 13.1 and 13.6.
"""

from remit.request import Call, CallerKind, SessionKind
from remit.services.sts import shapes
from remit.services.sts.credentials import issue, new_session
from remit.services.sts.registry import operation
from remit.services.sts.role_sessions import packed_percent, session_policies, session_tags
from remit.store import Transaction

_DEFAULT_SECONDS = 43_200
_ROOT_SECONDS_MAX = 3_600


@operation("GetFederationToken")
def get_federation_token(
    call: Call[shapes.GetFederationTokenRequest], tx: Transaction
) -> shapes.GetFederationTokenResponse:
    """Give temporary credentials to a federated user; from root they last an hour at most."""
    asked, caller = call.input, call.caller
    seconds = asked.get("DurationSeconds", _DEFAULT_SECONDS)
    if caller.kind is CallerKind.ROOT:
        seconds = min(seconds, _ROOT_SECONDS_MAX)
    tags, _ = session_tags(asked, None)
    policies, arns = session_policies(asked, tx, caller.account)
    packed = packed_percent(asked)
    name = asked["Name"]
    session = new_session(
        SessionKind.FEDERATION,
        caller.account,
        caller.entity_id,
        at=call.at,
        seconds=seconds,
        name=name,
        parent_access_key_id=caller.access_key_id,
        policies=policies,
        policy_arns=arns,
        tags=tags,
        assumed_by=caller.arn,
    )
    credentials, sizes = issue(call, tx, session, asked.get("MinimumSessionTokenSize", 0))
    return {
        "Credentials": credentials,
        "FederatedUser": {
            "FederatedUserId": f"{caller.account}:{name}",
            "Arn": f"arn:{call.partition}:sts::{caller.account}:federated-user/{name}",
        },
        "PackedPolicySize": packed,
        **sizes,
    }
