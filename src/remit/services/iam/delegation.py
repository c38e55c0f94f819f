"""Temporary delegation: requests of partners, and what becomes of them. Source: `iam-sts` reference, section 14."""

from typing import Any

from remit.authz.authorize import ask, context
from remit.authz.facts import Network
from remit.authz.resources import named
from remit.clock import whole_second
from remit.directory import delegation as directory
from remit.directory.accounts import ACCOUNTS
from remit.directory.attachments import policy_by_arn
from remit.directory.delegation import DELEGATION_REQUESTS, DelegationRequest, State
from remit.directory.facts import NotFound, Noun
from remit.directory.role_templates import filled_document
from remit.errors import AccessDenied
from remit.policy import PolicyType, parse
from remit.policy.language.document import Effect
from remit.request import Call, CallerKind
from remit.services.iam import shapes
from remit.services.iam.delegation_summaries import summary
from remit.services.iam.documents import accept
from remit.services.iam.errors import invalid_input
from remit.services.iam.pages import page
from remit.services.iam.registry import operation
from remit.store import Transaction

_ROOT_SECONDS_MAX = 4 * 3600
_NAME_CHARACTERS = 30
_WILD = frozenset("*?$")


@operation("CreateDelegationRequest")
def create_delegation_request(
    call: Call[shapes.CreateDelegationRequestRequest], tx: Transaction
) -> shapes.CreateDelegationRequestResponse:
    """File a request as a partner; its policy is a managed policy of the partner, with its placeholders filled in."""
    asked = call.input
    permissions = asked["Permissions"]
    template = permissions.get("PolicyTemplateArn", "")
    parameters = {
        parameter.get("Name", ""): tuple(parameter.get("Values", ())) for parameter in permissions.get("Parameters", ())
    }
    policy = filled_document(policy_by_arn(tx, call.account, template).document, parameters)
    accept(policy, PolicyType.SESSION)
    account = tx.get(ACCOUNTS, call.account)
    request = directory.create_request(
        tx,
        account=call.account,
        requestor_name="" if account is None else account.name[:_NAME_CHARACTERS],
        workflow=asked["RequestorWorkflowId"],
        description=asked["Description"],
        template_arn=template,
        parameters=parameters,
        policy=policy,
        channel=asked["NotificationChannel"],
        session_seconds=asked["SessionDuration"],
        message=asked.get("RequestMessage", ""),
        redirect_url=asked.get("RedirectUrl", ""),
        only_send_by_owner=asked.get("OnlySendByOwner", False),
        owner_account=asked.get("OwnerAccountId", ""),
        created_at=call.at,
        updated_at=call.at,
        moved_at=call.at,
    )
    link = f"https://console.aws.amazon.com/iam/home#/delegation-requests/{request.id}"
    return {"DelegationRequestId": request.id, "ConsoleDeepLink": link}


def _named(call: Call[Any], tx: Transaction) -> DelegationRequest:
    return directory.delegation_request(tx, call.account, call.input["DelegationRequestId"])


@operation("AssociateDelegationRequest")
def associate_delegation_request(call: Call[shapes.AssociateDelegationRequestRequest], tx: Transaction) -> None:
    """Make the caller the owner of a request."""
    directory.move(
        tx, _named(call, tx), State.ASSIGNED, at=call.at, owner=call.caller.issuer_arn, owner_account=call.account
    )


@operation("UpdateDelegationRequest")
def update_delegation_request(call: Call[shapes.UpdateDelegationRequestRequest], tx: Transaction) -> None:
    """Send a request to who may approve it, with notes."""
    request = _named(call, tx)
    directory.move(tx, request, State.PENDING_APPROVAL, at=call.at, notes=call.input.get("Notes", request.notes))


@operation("AcceptDelegationRequest")
def accept_delegation_request(call: Call[shapes.AcceptDelegationRequestRequest], tx: Transaction) -> None:
    """Grant what a request asks for: the session will be one of the caller, within the request's policy."""
    request = _named(call, tx)
    if call.caller.kind is CallerKind.ROOT and request.session_seconds > _ROOT_SECONDS_MAX:
        raise AccessDenied("The root user cannot accept delegation requests of more than four hours.")
    directory.move(
        tx,
        request,
        State.ACCEPTED,
        at=call.at,
        approver=call.caller.issuer_arn,
        approver_id=call.caller.entity_id,
    )


@operation("RejectDelegationRequest")
def reject_delegation_request(call: Call[shapes.RejectDelegationRequestRequest], tx: Transaction) -> None:
    """Refuse what a request asks for."""
    directory.move(tx, _named(call, tx), State.REJECTED, at=call.at, rejection=call.input.get("Notes", ""))


@operation("SendDelegationToken")
def send_delegation_token(call: Call[shapes.SendDelegationTokenRequest], tx: Transaction) -> None:
    """Send the partner the token that it trades for credentials; the session's time begins."""
    request = _named(call, tx)
    if request.only_send_by_owner and call.caller.issuer_arn != request.owner:
        raise AccessDenied("The delegation token of this request can only be sent by its owner.")
    directory.send_token(tx, directory.move(tx, request, State.FINALIZED, at=call.at), at=call.at)


