"""Registering security keys and passkeys: what the console does in AWS, and no operation of IAM.

    POST /_remit/signin/security-keys/options   {"credentials", "keyName", "userName"}
                                                -> {"publicKey"}, for navigator.credentials.create, and {"challenge"}
    POST /_remit/signin/security-keys           {"credentials", "challenge", "answer", "userName"}
                                                -> {"serialNumber"}

Both need `iam:EnableMFADevice` on the user, with `iam:RegisterSecurityKey` `Create` and then `Activate`; the root user
registers keys of its own. Whether nobody but the owner signs in with a key is checked in `second_factors`.
Source: IAM User Guide, "Assign a passkey or security key in the AWS Management Console"; Service Authorization
Reference, "Actions, resources, and condition keys for AWS Identity and Access Management".
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from remit.authn.authenticators import FIDO, FIPS_140_2, FIPS_140_3, Authenticators
from remit.authn.security_keys import (
    Challenge,
    HostUnfit,
    KeyRefused,
    Purpose,
    creation_options,
    new_challenge,
    open_challenge,
    registered,
    seal_challenge,
)
from remit.authz.authorize import ask, context, network_of
from remit.authz.operations import operations
from remit.authz.resources import find
from remit.authz.targets import Asked
from remit.clock import Clock
from remit.directory.facts import AlreadyExists, QuotaExceeded
from remit.directory.security_keys import key_serial, refuse_ninth_device, register_key, security_keys
from remit.directory.users import USERS, User
from remit.endpoint.connection import Respond
from remit.endpoint.shown_credentials import REGION, CredentialsInvalid, ShownCredentials, holder
from remit.endpoint.unsigned import Outcome, SlowResults, answered, is_own_page, said, settled
from remit.policy import folded
from remit.request import Caller, CallerKind, HttpRequest, HttpResponse
from remit.slow_work import slowly
from remit.store import Answer, Database, Record, Transaction
from remit.trail.sign_in import security_key_registered

T = TypeVar("T")
OPTIONS, PATH = "/_remit/signin/security-keys/options", "/_remit/signin/security-keys"
_OK, _BAD, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT = 200, 400, 401, 403, 404, 409
_ACTION = "iam:EnableMFADevice"
# A serial number has at most 256 characters, of which the user's name may have 64.
_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_BODY_BYTES_MAX = 65_536
_CERTIFICATION_KEYS = {
    FIDO: "iam:FIDO-certification",
    FIPS_140_2: "iam:FIDO-FIPS-140-2-certification",
    FIPS_140_3: "iam:FIDO-FIPS-140-3-certification",
}


class _Wish(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A wish for something to sign; *user_name* is empty for who asks."""

    credentials: ShownCredentials
    key_name: str
    user_name: str = ""


