"""Run unchanged third-party tools on a served account, and write what each found into `docs/clients.md`.

    make clients [ARGS="cloudsplaining ansible"]

Each tool gets an environment of its own below `.clients/`, installed from PyPI or npm. The account has something for
each to find. A tool that ends with an error, or does not find what is there, fails the run.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import billing_clients
import organization_clients
from client_runs import Run, Tool, Wrong, expect

import remit

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".clients"
PAGE = ROOT / "docs" / "clients.md"
BEGIN, END = "<!-- clients: written by tools/clients.py -->", "<!-- end of clients -->"

# -- the account


def _document(effect: str, action: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": action, **more}]})


def populate(admin: Any) -> None:
    """Put into the account what the tools are to find."""
    iam = admin.client("iam")
    iam.create_user(UserName="nora")
    iam.create_access_key(UserName="nora")
    iam.put_user_policy(UserName="nora", PolicyName="everything", PolicyDocument=_document("Allow", "*", Resource="*"))
    iam.create_user(UserName="otto")
    trust_otto = {"AWS": iam.get_user(UserName="otto")["User"]["Arn"]}
    iam.create_role(
        RoleName="deployer",
        AssumeRolePolicyDocument=_document("Allow", "sts:AssumeRole", Principal=trust_otto),
    )
    iam.attach_role_policy(RoleName="deployer", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.put_user_policy(
        UserName="otto", PolicyName="assume", PolicyDocument=_document("Allow", "sts:AssumeRole", Resource="*")
    )
    iam.create_policy(
        PolicyName="leaky", PolicyDocument=_document("Allow", ["s3:GetObject", "iam:PassRole"], Resource="*")
    )
    leaky = iam.list_policies(Scope="Local")["Policies"][0]["Arn"]
    iam.create_group(GroupName="devs")
    iam.attach_group_policy(GroupName="devs", PolicyArn=leaky)
    iam.add_user_to_group(GroupName="devs", UserName="otto")
    iam.create_policy(PolicyName="unused", PolicyDocument=_document("Allow", "sqs:ListQueues", Resource="*"))


# -- the tools


def _cloudsplaining(run: Run) -> str:
    run.command("download", name="cloudsplaining")
    run.command("scan", "--input-file", "default.json", "--skip-open-report", "--output", ".", name="cloudsplaining")
    results = json.loads((run.folder / "iam-results-default.json").read_text())
    leaky = next(policy for policy in results["customer_managed_policies"].values() if policy["PolicyName"] == "leaky")
    expect("s3:GetObject" in leaky["DataExfiltration"]["findings"], "data exfiltration by `leaky`")
    inline = [policy["PolicyName"] for policy in results["inline_policies"].values()]
    expect("everything" in inline, "the inline policy `everything`")
    return "`download` and `scan`: data exfiltration and PassRole in `leaky`, the inline administrator"


def _principalmapper(run: Run) -> str:
    # Its last release was made for a Python whose `collections` still had what is in `collections.abc`.
    (site,) = run.environment.glob("lib/python3*/site-packages")
    names = "'Iterable', 'Mapping', 'MutableMapping'"
    (site / "sitecustomize.py").write_text(
        f"import collections, collections.abc\nfor name in ({names}):\n"
        "    setattr(collections, name, getattr(collections.abc, name))\n"
    )
    run.command("graph", "create", "--exclude-regions", "us-west-2", name="pmapper")
    found = run.command("--account", run.account, "query", "who can do iam:CreateUser with *", name="pmapper")
    for who in ("user/nora", "user/otto", "role/deployer"):
        expect(f"{who} " in found, f"{who} may create users\n{found}")
    expect("user/otto can access via role/deployer" in found.replace("\n", " ") or "role/deployer" in found, "the path")
    return "`graph create` and `query`: otto becomes administrator through the role `deployer`"


def _scoutsuite(run: Run) -> str:
    said = run.command(
        "aws", "--services", "iam", "--no-browser", "--report-dir", ".", "--report-name", "x", "--force", name="scout"
    )
    expect(" ERROR " not in said, f"a run without errors\n{said}")
    text = (run.folder / "scoutsuite-results" / "scoutsuite_results_x.js").read_text()
    findings = json.loads(text.partition("\n")[2])["services"]["iam"]["findings"]
    flagged = [name for name, finding in findings.items() if finding["flagged_items"]]
    expect("iam-managed-policy-allows-iam-PassRole" in flagged, f"PassRole in a managed policy: {flagged}")
    return f"the IAM rules: {len(flagged)} of {len(findings)} flagged, PassRole in `leaky` among them"


_CUSTODIAN = """
policies:
  - name: keys
    resource: aws.iam-user
    filters: [{type: access-key, key: Status, value: Active}]
    actions: [{type: tag, key: seen, value: "yes"}]
  - name: admins
    resource: aws.iam-user
    filters: [{type: check-permissions, match: allowed, actions: ["iam:CreateUser"]}]
  - name: report
    resource: aws.iam-user
    filters: [{type: credential, key: mfa_active, value: false}]
  - name: inhabited
    resource: aws.iam-group
    filters: [{type: has-users, value: true}]
  - name: administrators
    resource: aws.iam-role
    filters: [{type: has-specific-managed-policy, value: AdministratorAccess}]
