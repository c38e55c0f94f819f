"""Each error that the model gives to an operation, beside those that nearly all have: provoked, or named as impossible.

What is in no organization, may not call or breaks a constraint: `test_standing` and `test_reasons`.
Source: `organizations` reference, 3; the model's lists of errors.
"""

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from services.organizations.conftest import World, refusal
from services.organizations.test_accounts import set_quota
from services.organizations.test_policies import DENY_S3
from services.organizations.test_reasons import source_of_tests

from remit.directory.facts import Quota

_SCP = "SERVICE_CONTROL_POLICY"
_SSM = "ssm.amazonaws.com"
_NO_ACCOUNT, _NO_UNIT, _NO_POLICY, _NO_ROOT = "999999999999", "ou-none-12345678", "p-00000000", "r-none"

# Nearly every operation has them.
_COMMON = frozenset(
    {
        "AccessDeniedException",
        "AWSOrganizationsNotInUseException",
        "ConcurrentModificationException",
        "ConstraintViolationException",
        "HandshakeConstraintViolationException",
        "InvalidInputException",
        "ServiceException",
        "TooManyRequestsException",
        "UnsupportedAPIEndpointException",
    }
)
# `docs/divergences.md` says why.
_NEVER = frozenset(
    {"AccountOwnerNotVerifiedException", "FinalizingOrganizationException", "PolicyChangesInProgressException"}
)


class Whole:
    """An organization in which there is something of everything; a member that is asked for is made now."""

    def __init__(self, world: World) -> None:
        self.world, self.root = world, world.root

    def unit(self) -> str:
        """Make a unit with an account in it."""
        unit = self.world.unit("Prod")
        self.world.api.move_account(
            AccountId=self.world.remit.account, SourceParentId=self.root, DestinationParentId=unit
        )
        return unit

    def attached(self) -> str:
        """Make a policy that is attached to the root."""
        policy = self.world.policy(DENY_S3, name="attached")
        self.world.api.attach_policy(PolicyId=policy, TargetId=self.root)
        return policy

    def closed(self) -> str:
        account = self.world.account("closed")
        self.world.api.close_account(AccountId=account)
        return account

    def with_a_member(self) -> dict[str, Any]:
        """Have a member that is closed, and nothing to say."""
        self.closed()
        return {}

    def closing(self) -> str:
        set_quota(self.world, Quota.CLOSURE_SECONDS, 3_600)
        return self.closed()

    def administrator(self) -> str:
        account = self.world.account("administrator")
        self.world.api.enable_aws_service_access(ServicePrincipal=_SSM)
        self.world.api.register_delegated_administrator(AccountId=account, ServicePrincipal=_SSM)
        return account

    def two_names(self) -> str:
        """Make two units; return the id of the one that is not called Prod."""
        self.world.unit("Prod")
        return self.world.unit("Test")

    def two_policies(self) -> str:
        """Make two policies; return the id of the one that is not called attached."""
        self.attached()
        return self.world.policy(DENY_S3, name="other")


_new_policy = {"Name": "new", "Description": "", "Type": _SCP, "Content": DENY_S3}


def _nowhere(whole: Whole) -> dict[str, str]:
    return {"AccountId": whole.world.account(), "SourceParentId": whole.root, "DestinationParentId": _NO_UNIT}


