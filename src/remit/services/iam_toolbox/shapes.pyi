"""Shapes of `iam-toolbox`, 2018-05-10. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

class AttachedTo(TypedDict):
    arn: NotRequired[str]

class Check(TypedDict):
    checkType: str
    evaluatedEffect: str
    targetArn: NotRequired[str]
    relevantPolicyTypes: NotRequired[Sequence[str]]
    matchedPolicies: NotRequired[Sequence[MatchedPolicy]]

class Document(TypedDict):
    pass

class Evaluation(TypedDict):
    action: str
    resource: str
    context: NotRequired[Mapping[str, Any]]
    evaluatedEffect: NotRequired[str]
    matchedPolicies: NotRequired[Sequence[MatchedPolicy]]
    checks: NotRequired[Sequence[Check]]

class GetRequestAuthorizationDetailsInput(TypedDict):
    authorizationId: str
    nextToken: NotRequired[str]

class GetRequestAuthorizationDetailsOutput(TypedDict):
    requestContext: Mapping[str, Any]
    evaluations: Sequence[Evaluation]
    policies: Sequence[PolicyInfo]
    nextToken: NotRequired[str]

class GetRequestAuthorizationPolicyInput(TypedDict):
    authorizationId: str
    policyUri: str

class GetRequestAuthorizationPolicyOutput(TypedDict):
    policyDocument: Any

class MatchedPolicy(TypedDict):
    uri: str
    matchedStatements: NotRequired[Sequence[MatchedStatement]]

class MatchedStatement(TypedDict):
    sid: NotRequired[str]
    evaluatedEffect: NotRequired[str]

class PolicyInfo(TypedDict):
    type: NotRequired[str]
    inline: NotRequired[bool]
    uri: NotRequired[str]
    attachedTo: NotRequired[Sequence[AttachedTo]]
    policySource: NotRequired[Mapping[str, str]]
