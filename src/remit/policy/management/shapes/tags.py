"""Tag policies.

A tag value may hold one `*`. `enforced_for` and `report_required_tag_for` name a resource type, or with `*` or
`ALL_SUPPORTED` every supported one of a service; no wildcard stands for a service.
Source: Organizations User Guide, "Tag policy syntax and examples".
"""

from remit.policy.management.shapes.form import Listing, Section, Setting

_RESOURCE_TYPES = Listing(Setting(pattern=r"[A-Za-z0-9-]+:(\*|[A-Za-z0-9_/-]+(:[A-Za-z0-9_/*-]+)?)"))

TAGS = Section(
    others=Section(
        keys={
            "tag_key": Setting(characters=(1, 128), is_key=True),
            "tag_value": Listing(Setting(pattern=r"[^*]*\*?[^*]*", characters=(0, 256))),
            "enforced_for": _RESOURCE_TYPES,
            "report_required_tag_for": _RESOURCE_TYPES,
        }
    ),
    names=r"(?s:.{1,128})",
)
