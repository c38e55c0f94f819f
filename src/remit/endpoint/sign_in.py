"""Signing in: with a password and perhaps an MFA code, or with a token of the federation endpoint.

    POST /_remit/signin   {"account", "userName", "password"} or {"email", "password"}; "newPassword";
                          "mfaCode" or "mfaAnswer" and "mfaChallenge"
                          {"signinToken"}
                          -> {"arn", "credentials": {"accessKeyId", ...}}, or {"challenge": "MFA" | "NEW_PASSWORD"}

What is wrong is never told: an account, a name, a password and a code that are wrong look alike, and take as long.
There are no cookies, so no other page can act for somebody; pages of other origins are not answered at all.
Source: `iam-sts` reference, section 18.
"""

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

import msgspec

from remit.authn.attempts import Attempts
from remit.authn.callers import identify
from remit.clock import Clock
from remit.directory.accounts import ACCOUNTS, Account
from remit.directory.callers import root_caller, user_caller
from remit.directory.console_sessions import CONSOLE_SECONDS, console_session, open_signin_token
from remit.directory.facts import PasswordRefused
from remit.directory.login_profiles import LOGIN_PROFILES, LoginProfile, newest_hashes, password_hash, set_password
from remit.directory.mfa_devices import mfa_devices, note_wrong_code
from remit.directory.password_policy import PASSWORD_POLICIES, check_password, expires_at
from remit.directory.passwords import hash_password, matches
from remit.directory.sessions import TokenInvalid, seal_session
from remit.directory.users import USERS, User
from remit.endpoint.connection import Respond
from remit.endpoint.console_access import OTHER_NETWORK, denied_after, denied_before
from remit.endpoint.second_factors import FactorRefused, SecondFactor, challenge, prove
from remit.endpoint.unsigned import Outcome, SlowResults, answered, is_own_page, said, settled
from remit.errors import ServiceError
from remit.ids import AccountId, Secret
from remit.request import Caller, HttpRequest, HttpResponse, Session
from remit.slow_work import slowly
from remit.store import Answer, Database, Record, Transaction
from remit.trail.sign_in import FAILED, NO_USER, console_login

PATH = "/_remit/signin"
_JSON = "application/json"
_OK, _BAD, _UNAUTHORIZED, _FORBIDDEN, _TOO_MANY = 200, 400, 401, 403, 429
WRONG = "Your authentication information is incorrect. Please try again."
_EXPIRED = "Your password has expired. Ask your administrator for a new one."


