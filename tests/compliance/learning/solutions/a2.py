"""Course A2: what passes, and what does not."""

from compliance.learning.solutions.documents import allow, deny, document, trust
from compliance.learning.solutions.solution import Solution
from learners import Learner

ROOT_TASK = "arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials"


# -- A2-1


def _athena_only(learner: Learner) -> str:
    suspect = learner.drawn["who"][0]
    learner.client("iam", "workload").put_user_policy(
        UserName=suspect,
        PolicyName="tools",
        PolicyDocument=document(allow(["athena:StartQueryExecution", "athena:GetQueryResults"])),
    )
    return f"user/{suspect}"


def find_the_admin(learner: Learner) -> None:
    learner.answers["administrator"] = _athena_only(learner)


def name_a_decoy(learner: Learner) -> None:
    _athena_only(learner)
    learner.answers["administrator"] = f"user/{learner.drawn['who'][3]}"


def name_only(learner: Learner) -> None:
    learner.answers["administrator"] = f"user/{learner.drawn['who'][0]}"


def take_everything(learner: Learner) -> None:
    suspect = learner.drawn["who"][0]
    learner.client("iam", "workload").delete_user_policy(UserName=suspect, PolicyName="tools")
    learner.answers["administrator"] = f"user/{suspect}"


# -- A2-2


def _people(learner: Learner) -> None:
    iam = learner.client("iam", "workload")
    for name in learner.drawn["people"]:
        iam.create_user(UserName=name)
        iam.add_user_to_group(UserName=name, GroupName=learner.drawn["group"])


def _job(learner: Learner, resource: str = "nightly/*", **principal: str) -> None:
    iam, job = learner.client("iam", "workload"), learner.drawn["job"]
    iam.create_role(RoleName=job, AssumeRolePolicyDocument=trust(**(principal or {"Service": "ec2.amazonaws.com"})))
    iam.put_role_policy(
        RoleName=job,
        PolicyName="write",
        PolicyDocument=document(allow("s3:PutObject", f"arn:aws:s3:::{learner.drawn['bucket']}/{resource}")),
    )


def _retire(learner: Learner) -> None:
    iam, shared = learner.client("iam", "workload"), learner.drawn["shared"]
    for key in iam.list_access_keys(UserName=shared)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=shared, AccessKeyId=key["AccessKeyId"])
    iam.remove_user_from_group(UserName=shared, GroupName=learner.drawn["group"])
    iam.delete_user(UserName=shared)


def retire(learner: Learner) -> None:
    _people(learner)
    _job(learner)
    _retire(learner)


def job_writes_anywhere(learner: Learner) -> None:
    _people(learner)
    _job(learner, "*")
    _retire(learner)


def job_trusts_the_account(learner: Learner) -> None:
    _people(learner)
    _job(learner, AWS=f"arn:aws:iam::{learner.account('workload')}:root")
    _retire(learner)


def keys_made_inactive(learner: Learner) -> None:
    _people(learner)
    _job(learner)
    iam, shared = learner.client("iam", "workload"), learner.drawn["shared"]
    for key in iam.list_access_keys(UserName=shared)["AccessKeyMetadata"]:
        iam.update_access_key(UserName=shared, AccessKeyId=key["AccessKeyId"], Status="Inactive")


# -- A2-3


def _cut(learner: Learner, *statements: dict[str, object]) -> None:
    role = learner.drawn["role"]
    learner.client("iam", "workload").create_policy_version(
        PolicyArn=f"arn:aws:iam::{learner.account('workload')}:policy/{role}",
        PolicyDocument=document(*statements),
        SetAsDefault=True,
    )


def _whole(resource: str) -> str:
    return f"{resource.split('/', maxsplit=1)[0]}/*" if ":s3:" in resource else resource


def cut(learner: Learner) -> None:
    _cut(learner, *(allow(one["call"], _whole(one["resource"])) for one in learner.drawn["calls"][:4]))


def cut_by_actions(learner: Learner) -> None:
    _cut(learner, allow([one["call"] for one in learner.drawn["calls"][:4]]))


def forget_the_rare_call(learner: Learner) -> None:
    _cut(learner, *(allow(one["call"], _whole(one["resource"])) for one in learner.drawn["calls"][:3]))


def grant_what_was_refused(learner: Learner) -> None:
    used = [allow(one["call"], _whole(one["resource"])) for one in learner.drawn["calls"][:4]]
    _cut(learner, *used, allow("kms:ScheduleKeyDeletion"))


# -- A2-4


_BEFORE_MFA = [
    "iam:CreateVirtualMFADevice",
    "iam:EnableMFADevice",
    "iam:ListMFADevices",
    "iam:GetUser",
    "iam:ResyncMFADevice",
    "sts:GetSessionToken",
]