# (operation, error) -> the input that provokes it.
_INPUTS: dict[tuple[str, str], Callable[[Whole], dict[str, Any]]] = {
    ("AcceptHandshake", "HandshakeNotFound"): lambda _: {"HandshakeId": "h-00000000"},
    ("AttachPolicy", "DuplicatePolicyAttachment"): lambda whole: {
        "PolicyId": whole.attached(),
        "TargetId": whole.root,
    },
    ("AttachPolicy", "PolicyNotFound"): lambda whole: {"PolicyId": _NO_POLICY, "TargetId": whole.root},
    ("AttachPolicy", "PolicyTypeNotEnabled"): lambda whole: {
        "PolicyId": "p-RCPFullAWSAccess",
        "TargetId": whole.root,
    },
    ("AttachPolicy", "TargetNotFound"): lambda _: {"PolicyId": "p-FullAWSAccess", "TargetId": _NO_UNIT},
    ("CancelHandshake", "HandshakeNotFound"): lambda _: {"HandshakeId": "h-00000000"},
    ("CloseAccount", "AccountAlreadyClosed"): lambda whole: {"AccountId": whole.closed()},
    ("CloseAccount", "AccountNotFound"): lambda _: {"AccountId": _NO_ACCOUNT},
    ("CloseAccount", "Conflict"): lambda whole: {"AccountId": whole.closing()},
    ("CreateOrganization", "AlreadyInOrganization"): lambda _: {},
    ("CreateOrganizationalUnit", "DuplicateOrganizationalUnit"): lambda whole: {
        "ParentId": whole.root,
        "Name": whole.unit() and "Prod",
    },
    ("CreateOrganizationalUnit", "ParentNotFound"): lambda _: {"ParentId": _NO_UNIT, "Name": "x"},
    ("CreatePolicy", "DuplicatePolicy"): lambda whole: _new_policy | {"Name": whole.attached() and "attached"},
    ("CreatePolicy", "MalformedPolicyDocument"): lambda _: _new_policy | {"Content": "{"},
    ("DeclineHandshake", "HandshakeNotFound"): lambda _: {"HandshakeId": "h-00000000"},
    ("DeleteOrganization", "OrganizationNotEmpty"): lambda whole: whole.with_a_member(),
    ("DeleteOrganizationalUnit", "OrganizationalUnitNotEmpty"): lambda whole: {"OrganizationalUnitId": whole.unit()},
    ("DeleteOrganizationalUnit", "OrganizationalUnitNotFound"): lambda _: {"OrganizationalUnitId": _NO_UNIT},
    ("DeletePolicy", "PolicyInUse"): lambda whole: {"PolicyId": whole.attached()},
    ("DeletePolicy", "PolicyNotFound"): lambda _: {"PolicyId": _NO_POLICY},
    ("DeleteResourcePolicy", "ResourcePolicyNotFound"): lambda _: {},
    ("DeregisterDelegatedAdministrator", "AccountNotFound"): lambda _: {
        "AccountId": _NO_ACCOUNT,
        "ServicePrincipal": _SSM,
    },
    ("DeregisterDelegatedAdministrator", "AccountNotRegistered"): lambda whole: {
        "AccountId": whole.world.account(),
        "ServicePrincipal": _SSM,
    },
    ("DescribeAccount", "AccountNotFound"): lambda _: {"AccountId": _NO_ACCOUNT},
    ("DescribeCreateAccountStatus", "CreateAccountStatusNotFound"): lambda _: {
        "CreateAccountRequestId": f"car-{'0' * 32}"
    },
    ("DescribeEffectivePolicy", "TargetNotFound"): lambda _: {"PolicyType": "TAG_POLICY", "TargetId": _NO_ACCOUNT},
    ("DescribeEffectivePolicy", "EffectivePolicyNotFound"): lambda _: {"PolicyType": "TAG_POLICY"},
    ("DescribeHandshake", "HandshakeNotFound"): lambda _: {"HandshakeId": "h-00000000"},
    ("DescribeOrganizationalUnit", "OrganizationalUnitNotFound"): lambda _: {"OrganizationalUnitId": _NO_UNIT},
    ("DescribePolicy", "PolicyNotFound"): lambda _: {"PolicyId": _NO_POLICY},
    ("DescribeResourcePolicy", "ResourcePolicyNotFound"): lambda _: {},
    ("DescribeResponsibilityTransfer", "ResponsibilityTransferNotFound"): lambda _: {"Id": "rt-00000000"},
    ("DetachPolicy", "PolicyNotAttached"): lambda whole: {"PolicyId": whole.two_policies(), "TargetId": whole.root},
    ("DetachPolicy", "PolicyNotFound"): lambda whole: {"PolicyId": _NO_POLICY, "TargetId": whole.root},
    ("DetachPolicy", "TargetNotFound"): lambda _: {"PolicyId": "p-FullAWSAccess", "TargetId": _NO_UNIT},
    ("DisablePolicyType", "PolicyTypeNotEnabled"): lambda whole: {"RootId": whole.root, "PolicyType": "TAG_POLICY"},
    ("DisablePolicyType", "RootNotFound"): lambda _: {"RootId": _NO_ROOT, "PolicyType": _SCP},
    ("EnablePolicyType", "RootNotFound"): lambda _: {"RootId": _NO_ROOT, "PolicyType": "TAG_POLICY"},
    ("LeaveOrganization", "MasterCannotLeaveOrganization"): lambda _: {},
    ("ListAccountsForParent", "ParentNotFound"): lambda _: {"ParentId": _NO_UNIT},
    ("ListAccountsWithInvalidEffectivePolicy", "EffectivePolicyNotFound"): lambda _: {"PolicyType": "TAG_POLICY"},
    ("ListChildren", "ParentNotFound"): lambda _: {"ParentId": _NO_UNIT, "ChildType": "ACCOUNT"},
    ("ListDelegatedServicesForAccount", "AccountNotFound"): lambda _: {"AccountId": _NO_ACCOUNT},
    ("ListDelegatedServicesForAccount", "AccountNotRegistered"): lambda whole: {"AccountId": whole.world.account()},
    ("ListEffectivePolicyValidationErrors", "AccountNotFound"): lambda _: {
        "AccountId": _NO_ACCOUNT,
        "PolicyType": "TAG_POLICY",
    },
    ("ListEffectivePolicyValidationErrors", "EffectivePolicyNotFound"): lambda whole: {
        "AccountId": whole.world.remit.account,
        "PolicyType": "TAG_POLICY",
    },
    ("ListInboundResponsibilityTransfers", "ResponsibilityTransferNotFound"): lambda _: {
        "Type": "BILLING",
        "Id": "rt-00000000",
    },
    ("ListOrganizationalUnitsForParent", "ParentNotFound"): lambda _: {"ParentId": _NO_UNIT},
    ("ListParents", "ChildNotFound"): lambda _: {"ChildId": _NO_UNIT},
    ("ListPoliciesForTarget", "TargetNotFound"): lambda _: {"TargetId": _NO_UNIT, "Filter": _SCP},
    ("ListTagsForResource", "TargetNotFound"): lambda _: {"ResourceId": _NO_UNIT},
    ("ListTargetsForPolicy", "PolicyNotFound"): lambda _: {"PolicyId": _NO_POLICY},
    ("MoveAccount", "AccountNotFound"): lambda whole: _nowhere(whole) | {"AccountId": _NO_ACCOUNT},
    ("MoveAccount", "DestinationParentNotFound"): _nowhere,
    ("MoveAccount", "DuplicateAccount"): lambda whole: _nowhere(whole) | {"DestinationParentId": whole.root},
    ("MoveAccount", "SourceParentNotFound"): lambda whole: _nowhere(whole) | {"SourceParentId": _NO_UNIT},
    ("RegisterDelegatedAdministrator", "AccountAlreadyRegistered"): lambda whole: {
        "AccountId": whole.administrator(),
        "ServicePrincipal": _SSM,
    },
    ("RegisterDelegatedAdministrator", "AccountNotFound"): lambda _: {
        "AccountId": _NO_ACCOUNT,
        "ServicePrincipal": _SSM,
    },
    ("RemoveAccountFromOrganization", "AccountNotFound"): lambda _: {"AccountId": _NO_ACCOUNT},
    ("RemoveAccountFromOrganization", "MasterCannotLeaveOrganization"): lambda whole: {
        "AccountId": whole.world.remit.account
    },
    ("TagResource", "TargetNotFound"): lambda _: {"ResourceId": _NO_UNIT, "Tags": [{"Key": "k", "Value": "v"}]},
    ("TerminateResponsibilityTransfer", "ResponsibilityTransferNotFound"): lambda _: {"Id": "rt-00000000"},
    ("UntagResource", "TargetNotFound"): lambda _: {"ResourceId": _NO_UNIT, "TagKeys": ["k"]},
    ("UpdateOrganizationalUnit", "DuplicateOrganizationalUnit"): lambda whole: {
        "OrganizationalUnitId": whole.two_names(),
        "Name": "Prod",
    },
    ("UpdateOrganizationalUnit", "OrganizationalUnitNotFound"): lambda _: {"OrganizationalUnitId": _NO_UNIT},
    ("UpdatePolicy", "DuplicatePolicy"): lambda whole: {"PolicyId": whole.two_policies(), "Name": "attached"},
    ("UpdatePolicy", "MalformedPolicyDocument"): lambda whole: {"PolicyId": whole.attached(), "Content": "{"},
    ("UpdatePolicy", "PolicyNotFound"): lambda _: {"PolicyId": _NO_POLICY},
    ("UpdateResponsibilityTransfer", "ResponsibilityTransferNotFound"): lambda _: {"Id": "rt-00000000", "Name": "x"},
}
_FINAL = "invitations::an_end_is_final"
_ELSEWHERE = {
    ("AcceptHandshake", "AccessDeniedForDependency"): "invitations::the_role_needs_permission_to_make_it",
    ("AcceptHandshake", "HandshakeAlreadyInState"): _FINAL,
    ("AcceptHandshake", "InvalidHandshakeTransition"): _FINAL,
    ("AcceptHandshake", "MasterCannotLeaveOrganization"): (
        "invitations::a_management_account_neither_sees_nor_accepts_invitations"
    ),
    ("CancelHandshake", "HandshakeAlreadyInState"): _FINAL,
    ("CancelHandshake", "InvalidHandshakeTransition"): _FINAL,
    (
        "CreateOrganization",
        "AccessDeniedForDependency",
    ): "organization::who_may_not_make_the_role_makes_no_organization",
    ("CreatePolicy", "PolicyTypeNotAvailableForOrganization"): "policies::consolidated_billing_has_no_policies",
    ("DeclineHandshake", "HandshakeAlreadyInState"): _FINAL,
    ("DeclineHandshake", "InvalidHandshakeTransition"): _FINAL,
    ("EnablePolicyType", "PolicyTypeAlreadyEnabled"): "policies::a_type_is_enabled_and_disabled",
    ("EnablePolicyType", "PolicyTypeNotAvailableForOrganization"): "policies::consolidated_billing_has_no_policies",
    ("InviteAccountToOrganization", "DuplicateHandshake"): "invitations::the_same_account_is_not_invited_twice",
    ("InviteOrganizationToTransferResponsibility", "DuplicateHandshake"): (
        "transfers::what_is_not_accepted_is_no_transfer"
    ),
    ("TerminateResponsibilityTransfer", "InvalidResponsibilityTransferTransition"): (
        "transfers::what_is_not_accepted_is_no_transfer"
    ),
    ("TerminateResponsibilityTransfer", "ResponsibilityTransferAlreadyInStatus"): "transfers::one_transfer_at_a_time",
}
# The caller's account is there, or it could not call.
_IMPOSSIBLE = frozenset({("LeaveOrganization", "AccountNotFound")})


