"""Declarative policies for EC2.

Source: Organizations User Guide, "Declarative policy syntax and examples".
"""

from remit.policy.management.shapes.form import ENABLED, NOT_EMPTY, Listing, Section, Setting, one_of

_DAYS = Setting(number=(0, 2_147_483_647))
_PREFERENCE = one_of("no_preference", "enabled", "disabled")
_CRITERIA = Section(
    keys={
        "allowed_image_providers": Listing(
            Setting(pattern=r"[0-9]{12}|amazon|aws[_-]marketplace|aws[_-]backup[_-]vault|none")
        ),
        "image_names": Listing(Setting(characters=(1, 128))),
        "marketplace_product_codes": Listing(Setting(pattern=r"[A-Za-z0-9]{1,25}")),
        "creation_date_condition": Section(keys={"maximum_days_since_created": _DAYS}),
        "deprecation_time_condition": Section(keys={"maximum_days_since_deprecated": _DAYS}),
    }
)
EC2 = Section(
    keys={
        "exception_message": Setting(characters=NOT_EMPTY),
        "vpc_block_public_access": Section(
            keys={
                "internet_gateway_block": Section(
                    keys={
                        "mode": one_of("off", "block_ingress", "block_bidirectional"),
                        "exclusions_allowed": ENABLED,
                    },
                    required=("mode", "exclusions_allowed"),
                )
            }
        ),
        "serial_console_access": Section(keys={"status": ENABLED}),
        "image_block_public_access": Section(keys={"state": one_of("unblocked", "block_new_sharing")}),
        "allowed_images_settings": Section(
            keys={
                "state": one_of("enabled", "disabled", "audit_mode"),
                "image_criteria": Section(others=_CRITERIA, names=r"criteria_([1-9]|10)", length=(0, 10)),
            }
        ),
        "instance_metadata_defaults": Section(
            keys={
                "http_tokens": one_of("no_preference", "required", "optional"),
                "http_put_response_hop_limit": Setting(number=(-1, 64)),
                "http_endpoint": _PREFERENCE,
                "instance_metadata_tags": _PREFERENCE,
                "http_tokens_enforced": _PREFERENCE,
            }
        ),
        "snapshot_block_public_access": Section(
            keys={"state": one_of("unblocked", "block_new_sharing", "block_all_sharing")}
        ),
    }
)
