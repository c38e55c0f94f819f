"""Ways to get more rights: what one has to be allowed to do, and what one gets by it.

Sources: Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation"; Bishop Fox, "IAM Vulnerable", the
31 paths; the service authorization reference for names of actions. What a service needs beside a role is left out where
whoever may begin with the service has it: a subnet, an image, a template.
"""

from typing import NamedTuple


class Change(NamedTuple):
    """An action that gives rights to a user or a role that one has.

    Attributes:
        on: what it is done to: `user` or `role` itself, a `group` that the user is in, or a `policy` that it has.
    """

    action: str
    on: str


CHANGES = (
    Change("iam:PutUserPolicy", "user"),
    Change("iam:AttachUserPolicy", "user"),
    Change("iam:PutRolePolicy", "role"),
    Change("iam:AttachRolePolicy", "role"),
    Change("iam:PutGroupPolicy", "group"),
    Change("iam:AttachGroupPolicy", "group"),
    Change("iam:CreatePolicyVersion", "policy"),
)
# They attach a managed policy, which a condition may have a say in.
ATTACHING = frozenset({"iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:AttachGroupPolicy"})
JOINING = "iam:AddUserToGroup"
SWITCHING = "iam:SetDefaultPolicyVersion"

# They give credentials of a user.
CREDENTIALS = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
TRUSTING = "iam:UpdateAssumeRolePolicy"
ASSUMING = "sts:AssumeRole"
NEW_USER, NEW_ROLE = "iam:CreateUser", "iam:CreateRole"
PASSING = "iam:PassRole"


class Service(NamedTuple):
    """A service that runs what one gives it as a role that one passes to it.

    Attributes:
        principal: whom the role has to trust.
        actions: all of them are needed.
    """

    principal: str
    actions: tuple[str, ...]


SERVICES = (
    Service("ec2.amazonaws.com", ("ec2:RunInstances",)),
    Service("ec2.amazonaws.com", ("ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup")),
    Service("ec2.amazonaws.com", ("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup")),
    Service("ec2.amazonaws.com", ("ec2:RequestSpotInstances",)),
    Service("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:InvokeFunction")),
    Service("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:AddPermission")),
    Service("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:CreateEventSourceMapping")),
    Service("cloudformation.amazonaws.com", ("cloudformation:CreateStack",)),
    Service("cloudformation.amazonaws.com", ("cloudformation:UpdateStack",)),
    Service("cloudformation.amazonaws.com", ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet")),
    Service("glue.amazonaws.com", ("glue:CreateDevEndpoint",)),
    Service("glue.amazonaws.com", ("glue:CreateJob", "glue:StartJobRun")),
    Service("glue.amazonaws.com", ("glue:UpdateJob", "glue:StartJobRun")),
    Service("glue.amazonaws.com", ("glue:CreateSession", "glue:RunStatement")),
    Service(
        "sagemaker.amazonaws.com",
        ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    ),
    Service("sagemaker.amazonaws.com", ("sagemaker:CreateTrainingJob",)),
    Service("sagemaker.amazonaws.com", ("sagemaker:CreateProcessingJob",)),
    Service(
        "datapipeline.amazonaws.com",
        ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"),
    ),
    Service("codebuild.amazonaws.com", ("codebuild:CreateProject", "codebuild:StartBuild")),
    Service("codebuild.amazonaws.com", ("codebuild:UpdateProject", "codebuild:StartBuild")),
    Service("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:RunTask")),
    Service("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:CreateService")),
    Service("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:UpdateService")),
    Service("states.amazonaws.com", ("states:CreateStateMachine", "states:StartExecution")),
    Service("scheduler.amazonaws.com", ("scheduler:CreateSchedule",)),
    Service("ssm.amazonaws.com", ("ssm:StartAutomationExecution",)),
    Service("tasks.apprunner.amazonaws.com", ("apprunner:CreateService",)),
    Service("elasticmapreduce.amazonaws.com", ("elasticmapreduce:RunJobFlow",)),
    Service("batch.amazonaws.com", ("batch:CreateComputeEnvironment", "batch:SubmitJob")),
)

# They run what one likes on what is there: the functions, or the instances, have roles already.
OF_FUNCTIONS = ("lambda:UpdateFunctionCode",)
OF_INSTANCES = ("ssm:SendCommand", "ssm:StartSession", "ec2-instance-connect:SendSSHPublicKey")

# Who may do none of these begins no chain, and is not looked at any further.
BEGINNINGS = (
    *(change.action for change in CHANGES),
    JOINING,
    SWITCHING,
    *CREDENTIALS,
    TRUSTING,
    ASSUMING,
    NEW_USER,
    NEW_ROLE,
    PASSING,
    *OF_FUNCTIONS,
    *OF_INSTANCES,
)
