from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import (
    ADMIN,
    AWS_ADMIN,
    DETAILS,
    EVERYTHING,
    IN_ONE,
    account,
    allow,
    alone,
    arn,
    denied,
    document,
    group,
    guarded,
    managed,
    role,
    statement,
    trusting,
    user,
)

from remit.compliance.checks.parameters import Parameters

ROOT = trusting(AWS="arn:aws:iam::111122223333:root")
EC2 = trusting(Service="ec2.amazonaws.com")
APPROVED = {"parameters": Parameters(administrators=("arn:aws:iam::*:role/Admin",))}
CHECK = "iam.priv.escalate"
ADMIN_ROLE = role("Admin", EVERYTHING, trust=ROOT)
FOR_LAMBDA = role("Admin", EVERYTHING)
FOR_EC2 = role("Admin", EVERYTHING, trust=EC2, profile=True)
OWN = arn("policy", "own")
LIMIT = managed(arn("policy", "limit"), allow("s3:*", "iam:*"))
ALICE = arn("user", "alice")
NO_FUNCTIONS = {"lambda:ListFunctions": {"Functions": []}, "ec2:DescribeInstances": {"Reservations": []}}
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:f"
RUNS = {"lambda:ListFunctions": {"Functions": [{"FunctionArn": FUNCTION, "Role": arn("role", "Admin")}]}}
INSTANCE = {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": arn("instance-profile", "Admin")}}
MACHINE = {"ec2:DescribeInstances": {"Reservations": [{"Instances": [INSTANCE]}]}}


def alice(*actions, resources="*", others=(), policies=(AWS_ADMIN,), answers=NO_FUNCTIONS, **condition):
    return account(
        user("alice", allow(*actions, resources=resources, **condition)), *others, policies=policies, **answers
    )


OF_ALICE = (
    ("iam:PutUserPolicy", {}),
    ("iam:AttachUserPolicy", {}),
    ("iam:PutUserPolicy", {"resources": ALICE}),
    ("iam:PutUserPolicy", {"resources": "arn:aws:iam::*:user/${aws:username}"}),
    ("iam:*User*", {}),
    ("iam:PutUserPolicy", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    ("iam:AttachUserPolicy", {"ArnEquals": {"iam:PolicyARN": ADMIN}}),
)
SERVICES = (
    ("lambda:CreateFunction", "lambda:InvokeFunction"),
    ("lambda:CreateFunction", "lambda:AddPermission"),
)

CASES = (
    Case(CHECK, PASS, account(user("alice", allow("s3:*")), ADMIN_ROLE), more=APPROVED),
    *(Case(CHECK, FAIL, alice(action, **more), f"{'iam:' if '*' in action else action}") for action, more in OF_ALICE),
    Case(CHECK, PASS, alice("iam:PutUserPolicy", resources=arn("user", "bob"))),
    Case(
        CHECK,
        PASS,
        alice("iam:AttachUserPolicy", ArnEquals={"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
    ),
    Case(CHECK, PASS, alice("iam:PutUserPolicy", ArnEquals={"iam:PermissionsBoundary": OWN})),
    Case(
        CHECK,
        FAIL,
        alice("iam:CreateAccessKey", others=[user("root", EVERYTHING)]),
        f"CreateAccessKey of {arn('user', 'root')}",
    ),
    Case(CHECK, FAIL, alice("iam:CreateLoginProfile", others=[user("root", EVERYTHING)])),
    Case(CHECK, FAIL, alice("iam:UpdateLoginProfile", others=[user("root", EVERYTHING)])),
    Case(CHECK, FAIL, alice("iam:UpdateAssumeRolePolicy", others=[FOR_LAMBDA]), "to trust oneself"),
    Case(CHECK, FAIL, alice("sts:AssumeRole", others=[ADMIN_ROLE]), "sts:AssumeRole of"),
    Case(CHECK, FAIL, account(user(), role("Admin", EVERYTHING, trust=trusting(AWS=ALICE))), "sts:AssumeRole of"),
    Case(CHECK, PASS, alice("sts:AssumeRole", others=[FOR_LAMBDA])),
    Case(CHECK, PASS, account(user("alice", allow("sts:AssumeRole"), denied("sts:AssumeRole")), ADMIN_ROLE)),
    Case(CHECK, FAIL, alice("iam:AddUserToGroup", others=[group("g", EVERYTHING)]), "puts"),
    Case(
        CHECK,
        FAIL,
        account(user("alice", groups=["g"]), group("g", allow("iam:PutGroupPolicy"))),
        "iam:PutGroupPolicy on",
    ),
    Case(CHECK, FAIL, account(user("alice", groups=["g"]), group("g", allow("iam:AttachGroupPolicy")))),
    Case(
        CHECK,
        FAIL,
        account(user(attached=[OWN]), policies=[managed(OWN, allow("iam:CreatePolicyVersion")), AWS_ADMIN]),
        "iam:CreatePolicyVersion on",
    ),
    Case(
        CHECK,
        FAIL,
        account(user(attached=[OWN]), policies=[managed(OWN, allow("iam:SetDefaultPolicyVersion"), EVERYTHING)]),
        "goes back",
    ),
    Case(
        CHECK,
        FAIL,
        account(user(attached=[OWN]), policies=[], **alone(OWN, allow("iam:SetDefaultPolicyVersion"), v2=EVERYTHING)),
        "goes back",
    ),
    Case(
        CHECK,
        PASS,
        account(user(attached=[OWN]), policies=[managed(OWN, allow("iam:SetDefaultPolicyVersion"), allow("s3:*"))]),
    ),
    *(
        Case(CHECK, FAIL, alice("iam:PassRole", *actions, others=[FOR_LAMBDA]), "to lambda.amazonaws.com")
        for actions in SERVICES
    ),
    Case(CHECK, FAIL, alice("iam:PassRole", "ec2:RunInstances", others=[FOR_EC2]), "to ec2.amazonaws.com"),
    Case(CHECK, PASS, alice("iam:PassRole", "ec2:RunInstances", others=[FOR_LAMBDA])),
    Case(
        CHECK,
        FAIL,
        account(
            user(
                "alice",
                allow("iam:PassRole"),
                allow("lambda:*Function", resources="arn:aws:lambda:eu-west-1:111122223333:function:dev-*"),
            ),
            FOR_LAMBDA,
            **NO_FUNCTIONS,
        ),
        "lambda:InvokeFunction",
    ),
    Case(CHECK, PASS, alice("iam:PassRole", "lambda:CreateFunction", others=[FOR_LAMBDA])),
    Case(
        CHECK,
        PASS,
        alice(
            "iam:PassRole",
            "ec2:RunInstances",
            others=[FOR_EC2],
            StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
        ),
    ),
    Case(CHECK, FAIL, alice("lambda:UpdateFunctionCode", others=[FOR_LAMBDA], answers=RUNS), "UpdateFunctionCode on"),
    Case(CHECK, FAIL, alice("ssm:SendCommand", others=[FOR_EC2], answers=MACHINE), "ssm:SendCommand on"),
    Case(CHECK, PASS, alice("ssm:SendCommand", others=[FOR_EC2])),
    Case(
        CHECK,
        FAIL,
        alice("iam:CreateUser", "iam:CreateAccessKey", "iam:PutUserPolicy", resources=arn("user", "dev-*")),
        "iam:CreateUser without a boundary",
    ),
    Case(CHECK, FAIL, alice("iam:CreateRole", "iam:PutRolePolicy"), "iam:CreateRole without a boundary"),
    Case(CHECK, PASS, alice("iam:CreateRole", "iam:PutRolePolicy", ArnEquals={"iam:PermissionsBoundary": OWN})),
    Case(
        CHECK,
        FAIL,
        account(
            user("alice", allow("sts:AssumeRole")),
            role("Deploy", allow("iam:PassRole", "lambda:*"), trust=ROOT),
            FOR_LAMBDA,
            **NO_FUNCTIONS,
        ),
        f"sts:AssumeRole of {arn('role', 'Deploy')}; iam:PassRole of {arn('role', 'Admin')}",
    ),
    Case(
        CHECK,
        PASS,
        account(
            user("alice", allow("iam:PutUserPolicy"), boundary=LIMIT["Arn"]),
            policies=[LIMIT, AWS_ADMIN],
            **NO_FUNCTIONS,
        ),
    ),
    Case(CHECK, PASS, {**alice("iam:PutUserPolicy"), **IN_ONE}, organization=guarded(denied("iam:Put*"))),
    Case(CHECK, FAIL, {**alice("iam:PutUserPolicy"), **IN_ONE}, organization=guarded(denied("s3:*"))),
    Case(CHECK, UNKNOWN, alice("lambda:UpdateFunctionCode", answers={"lambda:ListFunctions": "AccessDenied"})),
    Case(CHECK, UNKNOWN, alice("sts:AssumeRole", others=[role("x", attached=[OWN], trust=ROOT)]), "is not in"),
    Case(CHECK, UNKNOWN, {DETAILS: "AccessDenied"}),
    Case(CHECK, NA, account(user("alice", EVERYTHING)), "full access already"),
    Case("iam.priv.passrole", PASS, alice("iam:PassRole", "s3:*", others=[role("r", allow("s3:GetObject"))])),
    Case("iam.priv.passrole", PASS, alice("s3:*", others=[FOR_LAMBDA]), "may pass no role"),
    Case("iam.priv.passrole", PASS, account(user("alice", EVERYTHING), role("r", allow("s3:*")))),
    Case("iam.priv.passrole", FAIL, alice("iam:PassRole", "s3:*", others=[role("r", allow("sqs:*"))]), "may sqs:remit"),
    Case("iam.priv.passrole", FAIL, alice("iam:PassRole", others=[FOR_LAMBDA])),
    Case("iam.priv.passrole", UNKNOWN, alice("iam:PassRole", others=[role("r", attached=[OWN])])),
    Case("iam.priv.passrole", NA, account(user()), more={"parameters": Parameters(role_passers=("*",))}),
    Case("iam.mfa.enforced", PASS, account(user("alice", allow("s3:Get*")))),
    Case("iam.mfa.enforced", PASS, account(user("alice", allow("*", Bool={"aws:MultiFactorAuthPresent": "true"})))),
    Case(
        "iam.mfa.enforced",
        PASS,
        account(
            user(
                "alice",
                EVERYTHING,
                document(
                    statement("*", effect="Deny", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
                ),
            )
        ),
    ),
    Case(
        "iam.mfa.enforced",
        FAIL,
        account(
            user(
                "alice",
                EVERYTHING,
                document(statement("*", effect="Deny", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})),
            )
        ),
        "may iam:CreateUser without a second factor",
    ),
    Case("iam.mfa.enforced", FAIL, account(user("alice", allow("s3:Delete*", resources="arn:aws:s3:::b")))),
    Case(
        "iam.mfa.enforced",
        FAIL,
        account(user("alice", allow("*", NumericLessThan={"aws:MultiFactorAuthAge": "60"}), EVERYTHING)),
    ),
    Case("iam.mfa.enforced", UNKNOWN, account(user(attached=[OWN]))),
    Case("iam.mfa.enforced", NA, account(role())),
)
