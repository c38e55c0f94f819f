"""The matrix of many accounts, one answer that changes, and a snapshot of moto.

python benchmarks/compliance.py [--accounts 1000]

An account is taken from a moto server with 5 instances, 10 buckets, 20 users with keys, 10 roles, groups, keys and
tables, in two regions; the others are copies of it under other ids.
"""

import argparse
import gc
import json
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import boto3
from motos import moto_server

from remit.clock import SystemClock
from remit.compliance.checks import CHECKS
from remit.compliance.collecting import collect
from remit.compliance.model.inventory import READS as INVENTORY
from remit.compliance.snapshots import Answer, Shelf, Snapshot, Status
from remit.compliance.snapshots.files import write
from remit.compliance.status.laid_down import LaidDown
from remit.compliance.status.scope import Scope
from remit.compliance.status.tree import READS as TREE
from remit.ids import Secret
from remit.wire.reader import Reader

REGIONS = ("eu-west-1", "us-east-1")
NAMES = frozenset(name for check in CHECKS.values() for name in check.reads) | INVENTORY | TREE
ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}]}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)


def client(endpoint, service, region="us-east-1"):
    return boto3.client(
        service, endpoint_url=endpoint, region_name=region, aws_access_key_id="a", aws_secret_access_key="b"
    )


def furnish(endpoint):
    iam, s3 = client(endpoint, "iam"), client(endpoint, "s3")
    iam.create_group(GroupName="g")
    policy = iam.create_policy(PolicyName="p", PolicyDocument=ALLOW)["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="g", PolicyArn=policy)
    for number in range(20):
        iam.create_user(UserName=f"user-{number}")
        iam.add_user_to_group(GroupName="g", UserName=f"user-{number}")
        iam.create_access_key(UserName=f"user-{number}")
    for number in range(10):
        iam.create_role(RoleName=f"role-{number}", AssumeRolePolicyDocument=TRUST)
        iam.put_role_policy(RoleName=f"role-{number}", PolicyName="p", PolicyDocument=ALLOW)
        s3.create_bucket(Bucket=f"bucket-{number}")
    for region in REGIONS:
        ec2 = client(endpoint, "ec2", region)
        ec2.run_instances(ImageId="ami-12c6146b", MinCount=5, MaxCount=5)
        for number in range(5):
            client(endpoint, "kms", region).create_key()
            client(endpoint, "dynamodb", region).create_table(
                TableName=f"table-{number}",
                KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
            )
            client(endpoint, "sqs", region).create_queue(QueueName=f"queue-{number}")


def copies(shelf, pattern, count):
    for number in range(count):
        account = f"{200_000_000_000 + number}"
        answers = {
            replace_in(read, pattern.header.account, account): renamed(answer, pattern.header.account, account)
            for read, answer in pattern.answers.items()
        }
        taken = Snapshot(replace(pattern.header, account=account), answers)
        shelf.unfinished(account)
        write(taken, shelf.place(taken.header))


def replace_in(read, old, new):
    return read._replace(params=tuple((name, value.replace(old, new)) for name, value in read.params))


def renamed(answer: Answer, old: str, new: str) -> Answer:
    text = answer.text.replace(old, new)
    return answer._replace(text=text, sha256=sha256(text.encode()).hexdigest()) if text else answer


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--accounts", type=int, default=1000)
    count = asked.parse_args().accounts
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        with moto_server() as endpoint:
            furnish(endpoint)
            started = time.perf_counter()
            reader = Reader(endpoint, "us-east-1", "a", Secret("b"), rate=1000)
            taken = collect(reader, shelf, SystemClock(), names=NAMES, regions=REGIONS).snapshot
            seconds = time.perf_counter() - started
        answers = taken.answers.values()
        good = sum(answer.status in (Status.ANSWERED, Status.ABSENT) for answer in answers)
        print(f"snapshot of moto: {len(taken.answers)} reads in {seconds:.1f} s (bar: 10), {good} answered")
        shelf.place(taken.header).unlink()
        copies(shelf, taken, count)
        gc.set_threshold(100_000, 50, 100)  # as the commands do
        gc.freeze()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        scope = Scope(shelf, taken.header.taken_at + timedelta(hours=1), LaidDown())
        kept, cpu = [], time.process_time()
        for evaluation in scope.evaluations():
            kept += [row.without_evidence() for row in evaluation.rows(scope.at)]
        cpu = time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"matrix of {len(scope.model.rows)} rows, {len(CHECKS)} checks, {count:,} accounts: {cpu:.1f} s of CPU")
        print(
            f"  {1000 * cpu / count:.1f} ms an account (bar: 20), "
            f"{peak / 1024:.0f} MB at most, {before / 1024:.0f} before"
        )
        kept.clear()  # who watches an account has no matrix of thousands in memory, for the collector to look through
        gc.collect()
        changed(scope)


def changed(scope):
    evaluation = next(scope.evaluations())
    evaluation.rows(scope.at)
    milliseconds = []
    for read, answer in evaluation.facts.snapshot.answers.items():
        started = time.process_time()
        evaluation.with_answer(read, answer._replace(status=Status.DENIED, text="", sha256="")).rows(scope.at)
        milliseconds.append(1000 * (time.process_time() - started))
    print(
        f"one answer that changed: median {statistics.median(milliseconds):.2f} ms of CPU, "
        f"longest {max(milliseconds):.2f} ms (bar: 10), of {len(milliseconds)} reads"
    )


if __name__ == "__main__":
    main()
