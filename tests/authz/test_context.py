"""Keys from facts: what the case files do not show."""

from datetime import timedelta

import pytest
from authz.conftest import NOW, OWN
from authz.test_context_cases import FOLDER
from hypothesis import given
from hypothesis import strategies as st

from remit.authz.condition_keys import CONDITION_KEYS, SET_BY_SERVICE
from remit.authz.context import context_of
from remit.authz.facts import Acted, Facts, Network, Temporary, Who
from remit.authz.input_keys import INPUT_KEYS, tag_keys
from remit.cli.cases import read_cases
from remit.policy import ContextValue, Principal, PrincipalKind

ANA = Principal(kind=PrincipalKind.USER, arn=f"arn:aws:iam::{OWN}:user/ana", account=OWN, id="AIDAANA")
# Their values come from the service that asks for the permission, or from the kind of resource.
_ELSEWHERE = {
    "account:AccountResourceOrgPaths",
    "account:AccountResourceOrgTags",
    "artifact:ReportCategory",
    "artifact:ReportSeries",
    "iam:AssociatedResourceArn",
    "iam:FIDO-FIPS-140-2-certification",
    "iam:FIDO-FIPS-140-3-certification",
    "iam:FIDO-certification",
    "iam:PassedToService",
    "iam:RegisterSecurityKey",
    "iam:ResourceTag",
    "iam:RoleTemplateARN",
    "organizations:TransferDirection",
    "signin:PrincipalArn",
}


def facts(**more: object) -> Facts:
    return Facts(**({"at": NOW, "service": "s3", "region": "eu-west-1"} | more))


def keys(**more: object) -> dict[str, ContextValue]:
    return context_of(Who(principal=ANA), facts(**more))


def test_every_key_of_the_documentation_has_a_case_or_a_row() -> None:
    shown = {
        key.partition("/")[0].lower()
        for case in read_cases([FOLDER])
        if case.kind == "context"
        for key in case.said["expect"]["present"]
    }

    assert {key for key in CONDITION_KEYS if key.lower() not in shown} <= INPUT_KEYS | _ELSEWHERE


def test_the_same_facts_give_the_same_keys_and_nobody_elses() -> None:
    first = keys(said={"s3:prefix": "a"})
    second = keys()

    assert "s3:prefix" in first
    assert "s3:prefix" not in second


def test_a_resource_may_tell_its_tags_under_two_keys() -> None:
    acted = Acted(account=OWN, tags={"Team": "red"}, tag_keys=("aws:ResourceTag", "iam:ResourceTag"))

    found = keys(acted=acted)

    assert (found["aws:resourcetag/team"], found["iam:resourcetag/team"]) == ("red", "red")


def test_a_service_sets_no_key_that_is_not_its_own() -> None:
    who = Who(principal=ANA, temporary=Temporary(set_by_service={"aws:username": "root"}))

    with pytest.raises(ValueError, match=r"no key that a service sets on a session: \['aws:username'\]"):
        context_of(who, facts())


@pytest.mark.parametrize("seconds", [0, 0.4, 1, 3599.9, 86_400])
def test_the_age_of_mfa_grows_with_the_request(seconds: float) -> None:
    who = Who(principal=ANA, temporary=Temporary(mfa_known=True, mfa_at=NOW))

    found = context_of(who, facts(at=NOW + timedelta(seconds=seconds)))

    assert found["aws:multifactorauthage"] == str(int(seconds))


# What keys of the engine's own may never come from: the texts of tags and headers, and the names of tags (X2).
_TEXTS = st.text(max_size=30) | st.sampled_from(sorted(CONDITION_KEYS))
_OWN_KEYS = {key.lower() for key in CONDITION_KEYS} - {"aws:requesttag", "aws:resourcetag", "aws:principaltag"}


@given(st.dictionaries(_TEXTS, _TEXTS, max_size=3), _TEXTS, _TEXTS)
def test_no_tag_and_no_header_names_a_key(tags: dict[str, str], agent: str, referer: str) -> None:
    plain = context_of(Who(principal=ANA, tags={}), facts(network=Network(user_agent="", referer="")))
    who = Who(principal=ANA, tags=tags)
    network = Network(user_agent=agent, referer=referer)
    given_tags = {key: value for key, value in tag_keys(tags).items() if key != "aws:tagkeys"}

    found = context_of(who, facts(network=network, acted=Acted(tags=tags), said=given_tags))

    own = {key: value for key, value in found.items() if "/" not in key}
    assert own == {**plain, "aws:useragent": agent, "aws:referer": referer}
    assert all(key.split("/")[0] not in _OWN_KEYS for key in found.keys() - own.keys())


def test_every_key_that_a_service_sets_is_one_of_the_documentations() -> None:
    assert set(SET_BY_SERVICE) <= set(CONDITION_KEYS)
