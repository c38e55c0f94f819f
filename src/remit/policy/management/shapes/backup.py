"""Backup policies.

`$account` in ARNs, and `$region` in the one of an air-gapped vault, stay as they are until the policy is applied.
`to_delete_after_days` stands in older examples of AWS's for `delete_after_days`.
Source: Organizations User Guide, "Backup policy syntax and examples"; the limit of rules from the example of the event
EffectivePolicyValidation in "Understanding AWS Organizations log file entries".
"""

from collections.abc import Mapping

from remit.policy.management.shapes.form import ENABLED, NOT_EMPTY, TRUE, Listing, Section, Setting, one_of
from remit.policy.management.tree import Node

_NAME = r"[A-Za-z0-9_.-]{1,50}"
_COLD_DAYS_MIN = 90
_DAYS = Setting(number=(1, 10**16 - 1))
_MINUTES = Setting(number=(60, 10**16 - 1))
_ARN = Setting(pattern=r"arn:.+")


def _lifecycle(section: Node) -> Mapping[str, str]:
    """What is moved to cold storage stays there for 90 days."""
    days: dict[str, str] = {
        name: str(section.below[name].value)
        for name in ("move_to_cold_storage_after_days", "delete_after_days")
        if name in section.below and section.below[name].has_value
    }
    numbers = [int(text) for text in days.values() if text.isdecimal()]
    match numbers:
        case [moved, deleted] if deleted < moved + _COLD_DAYS_MIN:
            return days
        case _:
            return {}


_LIFECYCLE = Section(
    keys={
        "move_to_cold_storage_after_days": _DAYS,
        "delete_after_days": _DAYS,
        "to_delete_after_days": _DAYS,
        "opt_in_to_archive_for_supported_resources": TRUE,
    },
    crossing=_lifecycle,
)
_TAGS = Section(
    others=Section(
        keys={"tag_key": Setting(characters=(1, 128)), "tag_value": Setting(characters=(0, 256))},
        required=("tag_key", "tag_value"),
    )
)
_RULE = Section(
    keys={
        "schedule_expression": Setting(characters=(1, 256)),
        "target_backup_vault_name": Setting(pattern=r"[A-Za-z0-9_-]{1,50}"),
        "target_logically_air_gapped_backup_vault_arn": _ARN,
        "start_backup_window_minutes": _MINUTES,
        "complete_backup_window_minutes": _MINUTES,
        "enable_continuous_backup": TRUE,
        "lifecycle": _LIFECYCLE,
        "copy_actions": Section(
            others=Section(
                keys={"target_backup_vault_arn": _ARN, "lifecycle": _LIFECYCLE}, required=("target_backup_vault_arn",)
            )
        ),
        "recovery_point_tags": _TAGS,
        "index_actions": Section(keys={"resource_types": Listing(one_of("EBS", "S3"))}),
        "scan_actions": Section(others=Section(keys={"scan_mode": one_of("INCREMENTAL_SCAN", "FULL_SCAN")})),
    },
    required=("target_backup_vault_name",),
)
_CONDITIONS = Section(
    keys={
        operator: Section(
            others=Section(
                keys={
                    "condition_key": Setting(characters=(1, 128)),
                    "condition_value": Setting(characters=(0, 256)),
                },
                required=("condition_key", "condition_value"),
            ),
            length=(0, 30),
        )
        for operator in ("string_equals", "string_not_equals", "string_like", "string_not_like")
    }
)
_SELECTIONS = Section(
    keys={
        "tags": Section(
            others=Section(
                keys={
                    "iam_role_arn": _ARN,
                    "tag_key": Setting(characters=(1, 128)),
                    "tag_value": Listing(Setting(characters=(0, 256)), length=NOT_EMPTY),
                    "conditions": _CONDITIONS,
                },
                required=("iam_role_arn", "tag_key", "tag_value"),
            ),
            names=_NAME,
        ),
        "resources": Section(
            others=Section(
                keys={
                    "iam_role_arn": _ARN,
                    "resource_types": Listing(Setting(characters=(1, 256)), length=NOT_EMPTY),
                    "not_resource_types": Listing(Setting(characters=(1, 256))),
                    "conditions": _CONDITIONS,
                },
                required=("iam_role_arn",),
            ),
            names=_NAME,
        ),
    },
    length=(1, 2),
)
BACKUP = Section(
    others=Section(
        keys={
            "regions": Listing(Setting(pattern=r"[a-z]{2}(-[a-z]+)+-[0-9]+"), length=NOT_EMPTY),
            "rules": Section(others=_RULE, names=_NAME, length=(1, 10)),
            "selections": _SELECTIONS,
            "advanced_backup_settings": Section(
                keys={
                    "ec2": Section(keys={"windows_vss": ENABLED}),
                    "s3": Section(keys={"backup_acls": ENABLED, "backup_object_tags": ENABLED}),
                }
            ),
            "backup_plan_tags": _TAGS,
            "scan_settings": Section(
                others=Section(
                    keys={
                        "resource_types": Listing(one_of("EBS", "EC2", "S3", "ALL"), length=(1, 4)),
                        "scanner_role_arn": _ARN,
                    },
                    required=("resource_types", "scanner_role_arn"),
                )
            ),
        },
        required=("rules", "regions", "selections"),
    ),
    names=_NAME,
)
