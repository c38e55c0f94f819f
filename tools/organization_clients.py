"""Third-party tools that read or change an organization: what is there for them to find, and what each finds.

Those that keep their state in S3 or tell EventBridge of it find moto there.
"""

import csv
import json
from typing import Any

from client_runs import Run, Tool, expect

_ROLE = "OrganizationAccountAccessRole"
_DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:CreateBucket", "Resource": "*"}]}


def populate(admin: Any) -> None:
    """Make an organization of three members, one of them in a unit that denies something."""
    api = admin.client("organizations")
    api.create_organization()
    root = api.list_roots()["Roots"][0]["Id"]
    unit = api.create_organizational_unit(ParentId=root, Name="Prod")["OrganizationalUnit"]["Id"]
    members = [
        api.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]["AccountId"]
        for name in ("one", "two", "three")
    ]
    api.move_account(AccountId=members[0], SourceParentId=root, DestinationParentId=unit)
    made = api.create_policy(
        Name="NoBuckets", Description="", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(_DENY)
    )["Policy"]
    api.attach_policy(PolicyId=made["PolicySummary"]["Id"], TargetId=unit)
    api.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")


def _members(run: Run) -> dict[str, Any]:
    """Return the accounts but the management account, by name."""
    accounts = run.administrator.client("organizations").list_accounts()["Accounts"]
    return {account["Name"]: account for account in accounts if account["Id"] != run.account}


_COVE = f"""
import json
from botocove import cove

@cove(rolename="{_ROLE}")
def roles(session):
    return [role["RoleName"] for role in session.client("iam").list_roles()["Roles"]]

done = roles()
assert not done["Exceptions"] and not done["FailedAssumeRole"], done
print(json.dumps({{one["Name"]: one["Result"] for one in done["Results"]}}))
"""


def _botocove(run: Run) -> str:
    (run.folder / "roles.py").write_text(_COVE)
    said = run.command("roles.py", name="python")
    found = json.loads(next(line for line in said.splitlines() if line.startswith("{")))
    expect(sorted(found) == ["one", "three", "two"], f"three members\n{found}")
    expect(all(_ROLE in roles for roles in found.values()), "the access role in each")
    return "a function in a session of the access role in each of the three members"


_CUSTODIAN = """
policies:
  - name: administrators
    resource: aws.iam-role
    filters: [{type: has-specific-managed-policy, value: AdministratorAccess}]
"""


def _c7n_org(run: Run) -> str:
    (run.folder / "policies.yml").write_text(_CUSTODIAN)
    run.command("aws-accounts", "--active", "--ignore", run.account, "-f", "accounts.yml", name="c7n-org")
    expect("path:/Prod" in (run.folder / "accounts.yml").read_text(), "the unit of an account")
    run.command(
        *("run", "-c", "accounts.yml", "-u", "policies.yml", "-s", "out", "--region", "us-east-1"), name="c7n-org"
    )
    for name in ("one", "two", "three"):
        written = run.folder / "out" / name / "us-east-1" / "administrators" / "resources.json"
        roles = [role["RoleName"] for role in json.loads(written.read_text())]
        expect(roles == [_ROLE], f"the access role of {name}: {roles}")
    return "`aws-accounts` with units, `run`: a policy in each of the three members"


def _scp_analyzer(run: Run) -> str:
    run.command("--outfile", "scps.csv", name="scp-analyzer")
    text = (run.folder / "scps.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    denied = [row for row in rows if row["Effect"] == "Deny"]
    (only,) = denied or [{}]
    expect(only.get("Action") == "s3:CreateBucket" and "one" in only.values(), f"what binds `one`\n{text}")
    return "each account with the policies that bind it: the denial of the unit binds one of four"


_PACKAGE = """
PackageConfiguration:
  S3Bucket: state
  S3Region: us-east-1
Modules: {}
"""


def _aws_orga_deployer(run: Run) -> str:
    (run.folder / "package.yaml").write_text(_PACKAGE)
    make = "import boto3; boto3.client('s3', region_name='us-east-1').create_bucket(Bucket='state')"
    run.command("-c", make, name="python")
    run.command("orga", name="aws-orga-deployer")
    accounts = json.loads((run.folder / "output.json").read_text())["Accounts"]
    one = accounts[_members(run)["one"]["Id"]]
    expect(len(accounts) == 4 and len(one["ParentOUs"]) == 2, f"four accounts, one in a unit\n{accounts}")  # noqa: PLR2004
    expect("eu-west-1" in one["EnabledRegions"], "the regions of a member")
    return "`orga`: accounts with their units, tags and enabled regions"


_ADDED = """
  Fresh:
    Type: OC::ORG::Account
    Properties:
      AccountName: fresh
      RootEmail: fresh@example.com
      Tags: {team: blue}

  Dev:
    Type: OC::ORG::OrganizationalUnit
    Properties:
      OrganizationalUnitName: Dev
      Accounts: !Ref Fresh
      ServiceControlPolicies: !Ref NoUsers

  NoUsers:
    Type: OC::ORG::ServiceControlPolicy
    Properties:
      PolicyName: NoUsers
      Description: no users
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Deny, Action: 'iam:CreateUser', Resource: '*'}]
"""


def _org_formation(run: Run) -> str:
    tool = "org-formation"
    run.command("init", "organization.yml", "--region", "us-east-1", name=tool)
    template = run.folder / "organization.yml"
    expect("OrganizationalUnitName: Prod" in template.read_text(), "the unit in the template")
    template.write_text(template.read_text() + _ADDED)
    run.command("update", "organization.yml", name=tool)
    api = run.administrator.client("organizations")
    fresh = _members(run)["fresh"]
    (parent,) = api.list_parents(ChildId=fresh["Id"])["Parents"]
    policies = api.list_policies_for_target(TargetId=parent["Id"], Filter="SERVICE_CONTROL_POLICY")["Policies"]
    expect({policy["Name"] for policy in policies} == {"FullAWSAccess", "NoUsers"}, "the policy of the new unit")
    expect(api.list_tags_for_resource(ResourceId=fresh["Id"])["Tags"] == [{"Key": "team", "Value": "blue"}], "its tags")
    again = run.command("update", "organization.yml", name=tool)
    expect("Create" not in again, f"nothing to do the second time\n{again}")
    return "`init`, and `update` twice: a unit, a policy and an account in it, then nothing"


TOOLS = (
    Tool("botocove", ("botocove",), _botocove, populate),
    Tool("c7n-org", ("c7n-org",), _c7n_org, populate),
    Tool("scp-analyzer", ("scp-analyzer",), _scp_analyzer, populate),
    Tool("aws-orga-deployer", ("aws-orga-deployer",), _aws_orga_deployer, populate, neighbours=("S3",)),
    Tool(
        "org-formation",
        (),
        _org_formation,
        populate,
        node_packages=("aws-organization-formation",),
        neighbours=("S3", "EC2", "EVENTBRIDGE"),
    ),
)
