"""Users, groups and roles for tests, made in one line."""

from directory.conftest import AT, OWN

from remit.directory.groups import Group, create_group
from remit.directory.policies import Policy, create_policy
from remit.directory.roles import Role, create_role
from remit.directory.users import User, create_user
from remit.ids import AccountId
from remit.store import Transaction

ALLOW = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'


def a_user(tx: Transaction, name: str = "ana", account: AccountId = OWN, path: str = "/") -> User:
    return create_user(tx, account, name, path=path, at=AT, tags={})


def a_group(tx: Transaction, name: str = "team", account: AccountId = OWN, path: str = "/") -> Group:
    return create_group(tx, account, name, path=path, at=AT)


def a_role(
    tx: Transaction, name: str = "builder", account: AccountId = OWN, path: str = "/", trust: str = "{}"
) -> Role:
    return create_role(tx, account, name, path=path, trust=trust, at=AT, tags={})


def a_policy(tx: Transaction, name: str = "read", account: AccountId = OWN, path: str = "/") -> Policy:
    return create_policy(tx, account, name, path=path, document=ALLOW, at=AT, tags={})
