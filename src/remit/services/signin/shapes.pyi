"""Shapes of `signin`, 2023-01-01. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

class AccessToken(TypedDict):
    accessKeyId: str
    secretAccessKey: str
    sessionToken: str

class BatchRevokeSessionError(TypedDict):
    sessionArn: str
    code: str
    message: str

class BatchRevokeSessionsInput(TypedDict):
    principalArn: NotRequired[str]
    sessionArns: Sequence[str]
    reason: NotRequired[str]

class BatchRevokeSessionsOutput(TypedDict):
    revokedSessions: Sequence[RevokedSession]
    errors: Sequence[BatchRevokeSessionError]

class CreateBearerTokenRequest(TypedDict):
    grantType: str
    resource: str
    durationSeconds: NotRequired[int]

class CreateBearerTokenResponse(TypedDict):
    accessToken: str
    tokenType: str
    expiresIn: int

class CreateOAuth2TokenRequest(TypedDict):
    tokenInput: CreateOAuth2TokenRequestBody

class CreateOAuth2TokenRequestBody(TypedDict):
    clientId: str
    grantType: str
    code: NotRequired[str]
    redirectUri: NotRequired[str]
    codeVerifier: NotRequired[str]
    refreshToken: NotRequired[str]

class CreateOAuth2TokenResponse(TypedDict):
    tokenOutput: CreateOAuth2TokenResponseBody

class CreateOAuth2TokenResponseBody(TypedDict):
    accessToken: AccessToken
    tokenType: str
    expiresIn: int
    refreshToken: str
    idToken: NotRequired[str]

class CreateOAuth2TokenWithIAMRequest(TypedDict):
    grantType: str
    resource: str

class CreateOAuth2TokenWithIAMResponse(TypedDict):
    accessToken: str
    tokenType: str
    expiresIn: int

class CreateOAuth2TokenWithTokenExchangeRequest(TypedDict):
    grantType: str
    subjectToken: NotRequired[str]
    subjectTokenType: NotRequired[str]
    assertion: NotRequired[str]
    clientId: NotRequired[str]
    resource: NotRequired[str]
    scope: NotRequired[str]

class CreateOAuth2TokenWithTokenExchangeResponse(TypedDict):
    accessToken: str
    issuedTokenType: NotRequired[str]
    tokenType: str
    expiresIn: int
    resource: NotRequired[str]
    scope: NotRequired[str]

class DeleteConsoleAuthorizationConfigurationInput(TypedDict):
    targetId: NotRequired[str]

class DeleteConsoleAuthorizationConfigurationOutput(TypedDict):
    targetId: str
    scope: str
    consoleAuthorizationEnabled: bool

class DeleteResourcePermissionStatementInput(TypedDict):
    statementId: str
    clientToken: NotRequired[str]

class DeleteResourcePermissionStatementOutput(TypedDict):
    pass

class GetConsoleAuthorizationConfigurationInput(TypedDict):
    targetId: NotRequired[str]

class GetConsoleAuthorizationConfigurationOutput(TypedDict):
    targetId: str
    scope: str
    consoleAuthorizationEnabled: bool

class GetResourcePolicyInput(TypedDict):
    pass

class GetResourcePolicyOutput(TypedDict):
    signinResourceBasedPolicy: SigninResourceBasedPolicy

class GetSessionInput(TypedDict):
    sessionArn: str
    principalArn: NotRequired[str]

class GetSessionOutput(TypedDict):
    sessionArn: str
    principalArn: str
    role: NotRequired[str]
    status: NotRequired[str]
    clientId: NotRequired[str]
    clientType: NotRequired[str]
    resource: NotRequired[str]
    issuedAt: int
    expiresAt: int
    lastUsedAt: NotRequired[int]
    issuedInRegion: NotRequired[str]
    originSessionArn: NotRequired[str]
    userAgent: NotRequired[str]

class IntrospectOAuth2TokenWithIAMRequest(TypedDict):
    token: str
    tokenTypeHint: NotRequired[str]

class IntrospectOAuth2TokenWithIAMResponse(TypedDict):
    active: bool
    clientId: NotRequired[str]
    userId: NotRequired[str]
    tokenType: NotRequired[str]
    exp: NotRequired[int]
    iat: NotRequired[int]
    nbf: NotRequired[int]
    sub: NotRequired[str]
    aud: NotRequired[str]
    iss: NotRequired[str]
    jti: NotRequired[str]
    accountId: NotRequired[str]
    signinSession: NotRequired[str]
    resource: NotRequired[str]

class ListResourcePermissionStatementsInput(TypedDict):
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListResourcePermissionStatementsOutput(TypedDict):
    permissionStatements: Sequence[PermissionStatementSummary]
    nextToken: NotRequired[str]

class ListSessionsInput(TypedDict):
    principalArn: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]
    status: NotRequired[str]
    clientId: NotRequired[str]
    issuedAfter: NotRequired[int]
    issuedBefore: NotRequired[int]

class ListSessionsOutput(TypedDict):
    items: Sequence[Session]
    nextToken: NotRequired[str]

class PermissionStatementSummary(TypedDict):
    sid: str
    condition: NotRequired[Mapping[str, Mapping[str, Sequence[str]]]]

class PolicyStatement(TypedDict):
    effect: NotRequired[str]
    principal: NotRequired[Mapping[str, str]]
    action: NotRequired[Sequence[str]]
    resource: NotRequired[str]
    condition: NotRequired[Mapping[str, Mapping[str, Sequence[str]]]]

class PutConsoleAuthorizationConfigurationInput(TypedDict):
    targetId: NotRequired[str]

class PutConsoleAuthorizationConfigurationOutput(TypedDict):
    targetId: str
    scope: str
    consoleAuthorizationEnabled: bool

class PutResourcePermissionStatementInput(TypedDict):
    sourceVpc: NotRequired[str]
    signinSourceVpce: NotRequired[str]
    consoleSourceVpce: NotRequired[str]
    vpcSourceIp: NotRequired[str]
    sourceIp: NotRequired[str]
    requestedRegion: NotRequired[str]
    excludedPrincipal: NotRequired[str]
    clientToken: NotRequired[str]

class PutResourcePermissionStatementOutput(TypedDict):
    statementId: str

class RevokeOAuth2TokenWithIAMRequest(TypedDict):
    token: str

class RevokeOAuth2TokenWithIAMResponse(TypedDict):
    pass

class RevokedSession(TypedDict):
    sessionArn: str

class Session(TypedDict):
    sessionArn: str
    principalArn: str
    role: NotRequired[str]
    status: NotRequired[str]
    issuedAt: int
    expiresAt: int
    clientId: NotRequired[str]
    clientType: NotRequired[str]
    resource: NotRequired[str]

class SigninResourceBasedPolicy(TypedDict):
    version: NotRequired[str]
    statement: NotRequired[Sequence[PolicyStatement]]
