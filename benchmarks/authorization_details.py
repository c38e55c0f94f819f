"""How long a page of GetAccountAuthorizationDetails takes in an account as large as AWS's quotas let it be.

    python benchmarks/authorization_details.py

5,000 users, 300 groups, 1,000 roles in as many instance profiles, 1,500 policies of 1.5 kB with two versions. Every
page of up to 1,000 items is made in the process, without sockets: authorised, put together, rendered. Times are CPU
time of the thread.
"""

import asyncio
import gc
import json
import os
import re
import statistics
import tempfile
import urllib.parse
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from remit.directory import groups, instance_profiles, policies, roles, users
from remit.directory.accounts import ACCOUNTS
from remit.directory.attachments import attach, put_inline
from remit.directory.principals import bind_principals
from remit.endpoint.compose import Endpoint, compose
from remit.endpoint.settings import read_settings
from remit.request import HttpRequest, HttpResponse
from remit.store import Answer, Transaction

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
STATEMENT = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject", "dynamodb:Query"],
    "Resource": "arn:aws:s3:::bucket/team/*",
    "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["red", "blue"]}},
}
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT] * 8})
SMALL = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def fill(tx: Transaction) -> Answer[None]:
    """Put everything into the account."""
    (account,) = (account.id for account in tx.all(ACCOUNTS))
    trust = bind_principals(tx, TRUST, "aws")
    made = [
        policies.create_policy(tx, account, f"p{number}", path="/", document=DOCUMENT, at=AT, tags={})
        for number in range(1_500)
    ]
    for policy in made:
        policies.add_version(tx, policy, DOCUMENT, set_as_default=True, at=AT)
    for number in range(300):
        group = groups.create_group(tx, account, f"g{number}", path="/", at=AT)
        attach(tx, group, made[number])
    for number in range(4_999):  # the administrator is the other one
        user = users.create_user(tx, account, f"u{number}", path="/", at=AT, tags={"team": "red", "stage": "prod"})
        groups.add_member(tx, groups.group(tx, account, f"g{number % 300}"), user)
        put_inline(tx, users.user(tx, account, user.name), "own", SMALL)
        attach(tx, users.user(tx, account, user.name), made[number % 1_500])
    for number in range(1_000):
        role = roles.create_role(tx, account, f"r{number}", path="/", trust=trust, at=AT, tags={"team": "red"})
        put_inline(tx, role, "own", SMALL)
        attach(tx, roles.role(tx, account, role.name), made[number])
        profile = instance_profiles.create_instance_profile(tx, account, f"i{number}", path="/", at=AT, tags={})
        instance_profiles.put_role(tx, profile, role.id)
    return Answer(None)


def signed(endpoint: Endpoint, marker: str) -> HttpRequest:
    """Return a request for the page that begins at *marker*."""
    key = endpoint.founded.administrator
    assert key is not None
    asked = {"Action": "GetAccountAuthorizationDetails", "Version": "2010-05-08", "MaxItems": "1000"}
    body = urllib.parse.urlencode(asked | ({"Marker": marker} if marker else {})).encode()
    headers = {"Host": "h", "Content-Type": "application/x-www-form-urlencoded"}
    request = AWSRequest("POST", "http://h/", data=body, headers=headers)
    SigV4Auth(Credentials(key.access_key_id, key.secret.reveal()), "iam", "us-east-1").add_auth(request)
    return HttpRequest("POST", "/", "", {name.lower(): value for name, value in request.headers.items()}, body, "::1")


async def pages(endpoint: Endpoint) -> list[tuple[float, int]]:
    """Ask for every page; return the milliseconds of CPU time and the bytes of each."""
    figures: list[tuple[float, int]] = []
    marker = ""
    while True:
        answered: asyncio.Future[HttpResponse] = asyncio.get_running_loop().create_future()
        request = signed(endpoint, marker)
        began = thread_time()
        endpoint.handler.handle(request, answered.set_result)
        answer = await answered
        figures.append(((thread_time() - began) * 1_000, len(answer.body)))
        found = re.search(rb"<Marker>([^<]*)</Marker>", answer.body)
        assert answer.status == 200, answer.body
        if found is None:
            return figures
        marker = found[1].decode()


async def measure(folder: str) -> None:
    settings, _ = read_settings({"data": Path(folder)}, {}, Path(os.devnull))
    endpoint = compose(settings)
    filled = endpoint.database.execute(fill)
    if asyncio.isfuture(filled):
        await filled
    await pages(endpoint)
    gc.collect()
    gc.freeze()  # as the server does
    figures = await pages(endpoint)
    times = [milliseconds for milliseconds, _ in figures]
    print(f"{len(figures)} pages, {sum(size for _, size in figures) / 1e6:.1f} MB")
    print(f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms; bar: 50 ms each")
    await endpoint.database.close()


def main() -> None:
    """Make the account in a temporary folder, and print the figures."""
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as folder:
        asyncio.run(measure(folder))


if __name__ == "__main__":
    main()
