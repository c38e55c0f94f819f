"""The types of management policies, and the quotas of each."""

import pytest

from remit.directory.organizations.policies import AUTHORIZATION, PolicyType
from remit.policy import CHARACTERS_MAX
from remit.policy import PolicyType as LanguageType
from remit.policy.management import KINDS, ManagementPolicyType
from remit.policy.management.operators import Allowed


def test_every_type_of_the_directory_grants_or_is_merged() -> None:
    merged = {f"{policy_type}" for policy_type in ManagementPolicyType}

    assert merged == {f"{policy_type}" for policy_type in PolicyType} - {f"{name}" for name in AUTHORIZATION}
    assert {f"{policy_type}" for policy_type in KINDS} == merged


@pytest.mark.parametrize(
    ("policy_type", "characters", "attached"),
    [
        (ManagementPolicyType.TAG, 10_000, 10),
        (ManagementPolicyType.BACKUP, 10_000, 10),
        (ManagementPolicyType.DECLARATIVE_EC2, 10_000, 10),
        (ManagementPolicyType.SECURITY_HUB, 10_000, 10),
        (ManagementPolicyType.CHATBOT, 10_000, 5),
        (ManagementPolicyType.AI_OPT_OUT, 2_500, 5),
        (ManagementPolicyType.UPGRADE_ROLLOUT, 5_120, 10),
    ],
)
def test_sizes_and_attachments_are_those_of_the_quotas(
    policy_type: ManagementPolicyType, characters: int, attached: int
) -> None:
    assert (KINDS[policy_type].characters_max, KINDS[policy_type].attached_max) == (characters, attached)


def test_only_ai_policies_know_a_single_operator() -> None:
    assert {name for name, kind in KINDS.items() if kind.operators != Allowed.EVERYTHING} == {
        ManagementPolicyType.AI_OPT_OUT
    }
    assert KINDS[ManagementPolicyType.AI_OPT_OUT].operators == Allowed.ASSIGN


def test_control_policies_have_sizes_of_their_own() -> None:
    assert CHARACTERS_MAX == {LanguageType.SCP: 10_240, LanguageType.RCP: 5_120}
