"""Which management policies are stored: both sides of each rule."""

import json
from typing import Any

import pytest

from remit.policy.management import KINDS, ManagementPolicyType, acceptance_failure
from remit.policy.management.documents import DEPTH_MAX

TAG, BACKUP, AI = ManagementPolicyType.TAG, ManagementPolicyType.BACKUP, ManagementPolicyType.AI_OPT_OUT
CHAT, EC2, HUB = ManagementPolicyType.CHATBOT, ManagementPolicyType.DECLARATIVE_EC2, ManagementPolicyType.SECURITY_HUB
CONTROL = "@@operators_allowed_for_child_policies"


def assign(value: Any) -> dict[str, Any]:
    return {"@@assign": value}


def tag(**settings: Any) -> dict[str, Any]:
    return {"tags": {"costcenter": settings}}


def rule(**settings: Any) -> dict[str, Any]:
    return {"plans": {"P": {"rules": {"R": settings}}}}


def slack(**settings: Any) -> dict[str, Any]:
    return {"chatbot": {"platforms": {"slack": settings}}}


def metadata(**settings: Any) -> dict[str, Any]:
    return {"ec2_attributes": {"instance_metadata_defaults": settings}}


ACCEPTED = [
    (TAG, {"tags": {}}),
    (TAG, {"TAGS": {"CostCenter": {"Tag_Key": assign("costcenter")}}}),
    (TAG, tag(tag_key=assign("CostCenter"))),
    (TAG, tag(tag_value={"@@assign": ["a"], "@@append": ["b"], "@@remove": ["c"], CONTROL: ["@@append", "@@remove"]})),
    (TAG, tag(tag_value=assign([]))),
    (TAG, tag(tag_value=assign(["*", "*@example.com", "3*0", "", 100, True]))),
    (TAG, tag(tag_value=assign(["v" * 256]))),
    (
        TAG,
        tag(
            enforced_for=assign(
                ["ec2:*", "ec2:ALL_SUPPORTED", "ec2:instance", "EC2:*", "elasticloadbalancing:loadbalancer/app"]
            )
        ),
    ),
    (TAG, tag(report_required_tag_for=assign(["ec2:instance"]))),
    (TAG, tag(tag_value={"@@remove": ["a"], "enforced_for": {"@@remove": ["ec2:*"]}})),
    (TAG, {"tags": {CONTROL: ["@@none"]}}),
    (BACKUP, rule(lifecycle={"delete_after_days": assign("35"), "to_delete_after_days": assign(35)})),
    (BACKUP, rule(start_backup_window_minutes=assign("60"), target_backup_vault_name=assign("v" * 50))),
    (BACKUP, rule(enable_continuous_backup=assign(True))),
    (BACKUP, {"plans": {"P": {"regions": assign(["us-east-1", "us-gov-west-1"])}}}),
    (AI, {"services": {"default": {"opt_out_policy": {"@@assign": "optOut", CONTROL: ["@@none"]}}}}),
    (AI, {"services": {"aservicetocome": {"opt_out_policy": assign("optIn")}}}),
    (
        CHAT,
        slack(
            client=assign("enabled"), workspaces=assign(["*"]), default={"supported_channel_types": assign(["public"])}
        ),
    ),
    (EC2, metadata(http_put_response_hop_limit=assign("64"))),
    (EC2, metadata(http_put_response_hop_limit=assign(-1))),
    (EC2, {"ec2_attributes": {"allowed_images_settings": {"image_criteria": {"criteria_10": {}}}}}),
    (
        HUB,
        {
            "securityhub": {
                "enable_in_regions": assign(["ALL_SUPPORTED", "eu-west-1"]),
                "something": {"new": assign({"a": 1})},
            }
        },
    ),
]

