from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import ALONE, IN_ONE, denied, document, guarded

from remit.compliance.checks.parameters import Parameters

REGIONS = {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}
EUROPE = {"parameters": Parameters(regions=("eu-*",))}
ROLE = "arn:aws:iam::*:role/OrganizationAdmin"
EXEMPT = {"parameters": Parameters(guardrail_exempt=(ROLE,))}
BUT_ADMIN = {"ArnNotLike": {"aws:PrincipalArn": ROLE}}
IS_ROOT = {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}
TRAIL = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail", "cloudtrail:PutEventSelectors")
LEAVE = "organizations:LeaveOrganization"
CHECKS = ("org.guard.leave", "org.guard.trail", "org.guard.region", "org.guard.root")


def but(*actions, **condition):
    return document({"Effect": "Deny", "NotAction": list(actions), "Resource": "*", "Condition": condition})


def of_root(*actions):
    return {"parameters": Parameters(root_actions=actions)}


AT_THE_TOP = {"organizations:DescribeOrganization": {"Organization": {"Id": "o-1", "MasterAccountId": "111122223333"}}}
POLICY = "organizations:DescribePolicy PolicyId=p-0"

CASES = (
    *(Case(id_, FAIL, IN_ONE, organization=guarded()) for id_ in CHECKS),
    *(Case(id_, UNKNOWN, IN_ONE, "no snapshot of the management account") for id_ in CHECKS),
    *(Case(id_, UNKNOWN, IN_ONE, organization={**guarded(denied("*")), POLICY: "AccessDenied"}) for id_ in CHECKS),
    *(
        Case(id_, UNKNOWN, IN_ONE, "is none", {**guarded(denied("*")), POLICY: {"Policy": {"Content": "{"}}})
        for id_ in CHECKS
    ),
    *(Case(id_, NA, ALONE) for id_ in CHECKS),
    Case("org.guard.leave", PASS, IN_ONE, "nobody leaves", guarded(denied(LEAVE))),
    Case("org.guard.leave", PASS, IN_ONE, organization=guarded(denied(LEAVE, **BUT_ADMIN)), more=EXEMPT),
    Case("org.guard.leave", FAIL, IN_ONE, "may organizations:LeaveOrganization", guarded(denied(LEAVE, **BUT_ADMIN))),
    Case(
        "org.guard.leave",
        FAIL,
        {**AT_THE_TOP, **guarded(account="222233334444")},
        "of 222233334444",
    ),
    Case("org.guard.trail", PASS, IN_ONE, organization=guarded(denied(*TRAIL))),
    Case("org.guard.trail", PASS, IN_ONE, organization=guarded(denied("cloudtrail:*"))),
    Case("org.guard.trail", FAIL, IN_ONE, "may cloudtrail:PutEventSelectors", guarded(denied(*TRAIL[:3]))),
    Case(
        "org.guard.trail",
        FAIL,
        IN_ONE,
        "trail/",
        guarded(
            document(
                {
                    "Effect": "Deny",
                    "Action": "cloudtrail:*",
                    "Resource": "arn:aws:cloudtrail:*:*:trail/organization",
                }
            )
        ),
    ),
    Case(
        "org.guard.region",
        PASS,
        IN_ONE,
        "outside eu-west-1",
        guarded(denied("*", StringNotEquals={"aws:RequestedRegion": "eu-west-1"})),
    ),
    Case(
        "org.guard.region",
        PASS,
        IN_ONE,
        "2 exempted patterns of actions apart: iam:*, sts:*",
        guarded(but("iam:*", "sts:*", StringNotEquals=REGIONS)),
        more=EUROPE,
    ),
    Case(
        "org.guard.region",
        FAIL,
        IN_ONE,
        "aws:RequestedRegion eu-central-1",
        guarded(denied("*", StringNotEquals=REGIONS)),
    ),
    Case(
        "org.guard.region",
        FAIL,
        IN_ONE,
        "may ec2:RunInstances",
        guarded(but("ec2:*", StringNotEquals=REGIONS)),
        more=EUROPE,
    ),
    Case(
        "org.guard.region",
        PASS,
        IN_ONE,
        organization=guarded(but("ec2:*", StringNotEquals=REGIONS)),
        more={"parameters": Parameters(regions=("eu-*",), region_actions=("ec2:*",))},
    ),
    Case("org.guard.root", PASS, IN_ONE, "the root user does nothing", guarded(denied("*", **IS_ROOT))),
    Case("org.guard.root", FAIL, IN_ONE, "may iam:CreateUser", guarded(denied("s3:*", **IS_ROOT))),
    Case("org.guard.root", FAIL, IN_ONE, "may aws-portal:Remit", guarded(but("aws-portal:*", **IS_ROOT))),
    Case(
        "org.guard.root",
        PASS,
        IN_ONE,
        organization=guarded(but("aws-portal:*", **IS_ROOT)),
        more=of_root("aws-portal:*"),
    ),
)
