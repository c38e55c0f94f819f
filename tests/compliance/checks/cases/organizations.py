from check_cases import FAIL, NA, PASS, UNKNOWN, Case

from remit.compliance.checks.parameters import Parameters

ME, OTHER, MANAGEMENT = "111122223333", "222233334444", "999999999999"
DESCRIBED = "organizations:DescribeOrganization"
ALONE = {DESCRIBED: "AWSOrganizationsNotInUseException"}
UNITS, ACCOUNTS = "organizations:ListOrganizationalUnitsForParent", "organizations:ListAccountsForParent"
POLICIES, TARGETS = "organizations:ListPolicies Filter=SERVICE_CONTROL_POLICY", "organizations:ListTargetsForPolicy"
TAGS = "organizations:ListTagsForResource"
ADMINISTRATORS = "organizations:ListDelegatedAdministrators"
SERVICES = "organizations:ListDelegatedServicesForAccount"
TRUSTED = "organizations:ListAWSServiceAccessForOrganization"
SCP = {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}


def described(features="ALL", management=MANAGEMENT):
    return {DESCRIBED: {"Organization": {"MasterAccountId": management, "FeatureSet": features}}}


IN_ONE = described()
AT_THE_TOP = described(management=ME)


def tree(root=(MANAGEMENT,), unit=(ME, OTHER), name="Workloads", types=(SCP,)):
    return {
        "organizations:ListRoots": {"Roots": [{"Id": "r-1", "Name": "Root", "PolicyTypes": list(types)}]},
        f"{ACCOUNTS} ParentId=r-1": {"Accounts": [{"Id": id_} for id_ in root]},
        f"{UNITS} ParentId=r-1": {"OrganizationalUnits": [{"Id": "ou-1", "Name": name}]},
        f"{ACCOUNTS} ParentId=ou-1": {"Accounts": [{"Id": id_} for id_ in unit]},
        f"{UNITS} ParentId=ou-1": {"OrganizationalUnits": []},
    }


def policies(**targets):
    return {
        POLICIES: {"Policies": [{"Id": f"p-{name}"} for name in targets]},
        **{f"{TARGETS} PolicyId=p-{name}": {"Targets": [{"TargetId": at}]} for name, at in targets.items()},
    }


def tagged(**environments):
    return {
        f"{TAGS} ResourceId={id_}": {"Tags": [{"Key": "Environment", "Value": value}] if value else []}
        for id_, value in zip((ME, OTHER), environments.values(), strict=True)
    }


def workloads(instances=(), databases=(), functions=()):
    return {
        "ec2:DescribeInstances": {"Reservations": [{"Instances": list(instances)}]},
        "rds:DescribeDBInstances": {"DBInstances": list(databases)},
        "lambda:ListFunctions": {"Functions": list(functions)},
    }


def records(bucket="logs", *, organization=True):
    trail = {"TrailARN": "t", "HomeRegion": "eu-west-1", "S3BucketName": "logs", "IsOrganizationTrail": organization}
    return {
        "cloudtrail:DescribeTrails": {"trailList": [trail]},
        "s3:ListBuckets": {"Buckets": [{"Name": bucket}]},
    }


def delegated(service="guardduty.amazonaws.com", account=ME):
    return {
        ADMINISTRATORS: {"DelegatedAdministrators": [{"Id": account}]},
        f"{SERVICES} AccountId={account}": {"DelegatedServices": [{"ServicePrincipal": service}]},
    }


NOBODY = {ADMINISTRATORS: {"DelegatedAdministrators": []}}
INSTANCE = {"InstanceId": "i-1"}
APPROVED = {"parameters": Parameters(delegated_administrators=((ME, ("guardduty.amazonaws.com",)),))}
SOME = {"parameters": Parameters(trusted_services=("sso.*",))}
SSO = {TRUSTED: {"EnabledServicePrincipals": [{"ServicePrincipal": "sso.amazonaws.com"}]}}
UNREAD = "no snapshot of the management account"
BOUND = {**tree(), **policies(FullAWSAccess="r-1", guard="ou-1")}