class _Answered(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """What a key signed: `PublicKeyCredential.toJSON()`, and what came with the options."""

    credentials: ShownCredentials
    challenge: str
    answer: dict[str, Any]
    user_name: str = ""


class _Owner(msgspec.Struct, frozen=True):
    """Whose key it is, and who registers it. Without *user* it is the root user's."""

    caller: Caller
    user: User | None

    @property
    def id(self) -> str:
        return self.caller.account if self.user is None else self.user.id

    @property
    def name(self) -> str:
        return "" if self.user is None else self.user.name


class _Refused(Exception):
    """Why not, as it is answered."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.outcome = Outcome(status, {"message": message})


class SecurityKeys:
    """Answers requests to register a key.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keep: Callable[["asyncio.Task[None]"], None],
        authenticators: Authenticators,
    ) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep
        self._authenticators = authenticators

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, later."""
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        return said(await self._outcome(http))

    async def _outcome(self, http: HttpRequest) -> Outcome:
        if not is_own_page(http):
            return Outcome(_FORBIDDEN, {"message": "register keys from a page of this server"})
        if http.method != "POST" or len(http.body) > _BODY_BYTES_MAX:
            return Outcome(_BAD, {"message": f"use POST with at most {_BODY_BYTES_MAX} bytes"})
        at = self._clock.now()
        try:
            if http.path == OPTIONS:
                return await settled(
                    self._database, partial(_asked, _read(http.body, _Wish), http, at, self._authenticators)
                )
            given = _read(http.body, _Answered)
            return await settled(self._database, partial(_registered, given, http, at, self._authenticators))
        except _Refused as refused:
            return refused.outcome


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise _Refused(_BAD, str(error)) from None


def _asked(
    wish: _Wish,
    http: HttpRequest,
    at: datetime,
    authenticators: Authenticators,
    results: SlowResults,
    tx: Transaction,
) -> Answer[Outcome]:
    del results
    owner = _owner(tx, wish.credentials, wish.user_name, at)
    if not _NAME.fullmatch(wish.key_name):
        raise _Refused(_BAD, "keyName must have 1 to 64 letters, digits and characters of _+=,.@-")
    denied = _denied(tx, owner, http, at, {"iam:RegisterSecurityKey": "Create"})
    if denied is not None:
        return denied
    try:
        refuse_ninth_device(tx, owner.id)
        challenge = new_challenge(Purpose.REGISTER, owner.id, http.headers.get("host", ""), at, wish.key_name)
    except QuotaExceeded:
        raise _Refused(_CONFLICT, _TOO_MANY) from None
    except HostUnfit:
        raise _Refused(_BAD, "keys are for host names, not for addresses: use localhost or a name") from None
    known = [key for _, key in security_keys(tx, owner.id)]
    options = creation_options(challenge, owner.name or "root", known, attested=authenticators.is_there)
    return Answer(Outcome(_OK, {**options, "challenge": seal_challenge(tx.keyring, challenge)}))


_TOO_MANY = "there are as many MFA devices as anybody may have"


def _registered(
    given: _Answered,
    http: HttpRequest,
    at: datetime,
    authenticators: Authenticators,
    results: SlowResults,
    tx: Transaction,
) -> Answer[Outcome]:
    owner = _owner(tx, given.credentials, given.user_name, at)
    if authenticators.is_there:
        slowly(results, "metadata", authenticators.load)
    try:
        challenge = open_challenge(tx.keyring, given.challenge, Purpose.REGISTER, owner.id, at)
        key = registered(challenge, given.answer, authenticators.certifications)
    except KeyRefused as refused:
        raise _Refused(_BAD, f"the key was not registered: {refused}") from None
    certified = {_CERTIFICATION_KEYS[name]: level for name, level in key.certifications.items()}
    denied = _denied(tx, owner, http, at, {"iam:RegisterSecurityKey": "Activate", **certified})
    if denied is not None:
        return denied
    serial = _serial(owner, challenge)
    try:
        register_key(tx, owner.caller.account, owner.id, serial, key, at)
    except AlreadyExists:
        raise _Refused(_CONFLICT, "the key is registered") from None
    except QuotaExceeded:
        raise _Refused(_CONFLICT, _TOO_MANY) from None
    return Answer(Outcome(_OK, {"serialNumber": serial}), (_record(owner, http, at, serial=serial),))


def _serial(owner: _Owner, challenge: Challenge) -> str:
    return key_serial(owner.caller.partition, owner.caller.account, owner.name, challenge.name)


def _owner(tx: Transaction, shown: ShownCredentials, user_name: str, at: datetime) -> _Owner:
    """Say who asks and whose key it will be: of the user who is named, else of who asks."""
    try:
        _, caller = holder(tx, shown, at)
    except CredentialsInvalid:
        raise _Refused(_UNAUTHORIZED, "the session is invalid or has expired") from None
    if user_name:
        return _Owner(caller, tx.find(USERS, "name", (caller.account, user_name.lower())) or _nobody(user_name))
    if caller.kind is CallerKind.ROOT:
        return _Owner(caller, None)
    return _Owner(caller, tx.get(USERS, caller.entity_id) or _nobody("userName"))


def _nobody(name: str) -> User:
    raise _Refused(_NOT_FOUND, f"The user with name {name} cannot be found.")


def _denied(
    tx: Transaction, owner: _Owner, http: HttpRequest, at: datetime, said_keys: Mapping[str, str]
) -> Answer[Outcome] | None:
    """Return what is answered when the policies do not allow it."""
    caller = owner.caller
    operation = operations()["iam"]["EnableMFADevice"]
    input_ = {} if owner.user is None else {"UserName": owner.user.name}
    target = find(Asked(tx, caller, caller.partition, input_), operation.resource)
    keys = context(tx, caller, target, network_of(http), folded(dict(said_keys)), at=at, service="iam", region=REGION)
    if ask(tx, caller, _ACTION, target, keys).is_allowed:
        return None
    message = f"User: {caller.arn} is not authorized to perform: {_ACTION} on resource: {target.shown}"
    return Answer(Outcome(_FORBIDDEN, {"message": message}), (_record(owner, http, at, refusal=message),))


def _record(owner: _Owner, http: HttpRequest, at: datetime, *, serial: str = "", refusal: str = "") -> Record:
    return security_key_registered(
        http, at, caller=owner.caller, user_name=owner.name or "root", serial=serial, refusal=refusal
    )