REFUSED = [
    (TAG, []),
    (TAG, {}),
    (TAG, {"tag": {}}),
    (TAG, {"tags": {}, "Version": "2012-10-17"}),
    (
        TAG,
        {
            "tags": [],
        },
    ),
    (TAG, {"tags": {"costcenter": "CostCenter"}}),
    (TAG, {"tags": {CONTROL: ["@@none"], "@@assign": {}}}),
    (TAG, tag(tag_key="CostCenter")),
    (TAG, tag(tag_key=assign(["CostCenter"]))),
    (TAG, tag(tag_key=assign("Project"))),
    (TAG, tag(tag_key=assign(None))),
    (TAG, tag(tag_key={"@@append": ["CostCenter"]})),
    (TAG, tag(tag_value=assign("a"))),
    (TAG, tag(tag_value={"@@append": "a"})),
    (TAG, tag(tag_value={"@@remove": {}})),
    (TAG, tag(tag_value={"@@replace": ["a"]})),
    (TAG, tag(tag_value=assign(["*@*.com"]))),
    (TAG, tag(tag_value=assign([["a"]]))),
    (TAG, tag(tag_value=assign(["v" * 257]))),
    (TAG, tag(tag_value={"@@remove": ["a"], "tag_colour": {"@@remove": ["a"]}})),
    (TAG, tag(enforced_for=assign(["*"]))),
    (TAG, tag(enforced_for=assign(["*:*"]))),
    (TAG, tag(enforced_for=assign(["ec2"]))),
    (TAG, tag(colour=assign("red"))),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: "@@none"})),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: []})),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: ["@@none", "@@append"]})),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: ["@@append", "@@append"]})),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: ["@@some"]})),
    (TAG, tag(tag_value={**assign(["a"]), CONTROL: [["@@none"]]})),
    (BACKUP, {"plans": {"a plan": {}}}),
    (BACKUP, {"plans": {"p" * 51: {}}}),
    (BACKUP, rule(start_backup_window_minutes=assign("59"))),
    (BACKUP, rule(start_backup_window_minutes=assign(60.0))),
    (BACKUP, rule(start_backup_window_minutes=assign("soon"))),
    (BACKUP, rule(lifecycle={"delete_after_days": assign("0")})),
    (BACKUP, rule(enable_continuous_backup=assign("yes"))),
    (BACKUP, rule(target_backup_vault_name=assign("v" * 51))),
    (BACKUP, rule(colour=assign("red"))),
    (BACKUP, {"plans": {"P": {"regions": assign(["everywhere"])}}}),
    (AI, {"services": {"default": {"opt_out_policy": assign("optout")}}}),
    (AI, {"services": {"default": {"opt_out_policy": {"@@append": ["optOut"]}}}}),
    (AI, {"services": {"default": {"opt_in_policy": assign("optOut")}}}),
    (AI, {"services": {"no service": {"opt_out_policy": assign("optOut")}}}),
    (CHAT, slack(client=assign("on"))),
    (CHAT, slack(default={"supported_channel_types": assign(["secret"])})),
    (CHAT, {"chatbot": {"platforms": {"irc": {}}}}),
    (CHAT, {"chatbot": {"platforms": {"microsoft_teams": {"workspaces": assign(["*"])}}}}),
    (EC2, metadata(http_put_response_hop_limit=assign("65"))),
    (EC2, metadata(http_put_response_hop_limit=assign("-2"))),
    (EC2, metadata(http_tokens=assign("Required"))),
    (EC2, {"ec2_attributes": {"allowed_images_settings": {"image_criteria": {"criteria_11": {}}}}}),
    (HUB, {"securityhub": {"enable_in_regions": assign(["everywhere"])}}),
    (HUB, {"securityhub": {"something": {"new": 1}}}),
    (HUB, {"securityhub": {"something": {"@@append": "new"}}}),
    (HUB, {"securityhub": {"something": {"@@replace": ["new"]}}}),
]


def row(value: tuple[ManagementPolicyType, Any]) -> str:
    return f"{value[0]}-{json.dumps(value[1])[:60]}"


@pytest.mark.parametrize("case", ACCEPTED, ids=row)
def test_a_document_of_the_right_form_is_stored(case: tuple[ManagementPolicyType, Any]) -> None:
    assert acceptance_failure(json.dumps(case[1]), case[0]) is None


@pytest.mark.parametrize("case", REFUSED, ids=row)
def test_a_document_of_another_form_is_refused(case: tuple[ManagementPolicyType, Any]) -> None:
    assert acceptance_failure(json.dumps(case[1]), case[0])


@pytest.mark.parametrize("policy_type", ManagementPolicyType)
def test_a_document_belongs_to_one_type(policy_type: ManagementPolicyType) -> None:
    outermost = KINDS[policy_type].outermost[0]

    accepting = {
        other for other in ManagementPolicyType if acceptance_failure(json.dumps({outermost: {}}), other) is None
    }

    # AWS's pages give CSPM both its own key and Security Hub's.
    assert accepting - {ManagementPolicyType.SECURITY_HUB_CSPM} == {policy_type} - {
        ManagementPolicyType.SECURITY_HUB_CSPM
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"tags": {}, "tags": {}}',
        '{"tags": {"a": {}, "A": {}}}',
        '{"tags": {"A": {}, "a": {}}}',
        '{"tags": {"a": {"tag_value": {"@@assign": ["x"], "@@assign": ["y"]}}}}',
        '{"tags": {}} {}',
        '{"tags": {"a": {"tag_value": {"@@assign": [NaN]}}}}',
        '{"tags": ',
        '{"tags": {"\\ud800": {}}}',
        '{"tags": {"\ud800": {}}}',
        "",
        '{"tags": {}}'.replace("{}", '{"a":' * 2_000 + "1" + "}" * 2_000),
    ],
)
def test_a_text_that_is_not_json_as_it_should_be_is_refused(text: str) -> None:
    assert acceptance_failure(text, TAG)


def nested(depth: int) -> str:
    return '{"securityhub":' + '{"a":' * (depth - 2) + "{}" + "}" * (depth - 1)


def test_a_document_is_nested_so_deeply_and_no_deeper() -> None:
    assert acceptance_failure(nested(DEPTH_MAX), HUB) is None
    assert acceptance_failure(nested(DEPTH_MAX + 1), HUB) == "nested too deeply"


@pytest.mark.parametrize(
    ("policy_type", "document", "failure"),
    [
        (
            TAG,
            tag(tag_key=assign("Project")),
            "tags/costcenter/tag_key: `Project` is not `costcenter`, in whatever case",
        ),
        (
            TAG,
            tag(tag_value={"@@remove": ["a"], "enforced_for": {"@@remove": ["ec2"]}}),
            "tags/costcenter/enforced_for: `ec2` has not the form that is asked for",
        ),
        (
            AI,
            {"services": {"lex": {"opt_out_policy": {"@@append": ["optOut"]}}}},
            "services/lex/opt_out_policy: `@@append` is no operator of this policy type",
        ),
        (TAG, {"tag": {}}, "the outermost key has to be `tags`, and the only one"),
    ],
)
def test_a_refusal_says_where_and_what(policy_type: ManagementPolicyType, document: Any, failure: str) -> None:
    assert acceptance_failure(json.dumps(document), policy_type) == failure
