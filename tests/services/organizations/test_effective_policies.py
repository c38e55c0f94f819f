"""Effective policies and what is wrong with them."""

import json

from services.organizations.conftest import World, refusal

_TAG = {"tags": {"team": {"tag_value": {"@@assign": ["red"]}}}}
_MORE = {"tags": {"team": {"tag_value": {"@@append": ["blue"]}}}}


def _attached(world: World, document: object, target: str, type_: str = "TAG_POLICY") -> str:
    policy = world.policy(json.dumps(document), type_, name=f"on-{target}")
    world.api.attach_policy(PolicyId=policy, TargetId=target)
    return policy


def test_the_levels_come_to_one_policy(world: World) -> None:
    account, unit = world.account(), world.unit()
    world.api.enable_policy_type(RootId=world.root, PolicyType="TAG_POLICY")
    world.api.move_account(AccountId=account, SourceParentId=world.root, DestinationParentId=unit)
    _attached(world, _TAG, world.root)
    _attached(world, _MORE, unit)

    shown = world.api.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=account)["EffectivePolicy"]

    assert json.loads(shown["PolicyContent"]) == {"tags": {"team": {"tag_value": ["red", "blue"]}}}
    assert (shown["TargetId"], shown["PolicyType"]) == (account, "TAG_POLICY")
    own = world.member(account).describe_effective_policy(PolicyType="TAG_POLICY")["EffectivePolicy"]
    assert own == shown


def test_a_member_asks_for_itself_only(world: World) -> None:
    one, other = world.account("one"), world.account("other")
    world.api.enable_policy_type(RootId=world.root, PolicyType="TAG_POLICY")
    _attached(world, _TAG, world.root)
    member = world.member(one)

    assert member.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=one)
    assert refusal(lambda: member.describe_effective_policy(PolicyType="TAG_POLICY", TargetId=other))[0] == (
        "AccessDeniedException"
    )


def test_without_policies_there_is_none(world: World) -> None:
    describe = world.api.describe_effective_policy
    assert refusal(lambda: describe(PolicyType="TAG_POLICY"))[0] == "EffectivePolicyNotFoundException"
    world.api.enable_policy_type(RootId=world.root, PolicyType="TAG_POLICY")
    assert refusal(lambda: describe(PolicyType="TAG_POLICY"))[0] == "EffectivePolicyNotFoundException"
    assert refusal(lambda: describe(PolicyType="TAG_POLICY", TargetId="999999999999"))[0] == "TargetNotFoundException"
    assert refusal(lambda: describe(PolicyType="TAG_POLICY", TargetId=world.root)) == (
        "InvalidInputException",
        "TARGET_NOT_SUPPORTED",
    )
    errors = world.api.list_effective_policy_validation_errors
    asked = {"AccountId": world.remit.account, "PolicyType": "TAG_POLICY"}
    assert refusal(lambda: errors(**asked))[0] == "EffectivePolicyNotFoundException"
    assert refusal(lambda: errors(**{**asked, "AccountId": "999999999999"}))[0] == "AccountNotFoundException"
    assert (
        refusal(lambda: world.api.list_accounts_with_invalid_effective_policy(PolicyType="BACKUP_POLICY"))[0]
        == "EffectivePolicyNotFoundException"
    )


def test_what_cannot_be_enforced_is_listed(world: World) -> None:
    account = world.account()
    world.api.enable_policy_type(RootId=world.root, PolicyType="BACKUP_POLICY")
    lacking = {"plans": {"Nightly": {"regions": {"@@assign": ["eu-west-1"]}}}}
    policy = _attached(world, lacking, account, "BACKUP_POLICY")

    found = world.api.list_effective_policy_validation_errors(AccountId=account, PolicyType="BACKUP_POLICY")

    assert found["AccountId"] == account
    assert found["Path"] == f"{world.id}/{world.root}/{account}/"
    errors = found["EffectivePolicyValidationErrors"]
    assert {error["ErrorCode"] for error in errors} == {"KEY_REQUIRED"}
    assert all(error["ContributingPolicies"] == [policy] for error in errors)
    invalid = world.api.list_accounts_with_invalid_effective_policy(PolicyType="BACKUP_POLICY")
    assert [one["Id"] for one in invalid["Accounts"]] == [account]
    assert invalid["PolicyType"] == "BACKUP_POLICY"
