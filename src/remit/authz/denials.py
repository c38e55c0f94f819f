"""Refusals, kept so that whoever may ask learns later what was asked and what the policies said at that moment.

A refusal lies beside the trail's records, under an account name that no account has, so no trail shows it and every
backup holds it. Its policies lie there once, however many refusals they led to: a set of them under a digest of what it
holds, each document under a digest of its text. Session policies and the resource's own are in the refusal itself.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b

import msgspec

from remit.authz.authorize import Question, authorization_id
from remit.ids import AccountId
from remit.policy import Policies, Policy, Request, parse
from remit.policy.evaluate import compile_policies
from remit.store import Record, RecordQuery

LookUp = Callable[[RecordQuery], list[Record]]

_SETS_KNOWN = 4_096
_DIGEST_BYTES = 20
_FOREVER = 2**62


class _Passed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A policy with its text."""

    name: str
    arn: str
    text: str


class _Named(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A policy whose text lies under a digest."""

    name: str
    arn: str
    digest: str
    attached_to: str = ""


class _Set(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Policies that many refusals may have in common."""

    identity: tuple[_Named, ...] = ()
    boundary: _Named | None = None
    scps: tuple[tuple[_Named, ...], ...] | None = None
    rcps: tuple[tuple[_Named, ...], ...] | None = None
    vpc_endpoint: _Named | None = None


class _Denial(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A refusal as it is stored.

    Attributes:
        set: digest of the set; empty when there are no such policies.
        is_readable: whether the stored policies could be read.
    """

    request: Request
    shown: str
    set: str = ""
    session: tuple[_Passed, ...] = ()
    scopes: tuple[tuple[_Passed, ...], ...] = ()
    resource: _Passed | None = None
    is_readable: bool = True


_decode_denial = msgspec.json.Decoder(_Denial).decode
_decode_set = msgspec.json.Decoder(_Set).decode
_encode = msgspec.json.Encoder().encode


# -- written


class Denials:
    """Writes refusals down, and knows which policies it has written."""

    def __init__(self) -> None:
        self._digests: dict[tuple[int, ...], tuple[Policies, str]] = {}

    def records(self, question: Question, request_id: str, at: datetime) -> list[Record]:
        """Return what is to be stored of a refused *question*."""
        policies = question.policies
        found: list[Record] = []
        # Until one of them is changed, a caller's policies are the same values (`gather`), and after a reset they are
        # not: what the store has forgotten is written again.
        key = (
            id(policies.identity),
            id(policies.boundary),
            id(policies.scps),
            id(policies.rcps),
            id(policies.vpc_endpoint),
        )
        known = self._digests.get(key)
        if known is None:
            found, digest = _set_records(policies)
            if len(self._digests) >= _SETS_KNOWN:
                self._digests.clear()
            self._digests[key] = (policies, digest)  # while they are held, no other value has their ids
        else:
            digest = known[1]
        denial = _Denial(
            request=question.request,
            shown=question.shown,
            set=digest,
            session=tuple([_passed(policy) for policy in policies.session]) if policies.session else (),
            scopes=tuple([tuple(map(_passed, level)) for level in policies.scopes]) if policies.scopes else (),
            resource=None if policies.resource is None else _passed(policies.resource),
            is_readable=question.decision is not None,
        )
        account, id_ = question.request.principal.account, authorization_id(request_id)
        found.append(_record(_name(account, id_), _encode(denial), request_id, int(at.timestamp() * 1000)))
        return found


def _name(account: str, authorization_id: str) -> str:
    return f"refused:{account}:{authorization_id}"


def _record(name: str, body: bytes, event_id: str = "", at: int = 0) -> Record:
    """Make a record that is found by *name*; of two with the same name, id and time the store keeps the first."""
    return Record(
        event_id, name, at, "", "", "", event_id, read_only=True, user="", access_key_id="", resources="", body=body
    )


def _passed(policy: Policy) -> _Passed:
    return _Passed(policy.name, policy.arn, policy.document.text)


def _set_records(policies: Policies) -> tuple[list[Record], str]:
    """Return the records of everything but session policies and the resource's own, and the digest of the set."""
    texts: dict[str, bytes] = {}

    def one(policy: Policy) -> _Named:
        text = policy.document.text.encode()
        digest = _digest(text)
        texts[digest] = text
        return _Named(policy.name, policy.arn, digest, policy.attached_to)

    def levels(found: tuple[tuple[Policy, ...], ...] | None) -> tuple[tuple[_Named, ...], ...] | None:
        return None if found is None else tuple(tuple(map(one, level)) for level in found)

    named = _Set(
        identity=tuple(map(one, policies.identity)),
        boundary=None if policies.boundary is None else one(policies.boundary),
        scps=levels(policies.scps),
        rcps=levels(policies.rcps),
        vpc_endpoint=None if policies.vpc_endpoint is None else one(policies.vpc_endpoint),
    )
    if named == _Set():
        return [], ""
    body = _encode(named)
    digest = _digest(body)
    records = [_record(f"policy:{text_digest}", text) for text_digest, text in texts.items()]
    return [*records, _record(f"policies:{digest}", body)], digest


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()


# -- read


def question_of_refusal(look_up: LookUp, account: AccountId, id_: str) -> Question | None:
    """Return what was asked when a caller of *account* was refused, with the policies of then and their answer.

    It reads the store several times, and policies: only for `Call.slowly`.

    Args:
        id_: the authorization id.

    Returns:
        None if no such refusal is there.
    """
    body = _body(look_up, _name(account, id_))
    if body is None:
        return None
    denial = _decode_denial(body)
    policies = _policies(look_up, denial)
    if policies is None:
        return None
    decision = compile_policies(policies).decide(denial.request) if denial.is_readable else None
    return Question(denial.request, denial.shown, policies, decision)


def _body(look_up: LookUp, name: str) -> bytes | None:
    found = look_up(RecordQuery(account=name, start=0, end=_FOREVER, limit=1))
    return found[0].body if found else None


class _Lost(Exception):
    """A document is not there."""


def _policies(look_up: LookUp, denial: _Denial) -> Policies | None:
    def one(named: _Named) -> Policy:
        text = _body(look_up, f"policy:{named.digest}")
        if text is None:
            raise _Lost
        return Policy(parse(text.decode()), named.name, named.arn, named.attached_to)

    def levels(found: tuple[tuple[_Named, ...], ...] | None) -> tuple[tuple[Policy, ...], ...] | None:
        return None if found is None else tuple(tuple(map(one, level)) for level in found)

    body = _body(look_up, f"policies:{denial.set}") if denial.set else b"{}"
    if body is None:
        return None
    named = _decode_set(body)
    try:
        return Policies(
            identity=tuple(map(one, named.identity)),
            boundary=None if named.boundary is None else one(named.boundary),
            session=tuple(map(_policy, denial.session)),
            scopes=tuple(tuple(map(_policy, level)) for level in denial.scopes),
            resource=None if denial.resource is None else _policy(denial.resource),
            scps=levels(named.scps),
            rcps=levels(named.rcps),
            vpc_endpoint=None if named.vpc_endpoint is None else one(named.vpc_endpoint),
        )
    except _Lost:
        return None


def _policy(passed: _Passed) -> Policy:
    return Policy(parse(passed.text), passed.name, passed.arn)
