from check_cases import FAIL, NA, PASS, UNKNOWN, Case

DESCRIBED = "organizations:DescribeOrganization"
ALONE = {DESCRIBED: "AWSOrganizationsNotInUseException"}
IN_ONE = {DESCRIBED: {"Organization": {"MasterAccountId": "999999999999"}}}
AGREEMENTS = "artifact:ListCustomerAgreements"
HEALTH = {
    "organizations:ListTagsForResource ResourceId=111122223333": {"Tags": [{"Key": "DataClass", "Value": "health"}]}
}
OTHER = {"organizations:ListTagsForResource ResourceId=111122223333": {"Tags": []}}


def agreement(name="Business associate addendum", **members):
    usual = {"arn": name, "name": name, "state": "ACTIVE", "effectiveStart": "2026-01-02T00:00:00Z"}
    return {**usual, **members}


def held(*agreements):
    return {AGREEMENTS: {"customerAgreements": list(agreements)}}


OF_ALL = agreement("AWS Organizations Business Associate Addendum", organizationArn="o")

CASES = (
    Case("agr.baa", PASS, {**IN_ONE, **held(agreement())}, "of the account is in force since 2026-01-02", HEALTH),
    Case("agr.baa", PASS, {**IN_ONE, **held(OF_ALL)}, "of the organization", HEALTH),
    Case("agr.baa", FAIL, {**IN_ONE, **held()}, "no business associate addendum", HEALTH),
    Case("agr.baa", FAIL, {**IN_ONE, **held(agreement("Data processing addendum"))}, organization=HEALTH),
    Case("agr.baa", FAIL, {**IN_ONE, **held(agreement(state="CUSTOMER_TERMINATED"))}, organization=HEALTH),
    Case("agr.baa", FAIL, {**IN_ONE, **held(agreement(effectiveEnd="2026-11-29T12:00:00Z"))}, organization=HEALTH),
    Case("agr.baa", UNKNOWN, {**IN_ONE, AGREEMENTS: "AccessDeniedException"}, organization=HEALTH),
    Case("agr.baa", UNKNOWN, {**IN_ONE, **held(agreement())}),
    Case("agr.baa", NA, {**IN_ONE, **held()}, organization=OTHER),
    Case("agr.baa", NA, {**ALONE, **held()}),
    Case("agr.org", PASS, {**IN_ONE, **held(OF_ALL)}),
    Case("agr.org", PASS, {**IN_ONE, **held(OF_ALL, agreement())}),
    Case("agr.org", FAIL, {**IN_ONE, **held(agreement())}, "covers this account alone"),
    Case("agr.org", FAIL, {**IN_ONE, **held(OF_ALL, agreement("Data processing addendum"))}, "Data processing"),
    Case("agr.org", UNKNOWN, {**IN_ONE, AGREEMENTS: "AccessDeniedException"}),
    Case("agr.org", UNKNOWN, {DESCRIBED: "AccessDeniedException", **held(agreement())}),
    Case("agr.org", NA, {**IN_ONE, **held()}),
    Case("agr.org", NA, {**IN_ONE, **held(agreement("Nondisclosure agreement"))}, "for accounts only"),
    Case("agr.org", NA, {**ALONE, **held(agreement())}),
)
