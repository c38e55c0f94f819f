"""An auditor with boto3, who knows no seed: reads twelve accounts, and says what is wrong with which evidence."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from learners import Learner

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
WAY_IN = {"learner", "OrganizationAccountAccessRole"}


def _id(answer: dict[str, Any]) -> str:
    id_: str = answer["ResponseMetadata"]["RequestId"]
    return id_


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Auditor:
    """Reads, and notes findings."""

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.findings: list[dict[str, Any]] = []
        self.names = learner.attempt.accounts

    def audit(self) -> list[dict[str, Any]]:
        for name in self.names:
            self._account(name)
        self._organization()
        return self.findings

    def _note(self, fault: str, account: str, subject: str, *evidence: str) -> None:
        self.findings.append(
            {"fault": fault, "account": self.names[account], "subject": subject, "evidence": list(evidence)}
        )

    def _account(self, name: str) -> None:
        iam = self.learner.client("iam", name)
        summary = iam.get_account_summary()
        if summary["SummaryMap"]["AccountAccessKeysPresent"]:
            self._note("root-key", name, self.names[name], _id(summary))
        rules = iam.get_account_password_policy()
        if rules["PasswordPolicy"]["MinimumPasswordLength"] < 14:
            self._note("weak-passwords", name, self.names[name], _id(rules))
        contact = self.learner.client("account", name)
        try:
            contact.get_alternate_contact(AlternateContactType="SECURITY")
        except contact.exceptions.ResourceNotFoundException as error:
            self._note("no-contact", name, self.names[name], error.response["ResponseMetadata"]["RequestId"])
        self._report(name, iam)
        self._details(name, iam)

    def _report(self, name: str, iam: Any) -> None:
        while iam.generate_credential_report()["State"] != "COMPLETE":
            pass
        answer = iam.get_credential_report()
        for row in csv.DictReader(StringIO(answer["Content"].decode())):
            if row["user"] in ("<root_account>", *WAY_IN):
                continue
            if row["password_enabled"] == "true" and row["mfa_active"] == "false":
                self._note("no-mfa", name, row["user"], _id(answer))
            keys = [n for n in ("1", "2") if row[f"access_key_{n}_active"] == "true"]
            if len(keys) > 1:
                self._note("two-keys", name, row["user"], _id(answer))
            begun = self.learner.attempt.started_at
            ages = [(begun - datetime.fromisoformat(row[f"access_key_{n}_last_rotated"])).days for n in keys]
            if any(age >= 90 for age in ages):
                self._note("old-key", name, row["user"], _id(answer))

    def _details(self, name: str, iam: Any) -> None:
        details = iam.get_account_authorization_details()
        assert not details["IsTruncated"]
        id_, groups = _id(details), {one["GroupName"]: one for one in details["GroupDetailList"]}
        for user in details["UserDetailList"]:
            if user["UserName"] in WAY_IN:
                continue
            if user.get("UserPolicyList") or user["AttachedManagedPolicies"]:
                self._note("direct-policy", name, user["UserName"], id_)
            allowed = {
                action
                for group in user["GroupList"]
                for policy in groups[group]["GroupPolicyList"]
                for one in policy["PolicyDocument"]["Statement"]
                for action in _listed(one["Action"])
            }
            if {"iam:PassRole", "lambda:CreateFunction"} <= allowed:
                self._note("escalation", name, user["UserName"], id_)
        for policy in details["Policies"]:
            if policy["Arn"].split(":")[4] == self.names[name]:
                document = next(one for one in policy["PolicyVersionList"] if one["IsDefaultVersion"])["Document"]
                if any(one["Action"] == "*" and one["Resource"] == "*" for one in document["Statement"]):
                    self._note("star-policy", name, policy["PolicyName"], id_)
        for role in details["RoleDetailList"]:
            if not role["Path"].startswith("/aws-service-role/"):
                self._trust(name, role, id_)

    def _trust(self, name: str, role: dict[str, Any], id_: str) -> None:
        for one in role["AssumeRolePolicyDocument"]["Statement"]:
            principal, condition = one["Principal"], json.dumps(one.get("Condition", {}))
            for trusted in _listed(principal.get("AWS", [])):
                if trusted == "*":
                    self._note("trusts-everybody", name, role["RoleName"], id_)
                elif trusted.split(":")[4] not in self.names.values():
                    self._note("trusts-stranger", name, role["RoleName"], id_)
            if "Federated" in principal and ":sub" not in condition:
                self._note("open-federation", name, role["RoleName"], id_)

    def _organization(self) -> None:
        organizations = self.learner.client("organizations")
        members = {id_: name for name, id_ in self.names.items()}
        root = organizations.list_roots()["Roots"][0]["Id"]
        below = organizations.list_accounts_for_parent(ParentId=root)
        for one in below["Accounts"]:
            if members[one["Id"]] != "management":
                self._note("in-root", members[one["Id"]], one["Id"], _id(below))
        for id_, name in members.items():
            tags = organizations.list_tags_for_resource(ResourceId=id_)
            if "Owner" not in {one["Key"] for one in tags["Tags"]}:
                self._note("no-owner", name, id_, _id(tags))
            attached = organizations.list_policies_for_target(TargetId=id_, Filter="SERVICE_CONTROL_POLICY")
            if name != "management" and "trail-guard" not in {one["Name"] for one in attached["Policies"]}:
                self._note("unguarded", name, id_, _id(attached))
        for one in self._delegated(organizations):
            self._note("stray-administrator", *one)

    def _delegated(self, organizations: Any) -> Iterator[tuple[str, str, str]]:
        members = {id_: name for name, id_ in self.names.items()}
        for one in organizations.list_delegated_administrators()["DelegatedAdministrators"]:
            answer = organizations.list_delegated_services_for_account(AccountId=one["Id"])
            for service in answer["DelegatedServices"]:
                if members[one["Id"]] != "security":
                    yield members[one["Id"]], service["ServicePrincipal"], _id(answer)
