"""Whether somebody passes a role that may do what they may not.

Of what the role's policies allow, one request for each pair of patterns is asked about, for the role and for who passes
it: a sample, as one pattern stands for many actions.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from remit.compliance.checks.account_rights import AccountRights
from remit.compliance.checks.identities import Identity
from remit.compliance.checks.proofs import only
from remit.compliance.checks.rights import UNNAMED, May
from remit.policy import PrincipalType
from remit.policy.language.document import Effect, Statement

_ANY = "remit"


def beyond(found: AccountRights, one: Identity, everybody: Sequence[Identity]) -> tuple[str, bool]:
    """Return in words which role somebody passes that may do more, empty for none; and whether samples say so."""
    is_sampled = False
    rights = found.of(one)
    for role in everybody:
        if role.trust is None or role.is_service_linked or role.arn == one.arn:
            continue
        for service in _services(role):
            answer = rights.may("iam:PassRole", role.arn, {"iam:passedtoservice": only(service)})
            is_sampled |= answer is May.PERHAPS
            if answer is not May.YES:
                continue
            theirs = found.of(role.known())
            for action, arn in _requests(role):
                if rights.may(action, arn) is May.NO and theirs.may(action, arn) is May.YES:
                    return f"passes {role.arn} to {service}, which may {action}, as it may not itself", is_sampled
            is_sampled = True
            break
    return "", is_sampled


def _services(role: Identity) -> list[str]:
    statements = () if role.trust is None else role.trust.document.statements
    return sorted(
        {
            entry.name
            for statement in statements
            if statement.effect is Effect.ALLOW and statement.principal is not None
            for entry in statement.principal.entries
            if entry.type is PrincipalType.SERVICE
        }
    )


def _requests(role: Identity) -> Iterator[tuple[str, str]]:
    account = role.principal.account
    for policy in role.policies:
        for statement in policy.document.statements:
            if statement.effect is Effect.ALLOW:
                for action, resource in product(_actions(statement), _resources(statement)):
                    yield action, resource or _everything(action, account)


def _actions(statement: Statement) -> list[str]:
    if not statement.actions:
        return [UNNAMED]
    return [UNNAMED if one.is_everything else _concrete(one.text) for one in statement.actions]


def _resources(statement: Statement) -> list[str]:
    if not statement.resources:
        return [""]
    return ["" if one.is_everything else _concrete(one.text) for one in statement.resources]


def _concrete(pattern: str) -> str:
    return pattern.replace("*", _ANY).replace("?", "r")


def _everything(action: str, account: str) -> str:
    """Return an ARN of a service's resources, in the form that its policies usually have."""
    service = action.partition(":")[0]
    match service:
        case "s3":
            return f"arn:aws:s3:::{_ANY}/{_ANY}" if "Object" in action else f"arn:aws:s3:::{_ANY}"
        case "iam":
            return f"arn:aws:iam::{account}:role/{_ANY}"
        case _:
            return f"arn:aws:{service}:eu-west-1:{account}:{_ANY}/{_ANY}"
