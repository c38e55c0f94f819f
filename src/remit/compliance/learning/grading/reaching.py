"""Who can come to administer an account: by changing what they may do, or by becoming somebody who can.

Beginning with one principal, those are gathered whom it can become:

    sts:AssumeRole                              a role whose trust and whose caller's policies allow it
    iam:PassRole and a call that runs something a role that the service may assume
    iam:CreateAccessKey, iam:*LoginProfile      a user
    iam:UpdateAssumeRolePolicy                  a role, by letting oneself in

It administers the account if one of those may widen what one of those may do: by a policy of theirs, of a group of
theirs, or a new version of a policy that they have; or by joining a group that may. Whether each step is possible is
asked of the engine, in whatever circumstances: what it says no to, no request does.
Source: the escalation paths that Rhino Security Labs published in 2018, and Bishop Fox's `iam-vulnerable`, by kind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remit.authz.documents import policy_of
from remit.authz.standing import caller_named
from remit.compliance.checks.proofs import Caller as Asked
from remit.compliance.checks.proofs import Exhausted, Question, Target, find, only
from remit.compliance.learning.grading.asking import Person, counterexample, people
from remit.compliance.learning.grading.tenant import Tenant
from remit.directory.attachments import policy_by_arn
from remit.directory.aws_managed import is_aws_managed
from remit.directory.groups import Group, groups, groups_of
from remit.directory.roles import Role, roles
from remit.directory.users import User, users
from remit.policy import Policies, Policy, Principal, PrincipalKind, ResourceKind

# What a service does with the role that is passed to it: any of these calls lets somebody act as the role.
RUNS: dict[str, tuple[str, ...]] = {
    "lambda.amazonaws.com": ("lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"),
    "ec2.amazonaws.com": ("ec2:RunInstances", "ec2:AssociateIamInstanceProfile"),
    "ecs-tasks.amazonaws.com": ("ecs:RunTask", "ecs:StartTask", "ecs:CreateService"),
    "cloudformation.amazonaws.com": ("cloudformation:CreateStack", "cloudformation:UpdateStack"),
    "codebuild.amazonaws.com": ("codebuild:CreateProject", "codebuild:UpdateProject"),
    "glue.amazonaws.com": ("glue:CreateDevEndpoint", "glue:CreateJob", "glue:UpdateJob"),
    "sagemaker.amazonaws.com": ("sagemaker:CreateNotebookInstance", "sagemaker:CreateTrainingJob"),
    "datapipeline.amazonaws.com": ("datapipeline:CreatePipeline",),
    "states.amazonaws.com": ("states:CreateStateMachine", "states:UpdateStateMachine"),
}
_WIDENS_USER = ("iam:AttachUserPolicy", "iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary")
_WIDENS_ROLE = ("iam:AttachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary")
_WIDENS_GROUP = ("iam:AttachGroupPolicy", "iam:PutGroupPolicy")
_WIDENS_POLICY = ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion")
_BECOMES_USER = ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile")
_BOUNDARY = "PermissionsBoundary"


@dataclass(frozen=True, slots=True)
class _Node:
    """A user or role that somebody may come to be, and how."""

    person: Person
    entity: User | Role
    path: tuple[str, ...] = ()


class Reaching:
    """Looks for ways in one account."""

    def __init__(self, tenant: Tenant, account: str) -> None:
        self._tenant, self._tx = tenant, tenant.tx
        self._account = tenant.account(account)
        self._nodes = [self._node(f"user/{one.name}", one) for one in users(self._tx, self._account)] + [
            self._node(f"role/{one.name}", one) for one in roles(self._tx, self._account) if not one.is_service_linked
        ]
        self._trusted = {
            node.person.name: self._services(node.entity) for node in self._nodes if isinstance(node.entity, Role)
        }

    def way(self, name: str) -> str | None:
        """Return the steps by which somebody comes to administer the account; None when there are none."""
        first = next((node for node in self._nodes if node.person.name == name), None)
        if first is None:
            return None
        reached = [first]
        for node in reached:  # it grows meanwhile
            known = {one.person.name for one in reached}
            for other in self._nodes:
                if other.person.name not in known:
                    step = self._becomes(node, other)
                    if step is not None:
                        reached.append(_Node(other.person, other.entity, (*node.path, step)))
        for node in reached:
            for other in reached:
                step = self._widens(node, other)
                if step is not None:
                    path = node.path + tuple([one for one in other.path if one not in node.path])
                    return ", then ".join((*path, step))
        return None

    def _node(self, name: str, entity: User | Role) -> _Node:
        return _Node(Person(name, caller_named(self._tx, self._account, name)), entity)

    # -- becoming somebody

    def _becomes(self, node: _Node, other: _Node) -> str | None:
        match other.entity:
            case Role() as role:
                return (
                    self._may(node, ("sts:AssumeRole",), role.arn, assumed=role)
                    or self._passes(node, other)
                    or self._may(node, ("iam:UpdateAssumeRolePolicy",), role.arn)
                )
            case User() as user:
                return self._may(node, _BECOMES_USER, user.arn)

    def _passes(self, node: _Node, other: _Node) -> str | None:
        for service in self._trusted[other.person.name]:
            passing = counterexample(
                self._tenant, node.person, ("iam:PassRole",), (other.entity.arn,), {"iam:PassedToService": service}
            )
            if passing is not None:
                running = self._may(node, RUNS[service], "*")
                if running is not None:
                    return f"{passing} and {running}"
        return None

    def _services(self, role: Role) -> list[str]:
        """Return the services that may assume a role and run what callers give them."""
        policies = Policies(resource=policy_of(role.trust, "trust policy"))
        found: list[str] = []
        for service in RUNS:
            caller = Asked(
                principal=Principal(kind=PrincipalKind.SERVICE, names=(service,)),
                words=service,
                context={"aws:principalisawsservice": only("true"), "aws:principalservicename": only(service)},
            )
            target = Target(
                actions=("sts:AssumeRole",), resources=(role.arn,), account=role.account, kind=ResourceKind.ROLE
            )
            if not isinstance(find(policies, Question(callers=(caller,), targets=(target,))), Exhausted):
                found.append(service)
        return found

    # -- widening what somebody may do

    def _widens(self, node: _Node, other: _Node) -> str | None:
        entity = other.entity
        own = _WIDENS_USER if isinstance(entity, User) else _WIDENS_ROLE
        calls = [one for one in own if _BOUNDARY not in one or entity.boundary]
        step = self._may(node, calls, entity.arn)
        if step is not None:
            return step
        holders = [entity, *(groups_of(self._tx, entity) if isinstance(entity, User) else ())]
        for arn in sorted({arn for holder in holders for arn in holder.attached if not is_aws_managed(arn)}):
            step = self._may(node, _WIDENS_POLICY, arn)
            if step is not None:
                return step
        return self._by_group(node, entity) if isinstance(entity, User) else None

    def _by_group(self, node: _Node, entity: User) -> str | None:
        joined = {one.id for one in groups_of(self._tx, entity)}
        for group in groups(self._tx, self._account):
            if group.id in joined:
                step = self._may(node, _WIDENS_GROUP, group.arn)
            else:
                step = self._may(node, ("iam:AddUserToGroup",), group.arn)
                gives = None if step is None else self._group_gives(entity, group)
                step = None if gives is None else f"{step} and {gives}"
            if step is not None:
                return step
        return None

    def _group_gives(self, entity: User, group: Group) -> str | None:
        """Say how a user who has joined a group could widen what they may do."""
        lent = Policies(
            identity=(
                *(policy_of(text, name) for name, text in group.inline.items()),
                *(self._managed(arn) for arn in group.attached),
            )
        )
        caller = caller_named(self._tx, self._account, entity.arn)
        lent_to = Person(f"user/{entity.name} in group {group.name}", caller, lent)
        return counterexample(self._tenant, lent_to, _WIDENS_USER[:2], (entity.arn,)) or counterexample(
            self._tenant, lent_to, _WIDENS_GROUP, (group.arn,)
        )

    def _managed(self, arn: str) -> Policy:
        policy = policy_by_arn(self._tx, self._account, arn)
        return policy_of(policy.document, policy.name, arn)

    def _may(self, node: _Node, actions: Sequence[str], arn: str, *, assumed: Role | None = None) -> str | None:
        return counterexample(self._tenant, node.person, actions, (arn,), assumed=assumed)


def ways(tenant: Tenant, account: str, who: Sequence[str], besides: Sequence[str]) -> Iterator[str]:
    """Give, of everybody who is meant and comes to administer the account, how."""
    reaching = Reaching(tenant, account)
    for person in people(tenant, account, who, besides):
        if person.name not in besides:
            way = reaching.way(person.name)
            if way is not None:
                yield f"{person.name} reaches administration: {way}"