# -- what requests show


@operation("GetDelegationRequest")
def get_delegation_request(call: Call[shapes.GetDelegationRequestRequest], tx: Transaction) -> dict[str, Any]:
    """Show a request, and when asked whether the caller may do itself what the request asks for."""
    request = _named(call, tx)
    shape: dict[str, Any] = {"DelegationRequest": _shape(call, request)}
    if call.input.get("DelegationPermissionCheck", False):
        shape |= {"PermissionCheckStatus": "COMPLETE", "PermissionCheckResult": _check(call, tx, request)}
    return shape


@operation("ListDelegationRequests")
def list_delegation_requests(call: Call[shapes.ListDelegationRequestsRequest], tx: Transaction) -> dict[str, Any]:
    """List the account's requests that have an owner, the newest last."""
    owner = call.input.get("OwnerId")
    found = [
        request
        for request in tx.select(DELEGATION_REQUESTS, "owner_account", call.account)
        if owner in (None, request.owner)
    ]
    requests, more = page(call, tx, sorted(found, key=_order), _order)
    shown: dict[str, Any] = {"DelegationRequests": [_shape(call, request) for request in requests]}
    shown["isTruncated"] = more["IsTruncated"]
    if "Marker" in more:
        shown["Marker"] = more["Marker"]
    return shown


def _order(request: DelegationRequest) -> str:
    return f"{request.created_at.isoformat()} {request.id}"


def _shape(call: Call[Any], request: DelegationRequest) -> shapes.DelegationRequest:
    shape: shapes.DelegationRequest = {
        "DelegationRequestId": request.id,
        "Description": request.description,
        "Permissions": {
            "PolicyTemplateArn": request.template_arn,
            "Parameters": [
                {"Name": name, "Values": list(values), "Type": "string" if len(values) == 1 else "stringList"}
                for name, values in request.parameters.items()
            ],
        },
        "PermissionPolicy": request.policy,
        "State": request.state_at(call.at),
        "ExpirationTime": whole_second(request.expires_at),
        "RequestorId": request.account,
        "RequestorName": request.requestor_name,
        "CreateDate": whole_second(request.created_at),
        "UpdatedTime": whole_second(request.updated_at),
        "SessionDuration": request.session_seconds,
        "OnlySendByOwner": request.only_send_by_owner,
    }
    texts = {
        "OwnerAccountId": request.owner_account,
        "OwnerId": request.owner,
        "ApproverId": request.approver,
        "RequestMessage": request.message,
        "RedirectUrl": request.redirect_url,
        "Notes": request.notes,
        "RejectionReason": request.rejection,
    }
    return {**shape, **{name: text for name, text in texts.items() if text}}  # type: ignore[typeddict-item]  # by name


def _check(call: Call[Any], tx: Transaction, request: DelegationRequest) -> str:
    """Say whether the caller may do all that a request asks for; wildcards and conditions leave it open."""
    is_sure = True
    for statement in parse(request.policy).statements:
        if statement.effect is Effect.DENY:
            continue
        actions = [pattern.text for pattern in statement.actions]
        resources = [pattern.text for pattern in statement.resources]
        named_all = [*actions, *(resource for resource in resources if resource != "*")]
        is_sure = is_sure and bool(actions and resources) and not statement.conditions
        is_sure = is_sure and not any(_WILD & set(text) for text in named_all)
        for action in actions:
            for resource in resources:
                target = named(tx, call.caller, resource)
                service = action.partition(":")[0]
                keys = context(tx, call.caller, target, Network(), {}, at=call.at, service=service, region=call.region)
                if not ask(tx, call.caller, action, target, keys).is_allowed:
                    return "DENIED"
    return "ALLOWED" if is_sure else "UNSURE"


@operation("GetHumanReadableSummary")
def get_human_readable_summary(
    call: Call[shapes.GetHumanReadableSummaryRequest], tx: Transaction
) -> shapes.GetHumanReadableSummaryResponse:
    """Say in sentences what a request asks for. English is spoken."""
    arn, locale = call.input["EntityArn"], call.input.get("Locale", "en")
    if ":delegation-request/" not in arn:
        raise invalid_input(f"ARN {arn} is not valid.")
    request = directory.delegation_request(tx, call.account, arn.rpartition("/")[2])
    if request.arn(call.account) != arn.replace(f"arn:{call.partition}:", "arn:aws:", 1):
        raise NotFound(Noun.DELEGATION_REQUEST, request.id)
    if locale.partition("-")[0].lower() != "en":
        return {"SummaryState": "NOT_SUPPORTED", "SummaryContent": "", "Locale": locale}
    return {"SummaryState": "AVAILABLE", "SummaryContent": summary(request), "Locale": locale}
