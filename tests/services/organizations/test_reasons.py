"""Every reason that an error of Organizations may have: who provokes it, or why nobody can.

Those that Remit never gives are listed in `docs/divergences.md`, each with why.
Source: `organizations` reference, part 6; the model's enumerations.
"""

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from composed import Composed
from services.organizations.conftest import World, refusal
from services.organizations.test_accounts import set_quota

from remit.directory.facts import Quota

_ROOT = Path(__file__).parents[3]
_UNCHECKED = Config(parameter_validation=False)
_BROKEN = "ConstraintViolationException"
_HANDSHAKE = "HandshakeConstraintViolationException"
_INVALID = "InvalidInputException"

# Module and name of a test in this folder -> the reasons that it provokes.
_ELSEWHERE: dict[str, dict[str, tuple[str, ...]]] = {
    _BROKEN: {
        "accounts::ten_accounts_are_enough_for_most": ("ACCOUNT_NUMBER_LIMIT_EXCEEDED",),
        "units::the_tree_is_five_levels_deep": ("OU_DEPTH_LIMIT_EXCEEDED",),
        "policies::policies_have_a_quota_for_each_type": ("POLICY_NUMBER_LIMIT_EXCEEDED",),
        "policies::a_policy_has_a_largest_size": ("POLICY_CONTENT_LIMIT_EXCEEDED",),
        "policies::a_target_has_so_many_of_a_type": ("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",),
        "policies::attaching_and_detaching": ("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",),
        "accounts::requests_take_their_time_where_that_is_asked_for": ("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",),
        "accounts::an_organization_in_govcloud_makes_no_such_pairs": ("MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED",),
        "accounts::a_created_account_stays_for_four_days": ("WAIT_PERIOD_ACTIVE",),
        "tags::what_tags_may_not_be": ("MAX_TAG_LIMIT_EXCEEDED",),
        "tags::a_tag_policy_is_enforced_where_it_says_so": ("TAG_POLICY_VIOLATION",),
        "delegation::who_cannot_administer_a_service": (
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
        ),
        "accounts::who_administers_a_service_does_not_leave": ("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",),
        "policies::a_type_may_need_trusted_access_first": ("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",),
        "accounts::who_cannot_be_closed": (
            "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
            "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
            "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
        ),
        "delegation::a_delegated_administrator_reads_and_does_not_write": ("SERVICE_ACCESS_NOT_ENABLED",),
        "all_features::a_large_organization_is_moved_by_support": (
            "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
        ),
        "transfers::quotas": (
            "RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION",
            "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION",
            "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION",
            "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION",
        ),
        "transfers::an_organization_in_a_transfer_is_not_deleted": ("ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS",),
        "transfers::what_is_not_accepted_is_no_transfer": ("TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED",),
    },
    _HANDSHAKE: {
        "invitations::an_invitation_cannot_be_accepted_without_room": ("ACCOUNT_NUMBER_LIMIT_EXCEEDED",),
        "invitations::a_day_has_twenty_attempts": ("HANDSHAKE_RATE_LIMIT_EXCEEDED",),
        "invitations::a_member_is_not_invited": ("ALREADY_IN_AN_ORGANIZATION",),
        "all_features::invited_members_agree_and_the_management_account_finishes": (
            "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
        ),
        "all_features::an_attempt_stands_in_the_way_of_another_and_of_invitations": (
            "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
            "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
        ),
        "invitations::an_account_of_another_partition_does_not_join": ("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD",),
        "transfers::one_transfer_at_a_time": ("RESPONSIBILITY_TRANSFER_ALREADY_EXISTS",),
        "transfers::who_can_be_asked": (
            "SOURCE_AND_TARGET_CANNOT_MATCH",
            "TARGET_ACCOUNT_VALIDATION_FAILURE",
        ),
    },
    _INVALID: {
        "invitations::a_target_must_be_somebody": (
            "INVALID_PARTY_TYPE_TARGET",
            "INVALID_EMAIL_ADDRESS_TARGET",
        ),
        "accounts::what_the_model_does_not_allow": (
            "INVALID_ENUM",
            "MAX_LENGTH_EXCEEDED",
            "MAX_VALUE_EXCEEDED",
            "MIN_VALUE_EXCEEDED",
            "INVALID_PATTERN",
        ),
        "policies::awss_own_policies_do_not_change": (
            "IMMUTABLE_POLICY",
            "NON_DETACHABLE_POLICY",
        ),
        "units::a_token_is_good_for_its_question_only": ("INVALID_NEXT_TOKEN",),
        "invitations::handshakes_come_in_pages_and_by_action": ("MAX_LIMIT_EXCEEDED_FILTER",),
        "accounts::the_access_role_is_called_as_asked": ("INVALID_ROLE_NAME",),
        "tags::what_tags_may_not_be": ("DUPLICATE_TAG_KEY",),
        "effective_policies::without_policies_there_is_none": ("TARGET_NOT_SUPPORTED",),
        "delegation::a_resource_policy_is_a_document": ("INVALID_RESOURCE_POLICY_JSON",),
        "delegation::what_a_resource_policy_may_say": (
            "INVALID_PRINCIPAL",
            "UNSUPPORTED_ACTION_IN_RESOURCE_POLICY",
            "UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY",
            "UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY",
        ),
        "transfers::a_beginning_can_be_wrong": (
            "START_DATE_NOT_BEGINNING_OF_MONTH",
            "START_DATE_NOT_BEGINNING_OF_DAY",
            "START_DATE_TOO_EARLY",
            "START_DATE_TOO_LATE",
        ),
        "transfers::an_end_can_be_wrong": (
            "END_DATE_NOT_END_OF_MONTH",
            "END_DATE_TOO_EARLY",
            "END_DATE_TOO_LATE",
        ),
    },
}

