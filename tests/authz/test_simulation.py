"""Where statements stand in the simulator's answers, and what several answers come to together."""

import pytest
from authz.conftest import OTHER, OWN, allow, deny, document

from remit.authz.simulation import Setting, Simulator, place, together
from remit.policy import Layer, Policies, Policy, Principal, PrincipalKind, Verdict, parse

ANA = Principal(kind=PrincipalKind.USER, arn=f"arn:aws:iam::{OWN}:user/ana", account=OWN, id="AIDAANA")
S = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}'

PUBLISHED = (
    '{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}}'
)


# The first two are the published examples.
@pytest.mark.parametrize(
    ("text", "index", "start", "end"),
    [
        (
            PUBLISHED,
            0,
            (1, 41),
            (1, 113),
        ),
        ('{"Version":"2012-10-17","Statement":[' + S + "]}", 0, (1, 38), (1, 95)),
        ('{"Statement": ' + S + "}", 0, (1, 16), (1, 72)),
        ('{"Statement":[' + S + "," + S + "]}", 1, (1, 72), (1, 130)),
        ('{"Statement":[' + S + " , " + S + "]}", 1, (1, 72), (1, 132)),
        ('{"Statement": [\n  ' + S + "\n]}", 0, (1, 16), (2, 60)),
        ('{"Statement":\n{\n' + S[1:] + "}", 0, (2, 2), (3, 57)),
        ('{"Statement":[\r\n' + S + ",\r\n" + S + "]}", 1, (2, 58), (3, 58)),
    ],
)
def test_a_statement_begins_where_the_reader_stood(
    text: str, index: int, start: tuple[int, int], end: tuple[int, int]
) -> None:
    begins, ends = place(parse(text), index)

    assert (begins.line, begins.column) == start
    assert (ends.line, ends.column) == end


def simulator(*statements: dict[str, object], **more: Policy | None) -> Simulator:
    policies = Policies(identity=(Policy(parse(document(*statements)), "given"),), **more)
    return Simulator(Setting(policies=policies, principal=ANA, given={}, known={}, owner=OWN))


def test_several_answers_are_as_strict_as_the_strictest() -> None:
    asking = simulator(allow("s3:*", "arn:aws:s3:::b/*"), deny("s3:*", "arn:aws:s3:::b/no"))
    yes, no, nothing = (asking.ask("s3:GetObject", f"arn:aws:s3:::{name}", "") for name in ("b/yes", "b/no", "c"))

    assert together([yes]) is yes
    assert together([yes, nothing]).verdict is Verdict.IMPLICIT_DENY
    assert together([nothing, no, yes]).verdict is Verdict.EXPLICIT_DENY
    assert [match.index for match in together([yes, no]).matched] == [0, 1]
    assert len(together([yes, yes]).matched) == 1


def test_only_another_accounts_resource_has_two_sides() -> None:
    asking = simulator(allow("sqs:*"))

    assert asking.ask("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{OWN}:jobs", OWN).sides == {}
    assert asking.ask("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{OTHER}:jobs", OTHER).sides == {
        Layer.IDENTITY: Verdict.ALLOW,
        Layer.RESOURCE: Verdict.IMPLICIT_DENY,
    }
