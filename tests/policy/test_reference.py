"""What always holds, whatever the policies and the request."""

import msgspec
from hypothesis import given
from strategies import ANA, OWN, policies, requests

from remit.policy import Decision, Document, Layer, Policies, Policy, Request, Resource, Verdict, parse
from remit.policy.reference import decide

DENY_ALL = Policy(document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'))
NEVER_DENIED = ("sts:getcalleridentity", "sts:getsessiontoken")
GET = Request(
    principal=ANA, action="s3:GetObject", resource=Resource(arn="arn:aws:s3:::b/ana/x", account=OWN), context={}
)


def test_no_policy_allows_nothing() -> None:
    assert decide(Policies(), GET) == Decision(verdict=Verdict.IMPLICIT_DENY, causes=(Layer.IDENTITY,))


def test_a_condition_on_a_key_that_nobody_knows_never_allows() -> None:
    text = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
               "Condition": {"StringEquals": {"nobody:knows": "x"}}}}"""

    assert not decide(Policies(identity=(Policy(document=parse(text)),)), GET).is_allowed


@given(policies(), requests())
def test_an_explicit_deny_is_never_overridden(drawn: Policies, request: Request) -> None:
    with_deny = msgspec.structs.replace(drawn, identity=(*drawn.identity, DENY_ALL))
    asked = msgspec.structs.replace(request, principal=ANA)

    decision = decide(with_deny, asked)

    assert decision.verdict is (Verdict.ALLOW if asked.action.lower() in NEVER_DENIED else Verdict.EXPLICIT_DENY)


@given(policies(), requests())
def test_a_policy_that_does_not_deny_takes_nothing_away(drawn: Policies, request: Request) -> None:
    """Asked of identity policies: a boundary, a session policy or an endpoint limits by being there."""
    more = msgspec.structs.replace(drawn, identity=(*drawn.identity, ALLOW_ALL))

    before, after = decide(drawn, request), decide(more, request)

    assert not before.is_allowed or after.is_allowed


@given(policies(), requests())
def test_no_order_of_policies_or_statements_changes_the_answer(drawn: Policies, request: Request) -> None:
    """D2; and D5: whatever is asked, there is an answer."""

    def turned(policy: Policy) -> Policy:
        document = policy.document
        statements = document.statements[::-1]
        return Policy(document=Document(document.version, document.id, statements, document.text), name=policy.name)

    other = msgspec.structs.replace(
        drawn,
        identity=tuple(map(turned, drawn.identity[::-1])),
        session=tuple(map(turned, drawn.session[::-1])),
        scopes=tuple(tuple(map(turned, level[::-1])) for level in drawn.scopes[::-1]),
        scps=drawn.scps and tuple(tuple(map(turned, level[::-1])) for level in drawn.scps[::-1]),
    )

    one, two = decide(drawn, request), decide(other, request)
    assert (one.verdict, one.causes) == (two.verdict, two.causes)


@given(policies(), requests())
def test_a_boundary_never_adds_anything(drawn: Policies, request: Request) -> None:
    without = msgspec.structs.replace(drawn, boundary=None)

    assert not decide(drawn, request).is_allowed or decide(without, request).is_allowed


@given(policies(), requests())
def test_laying_one_more_policy_over_a_session_never_adds_anything(drawn: Policies, request: Request) -> None:
    scoped = msgspec.structs.replace(drawn, scopes=(*drawn.scopes, drawn.identity))

    assert not decide(scoped, request).is_allowed or decide(drawn, request).is_allowed


def test_each_level_of_session_policies_must_allow() -> None:
    everything, nothing = (ALLOW_ALL,), (ALLOW_QUEUES,)
    for session, scopes, is_allowed in [
        ((), (), True),
        ((), (everything,), True),
        ((), (nothing,), False),
        ((), (everything, nothing), False),
        (everything, (everything, everything), True),
        (nothing, (everything,), False),
        (everything, (nothing + everything,), True),
    ]:
        drawn = Policies(identity=everything, session=session, scopes=scopes)
        decision = decide(drawn, GET)

        assert decision.is_allowed is is_allowed
        assert is_allowed or decision.causes == (Layer.SESSION,)


@given(policies(), requests())
def test_an_answer_names_its_causes_in_the_order_of_messages(drawn: Policies, request: Request) -> None:
    decision = decide(drawn, request)

    assert list(decision.causes) == [layer for layer in Layer if layer in decision.causes]
    assert decision.is_allowed == (not decision.causes)
    if decision.verdict is Verdict.EXPLICIT_DENY:
        assert {match.layer for match in decision.denies} == set(decision.causes)


@given(policies(), requests())
def test_the_other_accounts_service_control_policies_do_not_count_without_an_account(
    drawn: Policies, request: Request
) -> None:
    """W4: who is in no account is bound by no SCP."""
    decision = decide(drawn, request)

    assert bool(request.principal.account) or Layer.SCP not in decision.causes


def test_every_allow_that_applies_is_reported_with_a_deny() -> None:
    allow = Policy(document=parse('{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'), name="a")

    decision = decide(Policies(identity=(allow, DENY_ALL), boundary=allow), GET)

    assert [(match.layer, match.policy.name) for match in decision.allows] == [
        (Layer.IDENTITY, "a"),
        (Layer.BOUNDARY, "a"),
    ]
    assert [match.policy for match in decision.denies] == [DENY_ALL]


ALLOW_QUEUES = Policy(
    document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}')
)
ALLOW_ALL = Policy(
    document=parse('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
)