def _group_policy(learner: Learner, operator: str, besides: list[str] = _BEFORE_MFA) -> None:
    without = {
        "Effect": "Deny",
        "NotAction": besides,
        "Resource": "*",
        "Condition": {operator: {"aws:MultiFactorAuthPresent": "false"}},
    }
    learner.client("iam", "workload").put_group_policy(
        GroupName=learner.drawn["group"], PolicyName="mfa", PolicyDocument=document(without)
    )


def enforce_mfa(learner: Learner) -> None:
    _group_policy(learner, "BoolIfExists")


def forget_absent_keys(learner: Learner) -> None:
    _group_policy(learner, "Bool")


def nobody_can_begin(learner: Learner) -> None:
    _group_policy(learner, "BoolIfExists", ["iam:GetUser"])


def turning_off_is_free(learner: Learner) -> None:
    _group_policy(learner, "BoolIfExists", [*_BEFORE_MFA, "iam:DeactivateMFADevice"])


# -- A2-5


def _delete_root_keys(learner: Learner) -> None:
    learner.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    iam, sts = learner.client("iam"), learner.client("sts")
    iam.enable_organizations_root_credentials_management()
    iam.enable_organizations_root_sessions()
    for name in ("payments", "archive", "research"):
        given = sts.assume_root(
            TargetPrincipal=learner.account(name), TaskPolicyArn={"arn": ROOT_TASK}, DurationSeconds=900
        )["Credentials"]
        root = learner.whole.client(
            "iam",
            learner.identity(),
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )
        for key in root.list_access_keys()["AccessKeyMetadata"]:
            root.delete_access_key(AccessKeyId=key["AccessKeyId"])


def _attach_to_root(learner: Learner, content: str) -> None:
    organizations = learner.client("organizations")
    made = organizations.create_policy(Name="root", Description="", Type="SERVICE_CONTROL_POLICY", Content=content)
    organizations.attach_policy(
        PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=organizations.list_roots()["Roots"][0]["Id"]
    )


_BY_ROOT = {"Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}}


def lock_root_away(learner: Learner) -> None:
    _delete_root_keys(learner)
    _attach_to_root(learner, document(deny("*", **_BY_ROOT)))


def policy_alone(learner: Learner) -> None:
    _attach_to_root(learner, document(deny("*", **_BY_ROOT)))


def keys_alone(learner: Learner) -> None:
    _delete_root_keys(learner)


def bind_everybody(learner: Learner) -> None:
    _delete_root_keys(learner)
    _attach_to_root(learner, document(deny(["iam:*", "s3:*", "ec2:*", "account:*", "organizations:*"])))


# -- A2-6


def _deploy(learner: Learner, *statements: dict[str, object]) -> None:
    run = [*learner.drawn["run"], "lambda:GetFunction", "ecs:DescribeTasks", "iam:GetRole"]
    learner.client("iam", "workload").put_user_policy(
        UserName=learner.drawn["deployer"], PolicyName="deploy", PolicyDocument=document(allow(run), *statements)
    )


def _pass(learner: Learner, name: str, service: str) -> dict[str, object]:
    return allow(
        "iam:PassRole",
        f"arn:aws:iam::{learner.account('workload')}:role/{name}",
        Condition={"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}},
    )


def pass_one_role(learner: Learner) -> None:
    _deploy(learner, _pass(learner, f"{learner.drawn['app']}-app", learner.drawn["service"]))


def pass_by_wildcard(learner: Learner) -> None:
    _deploy(learner, _pass(learner, f"{learner.drawn['app']}-app*", learner.drawn["service"]))


def pass_to_anybody(learner: Learner) -> None:
    _deploy(
        learner, allow("iam:PassRole", f"arn:aws:iam::{learner.account('workload')}:role/{learner.drawn['app']}-app")
    )


def pass_nothing(learner: Learner) -> None:
    _deploy(learner)


SOLUTIONS = {
    "A2-1": Solution(find_the_admin, (name_a_decoy, name_only, take_everything)),
    "A2-2": Solution(retire, (job_writes_anywhere, job_trusts_the_account, keys_made_inactive)),
    "A2-3": Solution(cut, (cut_by_actions, forget_the_rare_call, grant_what_was_refused)),
    "A2-4": Solution(enforce_mfa, (forget_absent_keys, nobody_can_begin, turning_off_is_free)),
    "A2-5": Solution(lock_root_away, (policy_alone, keys_alone, bind_everybody)),
    "A2-6": Solution(pass_one_role, (pass_by_wildcard, pass_to_anybody, pass_nothing)),
}
