import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from remit.policy import DocumentMalformed, Layer, Principal, PrincipalKind, library

OBJECT = "arn:aws:s3:::b/k"
ROLE = "arn:aws:iam::{}:role/r"


def document(effect: str = "Allow", action: str = "s3:*", **more: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Action": action, "Resource": "*", **more}],
    }


FROM_HOME = document(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
OTHER = document(action="sqs:*")


@pytest.mark.parametrize("given", [FROM_HOME, json.dumps(FROM_HOME)], ids=["dict", "text"])
@pytest.mark.parametrize(("address", "allowed"), [("10.0.0.1", True), ("11.0.0.1", False)])
def test_a_document_is_asked_as_a_dict_or_as_text(given, address, allowed):
    answer = library.compile(given).decide(action="s3:GetObject", resource=OBJECT, context={"AWS:SourceIP": address})

    assert answer.allowed is allowed


def test_no_policy_and_no_context_allow_nothing():
    assert not library.compile().decide(action="s3:GetObject", resource=OBJECT).allowed
    assert not library.compile(FROM_HOME).decide(action="s3:GetObject", resource=OBJECT).allowed


def test_several_documents_are_asked_together():
    policy = library.compile(OTHER, document())

    assert policy.decide(action="s3:GetObject", resource=OBJECT).allowed
    assert policy.decide(action="sqs:SendMessage").allowed


@pytest.mark.parametrize(
    ("limits", "cause"),
    [
        ({"boundary": OTHER}, Layer.BOUNDARY),
        ({"session": [OTHER]}, Layer.SESSION),
        ({"session": [document()], "scopes": [[document()], [OTHER]]}, Layer.SESSION),
        ({"scopes": [[OTHER, document()], [OTHER]]}, Layer.SESSION),
        ({"scps": [[document()], [OTHER]]}, Layer.SCP),
        ({"rcps": [[document("Deny", Principal="*")]]}, Layer.RCP),
        ({"resource_policy": document("Deny", Principal="*")}, Layer.RESOURCE),
        ({"vpc_endpoint": document(action="sqs:*", Principal="*")}, Layer.VPC_ENDPOINT),
    ],
)
def test_every_layer_limits_and_is_named(limits, cause):
    answer = library.compile(document(), **limits).decide(action="s3:GetObject", resource=OBJECT)

    assert not answer.allowed
    assert cause in answer.causes


@pytest.mark.parametrize(("account", "allowed"), [("111122223333", True), ("444455556666", False)])
def test_a_resource_belongs_to_the_account_its_arn_names(account, allowed):
    answer = library.compile(document(action="iam:*")).decide(action="iam:GetRole", resource=ROLE.format(account))

    assert answer.allowed is allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k-1"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/R"),
    ],
)
def test_what_needs_a_policy_of_its_own_is_closed_without_it(action, resource):
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    account = {"AWS": "111122223333"}
    own = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": account, "Action": action}]}
    own["Statement"][0] |= {"Resource": "*"} if action.startswith("kms") else {}

    alone = library.compile(everything).decide(action=action, resource=resource)
    both = library.compile(everything, resource_policy=own).decide(action=action, resource=resource)

    assert (alone.allowed, [str(cause) for cause in alone.causes]) == (False, ["resource"])
    assert both.allowed


def test_somebody_else_can_ask():
    own = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/ana"},
        "Action": "*",
        "Resource": "*",
    }
    policy = library.compile(resource_policy={"Version": "2012-10-17", "Statement": [own]})
    ana = Principal(
        kind=PrincipalKind.USER, arn="arn:aws:iam::111122223333:user/ana", account="111122223333", id="AIDAANA"
    )

    assert policy.decide(action="s3:GetObject", resource="arn:aws:s3:::b/k", principal=ana).allowed
    assert not policy.decide(action="s3:GetObject", resource="arn:aws:s3:::b/k").allowed


def test_an_answer_is_explained():
    answer = library.compile(document(), boundary=OTHER).decide(action="s3:GetObject", resource=OBJECT)

    assert "boundary" in answer.explain()


def test_what_is_no_document_is_refused():
    text = '{"Version": '
    with pytest.raises(DocumentMalformed) as refused:
        library.compile(text)

    assert refused.value.offset == len(text)


def test_importing_remit_is_enough():
    program = "import remit; print(remit.policy.compile().decide(action='s3:GetObject').allowed)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_importing_remit_loads_no_policy_engine():
    program = "import remit, sys; print('remit.policy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


PAGE = Path(__file__).parents[2] / "docs" / "policies.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), flags=re.MULTILINE | re.DOTALL)


def test_the_page_has_examples():
    assert EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_run(example):
    exec(compile(example, PAGE.name, "exec"), {})  # noqa: S102  # our own page