@pytest.mark.parametrize("pair", _INPUTS, ids="-".join)
def test_the_error_is_given(world: World, pair: tuple[str, str]) -> None:
    operation, error = pair
    asked = _INPUTS[pair](Whole(world))
    method = next(name for name, known in world.api.meta.method_to_api_mapping.items() if known == operation)

    assert refusal(lambda: getattr(world.api, method)(**asked))[0] == f"{error}Exception"


@pytest.mark.parametrize(("pair", "where"), _ELSEWHERE.items(), ids=lambda given: "-".join(given)[:60])
def test_the_named_test_provokes_the_error(pair: tuple[str, str], where: str) -> None:
    module, _, name = where.partition("::")

    assert f'"{pair[1]}Exception"' in source_of_tests(module)[f"test_{name}"]


def test_the_tables_have_every_error_of_every_operation() -> None:
    model: Any = botocore.session.get_session().get_service_model("organizations")
    every = {
        (name, shape.name.removesuffix("Exception"))
        for name in model.operation_names
        for shape in model.operation_model(name).error_shapes
        if shape.name not in _COMMON | _NEVER
    }

    assert every == {*_INPUTS, *_ELSEWHERE, *_IMPOSSIBLE}
    assert not {*_INPUTS} & {*_ELSEWHERE}
