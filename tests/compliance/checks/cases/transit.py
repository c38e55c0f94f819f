import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

ARN, LISTENERS = "arn:aws:elb:b", "elbv2:DescribeListeners LoadBalancerArn=arn:aws:elb:b"
NEW, OLD = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-2016-08"
FORWARD = {"Type": "forward"}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
BACK = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTP", "StatusCode": "HTTP_301"}}


def balancer(*listeners, kind="application"):
    return {
        "elbv2:DescribeLoadBalancers": {"LoadBalancers": [{"LoadBalancerArn": ARN, "Type": kind}]},
        LISTENERS: {"Listeners": list(listeners)},
        "elbv2:DescribeSSLPolicies": {
            "SslPolicies": [
                {"Name": NEW, "SslProtocols": ["TLSv1.2", "TLSv1.3"]},
                {"Name": OLD, "SslProtocols": ["TLSv1", "TLSv1.1", "TLSv1.2"]},
            ]
        },
    }


def listener(protocol, *actions, port=80, **more):
    return {"Protocol": protocol, "Port": port, "DefaultActions": list(actions), **more}


HTTPS = listener("HTTPS", FORWARD, port=443, SslPolicy=NEW)


def certificate(ends, users=("arn:lb",)):
    described = {"NotAfter": ends, "InUseBy": list(users)} if ends else {"InUseBy": list(users)}
    return {
        "acm:ListCertificates": {"CertificateSummaryList": [{"CertificateArn": "arn:c"}]},
        "acm:DescribeCertificate CertificateArn=arn:c": {"Certificate": described},
    }


def databases(*instances, clusters=(), **groups):
    answers = {"rds:DescribeDBInstances": {"DBInstances": list(instances)}}
    answers["rds:DescribeDBClusters"] = {"DBClusters": list(clusters)}
    for name, parameters in groups.items():
        answers[f"rds:DescribeDBParameters DBParameterGroupName={name}"] = {"Parameters": parameters}
        answers[f"rds:DescribeDBClusterParameters DBClusterParameterGroupName={name}"] = {"Parameters": parameters}
    return answers


def database(engine="postgres", status="in-sync", **more):
    group = {"DBParameterGroupName": "g", "ParameterApplyStatus": status}
    return {
        "DBInstanceIdentifier": "d",
        "DBInstanceArn": "arn:d",
        "Engine": engine,
        "DBParameterGroups": [group],
        **more,
    }


CLUSTER = {"DBClusterArn": "arn:c", "Engine": "aurora-mysql", "DBClusterParameterGroup": "g"}


def parameter(name="rds.force_ssl", **value):
    return [{"ParameterName": "other"}, {"ParameterName": name, **value}]


ON, OFF = parameter(ParameterValue="1"), parameter(ParameterValue="0")
MYSQL_ON = parameter("require_secure_transport", ParameterValue="ON")
MYSQL_UNSET = parameter("require_secure_transport")


def bucket(*statements):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {
        "s3:ListBuckets": {"Buckets": [{"Name": "b"}]},
        "s3:GetBucketPolicy Bucket=b": {"Policy": text} if statements else "NoSuchBucketPolicy",
    }


