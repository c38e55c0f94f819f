"""An organization whose management account is the one that a new Remit begins with."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from composed import Composed

from remit.ids import Secret
from remit.testing import Identity


class World:
    """An organization.

    Attributes:
        api: a client of its management account.
        root: the root's id.
    """

    def __init__(self, remit: Composed) -> None:
        self.remit = remit
        self.api = remit.client("organizations")
        self.organization = self.api.create_organization(FeatureSet="ALL")["Organization"]
        self.root: str = self.api.list_roots()["Roots"][0]["Id"]

    @property
    def id(self) -> str:
        """The organization's id."""
        found: str = self.organization["Id"]
        return found

    def account(self, name: str = "dev") -> str:
        """Create an account; return its id."""
        status = self.api.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
        return str(status["AccountId"])

    def inside(self, account: str) -> Identity:
        """Return the credentials of an administrator's session in a member account."""
        sts = self.remit.client("sts")
        arn = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        found = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return identity_of(found, self.remit)

    def member(self, account: str) -> Any:
        """Return a client of Organizations in a member account."""
        return self.remit.client("organizations", self.inside(account))

    def unit(self, name: str = "Prod", parent: str = "") -> str:
        """Make a unit; return its id."""
        made = self.api.create_organizational_unit(ParentId=parent or self.root, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def policy(self, content: str, type_: str = "SERVICE_CONTROL_POLICY", name: str = "p") -> str:
        """Make a policy; return its id."""
        made = self.api.create_policy(Content=content, Description="", Name=name, Type=type_)
        return str(made["Policy"]["PolicySummary"]["Id"])


def identity_of(credentials: Any, remit: Composed) -> Identity:
    """Return temporary credentials as an identity."""
    secret, token = Secret(credentials["SecretAccessKey"]), credentials["SessionToken"]
    return Identity("", credentials["AccessKeyId"], secret, token, remit.admin.endpoint)


@pytest.fixture
def world(remit: Composed) -> World:
    return World(remit)


def refusal(call: Callable[[], Any]) -> tuple[str, str]:
    """Return the code of a refusal, and its reason; empty for none."""
    with pytest.raises(ClientError) as caught:
        call()
    response: Any = caught.value.response
    return response["Error"]["Code"], response.get("Reason", "")