# Both errors list it; as AWS's text of the second says, it is one of handshakes.
_OF_HANDSHAKES = "HANDSHAKE_RATE_LIMIT_EXCEEDED"


# -- provoked here


def _unchecked(world: World, operation: str, **asked: Any) -> tuple[str, str]:
    api = world.remit.client("organizations", config=_UNCHECKED)
    return refusal(lambda: getattr(api, operation)(**asked))


def _too_many_units(world: World) -> tuple[str, str]:
    set_quota(world, Quota.UNITS, 1)
    world.unit("one")
    return refusal(lambda: world.unit("two"))


def _without_all_features(world: World) -> tuple[str, str]:
    world.api.delete_organization()
    world.api.create_organization(FeatureSet="CONSOLIDATED_BILLING")
    asked = {"ServicePrincipal": "ssm.amazonaws.com"}
    return refusal(lambda: world.api.enable_aws_service_access(**asked))


_HERE: dict[tuple[str, str], Callable[[World], tuple[str, str]]] = {
    (_BROKEN, "OU_NUMBER_LIMIT_EXCEEDED"): _too_many_units,
    (_BROKEN, "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"): _without_all_features,
    (_INVALID, "INVALID_SYNTAX_POLICY_ID"): lambda world: _unchecked(world, "describe_policy", PolicyId="x"),
    (_INVALID, "INVALID_ENUM_POLICY_TYPE"): lambda world: _unchecked(
        world, "enable_policy_type", RootId=world.root, PolicyType="NO_POLICY"
    ),
    (_INVALID, "INVALID_LIST_MEMBER"): lambda world: _unchecked(
        world, "list_create_account_status", States=["SUCCEEDED", "LOST"]
    ),
    (_INVALID, "MIN_LENGTH_EXCEEDED"): lambda world: _unchecked(
        world, "create_organizational_unit", ParentId=world.root, Name=""
    ),
    (_INVALID, "INVALID_PATTERN_TARGET_ID"): lambda world: _unchecked(
        world, "attach_policy", PolicyId="p-FullAWSAccess", TargetId="x"
    ),
    (_INVALID, "INPUT_REQUIRED"): lambda world: _unchecked(world, "describe_policy"),
    (_INVALID, "UNRECOGNIZED_SERVICE_PRINCIPAL"): lambda world: _unchecked(
        world, "enable_aws_service_access", ServicePrincipal="nobody.amazonaws.com"
    ),
    (_INVALID, "INVALID_SYSTEM_TAGS_PARAMETER"): lambda world: _unchecked(
        world, "tag_resource", ResourceId=world.root, Tags=[{"Key": "aws:x", "Value": ""}]
    ),
}


@pytest.mark.parametrize("expected", _HERE, ids=lambda expected: expected[1])
def test_the_reason_is_given(world: World, expected: tuple[str, str]) -> None:
    assert _HERE[expected](world) == expected


def test_a_service_linked_role_that_may_not_be_made_has_its_reason(remit: Composed) -> None:
    ben = remit.user("ben", {"Effect": "Allow", "Action": "organizations:*", "Resource": "*"})

    assert refusal(remit.client("organizations", ben).create_organization) == (
        "AccessDeniedForDependencyException",
        "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE",
    )


# -- the table is whole


@cache
def _reasons(code: str) -> frozenset[str]:
    model: Any = botocore.session.get_session().get_service_model("organizations")
    return frozenset(model.shape_for(f"{code}Reason").enum)


@cache
def _never() -> frozenset[str]:
    text = (_ROOT / "docs" / "divergences.md").read_text(encoding="utf-8")
    section = text.partition("## Reasons that Organizations never gives")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return frozenset(reason for row in rows for reason in re.findall(r"`([A-Z_]+)`", row))


@cache
def source_of_tests(module: str) -> dict[str, str]:
    """Return the tests of a module beside this one: name -> its text, decorators included."""
    text = (Path(__file__).parent / f"test_{module}.py").read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: "\n".join(
            lines[min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1 : node.end_lineno]
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def test_there_are_as_many_as_the_reference_says() -> None:
    assert [len(_reasons(code)) for code in (_BROKEN, _HANDSHAKE, _INVALID)] == [48, 16, 41]


@pytest.mark.parametrize("code", [_BROKEN, _HANDSHAKE, _INVALID])
def test_every_reason_is_provoked_or_cannot_be(code: str) -> None:
    provoked = {reason for found in _ELSEWHERE[code].values() for reason in found}
    provoked |= {reason for known, reason in _HERE if known == code}

    assert provoked | _never() | {_OF_HANDSHAKES} >= _reasons(code)
    assert (_OF_HANDSHAKES in provoked) is (code == _HANDSHAKE)
    assert not provoked & _never()
    assert provoked <= _reasons(code)


def test_what_is_never_given_is_nowhere_in_the_source() -> None:
    folders = (_ROOT / "src" / "remit" / where / "organizations" for where in ("directory", "services"))
    source = "".join(file.read_text(encoding="utf-8") for folder in folders for file in folder.rglob("*.py"))

    assert [reason for reason in sorted(_never()) if f'"{reason}"' in source] == []
    assert _never() <= _reasons(_BROKEN) | _reasons(_HANDSHAKE) | _reasons(_INVALID)


@pytest.mark.parametrize(
    ("code", "reason", "where"),
    [
        (code, reason, where)
        for code, found in _ELSEWHERE.items()
        for where, reasons in found.items()
        for reason in reasons
    ],
)
def test_the_named_test_provokes_the_reason(code: str, reason: str, where: str) -> None:
    module, _, name = where.partition("::")

    text = source_of_tests(module)[f"test_{name}"]

    assert f'"{reason}"' in text
    assert f'"{code}"' in text
