"""The policy simulator: what policies would allow, those of somebody or those that are handed in.

Source: `policy-evaluation` reference, part 9; `iam-sts` reference, "Policy simulator"; AWS's answers of September 2026,
as others recorded them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from remit.arn import Arn
from remit.authz.belonging import Levels, belonging
from remit.authz.context import caller_keys
from remit.authz.facts import Who
from remit.authz.simulation import Answer, Setting, Simulator, place, together
from remit.authz.standing import caller_named
from remit.authz.who import who_of
from remit.directory.attachments import Holder
from remit.directory.by_arn import holder_by_arn
from remit.directory.groups import Group, group
from remit.directory.roles import SERVICE_LINKED_PATH, Role, role
from remit.directory.users import User, user
from remit.errors import ServiceError
from remit.ids import AccountId
from remit.policy import ContextValue, Layer, Match, Policies, Policy, Principal, PrincipalKind, Verdict
from remit.policy.language.keys_used import keys_used
from remit.request import Call
from remit.services.iam import shapes, simulation_inputs
from remit.services.iam.errors import invalid_input
from remit.services.iam.pages import numbered_page
from remit.services.iam.registry import operation
from remit.services.iam.simulated_policies import boundary, exclusions, identity_policies
from remit.store import Transaction

_DECISIONS = {
    Verdict.ALLOW: "allowed",
    Verdict.IMPLICIT_DENY: "implicitDeny",
    Verdict.EXPLICIT_DENY: "explicitDeny",
}
# Recorded; the model's enumeration has other words.
_TYPES = {
    Layer.IDENTITY: "IAM Policy",
    Layer.RESOURCE: "Resource Policy",
    Layer.BOUNDARY: "Permissions Boundary Policy",
}
# Recorded: the id of a caller that nobody named.
_NOBODY = "STUB_PRINCIPAL_FOR_POLICY_SIMULATOR"
# Beyond these, a question is answered beside the others and not before them: about 10 ms.
_PAIRS_AT_ONCE = 500
_CHARACTERS_AT_ONCE = 100_000

# Policies that a question starts with, who asks, and the service control policies that bind them.
_Start = tuple[tuple[Policy, ...], Policy | None, Who | None, Levels | None]


@operation("SimulatePrincipalPolicy")
def simulate_principal_policy(
    call: Call[shapes.SimulatePrincipalPolicyRequest], tx: Transaction
) -> shapes.SimulatePolicyResponse:
    """Ask the policies of a user, group or role, and those that are handed in, what they would allow."""
    asked = call.input
    holder = _source(tx, call.account, asked["PolicySourceArn"])
    left_out = exclusions(asked.get("PolicyExclusionList", ()))
    start: _Start = (
        identity_policies(tx, holder, left_out),
        boundary(tx, holder, left_out),
        _who(tx, call.account, asked.get("CallerArn", holder.arn)),
        _levels_in_place(tx, call.account),
    )
    return _simulated(call, tx, start)


@operation("SimulateCustomPolicy")
def simulate_custom_policy(
    call: Call[shapes.SimulateCustomPolicyRequest], tx: Transaction
) -> shapes.SimulatePolicyResponse:
    """Ask policies that are handed in what they would allow."""
    caller = call.input.get("CallerArn")
    return _simulated(call, tx, ((), None, None if caller is None else _who(tx, call.account, caller), None))


@operation("GetContextKeysForCustomPolicy")
def get_context_keys_for_custom_policy(
    call: Call[shapes.GetContextKeysForCustomPolicyRequest], tx: Transaction
) -> shapes.GetContextKeysForPolicyResponse:
    """List the condition keys that policies ask for."""
    del tx
    return _context_keys(_inputs(call.input))


@operation("GetContextKeysForPrincipalPolicy")
def get_context_keys_for_principal_policy(
    call: Call[shapes.GetContextKeysForPrincipalPolicyRequest], tx: Transaction
) -> shapes.GetContextKeysForPolicyResponse:
    """List the condition keys that the policies of a user, group or role ask for, and those that are handed in."""
    holder = _source(tx, call.account, call.input["PolicySourceArn"])
    return _context_keys((*identity_policies(tx, holder), *_inputs(call.input)))


def _context_keys(policies: Sequence[Policy]) -> shapes.GetContextKeysForPolicyResponse:
    names: dict[str, str] = {}
    for policy in policies:
        for key in keys_used(policy.document):
            names.setdefault(key.lower(), key)
    return {"ContextKeyNames": list(names.values())}


# -- who


def _source(tx: Transaction, account: AccountId, arn: str) -> Holder:
    """Find whose policies are asked; by name, whatever the path in the ARN (recorded).

    Raises:
        ServiceError: InvalidInput, it names no user, group or role of the account.
        NotFound: there is none.
    """
    kind, name = _named(arn)
    if Arn.parse(arn).account != account:
        raise simulation_inputs.unclear(arn)
    match kind:
        case "user":
            return user(tx, account, name)
        case "group":
            return group(tx, account, name)
        case _:
            return role(tx, account, name)


def _named(arn: str) -> tuple[str, str]:
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        raise simulation_inputs.unclear(arn) from None
    kind, _, path_and_name = parsed.resource.partition("/")
    if parsed.service != "iam" or kind not in ("user", "group", "role") or not path_and_name:
        raise simulation_inputs.unclear(arn)
    return kind, path_and_name.rsplit("/", 1)[-1]


def _who(tx: Transaction, account: AccountId, arn: str) -> Who:
    """Say who a caller would be: as the directory knows them, else as far as their ARN goes."""
    try:
        kind, name = _named(arn)
    except ServiceError:
        raise invalid_input("Invalid caller - Caller must be an IAM user, role or group in this context.") from None
    holder = holder_by_arn(tx, arn)
    if isinstance(holder, User) and holder.account == account:
        return who_of(tx, caller_named(tx, account, f"user/{name}"))
    is_role = kind == "role"
    principal = Principal(
        kind=PrincipalKind.USER if kind == "user" else PrincipalKind.ROLE_SESSION,
        arn=arn,
        account=Arn.parse(arn).account,
        id="" if isinstance(holder, Group) else arn,
        role_arn=arn if is_role else "",
        role_id=holder.id if is_role and holder is not None and holder.account == account else "",
        is_service_linked_role=isinstance(holder, Role) and holder.path.startswith(SERVICE_LINKED_PATH),
    )
    tags = getattr(holder, "tags", {}) if holder is not None and holder.account == account else {}
    return Who(principal=principal, tags=tags)


# -- what


def _inputs(
    asked: Mapping[str, Any], member: str = "PolicyInputList", what: str = "Policy input"
) -> tuple[Policy, ...]:
    return tuple(
        Policy(simulation_inputs.document(text, f"{what} list item {place}"), f"{member}.{place}")
        for place, text in enumerate(asked.get(member, ()), 1)
    )


def _simulated(call: Call[Any], tx: Transaction, start: _Start) -> shapes.SimulatePolicyResponse:
    asked = call.input
    simulation_inputs.check_actions(asked["ActionNames"])
    names = simulation_inputs.resources(asked.get("ResourceArns", ()))
    simulation_inputs.check_handling(asked.get("ResourceHandlingOption"), asked["ActionNames"], names)
    actions, more = numbered_page(call, tx, asked["ActionNames"])
    work = partial(_results, asked, start, call.account, actions, names)
    large = len(actions) * len(names) > _PAIRS_AT_ONCE or _characters(asked) > _CHARACTERS_AT_ONCE
    results = call.slowly("simulation", _caught(work)) if large else work()
    if isinstance(results, ServiceError):
        raise results
    return {"EvaluationResults": results, **more}


def _characters(asked: Mapping[str, Any]) -> int:
    levels = asked.get("OrderedOrganizationPolicyInputList", ())
    texts = [
        *asked.get("PolicyInputList", ()),
        *asked.get("PermissionsBoundaryPolicyInputList", ()),
        *(text for level in levels for text in level.get("ServiceControlPolicyInputList", ())),
        asked.get("ResourcePolicy", ""),
    ]
    return sum(map(len, texts))


def _caught(work: Callable[[], Any]) -> Callable[[], Any]:
    """Let *work* return what it would raise, so that the handler raises it and the trail has it."""

    def run() -> Any:
        try:
            return work()
        except ServiceError as error:
            return error

    return run


def _results(
    asked: Mapping[str, Any], start: _Start, account: AccountId, actions: Sequence[str], names: Sequence[str]
) -> list[shapes.EvaluationResult]:
    simulator = Simulator(_setting(asked, start, account, names))
    owners = {name: _owner(name) for name in names}
    results: list[shapes.EvaluationResult] = []
    for action in actions:
        answers = [simulator.ask(action, name, owners[name]) for name in names]
        results.append(_result(action, names, answers))
    return results


def _owner(name: str) -> str:
    return "" if name == simulation_inputs.EVERYTHING else Arn.parse(name).account


def _setting(asked: Mapping[str, Any], start: _Start, account: AccountId, names: Sequence[str]) -> Setting:
    identity, boundary_in_place, who, levels_in_place = start
    given = simulation_inputs.context(asked.get("ContextEntries", ()))
    boundaries = _inputs(asked, "PermissionsBoundaryPolicyInputList", "Permissions boundary policy input")
    if len(boundaries) > 1:
        raise invalid_input("The list of Permissions Boundary policies cannot exceed 1 items.")
    policies = Policies(
        identity=(*identity, *_inputs(asked)),
        boundary=boundaries[0] if boundaries else boundary_in_place,
        resource=_resource_policy(asked, who, names),
        scps=_levels(asked) or levels_in_place,
    )
    principal = Principal(kind=PrincipalKind.USER, account=account) if who is None else who.principal
    known: Mapping[str, ContextValue] = {"aws:principalaccount": account, "aws:userid": _NOBODY}
    return Setting(
        policies=policies,
        principal=principal,
        given=given,
        known=known if who is None else caller_keys(who),
        owner=simulation_inputs.owner(asked.get("ResourceOwner")) or principal.account,
    )


def _resource_policy(asked: Mapping[str, Any], who: Who | None, names: Sequence[str]) -> Policy | None:
    text: str | None = asked.get("ResourcePolicy")
    if text is None:
        return None
    document = simulation_inputs.document(text, "Resource policy")
    simulation_inputs.check_resource_policy(document, None if who is None else who.principal.arn, names)
    return Policy(document, "ResourcePolicy")


def _levels_in_place(tx: Transaction, account: AccountId) -> Levels | None:
    """Return the service control policies that bind an account; None where there are none, as in the management's."""
    there = belonging(tx, account)
    return None if there is None else there.scps