CASES = (
    Case("org.guard.enabled", PASS, IN_ONE, organization=tree()),
    Case("org.guard.enabled", FAIL, described("CONSOLIDATED_BILLING"), "CONSOLIDATED_BILLING", tree()),
    Case("org.guard.enabled", FAIL, IN_ONE, "not enabled in the root r-1", tree(types=())),
    Case("org.guard.enabled", UNKNOWN, IN_ONE, UNREAD),
    Case("org.guard.enabled", NA, ALONE),
    Case("org.guard.coverage", PASS, IN_ONE, "bound by p-guard", BOUND),
    Case("org.guard.coverage", PASS, {**AT_THE_TOP, **tree((ME,), (OTHER,)), **policies(guard=OTHER)}),
    Case(
        "org.guard.coverage", FAIL, IN_ONE, "no service control policy but", {**tree(), **policies(FullAWSAccess="r-1")}
    ),
    Case("org.guard.coverage", FAIL, IN_ONE, "no service", {**tree(), **policies(FullAWSAccess="r-1", guard=OTHER)}),
    Case("org.guard.coverage", FAIL, IN_ONE, "are not enabled", {**BOUND, **tree(types=())}),
    Case("org.guard.coverage", FAIL, {**AT_THE_TOP, **tree((ME,), (OTHER,)), **policies(guard=ME)}),
    Case("org.guard.coverage", UNKNOWN, IN_ONE, UNREAD),
    Case("org.guard.coverage", UNKNOWN, IN_ONE, organization={**BOUND, f"{TARGETS} PolicyId=p-guard": "AccessDenied"}),
    Case("org.guard.coverage", UNKNOWN, IN_ONE, "not in the organization's tree", {**BOUND, **tree(unit=())}),
    Case("org.guard.coverage", NA, ALONE),
    Case("org.tree.units", PASS, IN_ONE, "in the unit Workloads", tree()),
    Case("org.tree.units", FAIL, IN_ONE, "directly in the root", tree((MANAGEMENT, ME), ())),
    Case("org.tree.units", FAIL, {**AT_THE_TOP, **tree((ME, OTHER), ())}, "directly in the root"),
    Case("org.tree.units", UNKNOWN, IN_ONE, organization={**tree(), f"{ACCOUNTS} ParentId=ou-1": "AccessDenied"}),
    Case("org.tree.units", NA, ALONE),
    Case("org.tree.units", NA, {**AT_THE_TOP, **tree((ME,), ())}),
    Case("org.tree.environments", PASS, IN_ONE, "holds prod", {**tree(), **tagged(a="prod", b="prod")}),
    Case("org.tree.environments", PASS, IN_ONE, "1 without a tag", {**tree(), **tagged(a="prod", b="")}),
    Case("org.tree.environments", FAIL, IN_ONE, "mixes", {**tree(), **tagged(a="prod", b="test")}),
    Case("org.tree.environments", UNKNOWN, IN_ONE, organization=tree()),
    Case("org.tree.environments", NA, IN_ONE, "no account of the unit", {**tree(), **tagged(a="", b="")}),
    Case("org.tree.environments", NA, ALONE),
    Case("org.tree.management", PASS, {**AT_THE_TOP, **workloads()}),
    Case("org.tree.management", FAIL, {**AT_THE_TOP, **workloads([INSTANCE])}, "instance/i-1"),
    Case("org.tree.management", FAIL, {**AT_THE_TOP, **workloads(databases=[{"DBInstanceArn": "db"}])}, "runs db"),
    Case("org.tree.management", FAIL, {**AT_THE_TOP, **workloads(functions=[{"FunctionArn": "f"}])}, "runs f"),
    Case("org.tree.management", UNKNOWN, {**AT_THE_TOP, **workloads(), "lambda:ListFunctions": "AccessDenied"}),
    Case("org.tree.management", NA, {**IN_ONE, **workloads([INSTANCE])}, "a member"),
    Case("org.tree.management", NA, ALONE),
    Case("org.tree.security", PASS, {**IN_ONE, **records(), **workloads()}, "runs nothing else", NOBODY),
    Case("org.tree.security", PASS, {**IN_ONE, **records("x"), **workloads()}, "administers guardduty", delegated()),
    Case("org.tree.security", FAIL, {**IN_ONE, **records(), **workloads([INSTANCE])}, "and runs arn", NOBODY),
    Case("org.tree.security", FAIL, {**IN_ONE, **records("x"), **workloads([INSTANCE])}, "and runs arn", delegated()),
    Case("org.tree.security", FAIL, {**AT_THE_TOP, **records(), **workloads(), **NOBODY}, "management account keeps"),
    Case("org.tree.security", UNKNOWN, {**IN_ONE, **records(), **workloads()}, UNREAD),
    Case("org.tree.security", NA, {**IN_ONE, **records("x"), **workloads([INSTANCE])}, organization=NOBODY),
    Case("org.tree.security", NA, {**IN_ONE, **records("x")}, organization=delegated("sso.amazonaws.com")),
    Case("org.tree.security", NA, {**IN_ONE, **records(organization=False)}, organization=NOBODY),
    Case("org.delegated", PASS, IN_ONE, "is approved", {**tree(name="Security"), **delegated()}, more=APPROVED),
    Case("org.delegated", FAIL, IN_ONE, "nobody has approved", {**tree(name="Security"), **delegated()}),
    Case("org.delegated", FAIL, IN_ONE, "a unit of workloads", {**tree(), **delegated()}, more=APPROVED),
    Case("org.delegated", UNKNOWN, IN_ONE, organization={**NOBODY, ADMINISTRATORS: "AccessDenied"}),
    Case("org.delegated", NA, IN_ONE, organization=NOBODY),
    Case("org.delegated.trusted", PASS, IN_ONE, "is approved", SSO, more=SOME),
    Case("org.delegated.trusted", FAIL, IN_ONE, "nobody has approved", SSO),
    Case("org.delegated.trusted", UNKNOWN, IN_ONE, organization={TRUSTED: "AccessDenied"}),
    Case("org.delegated.trusted", NA, IN_ONE, organization={TRUSTED: {"EnabledServicePrincipals": []}}),
    Case("org.delegated.trusted", NA, ALONE),
)