class Asked(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Who wants to sign in, and what they show.

    Attributes:
        account: of an IAM user, its id or alias.
        email: of a root user.
        mfa_answer: what a security key signed, `PublicKeyCredential.toJSON()`.
        mfa_challenge: what came with the options that the key signed.
        new_password: where the old one may not be used any longer.
        signin_token: of the federation endpoint, instead of everything else.
    """

    account: str = ""
    user_name: str = ""
    email: str = ""
    password: str = ""
    mfa_serial: str = ""
    mfa_code: str = ""
    mfa_answer: dict[str, Any] | None = None
    mfa_challenge: str = ""
    new_password: str = ""
    signin_token: str = ""

    @property
    def name(self) -> str:
        """What mistakes are counted under."""
        return self.email.lower() if self.email else f"{self.account}/{self.user_name.lower()}"

    @property
    def factor(self) -> SecondFactor:
        """What is shown beside the password."""
        return SecondFactor(self.mfa_code, self.mfa_serial, self.mfa_answer, self.mfa_challenge)


class _Person(msgspec.Struct, frozen=True):
    """Who has the name that was given. Without *profile* there is no password, without *caller* nobody."""

    account: AccountId
    caller: Caller | None
    profile: LoginProfile | None


class SignIn:
    """Answers requests to sign in.

    Args:
        keep: keeps a task from being forgotten while it runs.
    """

    def __init__(self, database: Database, clock: Clock, keep: Callable[["asyncio.Task[None]"], None]) -> None:
        self._database = database
        self._clock = clock
        self._keep = keep
        self._attempts = Attempts()

    def handle(self, http: HttpRequest, respond: Respond) -> None:
        """Answer *http* by calling *respond* once, later."""
        self._keep(asyncio.get_running_loop().create_task(answered(self._answer(http), respond)))

    async def _answer(self, http: HttpRequest) -> HttpResponse:
        return said(await self._outcome(http))

    async def _outcome(self, http: HttpRequest) -> Outcome:
        if not is_own_page(http):
            return Outcome(_FORBIDDEN, {"message": "sign in from a page of this server"})
        if http.method != "POST" or http.headers.get("content-type", "").partition(";")[0] != _JSON:
            return Outcome(_BAD, {"message": f"use POST with {_JSON}"})
        try:
            asked = msgspec.json.decode(http.body, type=Asked)
        except msgspec.DecodeError as error:
            return Outcome(_BAD, {"message": str(error)})
        at = self._clock.now()
        if asked.signin_token:
            return await settled(self._database, partial(_with_token, asked, http, at))
        wait = self._attempts.wait(asked.name, http.peer, at)
        if wait:
            return Outcome(_TOO_MANY, {"message": "Too many attempts. Please try again later.", "retryAfter": wait})
        outcome = await settled(self._database, partial(_with_password, asked, http, at))
        if outcome.is_mistake:
            self._attempts.failed(asked.name, http.peer, at)
        elif outcome.is_in:
            self._attempts.succeeded(asked.name, http.peer, at)
        return outcome


# -- with a password


def _person(tx: Transaction, asked: Asked) -> _Person | None:
    """Find who has the name that was given; None when there is not even such an account."""
    if asked.email:
        account = tx.find(ACCOUNTS, "email", asked.email.lower())
        return None if account is None else _Person(account.id, root_caller(account.id), _profile(tx, account.id))
    account = tx.get(ACCOUNTS, asked.account) or tx.find(ACCOUNTS, "alias", asked.account)
    if account is None:
        return None
    user = tx.find(USERS, "name", (account.id, asked.user_name.lower()))
    if user is None:
        return _Person(account.id, None, None)
    return _Person(account.id, user_caller(user), _profile(tx, user.id))


def _profile(tx: Transaction, owner: str) -> LoginProfile | None:
    return tx.get(LOGIN_PROFILES, owner)


@cache
def _decoy() -> str:
    """Return a hash of which nobody knows the password: comparing takes as long for a name that nobody has."""
    return hash_password(Secret(secrets.token_urlsafe()))


def _with_password(
    asked: Asked, http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction
) -> Answer[Outcome]:
    person = _person(tx, asked)
    profile = None if person is None else person.profile
    hashed = slowly(results, "decoy", _decoy) if profile is None else password_hash(tx.keyring, profile)
    is_right = slowly(results, f"password {hashed}", partial(matches, hashed, Secret(asked.password)))
    if person is None:
        return Answer(_wrong())
    denied = "" if person.caller is None else denied_before(tx, http, person.account, person.caller.arn, at)
    if person.caller is None or profile is None or not is_right or denied:
        why = denied or (NO_USER if person.caller is None else FAILED)
        return Answer(_wrong(), (_failure(http, at, person, why),))
    owner = profile.id
    devices, serial = mfa_devices(tx, owner), ""
    if devices:
        if not asked.factor.is_there:
            return Answer(Outcome(_UNAUTHORIZED, challenge(tx, owner, devices, http.headers.get("host", ""), at)))
        try:
            serial = prove(tx, owner, devices, asked.factor, at)
        except FactorRefused as wrong:
            tx.rollback()
            if wrong.wrong_code_of:
                note_wrong_code(tx, wrong.wrong_code_of, at)
            return Answer(_wrong(), (_failure(http, at, person, FAILED, used_mfa=True),))
    refused = _renewed(asked, at, results, tx, person.account, profile)
    if refused is not None:
        tx.rollback()
        return Answer(refused)
    return _let_in(tx, http, at, person.caller, profile, serial)


def _let_in(
    tx: Transaction, http: HttpRequest, at: datetime, caller: Caller, profile: LoginProfile, mfa_device: str
) -> Answer[Outcome]:
    """Give *caller*, who proved to be who they are, a session, unless the sign-in policy is against it."""
    used_mfa = bool(mfa_device)
    denied = denied_after(tx, http, caller, at)
    if denied:
        tx.rollback()
        record = console_login(http, at, account=caller.account, caller=caller, failure=denied, used_mfa=used_mfa)
        return Answer(Outcome(_FORBIDDEN, {"message": OTHER_NETWORK}), (record,))
    _note_use(tx, profile.id, at)
    session = console_session(
        caller.account,
        profile.id,
        at=at,
        mfa_at=at if used_mfa else None,
        assumed_by=caller.arn,
        seconds=profile.session_seconds_max or CONSOLE_SECONDS,
    )
    record = console_login(http, at, account=caller.account, caller=caller, used_mfa=used_mfa, mfa_device=mfa_device)
    return Answer(_in(tx, session, caller.arn), (record,))


def _wrong() -> Outcome:
    return Outcome(_UNAUTHORIZED, {"message": WRONG}, is_mistake=True)


def _failure(http: HttpRequest, at: datetime, person: _Person, why: str, *, used_mfa: bool = False) -> Record:
    return console_login(http, at, account=person.account, caller=person.caller, failure=why, used_mfa=used_mfa)


def _renewed(
    asked: Asked, at: datetime, results: SlowResults, tx: Transaction, account: AccountId, profile: LoginProfile
) -> Outcome | None:
    """Set a new password where the old one may not be used any longer; return what stands against it."""
    policy = None if profile.is_root else tx.get(PASSWORD_POLICIES, account)
    ends_at = expires_at(policy, profile)
    is_expired = ends_at is not None and at >= ends_at
    if not is_expired and not profile.reset_required:
        return None
    if is_expired and policy is not None and policy.hard_expiry:
        return Outcome(_FORBIDDEN, {"message": _EXPIRED})
    if not asked.new_password:
        return Outcome(_UNAUTHORIZED, {"challenge": "NEW_PASSWORD"})
    new = Secret(asked.new_password)
    # A password that must be replaced is never its own successor, whatever the policy says of others.
    count = max(1, (policy.reuse_prevention if policy is not None else None) or 0)
    hashes = newest_hashes(tx.keyring, profile, count)
    if slowly(results, f"reuse of {hashes}", lambda: any(matches(hashed, new) for hashed in hashes)):
        return Outcome(_BAD, {"message": "The new password was used before."})
    try:
        check_password(policy, new, _known(tx, account))
    except PasswordRefused as fact:
        return Outcome(_BAD, {"message": f"The new password breaks a rule: {fact.rule}."})
    set_password(tx, profile, slowly(results, "new", partial(hash_password, new)), at=at, reset_required=False)
    return None


def _known(tx: Transaction, id_: AccountId) -> Account:
    account = tx.get(ACCOUNTS, id_)
    if account is None:
        raise AssertionError(f"no account {id_}")
    return account


def _note_use(tx: Transaction, owner: str, at: datetime) -> None:
    user: User | None = tx.get(USERS, owner)
    if user is not None:
        tx.put(USERS, msgspec.structs.replace(user, password_last_used=at))
        return
    profile = _profile(tx, owner)
    if profile is not None:
        tx.put(LOGIN_PROFILES, msgspec.structs.replace(profile, last_used_at=at))


# -- with a token of the federation endpoint


def _with_token(
    asked: Asked, http: HttpRequest, at: datetime, results: SlowResults, tx: Transaction
) -> Answer[Outcome]:
    del results
    try:
        session = open_signin_token(tx.keyring, asked.signin_token, at)
        caller = identify(tx, session, None, "us-east-1").caller
    except (TokenInvalid, ServiceError):
        return Answer(Outcome(_UNAUTHORIZED, {"message": WRONG}))
    if at >= session.expires_at:
        return Answer(Outcome(_UNAUTHORIZED, {"message": WRONG}))
    denied = denied_before(tx, http, caller.account, caller.issuer_arn, at) or denied_after(tx, http, caller, at)
    if denied:
        record = console_login(http, at, account=caller.account, caller=caller, failure=denied)
        return Answer(Outcome(_FORBIDDEN, {"message": OTHER_NETWORK}), (record,))
    record = console_login(http, at, account=caller.account, caller=caller)
    return Answer(_in(tx, session, caller.arn), (record,))


def _in(tx: Transaction, session: Session, arn: str) -> Outcome:
    credentials = {
        "accessKeyId": session.access_key_id,
        "secretAccessKey": session.secret.reveal(),
        "sessionToken": seal_session(tx.keyring, session),
        "expiration": session.expires_at,
    }
    return Outcome(_OK, {"arn": arn, "credentials": credentials}, is_in=True)
