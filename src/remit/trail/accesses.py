"""Who last used what: the newest attempt of each principal at each service and action, found in the trail.

Every attempt whose signature verified counts, denied ones too. A session's attempts are its role's.
Source: IAM User Guide, "Refine permissions in AWS using last accessed information"; `iam-sts` reference, section 15.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from remit.ids import AccountId
from remit.store import Record, RecordQuery

LookUp = Callable[[RecordQuery], list[Record]]

_RECORDS_AT_ONCE = 1_000


class Attempt(msgspec.Struct, frozen=True):
    """When and in which region a principal last tried something."""

    at: datetime
    region: str


class Accesses(msgspec.Struct, frozen=True):
    """The newest attempts of an account's principals.

    Attributes:
        services: (unique id of the user or role, or the account id of root; prefix of the service) -> attempt.
        actions: the same with the name of the action.
    """

    services: dict[tuple[str, str], Attempt]
    actions: dict[tuple[str, str, str], Attempt]


class _Issuer(msgspec.Struct, frozen=True, rename="camel"):
    principal_id: str = ""


class _SessionContext(msgspec.Struct, frozen=True, rename="camel"):
    session_issuer: _Issuer = _Issuer()


class _Identity(msgspec.Struct, frozen=True, rename="camel"):
    type: str = ""
    principal_id: str = ""
    account_id: str = ""
    session_context: _SessionContext = _SessionContext()


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    user_identity: _Identity


_decode = msgspec.json.Decoder(_Body).decode
_OWN = frozenset({"Root", "IAMUser", "AssumedRole"})


def accesses(look_up: LookUp, account: AccountId, *, since: datetime, until: datetime) -> Accesses:
    """Read the trail of *account* from its end. It takes long: only for `Call.slowly`."""
    found = Accesses({}, {})
    query = RecordQuery(account=account, start=_milliseconds(since), end=_milliseconds(until), limit=_RECORDS_AT_ONCE)
    while True:
        records = look_up(query)
        for record in records:
            _note(found, account, record)
        if len(records) < query.limit:
            return found
        query = msgspec.structs.replace(query, before=(records[-1].at, records[-1].event_id))


def _note(found: Accesses, account: AccountId, record: Record) -> None:
    principal = _principal(account, _decode(record.body).user_identity)
    if not principal:
        return
    service = record.source.partition(".")[0]
    attempt = Attempt(datetime.fromtimestamp(record.at // 1000, UTC), record.region)
    # Newest first: what is there already is newer.
    found.services.setdefault((principal, service), attempt)
    found.actions.setdefault((principal, service, record.name), attempt)


def _principal(account: AccountId, identity: _Identity) -> str:
    if identity.type not in _OWN or identity.account_id != account:
        return ""
    issuer = identity.session_context.session_issuer.principal_id
    return issuer or identity.principal_id


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
