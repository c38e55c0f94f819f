"""Facts say what stands against a change; a service puts them into its own words."""

import pytest

from remit.directory.facts import (
    LIMITS,
    AlreadyExists,
    CodeRefused,
    DirectoryFact,
    Hindrance,
    InUse,
    InvalidPrincipal,
    NotFound,
    NotSupported,
    Noun,
    OneTimeCodeRefused,
    PasswordRefused,
    PasswordRule,
    Quota,
    QuotaExceeded,
    ReadOnly,
    RegionRefused,
    StateRefused,
    SuffixRefused,
    TemplateRefused,
    limit,
)


def test_every_quota_has_a_limit() -> None:
    assert set(LIMITS) == set(Quota)
    assert min(LIMITS.values()) >= 0  # nobody pays for others before its quota was raised


# Source: `iam-sts` reference, section 17.
@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("UsersPerAccount", 5_000),
        ("GroupsPerAccount", 300),
        ("RolesPerAccount", 1_000),
        ("InstanceProfilesPerAccount", 1_000),
        ("InstanceSessionsPerInstanceProfile", 1),
        ("PoliciesPerAccount", 1_500),
        ("PoliciesPerRole", 10),
        ("PoliciesPerUser", 10),
        ("PoliciesPerGroup", 10),
        ("ACLSizePerRole", 2_048),
        ("PolicySize", 6_144),
        ("UserPolicySize", 2_048),
        ("GroupPolicySize", 5_120),
        ("RolePolicySize", 10_240),
        ("VersionsPerPolicy", 5),
        ("GroupsPerUser", 10),
        ("AccessKeysPerUser", 2),
        ("TagsPerResource", 50),
        ("MFADevicesPerUser", 8),
        ("VirtualMFADevicesPerAccount", 5_000),
        ("CertificatesPerUser", 2),
        ("PolicyVersionsInUse", 10_000),
        ("ServerCertificatesPerAccount", 20),
        ("SSHPublicKeysPerUser", 5),
        ("ServiceSpecificCredentialsPerUser", 2),
        ("ConcurrentRegionOptRequestsPerAccount", 6),
        ("ConcurrentRegionOptRequestsPerOrganization", 50),
        ("OneTimeCodesPer30Seconds", 3),
    ],
)
def test_the_quotas_are_awss(name: str, most: int) -> None:
    assert LIMITS[Quota(name)] == most
    limit(Quota(name), most)
    with pytest.raises(QuotaExceeded) as fact:
        limit(Quota(name), most + 1, "ana")
    assert (fact.value.quota, fact.value.limit, fact.value.name) == (name, most, "ana")
    assert str(fact.value) == f"{name} is {most}"


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (NotFound(Noun.USER, "ana"), "no user `ana`"),
        (NotFound(Noun.POLICY_VERSION, "v2", within="arn"), "no policy version `v2`"),
        (AlreadyExists(Noun.ROLE, "builder"), "role `builder` exists"),
        (QuotaExceeded(Quota.USERS), "UsersPerAccount is 5000"),
        (InUse(Noun.GROUP, Hindrance.MEMBERS), "group still has members"),
        (StateRefused("one", "REJECTED"), "`one` is REJECTED"),
        (TemplateRefused("The parameter team is required."), "The parameter team is required."),
        (SuffixRefused("batch.amazonaws.com"), "`batch.amazonaws.com` has one role"),
        (ReadOnly(Noun.POLICY, "ReadOnlyAccess", "delete"), "policy `ReadOnlyAccess` belongs to AWS"),
        (InvalidPrincipal("AWS", "arn"), "no principal `arn`"),
        (PasswordRefused(PasswordRule.LENGTH, 8), "the password breaks a rule: minimum length (8)"),
        (PasswordRefused(PasswordRule.REUSE), "the password breaks a rule: not a former one"),
        (NotSupported("s3.amazonaws.com"), "no credentials of its own has `s3.amazonaws.com`"),
        (CodeRefused("GAHT1"), "not a code of MFA device `GAHT1`"),
        (OneTimeCodeRefused("111122223333"), "not the code that was sent for account `111122223333`"),
        (
            RegionRefused("111122223333", "af-south-1", is_changing=True),
            "`af-south-1` of account `111122223333` is being changed",
        ),
        (
            RegionRefused("111122223333", "us-east-1", is_changing=False),
            "`us-east-1` of account `111122223333` is so already",
        ),
    ],
)
def test_a_fact_is_said_in_one_line(fact: DirectoryFact, text: str) -> None:
    assert str(fact) == text


def test_there_is_no_other_kind_of_fact() -> None:
    found = DirectoryFact.__subclasses__()
    kinds = {kind.__name__ for kind in found if kind.__module__ == DirectoryFact.__module__}

    assert kinds == {
        "NotFound",
        "AlreadyExists",
        "QuotaExceeded",
        "InUse",
        "ReadOnly",
        "InvalidPrincipal",
        "NotSupported",
        "PasswordRefused",
        "CodeRefused",
        "SuffixRefused",
        "TemplateRefused",
        "StateRefused",
        "OneTimeCodeRefused",
        "RegionRefused",
    }