"""


def _custodian(run: Run) -> str:
    (run.folder / "policies.yml").write_text(_CUSTODIAN)
    run.command("run", "--cache-period", "0", "-s", "out", "policies.yml", name="custodian")

    def found(policy: str, name: str) -> list[str]:
        return sorted(one[name] for one in json.loads((run.folder / "out" / policy / "resources.json").read_text()))

    expect(found("keys", "UserName") == ["admin", "nora"], "users with active keys")
    expect("nora" in found("admins", "UserName") and "otto" not in found("admins", "UserName"), "who may create users")
    expect("nora" in found("report", "UserName"), "nora without MFA in the credential report")
    expect(found("inhabited", "GroupName") == ["devs"], "the group with users")
    expect(found("administrators", "RoleName") == ["deployer"], "the administrator's role")
    return "filters of users, groups and roles, the simulator and the credential report; tagged users"


def _playbook() -> list[dict[str, Any]]:
    read_only = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    trust = _document("Allow", "sts:AssumeRole", Principal={"Service": "ec2.amazonaws.com"})
    readers = _document("Allow", "s3:GetObject", Resource="*")
    inline = {"iam_type": "user", "iam_name": "vera", "policy_name": "queues"}
    tasks: list[tuple[str, dict[str, Any]]] = [
        ("iam_managed_policy", {"name": "readers", "policy": readers}),
        ("iam_group", {"name": "readers", "state": "present", "managed_policies": read_only}),
        ("iam_user", {"name": "vera", "state": "present", "tags": {"team": "a"}}),
        (
            "iam_role",
            {
                "name": "web",
                "assume_role_policy_document": trust,
                "managed_policies": read_only,
                "create_instance_profile": False,
            },
        ),
        ("iam_instance_profile", {"name": "web", "role": "web", "state": "present"}),
        ("iam_policy", {**inline, "policy_json": _document("Allow", "sqs:*", Resource="*")}),
        ("iam_password_policy", {"state": "present", "min_pw_length": 14, "require_symbols": True}),
        ("iam_user_info", {}),
        ("iam_role_info", {}),
        ("iam_instance_profile_info", {}),
        ("iam_mfa_device_info", {"user_name": "vera"}),
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    return [{**play, "tasks": [{f"amazon.aws.{module}": options} for module, options in tasks]}]


def _ansible(run: Run) -> str:
    (run.folder / "play.yml").write_text(json.dumps(_playbook()))

    def play() -> str:
        python = f"ansible_python_interpreter={run.environment / 'bin' / 'python'}"
        return run.command("-i", "localhost,", "-e", python, "play.yml", name="ansible-playbook")

    first, again = play(), play()
    expect("failed=0" in first and "changed=7" in first, f"seven changes\n{first}")
    expect("failed=0" in again and "changed=0" in again, f"no change the second time\n{again}")
    return "a playbook of 11 modules, twice: seven changes, then none"


TOOLS = (
    Tool("cloudsplaining", ("cloudsplaining",), _cloudsplaining, populate),
    Tool("principalmapper", ("principalmapper",), _principalmapper, populate),
    Tool("scoutsuite", ("scoutsuite",), _scoutsuite, populate),
    Tool("c7n", ("c7n",), _custodian, populate),
    Tool("ansible", ("ansible", "boto3"), _ansible, populate),
    *organization_clients.TOOLS,
    *billing_clients.TOOLS,
)


def _installed(tool: Tool) -> Path:
    environment = FOLDER / tool.name
    if tool.node_packages:
        if not (environment / "node_modules").exists():
            npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(environment)]
            subprocess.run([*npm, *tool.node_packages], check=True)
        return environment
    if not (environment / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        uv = Path(sys.executable).with_name("uv")
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", environment / "bin" / "python", *tool.packages], check=True
        )
    return environment


@contextmanager
def _neighbours(services: tuple[str, ...]) -> Generator[dict[str, str]]:
    """Let moto answer *services*; give the variables that say so."""
    if not services:
        yield {}
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet: Any = subprocess.DEVNULL
    moto = subprocess.Popen(
        [Path(sys.executable).with_name("moto_server"), "-p", str(port)], stdout=quiet, stderr=quiet
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield {f"AWS_ENDPOINT_URL_{service}": address for service in services}
    finally:
        moto.terminate()
        moto.wait()


def rows(tools: list[Tool]) -> Iterator[str]:
    """Run *tools*; yield a row for each."""
    for tool in tools:
        environment = _installed(tool)
        folder = FOLDER / "work" / tool.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with remit.serve(ephemeral=True) as server, _neighbours(tool.neighbours) as neighbours:
            tool.populate(server.administrator)
            if tool.bills is not None:
                tool.bills(server)
            credentials = folder / "credentials"
            credentials.write_text(
                f"[default]\naws_access_key_id = {server.administrator.access_key_id}\n"
                f"aws_secret_access_key = {server.administrator.secret_access_key.reveal()}\n"
            )
            variables = {
                name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "REMIT_"))
            } | {
                "AWS_ENDPOINT_URL": server.endpoint,
                "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
                "AWS_CONFIG_FILE": str(folder / "config"),
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_REGION": "us-east-1",
                "PMAPPER_STORAGE": str(folder / "pmapper"),
                "HOME": str(folder),
                "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
                **neighbours,
            }
            run = Run(environment, folder, variables, server.account, server.administrator)
            found = tool.run(run)
        row = f"| {tool.name} {run.version((tool.node_packages or tool.packages)[0])} | {found} |"
        sys.stdout.write(row + "\n")
        sys.stdout.flush()
        yield row


def main() -> int:
    """Run the tools that were asked for, all by default; the page is written after all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [tool.name for tool in TOOLS]
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=", ".join(names))
    asked = parser.parse_args().tools
    if unknown := set(asked) - set(names):
        parser.error(f"no such tool: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    try:
        found = list(rows([tool for tool in TOOLS if not asked or tool.name in asked]))
    except Wrong as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not asked:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        table = ["| tool | what it did, what it found |", "| --- | --- |", *found]
        PAGE.write_text("\n".join([before + BEGIN, "", *table, "", END + rest.partition(END)[2]]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
