"""Policies of S3, Bedrock, and upgrades of databases.

Source: Organizations User Guide, the pages "policy syntax and examples" of Amazon S3, Amazon Bedrock and upgrade
rollout policies.
"""

from remit.policy.management.shapes.form import Listing, Section, Setting, one_of

S3 = Section(keys={"public_access_block_configuration": one_of("all", "none")}, is_open=True)

_ORDER = Section(keys={"patch_order": one_of("first", "second", "last")}, is_open=True)
UPGRADE_ROLLOUT = Section(
    keys={
        "default": _ORDER,
        "tags": Section(
            others=Section(keys={"tag_values": Section(others=_ORDER)}, is_open=True),
        ),
    },
    is_open=True,
)

_GUARDING = one_of("selective", "comprehensive")
_CONFIGURATION = Section(
    keys={
        "identifier": Setting(pattern=r"arn:.+"),
        "input_tags": one_of("honor", "ignore"),
        "selective_content_guarding": Section(keys={"system": _GUARDING, "messages": _GUARDING}, is_open=True),
        "model_enforcement": Section(keys={"included_models": Listing(), "excluded_models": Listing()}, is_open=True),
    },
    is_open=True,
    required=("identifier",),
)
BEDROCK = Section(
    keys={"guardrail_inference": Section(others=Section(others=_CONFIGURATION))},
    is_open=True,
)