BOTH = ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": BOTH,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ROLE = "arn:aws:iam::111122223333:role/old"
SPARING = {
    "Bool": {"aws:SecureTransport": "false"},
    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/legacy/*"},
}

CASES = (
    Case("enc.tls.elb", PASS, balancer(listener("HTTP", REDIRECT), HTTPS), "80, 443"),
    Case("enc.tls.elb", PASS, balancer(listener("TLS", FORWARD, port=6379), kind="network")),
    Case("enc.tls.elb", FAIL, balancer(HTTPS, listener("HTTP", FORWARD)), "port 80 without TLS"),
    Case("enc.tls.elb", FAIL, balancer(listener("HTTP", BACK))),
    Case("enc.tls.elb", UNKNOWN, {**balancer(), LISTENERS: "AccessDenied"}),
    Case("enc.tls.elb", UNKNOWN, balancer({"Port": 80})),
    Case("enc.tls.elb", NA, balancer(listener("TCP", FORWARD), kind="network")),
    Case("enc.tls.elb", NA, balancer(listener("GENEVE"), kind="gateway")),
    Case("enc.tls.elb", NA, balancer()),
    Case("enc.tls.version", PASS, balancer(HTTPS)),
    Case("enc.tls.version", FAIL, balancer(HTTPS | {"SslPolicy": OLD}), "speaks TLSv1, TLSv1.1"),
    Case("enc.tls.version", UNKNOWN, balancer(HTTPS | {"SslPolicy": "Other"}), "of which nothing is known"),
    Case("enc.tls.version", UNKNOWN, {**balancer(HTTPS), "elbv2:DescribeSSLPolicies": "AccessDenied"}),
    Case("enc.tls.version", NA, balancer(listener("HTTP", REDIRECT))),
    Case("enc.tls.cert", PASS, certificate("2026-12-29T12:00:01Z")),
    Case("enc.tls.cert", FAIL, certificate("2026-12-29T12:00:00Z"), "in 30 days"),
    Case("enc.tls.cert", FAIL, certificate("2026-11-29T12:00:00Z"), "expired on 2026-11-29"),
    Case("enc.tls.cert", UNKNOWN, certificate("")),
    Case("enc.tls.cert", NA, certificate("2020-01-01T00:00:00Z", ())),
    Case("enc.rds.tls", PASS, databases(database(), g=ON), "rds.force_ssl is 1"),
    Case("enc.rds.tls", PASS, databases(database("mysql"), g=MYSQL_ON)),
    Case(
        "enc.rds.tls",
        PASS,
        databases(database("aurora-mysql", DBClusterIdentifier="c"), clusters=[CLUSTER], g=MYSQL_ON),
    ),
    Case("enc.rds.tls", FAIL, databases(database(), g=OFF), "rds.force_ssl is 0"),
    Case("enc.rds.tls", FAIL, databases(clusters=[CLUSTER], g=MYSQL_UNSET), "is not set"),
    Case("enc.rds.tls", UNKNOWN, databases(database(), g=[]), "does not list rds.force_ssl"),
    Case("enc.rds.tls", UNKNOWN, databases(database(status="pending-reboot"), g=ON), "restart the database"),
    Case("enc.rds.tls", UNKNOWN, databases(database()), "not in the snapshot"),
    Case("enc.rds.tls", NA, databases(database("oracle-se2"), g=ON)),
    Case("enc.rds.tls", NA, databases()),
    Case("enc.tls.s3", PASS, bucket(DENY), "nobody may come without TLS"),
    Case("enc.tls.s3", PASS, bucket(DENY, {**DENY, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}})),
    Case("enc.tls.s3", FAIL, bucket(), "has no policy: nothing refuses requests without TLS"),
    Case("enc.tls.s3", FAIL, bucket({**DENY, "Resource": BOTH[1]}), "may s3:ListBucket on arn:aws:s3:::b"),
    Case("enc.tls.s3", FAIL, bucket({**DENY, "Action": "s3:Get*"}), "may s3:PutObject on"),
    Case("enc.tls.s3", FAIL, bucket({**DENY, "Principal": {"AWS": ROLE}})),
    Case("enc.tls.s3", FAIL, bucket({**DENY, "Condition": SPARING}), ":role/legacy/"),
    Case("enc.tls.s3", FAIL, bucket({**DENY, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}})),
    Case("enc.tls.s3", UNKNOWN, {**bucket(DENY), "s3:GetBucketPolicy Bucket=b": "AccessDenied"}),
    Case("enc.tls.s3", UNKNOWN, {**bucket(DENY), "s3:GetBucketPolicy Bucket=b": {"Policy": '{"Statement": 1}'}}),
    Case("enc.tls.s3", NA, {"s3:ListBuckets": {"Buckets": []}}),
)
