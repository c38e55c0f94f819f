"""Data on the way is encrypted.

Source: `shared-responsibility` reference, 5, `enc.tls.*`, `enc.rds.tls`; API references of ELB, RDS and ACM.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from remit.compliance.checks.buckets import BUCKET_POLICY, BUCKETS, bucket_targets
from remit.compliance.checks.check import Each, Several, Subject, check
from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed, unknown
from remit.compliance.checks.outside import judged, policies
from remit.compliance.checks.proofs import ABSENT, Answer, Question, anonymous, find, members, only, outsiders
from remit.compliance.checks.resource_controls import RESOURCE_CONTROL_READS, counted, resource_controls, unless
from remit.compliance.checks.seen import Seen
from remit.policy import parse

_BALANCERS = Each("elbv2:DescribeLoadBalancers", "LoadBalancers", "LoadBalancerArn")
_LISTENERS, _TLS_POLICIES = "elbv2:DescribeListeners", "elbv2:DescribeSSLPolicies"
_SAFE = frozenset({"TLSv1.2", "TLSv1.3"})
_CERTIFICATES = Each("acm:ListCertificates", "CertificateSummaryList", "CertificateArn")
_CERTIFICATE = "acm:DescribeCertificate"
CERTIFICATE_DAYS = 30
_DATABASES = Several(
    (
        Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn"),
        Each("rds:DescribeDBClusters", "DBClusters", "DBClusterArn"),
    )
)
_PARAMETERS, _CLUSTER_PARAMETERS = "rds:DescribeDBParameters", "rds:DescribeDBClusterParameters"
# Beginning of the engine's name -> the parameter that refuses connections without TLS, and its values that do.
_REQUIRING: Mapping[str, tuple[str, frozenset[str]]] = {
    "postgres": ("rds.force_ssl", frozenset({"1"})),
    "aurora-postgresql": ("rds.force_ssl", frozenset({"1"})),
    "sqlserver": ("rds.force_ssl", frozenset({"1"})),
    "mysql": ("require_secure_transport", frozenset({"1", "ON"})),
    "mariadb": ("require_secure_transport", frozenset({"1", "ON"})),
    "aurora-mysql": ("require_secure_transport", frozenset({"1", "ON"})),
}


def _listeners(balancer: Subject, seen: Seen) -> Iterable[Mapping[str, Any]]:
    return seen.items(_LISTENERS, "Listeners", balancer.region, LoadBalancerArn=balancer["LoadBalancerArn"])


@check("enc.tls.elb", version=1, each=_BALANCERS, reads=(_LISTENERS,))
def listeners(balancer: Subject, seen: Seen) -> Judgement:
    """Load balancers listen for TLS, or send whoever comes without it there."""
    if balancer["Type"] == "gateway":
        return not_applicable("passes packets on to appliances")
    encrypted: list[int] = []
    passing: list[int] = []
    for listener in _listeners(balancer, seen):
        match listener["Protocol"]:
            case "HTTPS" | "TLS":
                encrypted.append(listener["Port"])
            case "HTTP":
                if not all(_leads_to_tls(action) for action in listener["DefaultActions"]):
                    return failed(f"listens on port {listener['Port']} without TLS and sends nobody to HTTPS")
                encrypted.append(listener["Port"])
            case _:
                passing.append(listener["Port"])
    if encrypted:
        return passed(f"uses TLS, or leads to it, on ports {', '.join(map(str, sorted(encrypted)))}")
    if passing:
        return not_applicable("passes connections on as they are: whether they are encrypted is up to the targets")
    return not_applicable("has no listener")


def _leads_to_tls(action: Mapping[str, Any]) -> bool:
    return bool(action["Type"] == "redirect" and action["RedirectConfig"].get("Protocol") == "HTTPS")


@check("enc.tls.version", version=1, each=_BALANCERS, reads=(_LISTENERS, _TLS_POLICIES))
def versions(balancer: Subject, seen: Seen) -> Judgement:
    """Listeners speak no TLS older than 1.2."""
    secure = [one for one in _listeners(balancer, seen) if one["Protocol"] in {"HTTPS", "TLS"}]
    if not secure:
        return not_applicable("has no listener with TLS")
    known = {
        one["Name"]: frozenset(one["SslProtocols"]) for one in seen.items(_TLS_POLICIES, "SslPolicies", balancer.region)
    }
    for listener in secure:
        name = listener["SslPolicy"]
        if name not in known:
            return unknown(f"port {listener['Port']} has the security policy {name}, of which nothing is known")
        old = sorted(known[name] - _SAFE)
        if old:
            return failed(f"port {listener['Port']} speaks {', '.join(old)}, by the security policy {name}")
    return passed("speaks TLS 1.2 and later only")


@check("enc.tls.cert", version=1, each=_CERTIFICATES, reads=(_CERTIFICATE,))
def certificates(certificate: Subject, seen: Seen) -> Judgement:
    """No certificate in use is about to expire."""
    arn = certificate["CertificateArn"]
    described = seen.answer(_CERTIFICATE, certificate.region, CertificateArn=arn)["Certificate"]
    if not described["InUseBy"]:
        return not_applicable("nothing uses it")
    ends = datetime.fromisoformat(described["NotAfter"])
    if ends <= seen.now:
        return failed(f"is in use and expired on {ends:%Y-%m-%d}")
    if ends <= seen.now + timedelta(days=CERTIFICATE_DAYS):
        return failed(f"is in use and expires on {ends:%Y-%m-%d}, in {(ends - seen.now).days} days")
    return passed(f"expires on {ends:%Y-%m-%d}")


@check("enc.rds.tls", version=1, each=_DATABASES, reads=(_PARAMETERS, _CLUSTER_PARAMETERS))
def databases(database: Subject, seen: Seen) -> Judgement:
    """Databases refuse connections without TLS."""
    if database.get("DBInstanceIdentifier") and database.get("DBClusterIdentifier"):
        return not_applicable("belongs to a cluster, which is judged")
    engine = database["Engine"]
    requiring = next((found for name, found in _REQUIRING.items() if engine.startswith(name)), None)
    if requiring is None:
        return not_applicable(f"no parameter of {engine} refuses connections without TLS")
    parameter, values = requiring
    if "DBInstanceIdentifier" in database.members:
        (group,) = database["DBParameterGroups"]
        name = group["DBParameterGroupName"]
        if group["ParameterApplyStatus"] != "in-sync":
            return unknown(f"the parameter group {name} is {group['ParameterApplyStatus']}: restart the database first")
        found = seen.items(_PARAMETERS, "Parameters", database.region, DBParameterGroupName=name)
    else:
        name = database["DBClusterParameterGroup"]
        found = seen.items(_CLUSTER_PARAMETERS, "Parameters", database.region, DBClusterParameterGroupName=name)
    said = next((one for one in found if one["ParameterName"] == parameter), None)
    if said is None:
        return unknown(f"the parameter group {name} does not list {parameter}")
    # Left out where the engine's own default counts, which is off.
    value = said.get("ParameterValue", "")
    if value.upper() in values:
        return passed(f"refuses connections without TLS: {parameter} is {value}")
    return failed(f"takes connections without TLS: {parameter} is {value or 'not set'}")


@check("enc.tls.s3", version=1, each=BUCKETS, reads=(BUCKET_POLICY, *RESOURCE_CONTROL_READS))
def buckets(bucket: Subject, seen: Seen) -> Judgement:
    """No request without TLS is allowed to a bucket or its objects, whoever asks."""
    answer = seen.maybe(BUCKET_POLICY, Bucket=bucket["Name"])
    controls = resource_controls(seen)
    if answer is None and not controls.levels:
        return failed(f"has no policy: nothing refuses requests without TLS{unless(controls)}")
    text = None if answer is None else answer["Policy"]

    def asked(levels: Levels = ()) -> Answer:
        own = [] if text is None else [parse(text)]
        documents = [*own, *(policy.document for level in levels for policy in level)]
        question = Question(
            callers=(*members(documents, seen.account), *outsiders(documents, (seen.account,)), anonymous()),
            targets=bucket_targets(bucket["Name"], seen),
            context={"aws:securetransport": only("false"), "s3:tlsversion": ABSENT},
        )
        return find(policies(text, levels or None), question)

    return judged(counted(asked(), seen, asked), "nobody may come without TLS")
