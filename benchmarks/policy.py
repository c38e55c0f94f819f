"""How fast policies are decided, and what it costs to get there.

    .venv/bin/python benchmarks/policy.py [--rounds 30] [--workload FILE]

One IAM user with ten AWS managed policies, a boundary, three levels of SCPs and, for a fifth of the requests, a bucket
policy; 1,000 requests of 26 actions. Policies are parsed and compiled outside of the clock; every answer is compared
with the reference's before anything is timed. A workload of the same form can be read from a file. Peers are measured
by `policy_peers.py`.
"""

import argparse
import gc
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from remit.directory.aws_managed import aws_managed_policy
from remit.policy import (
    Policies,
    Policy,
    Principal,
    PrincipalKind,
    Request,
    Resource,
    Verdict,
    evaluate,
    explain,
    folded,
    parse,
    reference,
)

ACCOUNT, USER = "111122223333", "arn:aws:iam::111122223333:user/ana"
ANA = Principal(kind=PrincipalKind.USER, arn=USER, account=ACCOUNT, id="AIDAANAEXAMPLEEXAMPLE")
MANAGED = (
    "AmazonS3ReadOnlyAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonDynamoDBFullAccess",
    "AWSLambda_FullAccess",
    "CloudWatchLogsFullAccess",
    "AmazonSQSFullAccess",
    "IAMReadOnlyAccess",
    "job-function/ViewOnlyAccess",
    "SecurityAudit",
    "AmazonRDSFullAccess",
)
FULL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
SERVICES = ["s3", "ec2", "dynamodb", "lambda", "logs", "sqs", "rds", "cloudwatch", "sns", "kms"]
BOUNDARY = [
    {
        "Effect": "Allow",
        "Action": [f"{service}:*" for service in SERVICES] + ["iam:Get*", "iam:List*"],
        "Resource": "*",
    },
    {
        "Effect": "Deny",
        "Action": "iam:*AccessKey*",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    },
]
REGIONS = {
    "Effect": "Deny",
    "NotAction": ["iam:*", "organizations:*", "route53:*", "support:*", "sts:*", "cloudfront:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
}
TLS = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
BUCKET = "arn:aws:s3:::ledger-archive"
BUCKET_POLICY = [
    {
        "Effect": "Allow",
        "Principal": {"AWS": USER},
        "Action": ["s3:PutObject", "s3:DeleteObject"],
        "Resource": f"{BUCKET}/in/${{aws:username}}/*",
    },
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [BUCKET, f"{BUCKET}/*"],
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc1234567"}},
    },
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{BUCKET}/*",
        "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}},
    },
]
# Action and resource, and how often they are asked.
ASKED = {
    ("s3:GetObject", f"{BUCKET}/2026/{{}}.csv"): 12,
    ("s3:PutObject", f"{BUCKET}/in/ana/{{}}"): 7,
    ("s3:PutObject", f"{BUCKET}/out/{{}}"): 2,
    ("s3:ListBucket", BUCKET): 5,
    ("s3:GetObject", "arn:aws:s3:::other-{}/k"): 7,
    ("dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/T{{}}"): 8,
    ("dynamodb:Query", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/T{{}}/index/x"): 9,
    ("lambda:InvokeFunction", f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f{{}}"): 5,
    ("logs:PutLogEvents", f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/app/{{}}:log-stream:s"): 5,
    ("ec2:DescribeInstances", "*"): 4,
    ("ec2:RunInstances", f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"): 4,
    ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q{{}}"): 8,
    ("rds:DescribeDBInstances", f"arn:aws:rds:us-east-1:{ACCOUNT}:db:d{{}}"): 4,
    ("sns:Publish", f"arn:aws:sns:us-east-1:{ACCOUNT}:t{{}}"): 3,
    ("kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{{}}"): 3,
    ("iam:GetUser", f"arn:aws:iam::{ACCOUNT}:user/u{{}}"): 5,
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/r{{}}"): 3,
    ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/u{{}}"): 3,
    ("cloudwatch:PutMetricData", "*"): 2,
    ("sts:AssumeRole", "arn:aws:iam::444455556666:role/r{}"): 1,
}

Asked = tuple[str | None, Request]


class Workload:
    """The policies, by the bucket policy that goes with them, and the requests."""

    def __init__(self, identity: list[Any], boundary: Any, scps: list[list[Any]], buckets: dict[str, Any]) -> None:
        self.texts = [json.dumps(document) for document in identity]
        self.identity = tuple(_policy(text, str(number)) for number, text in enumerate(self.texts))
        self.boundary = _policy(json.dumps(boundary), "boundary")
        self.scps = tuple(tuple(_policy(json.dumps(document), "scp") for document in level) for level in scps)
        self.buckets = {name: _policy(json.dumps(document), name) for name, document in buckets.items()}
        self.requests: list[Asked] = []

    def sets(self, identity: tuple[Policy, ...] | None = None) -> dict[str | None, Policies]:
        return {
            name: Policies(
                identity=self.identity if identity is None else identity,
                boundary=self.boundary,
                scps=self.scps,
                resource=None if name is None else self.buckets[name],
            )
            for name in (None, *self.buckets)
        }


def _policy(text: str, name: str) -> Policy:
    return Policy(document=parse(text), name=name)


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def own_workload() -> Workload:
    found = [aws_managed_policy(f"arn:aws:iam::aws:policy/{name}") for name in MANAGED]
    documents = [json.loads(policy.document) for policy in found if policy is not None]
    assert len(documents) == len(MANAGED)
    levels = [[_document(FULL)], [_document(FULL), _document(REGIONS)], [_document(FULL), _document(TLS)]]
    workload = Workload(documents, _document(*BOUNDARY), levels, {"ledger-archive": _document(*BUCKET_POLICY)})
    dice = random.Random(7)  # noqa: S311  # the same requests every time
    pairs = dice.choices(list(ASKED), weights=list(ASKED.values()), k=1_000)
    for number, (action, resource) in enumerate(pairs):
        arn = resource.format(number)
        account = "444455556666" if ":444455556666:" in arn else ACCOUNT
        context: dict[str, Any] = {
            "aws:CurrentTime": "2026-03-04T10:20:30Z",
            "aws:EpochTime": "1772619630",
            "aws:SecureTransport": "false" if dice.random() < 0.03 else "true",
            "aws:RequestedRegion": "ap-south-1" if dice.random() < 0.07 else dice.choice(["us-east-1", "eu-west-1"]),
            "aws:SourceIp": f"203.0.113.{number % 250}",
            "aws:userid": ANA.id,
            "aws:PrincipalArn": USER,
            "aws:PrincipalAccount": ACCOUNT,
            "aws:username": "ana",
            "aws:PrincipalOrgID": "o-abc1234567",
        }
        if action == "s3:PutObject" and dice.random() < 0.7:
            context["s3:x-amz-server-side-encryption"] = "AES256"
        request = Request(
            principal=ANA, action=action, resource=Resource(arn=arn, account=account), context=folded(context)
        )
        workload.requests.append(("ledger-archive" if arn.startswith(BUCKET) else None, request))
    return workload


def workload_of(path: Path) -> Workload:
    """Read a workload from a file; the answers it expects are checked here, once."""
    given = json.loads(path.read_text())
    workload = Workload(
        [policy["document"] for policy in given["identity"]],
        given["boundary"],
        given["scps"],
        given["resource_policies"],
    )
    who = given["principal"]
    principal = Principal(kind=PrincipalKind(who["type"]), arn=who["arn"], account=who["account"], id=who["id"])
    sets = workload.sets()
    for asked in given["requests"]:
        resource = Resource(arn=asked["resource"]["arn"], account=asked["resource"].get("account", ""))
        request = Request(
            principal=principal, action=asked["action"], resource=resource, context=folded(asked["context"])
        )
        workload.requests.append((asked.get("resource_policy"), request))
        answer = reference.decide(sets[asked.get("resource_policy")], request)
        assert answer.verdict == asked["expect"], (request, answer.verdict, asked["expect"])
    return workload


def _round(calls: Sequence[tuple[Callable[[Request], Any], Request]]) -> float:
    start = time.thread_time_ns()
    for call, request in calls:
        call(request)
    return (time.thread_time_ns() - start) / len(calls)


def _best(calls: Sequence[tuple[Callable[[Request], Any], Request]], rounds: int) -> tuple[float, float]:
    times = [_round(calls) for _ in range(rounds)]
    return min(times), statistics.median(times)


def _singles(calls: Sequence[tuple[Callable[[Request], Any], Request]], rounds: int) -> list[int]:
    clock, found = time.perf_counter_ns, []
    for _ in range(rounds):
        for call, request in calls:
            start = clock()
            call(request)
            found.append(clock() - start)
    return sorted(found)


def _at(times: list[int], share: float) -> str:
    return f"{times[int(len(times) * share)] / 1000:.2f} us"


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def decisions(workload: Workload, rounds: int) -> None:
    sets = workload.sets()
    compiled = {name: evaluate.Compiled(policies) for name, policies in sets.items()}
    start = time.perf_counter()
    answers = [compiled[name].verdict(request) for name, request in workload.requests]
    cold = time.perf_counter() - start
    expected = [reference.decide(sets[name], request).verdict for name, request in workload.requests]
    counts = {verdict.value: answers.count(verdict) for verdict in Verdict}
    assert answers == expected
    verdicts = [(compiled[name].verdict, request) for name, request in workload.requests]
    best, median = _best(verdicts, rounds)
    print(f"answers            {counts}, all as the reference's")
    print(f"verdict            {median:.0f} ns, best round {best:.0f} ns: {1000 / median:.2f} to {1000 / best:.2f} M/s")
    times = _singles(verdicts, rounds)
    p50, p99, p999 = (_at(times, share) for share in (0.5, 0.99, 0.999))
    print(f"  a single one     p50 {p50}, p99 {p99}, p99.9 {p999}, the clock included")
    best, median = _best([(compiled[name].decide, request) for name, request in workload.requests], rounds)
    print(f"decide             {median / 1000:.2f} us, best round {best / 1000:.2f} us")
    best, median = _best([(_explainer(sets[name]), request) for name, request in workload.requests], rounds // 5 + 1)
    print(f"explain            {median / 1000:.1f} us, best round {best / 1000:.1f} us")
    actions = len({request.action for _, request in workload.requests})
    print(f"first pass         {cold * 1000:.1f} ms for {len(answers)} requests of {actions} actions")


def _explainer(policies: Policies) -> Callable[[Request], Any]:
    return lambda request: explain.explain(policies, request)


def _parse_and_compile(texts: Sequence[str]) -> tuple[float, float]:
    """Return the best seconds that parsing and compiling take, every statement of every document."""
    parsing, compiling = [], []
    for _ in range(20):
        start = time.thread_time()
        documents = [parse(text) for text in texts]
        parsing.append(time.thread_time() - start)
        start = time.thread_time()
        for document in documents:
            compiled = evaluate.compiled_document(document)
            for number in range(len(document.statements)):
                compiled.statement(number)
        compiling.append(time.thread_time() - start)
    return min(parsing), min(compiling)


def compiling(workload: Workload) -> None:
    statements = sum(len(policy.document.statements) for policy in workload.identity)
    actions = sum(len(s.actions) for policy in workload.identity for s in policy.document.statements)
    parsing, compiled = _parse_and_compile(workload.texts)
    print(
        f"managed policies   parse {parsing / statements * 1e6:.0f} us, compile {compiled / statements * 1e6:.0f} us"
        f" a statement of {actions / statements:.0f} actions"
    )
    plain = [
        {
            "Sid": f"S{number}",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::b{number}", f"arn:aws:s3:::b{number}/*"],
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"t{number}"}},
        }
        for number in range(1_000)
    ]
    parsing, compiled = _parse_and_compile([json.dumps(_document(*plain))])
    print(f"plain policies     parse {parsing * 1e3:.0f} us, compile {compiled * 1e3:.0f} us a statement of 2 actions")

    request = workload.requests[0][1]
    documents = [parse(json.dumps(_document({**FULL, "Sid": f"s{number}"}))) for number in range(200)]
    sets = [
        Policies(identity=(Policy(document=document, name="x"),), boundary=workload.boundary) for document in documents
    ]
    start = time.thread_time()
    for policies in sets:
        evaluate.compile_policies(policies).verdict(request)
    print(f"first decision     {(time.thread_time() - start) / len(sets) * 1e6:.0f} us after a new policy is attached")


def scaling(workload: Workload, rounds: int) -> None:
    base = 0.0
    for times in (1, 10, 100, 1_000):
        identity = tuple(
            _policy(text + " " * (copy % 50), f"{copy}-{number}")
            for copy in range(times)
            for number, text in enumerate(workload.texts)
        )
        compiled = {name: evaluate.Compiled(policies) for name, policies in workload.sets(identity).items()}
        calls = [(compiled[name].verdict, request) for name, request in workload.requests]
        _round(calls)
        best, _ = _best(calls, rounds)
        base = base or best
        print(f"{len(identity):6} policies    {best:.0f} ns, {best / base:.2f} times")
        del identity, compiled, calls
        gc.collect()


def large_policies(rounds: int) -> None:
    shapes: dict[str, Callable[[int], dict[str, Any]]] = {
        "buckets": lambda number: {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::b{number}/*"},
        "queues": lambda number: {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:*:*:b{number}/*"},
        "tags": lambda number: {
            "Action": "s3:GetObject",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": f"t{number}"}},
        },
        "actions": lambda number: {"Action": f"s{number}:*", "Resource": "*"},
    }
    for name, shape in shapes.items():
        document = parse(json.dumps(_document(*[{"Effect": "Allow", **shape(number)} for number in range(10_000)])))
        compiled = evaluate.Compiled(Policies(identity=(Policy(document=document, name=name),)))
        calls = [
            (
                compiled.verdict,
                Request(
                    principal=ANA,
                    action="s77:Do" if name == "actions" else "s3:GetObject",
                    resource=Resource(arn=f"arn:aws:s3:::b{number}/k", account=ACCOUNT),
                    context={"aws:principaltag/team": f"t{number}"},
                ),
            )
            for number in range(0, 10_000, 50)
        ]
        assert all(call(request) is Verdict.ALLOW for call, request in calls)
        best, median = _best(calls, rounds)
        print(f"10,000 {name:<11} {best / 1000:.2f} us, median {median / 1000:.2f} us")


def memory(workload: Workload) -> None:
    gc.collect()
    before = resident_bytes()
    kept = []
    for number in range(10_000):
        own = _policy(
            json.dumps(
                _document(
                    {
                        "Effect": "Allow",
                        "Action": ["s3:*", "sqs:SendMessage"],
                        "Resource": f"arn:aws:s3:::team-{number}/*",
                    },
                    {"Effect": "Deny", "NotAction": "iam:*", "NotResource": f"arn:aws:s3:::team-{number}/*"},
                )
            ),
            f"own-{number}",
        )
        policies = Policies(
            identity=(*workload.identity[number % 5 : number % 5 + 4], own),
            boundary=workload.boundary,
            scps=workload.scps,
        )
        compiled = evaluate.Compiled(policies)
        for _, request in workload.requests[:10]:
            compiled.verdict(request)
        kept.append(compiled)
    used = resident_bytes() - before
    print(f"10,000 policy sets {used / 1e6:.0f} MB, {used / 10_000 / 1e3:.1f} kB each, ten decisions made with each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--workload", type=Path)
    options = parser.parse_args()
    workload = own_workload() if options.workload is None else workload_of(options.workload)
    decisions(workload, options.rounds)
    compiling(workload)
    scaling(workload, options.rounds)
    large_policies(options.rounds)
    memory(workload)


if __name__ == "__main__":
    main()
