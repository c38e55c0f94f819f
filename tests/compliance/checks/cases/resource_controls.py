"""Resource control policies take findings away where they are surely in force, and nowhere else."""

import json

from check_cases import FAIL, PASS, UNKNOWN, Case
from principals import ACCOUNT, ALONE, IN_ONE, MANAGEMENT, RCP, allow, arn, controlled, perimeter, role, trusting
from principals import account as account_of

FRIEND, KEY = "444455556666", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k1"
OFF = "NoSuchPublicAccessBlockConfiguration"
OUTSIDE = {
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
}
PERIMETER = perimeter("s3:*", "kms:*", "sts:*", **OUTSIDE)
BUT_A_FRIEND = perimeter("s3:*", StringNotEqualsIfExists={"aws:PrincipalOrgID": "o-1", "aws:PrincipalAccount": FRIEND})
BUT_TAGGED = perimeter("s3:*", **{**OUTSIDE, "StringNotLikeIfExists": {"aws:Referer": "https://x.example/*"}})
WITHOUT_TLS = perimeter("s3:*", Bool={"aws:SecureTransport": "false"})
# A variable stands for a key that has no settled value: not every class of requests can be tried.
BY_VARIABLE = perimeter("s3:*", **OUTSIDE, StringNotEquals={"aws:ResourceTag/owner": "${aws:PrincipalTag/owner}"})
SCP = {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}


def statement(principal):
    return {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}


def bucket(*statements, organization=IN_ONE):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {
        "s3:ListBuckets": {"Buckets": [{"Name": "b"}], "Owner": {"ID": "c0ffee"}},
        "s3:GetBucketPolicy Bucket=b": {"Policy": text} if statements else "NoSuchBucketPolicy",
        "s3:GetBucketOwnershipControls Bucket=b": {
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        },
        "s3:GetPublicAccessBlock Bucket=b": OFF,
        "s3control:GetPublicAccessBlock": OFF,
        **organization,
    }


def key(principal):
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement(principal)]})
    return {
        "kms:ListKeys": {"Keys": [{"KeyId": "k1", "KeyArn": KEY}]},
        "kms:DescribeKey KeyId=k1": {"KeyMetadata": {"KeyManager": "CUSTOMER", "KeyState": "Enabled"}},
        "kms:GetKeyPolicy KeyId=k1": {"Policy": text},
        **IN_ONE,
    }


OPEN, FRIENDLY = bucket(statement("*")), bucket(statement({"AWS": FRIEND}))


def outside(verdict, organization, says="", answers=FRIENDLY, check="s3.outside", **more):
    return Case(check, verdict, answers, says, organization=organization, **more)


CASES = (
    outside(FAIL, controlled(), "may"),
    outside(PASS, controlled(PERIMETER), "resource control policies counted"),
    *(outside(PASS, controlled(PERIMETER, on=[place])) for place in ("r-1", "ou-1", ACCOUNT)),
    # Not in force: on something else, on nothing, not enabled, about something else, of another organization.
    *(outside(FAIL, controlled(PERIMETER, on=[place])) for place in ("ou-2", MANAGEMENT, FRIEND)),
    outside(FAIL, controlled(PERIMETER, on=())),
    *(outside(FAIL, controlled(PERIMETER, enabled=one)) for one in ("PENDING_ENABLE", "PENDING_DISABLE", "")),
    outside(FAIL, controlled(perimeter("sqs:*", **OUTSIDE))),
    outside(FAIL, controlled(perimeter("s3:*", StringNotEquals={"aws:PrincipalOrgID": "o-2"}))),
    outside(FAIL, controlled(perimeter("s3:GetObject", **OUTSIDE)), "may s3:"),
    # Where the policy leaves somebody in, that is who is found.
    outside(FAIL, controlled(BUT_A_FRIEND), FRIEND),
    outside(PASS, controlled(BUT_A_FRIEND), answers=bucket(statement({"AWS": "777788889999"}))),
    outside(FAIL, controlled(BUT_TAGGED), "aws:Referer https://x.example/"),
    # What cannot be tried in all classes takes nothing away.
    outside(FAIL, controlled(BY_VARIABLE), "aws:PrincipalTag/owner x"),
    outside(FAIL, controlled(BY_VARIABLE, PERIMETER), "unless a resource control policy forbids it: what aws:"),
    # What is not known closes nothing, and the finding says so.
    *(
        outside(FAIL, controlled(PERIMETER, **{read: "AccessDenied"}), "unless a resource control policy forbids it")
        for read in (
            "organizations:ListRoots",
            "organizations:ListAccountsForParent ParentId=ou-1",
            "organizations:ListOrganizationalUnitsForParent ParentId=r-1",
            f"organizations:ListPolicies Filter={RCP}",
            "organizations:DescribePolicy PolicyId=p-rcp0",
            "organizations:ListTargetsForPolicy PolicyId=p-rcp0",
        )
    ),
    outside(FAIL, controlled(PERIMETER, **{"organizations:ListRoots": {"Roots": [{"Id": "r-1"}]}})),
    outside(FAIL, controlled(PERIMETER, **{f"organizations:ListPolicies Filter={RCP}": {"Policies": [{}]}})),
    outside(
        FAIL,
        controlled(PERIMETER, **{"organizations:DescribePolicy PolicyId=p-rcp0": {"Policy": {"Content": "{"}}}),
    ),
    outside(
        FAIL,
        controlled(perimeter("sqs:*"), PERIMETER, **{"organizations:DescribePolicy PolicyId=p-rcp0": "AccessDenied"}),
        "unless a resource control policy forbids it",
    ),
    outside(UNKNOWN, None),
    # The management account's own resources are bound by none.
    Case(
        "s3.outside",
        FAIL,
        {**FRIENDLY, "organizations:DescribeOrganization": {"Organization": {"Id": "o-1", "MasterAccountId": ACCOUNT}}}
        | controlled(PERIMETER, on=("r-1",)),
    ),
    outside(PASS, controlled(PERIMETER), "resource control policies counted", OPEN, "s3.public"),
    outside(FAIL, controlled(BUT_TAGGED), "is public by its policy", OPEN, "s3.public"),
    Case("s3.public", FAIL, OPEN, "is public by its policy"),
    Case("s3.public", FAIL, bucket(statement("*"), organization=ALONE), "is public by its policy"),
    outside(PASS, controlled(PERIMETER), "", key({"AWS": FRIEND}), "enc.kms.policy"),
    outside(FAIL, controlled(perimeter("s3:*", **OUTSIDE)), "may kms:", key({"AWS": FRIEND}), "enc.kms.policy"),
    outside(
        PASS,
        controlled(PERIMETER),
        "lets in nobody from outside",
        account_of(role("r", allow("s3:*"), trust=trusting(AWS=arn("role", "x", FRIEND)))) | IN_ONE,
        "iam.priv.trust",
    ),
    outside(PASS, controlled(WITHOUT_TLS), "nobody may come without TLS", OPEN, "enc.tls.s3"),
    outside(PASS, controlled(WITHOUT_TLS), "nobody may come without TLS", bucket(), "enc.tls.s3"),
    outside(FAIL, controlled(PERIMETER), "", bucket(), "enc.tls.s3"),
    outside(FAIL, controlled(perimeter("s3:Get*", Bool={"aws:SecureTransport": "false"})), "", OPEN, "enc.tls.s3"),
)
