"""Policies of functions, queues, topics and secrets invite nobody from outside.

A statement that names a service (`Service`) invites nobody's accounts; one for everybody invites services that act for
strangers, too.
Source: `shared-responsibility` reference, 4, SR-X1; Service Authorization Reference.
"""

from collections.abc import Mapping

from remit.compliance.checks.check import Each, Several, Subject, check
from remit.compliance.checks.findings import Judgement, not_applicable, passed
from remit.compliance.checks.outside import OUTSIDE_READS, judged, outside
from remit.compliance.checks.proofs import Domain, Target, anonymous, only, service_of, stranger_account
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.tags import is_public_on_purpose
from remit.policy import parse

_FUNCTIONS = Each("lambda:ListFunctions", "Functions", "FunctionArn")
_FUNCTION_POLICY, _FUNCTION_URL, _FUNCTION_TAGS = (
    "lambda:GetPolicy",
    "lambda:GetFunctionUrlConfig",
    "lambda:ListTags",
)
_CHANNELS = Several(
    (Each("sqs:ListQueues", "QueueUrls?", "{}"), Each("sns:ListTopics", "Topics", "TopicArn")),
)
_QUEUE, _TOPIC = "sqs:GetQueueAttributes", "sns:GetTopicAttributes"
_QUEUE_ACTIONS = tuple(
    f"sqs:{action}"
    for action in [
        "SendMessage",
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
        "PurgeQueue",
        "SetQueueAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteQueue",
    ]
)
_TOPIC_ACTIONS = tuple(
    f"sns:{action}"
    for action in ["Publish", "Subscribe", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic"]
)
_SECRETS = Each("secretsmanager:ListSecrets", "SecretList", "ARN")
_SECRET_POLICY = "secretsmanager:GetResourcePolicy"  # noqa: S105  # an operation


@check(
    "pub.lambda",
    version=1,
    each=_FUNCTIONS,
    reads=(_FUNCTION_POLICY, _FUNCTION_URL, _FUNCTION_TAGS, *OUTSIDE_READS),
)
def functions(function: Subject, seen: Seen) -> Judgement:
    """Nobody outside may call a function, by its name or by its URL."""
    name, arn, region = function["FunctionName"], function["FunctionArn"], function.region
    policy = seen.maybe(_FUNCTION_POLICY, region, FunctionName=name)
    if policy is None:
        return passed("has no policy that could let anybody in")
    tagged: Mapping[str, str] = seen.answer(_FUNCTION_TAGS, region, Resource=arn).get("Tags", {})
    if is_public_on_purpose(tagged):
        return not_applicable("is tagged Exposure=public")
    url = seen.maybe(_FUNCTION_URL, region, FunctionName=name)
    kind = "" if url is None else url["AuthType"]
    called = Domain(values=("true",)) if kind == "NONE" else Domain(values=())
    context = {
        "lambda:functionurlauthtype": only(kind) if kind else Domain(values=()),
        "lambda:invokedviafunctionurl": called,
    }
    actions = ("lambda:InvokeFunction", "lambda:InvokeAsync", *(("lambda:InvokeFunctionUrl",) if kind else ()))
    target = Target(actions=actions, resources=(arn, f"{arn}:?*"), account=seen.account, context=context)
    others = (anonymous(),) if kind == "NONE" else ()
    return judged(outside(seen, policy["Policy"], (target,), others), "nobody outside may call it")


@check("pub.queue", version=1, each=_CHANNELS, reads=(_QUEUE, _TOPIC, *OUTSIDE_READS))
def channels(channel: Subject, seen: Seen) -> Judgement:
    """Nobody outside may send to queues and topics, receive from them or subscribe to them."""
    region = channel.region
    if "TopicArn" in channel.members:
        arn = channel["TopicArn"]
        attributes = seen.answer(_TOPIC, region, TopicArn=arn)["Attributes"]
        actions = _TOPIC_ACTIONS
    else:
        attributes = seen.answer(_QUEUE, region, QueueUrl=channel[""])["Attributes"]
        arn = attributes["QueueArn"]
        actions = _QUEUE_ACTIONS
    # Left out where there is none.
    text = attributes.get("Policy")
    if not text:
        return passed("has no policy that could let anybody in")
    target = Target(actions=actions, resources=(arn,), account=seen.account)
    stranger = stranger_account([parse(text)], {seen.account, *seen.parameters.trusted_accounts})
    others = (anonymous(), service_of(stranger))
    return judged(outside(seen, text, (target,), others), "nobody outside may send, receive or subscribe")


@check("pub.secret", version=1, each=_SECRETS, reads=(_SECRET_POLICY, *OUTSIDE_READS))
def secrets(secret: Subject, seen: Seen) -> Judgement:
    """Nobody outside may read a secret, or let others read it."""
    # Left out where there is none.
    text = seen.answer(_SECRET_POLICY, secret.region, SecretId=secret["ARN"]).get("ResourcePolicy")
    if not text:
        return passed("has no policy that could let anybody in")
    actions = ("secretsmanager:GetSecretValue", "secretsmanager:PutResourcePolicy")
    target = Target(actions=actions, resources=(secret["ARN"],), account=seen.account)
    return judged(outside(seen, text, (target,)), "nobody outside may read it")