def _levels(asked: Mapping[str, Any]) -> tuple[tuple[Policy, ...], ...] | None:
    levels: Sequence[shapes.OrderedOrganizationPolicyType] | None = asked.get("OrderedOrganizationPolicyInputList")
    if not levels:
        return None
    return tuple(_inputs(level, "ServiceControlPolicyInputList", "Service control policy input") for level in levels)


# -- the answer


def _result(action: str, names: Sequence[str], answers: Sequence[Answer]) -> shapes.EvaluationResult:
    whole = together(answers)
    result: shapes.EvaluationResult = {
        "EvalActionName": action,
        # AWS shows a template of the ARN for several resources, of a table that nobody publishes.
        "EvalResourceName": names[0] if len(names) == 1 else simulation_inputs.EVERYTHING,
        "EvalDecision": _DECISIONS[whole.verdict],
        "MatchedStatements": list(map(_statement, whole.matched)),
        "MissingContextValues": list(whole.missing),
    }
    if whole.by_organization is not None:
        result["OrganizationsDecisionDetail"] = {"AllowedByOrganizations": whole.by_organization}
    if whole.by_boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": whole.by_boundary}
    if list(names) == [simulation_inputs.EVERYTHING]:
        return result
    result["EvalDecisionDetails"] = _details(whole)
    result["ResourceSpecificResults"] = [
        _resource_result(name, answer) for name, answer in zip(names, answers, strict=True)
    ]
    return result


def _resource_result(name: str, answer: Answer) -> shapes.ResourceSpecificResult:
    result: shapes.ResourceSpecificResult = {
        "EvalResourceName": name,
        "EvalResourceDecision": _DECISIONS[answer.verdict],
        "MatchedStatements": list(map(_statement, answer.matched)),
        "MissingContextValues": list(answer.missing),
    }
    if answer.sides:
        result["EvalDecisionDetails"] = _details(answer)
    if answer.by_boundary is not None:
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": answer.by_boundary}
    return result


def _details(answer: Answer) -> dict[str, str]:
    return {_TYPES[layer]: _DECISIONS[verdict] for layer, verdict in answer.sides.items()}


def _statement(match: Match) -> shapes.Statement:
    start, end = place(match.policy.document, match.index)
    return {
        "SourcePolicyId": match.policy.name,
        "SourcePolicyType": _TYPES[match.layer],
        "StartPosition": {"Line": start.line, "Column": start.column},
        "EndPosition": {"Line": end.line, "Column": end.column},
    }
