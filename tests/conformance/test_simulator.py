"""The policy simulator, through an unchanged boto3: answers as AWS was recorded to give them."""

import json

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.conformance

A, B = "arn:aws:s3:::ledger/a", "arn:aws:s3:::ledger/b"
FOREIGN = "arn:aws:iam::444455556666:root"


def compact(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def statement(action, resource="*", effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


GET = compact(statement("s3:GetObject"))
GET_SPAN = {"StartPosition": {"Line": 1, "Column": 38}, "EndPosition": {"Line": 1, "Column": 95}}
INPUT_1 = {"SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "IAM Policy", **GET_SPAN}
NEEDS_KEY = compact(statement("s3:GetObject", Condition={"StringEquals": {"my:Key": "yes"}}))


def custom(server, **asked):
    asked = {"PolicyInputList": [GET], "ActionNames": ["s3:GetObject"], **asked}
    return server.client("iam").simulate_custom_policy(**asked)["EvaluationResults"]


def one(server, **asked):
    (result,) = custom(server, **asked)
    return result


# -- recorded answers, whole


def test_without_resources_the_answer_is_about_all_of_them(server):
    assert custom(server) == [
        {
            "EvalActionName": "s3:GetObject",
            "EvalResourceName": "*",
            "EvalDecision": "allowed",
            "MatchedStatements": [INPUT_1],
            "MissingContextValues": [],
        }
    ]


def test_a_user_with_one_attached_policy(server):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    text = (
        '{"Version": "2012-10-17", "Statement": {"Sid": "", "Effect": "Allow", "Action": "s3:PutObject", '
        '"Resource": "*"}}'
    )
    arn = iam.create_policy(PolicyName="put", PolicyDocument=text)["Policy"]["Arn"]
    iam.attach_user_policy(UserName="bob", PolicyArn=arn)

    allowed, denied = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{server.account}:user/bob",
        ActionNames=["s3:PutObject", "s3:GetObjectVersion"],
        ResourceArns=["arn:aws:s3:::bucket"],
    )["EvaluationResults"]

    matched = [
        {
            "SourcePolicyId": "put",
            "SourcePolicyType": "IAM Policy",
            "StartPosition": {"Line": 1, "Column": 41},
            "EndPosition": {"Line": 1, "Column": 113},
        }
    ]
    assert allowed == {
        "EvalActionName": "s3:PutObject",
        "EvalResourceName": "arn:aws:s3:::bucket",
        "EvalDecision": "allowed",
        "MatchedStatements": matched,
        "MissingContextValues": [],
        "EvalDecisionDetails": {},
        "ResourceSpecificResults": [
            {
                "EvalResourceName": "arn:aws:s3:::bucket",
                "EvalResourceDecision": "allowed",
                "MatchedStatements": matched,
                "MissingContextValues": [],
            }
        ],
    }
    assert (denied["EvalDecision"], denied["MatchedStatements"]) == ("implicitDeny", [])


def test_statements_stand_where_the_reader_was(server):
    text = (
        ' \r\n{\r\n  "Version": "2012-10-17",\r\n  "Statement": [\r\n    {\r\n      "Effect": "Allow",\r\n'
        '      "Action": "s3:GetObject",\r\n      "Resource": "*"\r\n    },\r\n    {\r\n      "Effect": "Deny",\r\n'
        '      "Action": "s3:PutObject",\r\n      "Resource": "*"\r\n    }\r\n  ]\r\n}\r\n '
    )

    first, second = custom(server, PolicyInputList=[text], ActionNames=["s3:GetObject", "s3:PutObject"])

    assert first["MatchedStatements"][0]["StartPosition"] == {"Line": 4, "Column": 17}
    assert first["MatchedStatements"][0]["EndPosition"] == {"Line": 9, "Column": 6}
    assert second["MatchedStatements"][0]["StartPosition"] == {"Line": 9, "Column": 6}
    assert second["MatchedStatements"][0]["EndPosition"] == {"Line": 14, "Column": 6}


def test_several_resources_give_the_strictest_answer_and_one_each(server):
    policy = compact(statement("s3:GetObject", A))

    result = one(server, PolicyInputList=[policy], ResourceArns=[A, B])

    each = {found["EvalResourceName"]: found for found in result["ResourceSpecificResults"]}
    assert result["EvalDecision"] == "implicitDeny"
    assert (each[A]["EvalResourceDecision"], each[B]["EvalResourceDecision"]) == ("allowed", "implicitDeny")
    assert result["MatchedStatements"] == each[A]["MatchedStatements"] != []
    assert each[B]["MatchedStatements"] == []


@pytest.mark.parametrize(
    ("policies", "decision", "missing"),
    [
        ([NEEDS_KEY], "implicitDeny", ["my:Key"]),
        ([GET, NEEDS_KEY], "allowed", []),
        ([compact(statement("s3:PutObject", Condition={"StringEquals": {"my:Key": "x"}}))], "implicitDeny", ["my:Key"]),
        ([compact(statement("s3:GetObject", Condition={"Null": {"my:Key": "true"}}))], "allowed", []),
        ([compact(statement("s3:GetObject", "arn:aws:s3:::x/${aws:username}"))], "implicitDeny", ["aws:username"]),
        ([compact(statement("s3:GetObject", effect="Deny"))], "explicitDeny", []),
    ],
)
def test_missing_keys_are_told_when_nothing_allows(server, policies, decision, missing):
    result = one(server, PolicyInputList=policies, ResourceArns=[A])

    assert (result["EvalDecision"], result["MissingContextValues"]) == (decision, missing)
    assert result["ResourceSpecificResults"][0]["MissingContextValues"] == missing


@pytest.mark.parametrize(
    ("identity", "boundary", "decision", "allowed_by", "matched"),
    [
        ("Allow", ("Allow", "s3:GetObject"), "allowed", True, ["PolicyInputList.1"]),
        ("Allow", ("Allow", "s3:PutObject"), "implicitDeny", False, []),
        ("Allow", ("Deny", "s3:GetObject"), "explicitDeny", False, ["PermissionsBoundaryPolicyInputList.1"]),
        ("Deny", ("Allow", "s3:GetObject"), "explicitDeny", True, ["PolicyInputList.1"]),
    ],
)
def test_a_boundary_is_told_apart(server, identity, boundary, decision, allowed_by, matched):
    result = one(
        server,
        PolicyInputList=[compact(statement("s3:GetObject", effect=identity))],
        PermissionsBoundaryPolicyInputList=[compact(statement(boundary[1], effect=boundary[0]))],
        ResourceArns=[A],
    )

    detail = {"AllowedByPermissionsBoundary": allowed_by}
    assert result["EvalDecision"] == decision
    assert result["PermissionsBoundaryDecisionDetail"] == detail
    assert result["ResourceSpecificResults"][0]["PermissionsBoundaryDecisionDetail"] == detail
    assert [found["SourcePolicyId"] for found in result["MatchedStatements"]] == matched


EVERYTHING = {"ServiceControlPolicyInputList": [compact(statement("*"))]}
NO_GET = {"ServiceControlPolicyInputList": [compact(statement("s3:GetObject", effect="Deny"))]}


@pytest.mark.parametrize(
    ("levels", "decision", "is_allowed"),
    [
        ([EVERYTHING, EVERYTHING], "allowed", True),
        ([EVERYTHING, NO_GET], "explicitDeny", False),
        ([EVERYTHING, {"ServiceControlPolicyInputList": [compact(statement("sqs:*"))]}], "implicitDeny", False),
    ],
)
def test_an_organization_allows_on_every_level(server, levels, decision, is_allowed):
    result = one(server, OrderedOrganizationPolicyInputList=levels)

    assert result["EvalDecision"] == decision
    assert result["OrganizationsDecisionDetail"] == {"AllowedByOrganizations": is_allowed}
    assert bool(result["MatchedStatements"]) is is_allowed
    assert "OrganizationsDecisionDetail" not in one(server)


def bucket_policy(arn):
    return compact(statement("s3:GetObject", "arn:aws:s3:::ledger/*", Principal={"AWS": arn}))


def test_a_resource_policy_may_grant_alone_within_an_account(server):
    caller = f"arn:aws:iam::{server.account}:user/nobody"

    result = one(server, PolicyInputList=[], CallerArn=caller, ResourcePolicy=bucket_policy(caller), ResourceArns=[A])

    assert result["EvalDecision"] == "allowed"
    assert result["EvalDecisionDetails"] == {}
    assert [(found["SourcePolicyId"], found["SourcePolicyType"]) for found in result["MatchedStatements"]] == [
        ("ResourcePolicy", "Resource Policy")
    ]


@pytest.mark.parametrize(
    ("policies", "boundary", "decision", "sides"),
    [
        ([GET], None, "allowed", ("allowed", "allowed")),
        ([], None, "implicitDeny", ("implicitDeny", "allowed")),
        ([GET], GET, "allowed", ("allowed", "allowed", "allowed")),
        ([GET], compact(statement("s3:PutObject")), "implicitDeny", ("allowed", "allowed", "implicitDeny")),
    ],
)
def test_both_accounts_must_allow_and_each_side_is_told(server, policies, boundary, decision, sides):
    caller = f"arn:aws:iam::{server.account}:user/nobody"
    more = {} if boundary is None else {"PermissionsBoundaryPolicyInputList": [boundary]}

    result = one(
        server,
        PolicyInputList=policies,
        CallerArn=caller,
        ResourcePolicy=bucket_policy(caller),
        ResourceOwner=FOREIGN,
        ResourceArns=[A],
        **more,
    )

    types = ("IAM Policy", "Resource Policy", "Permissions Boundary Policy")
    assert result["EvalDecision"] == decision
    assert result["EvalDecisionDetails"] == dict(zip(types, sides, strict=False))
    assert result["ResourceSpecificResults"][0]["EvalDecisionDetails"] == result["EvalDecisionDetails"]


# -- the context


@pytest.mark.parametrize(
    ("kind", "values", "operator", "wanted"),
    [
        ("string", ["red"], "StringEquals", "red"),
        ("stringList", ["red", "blue"], "ForAnyValue:StringEquals", "blue"),
        ("numeric", ["01.00"], "NumericEquals", "1"),
        ("boolean", ["TRUE"], "Bool", "true"),
        ("ip", ["2001:db8::7"], "IpAddress", "2001:db8::/32"),
        ("date", ["2035"], "DateEquals", "2035-01-01T00:00:00Z"),
        ("binary", ["YQ=="], "BinaryEquals", "YQ=="),
    ],
)
def test_context_entries_are_of_their_type(server, kind, values, operator, wanted):
    policy = compact(statement("s3:GetObject", Condition={operator: {"my:Key": wanted}}))
    entry = {"ContextKeyName": "MY:key", "ContextKeyType": kind, "ContextKeyValues": values}

    assert one(server, PolicyInputList=[policy], ContextEntries=[entry])["EvalDecision"] == "allowed"
    assert one(server, PolicyInputList=[policy])["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("key", "value"),
    [("aws:username", "nobody"), ("aws:PrincipalArn", "arn:aws:iam::123456789012:user/x/nobody")],
)
def test_the_caller_has_a_name_unless_the_context_gives_another(server, key, value):
    policy = compact(statement("s3:GetObject", Condition={"StringEquals": {key: value}}))
    caller = f"arn:aws:iam::{server.account}:user/x/nobody"
    other = {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": ["other"]}

    assert one(server, PolicyInputList=[policy], CallerArn=caller)["EvalDecision"] == "allowed"
    assert one(server, PolicyInputList=[policy], CallerArn=caller, ContextEntries=[other])["EvalDecision"] == (
        "implicitDeny"
    )
    assert one(server, PolicyInputList=[policy])["MissingContextValues"] == [key]


def entry(name="my:Key", kind="string", values=("a",)):
    found = {"ContextKeyName": name, "ContextKeyType": kind, "ContextKeyValues": list(values)}
    return {key: value for key, value in found.items() if value not in (None, [])}


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ActionNames": ["GetObject"]}, "The action is invalid since it is missing names"),
        ({"ActionNames": ["s3:Get*"]}, "The action s3:Get* is invalid since it has wildcards"),
        ({"ResourceArns": ["not-an-arn"]}, "ResourceNames are not in a valid ARN format: not-an-arn."),
        ({"ResourceArns": ["arn:aws:s3"]}, "ResourceNames are not in a valid ARN format: arn:aws:s3."),
        ({"ResourceArns": [A, "*"]}, "ResourceNames are not in a valid ARN format: *."),
        ({"PolicyInputList": [GET, "{"]}, "Policy input list item 2 has invalid content"),
        (
            {"PolicyInputList": ['{"Version":"2099-01-01","Statement":[]}']},
            "Policy input list item 1 has invalid content",
        ),
        (
            {"PermissionsBoundaryPolicyInputList": [GET, GET]},
            "The list of Permissions Boundary policies cannot exceed 1 items.",
        ),
        ({"ContextEntries": [entry(name=None)]}, "ContextKeyName cannot be null or empty."),
        ({"ContextEntries": [entry(kind=None)]}, "Context key my:Key has invalid type null."),
        ({"ContextEntries": [entry(values=())]}, "Context values for context key my:Key cannot be null or empty."),
        (
            {"ContextEntries": [entry(values=("a", "b"))]},
            "Context key string expected a single value, but received 2.",
        ),
        ({"ContextEntries": [entry(), entry("MY:KEY")]}, "Duplicate context key: MY:KEY."),
        ({"ContextEntries": [entry(kind="numeric")]}, "Invalid context value for key my:Key: expected numeric format."),
        (
            {"ContextEntries": [entry(kind="numericList", values=("1", " 1 "))]},
            "Invalid context value for key my:Key: expected numeric format.",
        ),
        ({"ContextEntries": [entry(kind="date")]}, "Invalid context value for key my:Key: expected DateTime format."),
        (
            {"ContextEntries": [entry(kind="ip", values=("999.0.0.1",))]},
            "Invalid context value for key my:Key: expected IP address.",
        ),
        (
            {"ContextEntries": [entry(kind="binary", values=("!base64",))]},
            "Invalid context value for key my:Key: expected base-64 encoded binary format.",
        ),
        ({"ResourceOwner": "444455556666"}, "'444455556666' is not a valid as a Resource Owner."),
        ({"Marker": "not-a-marker"}, "Invalid marker for pagination."),
        (
            {"ResourcePolicy": bucket_policy(FOREIGN), "ResourceArns": [A]},
            "Invalid caller - Caller cannot be null or empty.",
        ),
        (
            {"ResourcePolicy": bucket_policy(FOREIGN), "CallerArn": "arn:aws:iam::123456789012:user/x"},
            "Invalid Entity Arn: * does not clearly define entity type and name.",
        ),
        (
            {
                "ResourcePolicy": compact(statement("s3:*", Principal="*")),
                "CallerArn": "arn:aws:iam::123456789012:user/x",
                "ResourceArns": [A],
            },
            "ResourceNames are not in a valid ARN format: *.",
        ),
        (
            {"CallerArn": "arn:aws:sts::123456789012:assumed-role/R/s"},
            "Invalid caller - Caller must be an IAM user, role or group in this context.",
        ),
        (
            {"ResourceHandlingOption": "EC2-VPC-EBS", "ResourceArns": [A]},
            "Invalid input resource handling options. Action does not support resource handling options: s3:GetObject.",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(server, refused, asked, message):
    assert refused(lambda: custom(server, **asked), "InvalidInput", 400)["Message"] == message


def test_an_entry_that_says_nothing_is_passed_over(server):
    assert one(server, ContextEntries=[{}])["EvalDecision"] == "allowed"


def test_no_policies_allow_nothing(server):
    assert one(server, PolicyInputList=[])["EvalDecision"] == "implicitDeny"


def test_a_scenario_of_ec2_is_taken(server):
    instance = f"arn:aws:ec2:us-east-1:{server.account}:instance/*"

    result = one(
        server,
        PolicyInputList=[compact(statement("ec2:*"))],
        ActionNames=["ec2:RunInstances"],
        ResourceArns=[instance],
        ResourceHandlingOption="EC2-VPC-EBS",
    )

    assert result["EvalDecision"] == "allowed"


# -- pages


def test_pages_count_actions_and_lose_none(server):
    iam = server.client("iam")
    actions = [f"s3:A{number}" for number in range(7)]
    pages = iam.get_paginator("simulate_custom_policy").paginate(
        PolicyInputList=[GET], ActionNames=actions, ResourceArns=[A, B], PaginationConfig={"PageSize": 3}
    )

    found = [[result["EvalActionName"] for result in page["EvaluationResults"]] for page in pages]

    assert found == [actions[:3], actions[3:6], actions[6:]]


def test_a_marker_belongs_to_its_operation(server, refused):
    iam = server.client("iam")
    page = iam.simulate_custom_policy(PolicyInputList=[GET], ActionNames=["s3:A", "s3:B"], MaxItems=1)
    source = f"arn:aws:iam::{server.account}:user/admin"

    refused(
        lambda: iam.simulate_principal_policy(
            PolicySourceArn=source, ActionNames=["s3:A", "s3:B"], MaxItems=1, Marker=page["Marker"]
        ),
        "InvalidInput",
    )
    assert (
        iam.simulate_custom_policy(PolicyInputList=[GET], ActionNames=["s3:C"], Marker=page["Marker"])[
            "EvaluationResults"
        ]
        == []
    )


def test_a_hundred_actions_on_ten_resources(server):
    resources = [f"arn:aws:s3:::ledger/{number}" for number in range(10)]
    actions = [f"s3:A{number}" for number in range(100)]

    results = custom(
        server,
        PolicyInputList=[compact(statement("s3:A7*", resources[3]))],
        ActionNames=actions,
        ResourceArns=resources,
    )

    allowed = [
        (result["EvalActionName"], found["EvalResourceName"])
        for result in results
        for found in result["ResourceSpecificResults"]
        if found["EvalResourceDecision"] == "allowed"
    ]
    assert allowed == [(f"s3:A{number}", resources[3]) for number in (7, *range(70, 80))]


def test_what_takes_long_is_refused_and_recorded_like_everything_else(server, refused):
    asked = {"PolicyInputList": [GET, "{"], "ActionNames": [f"s3:A{n}" for n in range(600)], "MaxItems": 1000}

    message = refused(lambda: custom(server, **asked), "InvalidInput")["Message"]

    assert message == "Policy input list item 2 has invalid content"
    assert server.events(EventName="SimulateCustomPolicy")[0]["errorCode"] == "InvalidInputException"


# -- whose policies


@pytest.fixture
def ana(server):
    """Make a user with an inline policy, an attached one, a group with both, and a boundary."""
    iam = server.client("iam")
    make = lambda name, action: iam.create_policy(  # noqa: E731
        PolicyName=name, Path="/p/", PolicyDocument=compact(statement(action))
    )["Policy"]["Arn"]
    iam.create_user(UserName="ana", Path="/team/", Tags=[{"Key": "team", "Value": "red"}])
    iam.create_group(GroupName="devs")
    iam.add_user_to_group(GroupName="devs", UserName="ana")
    iam.put_user_policy(UserName="ana", PolicyName="own", PolicyDocument=compact(statement("s3:GetObject")))
    iam.put_group_policy(GroupName="devs", PolicyName="shared", PolicyDocument=compact(statement("s3:PutObject")))
    managed = make("managed", "s3:DeleteObject")
    iam.attach_user_policy(UserName="ana", PolicyArn=managed)
    iam.attach_group_policy(GroupName="devs", PolicyArn=managed)
    iam.attach_group_policy(GroupName="devs", PolicyArn="arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess")
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=make("edge", "*"))
    return f"arn:aws:iam::{server.account}:user/team/ana"


ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "sqs:ListQueues"]


def sources(server, arn, **asked):
    results = server.client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=ACTIONS, **asked)
    return [
        [found["SourcePolicyId"] for found in result["MatchedStatements"]] for result in results["EvaluationResults"]
    ]


ALL = [["user_ana_own"], ["group_devs_shared"], ["managed"], ["AmazonSQSReadOnlyAccess"]]


def test_each_policy_is_named_by_where_it_is(server, ana):
    assert sources(server, ana) == ALL
    assert sources(server, ana.replace("/team", "")) == ALL
    assert sources(server, f"arn:aws:iam::{server.account}:group/devs") == [[], *ALL[1:]]


@pytest.mark.parametrize(
    ("identifier", "left_out"),
    [
        ({"PolicyType": "inline"}, {0, 1}),
        ({"PolicyType": "user-managed"}, {2}),
        ({"PolicyType": "aws-managed"}, {3}),
        ({"PolicyType": "scp"}, set()),
        ({"PolicyArn": "arn:aws:iam::123456789012:policy/managed"}, {2}),
        ({"PolicyArn": "arn:aws:iam::123456789012:policy/p/managed"}, {2}),
        ({"PolicyArn": "arn:aws:iam::123456789012:policy/q/managed"}, set()),
        ({"PolicyArn": "arn:aws:iam::aws:policy/AmazonSQS*"}, {3}),
        (
            {"InlinePolicyIdentifier": {"PolicyName": "own", "AttachmentType": "user", "AttachmentName": "a?a"}},
            {0},
        ),
        ({"InlinePolicyIdentifier": {"PolicyName": "own", "AttachmentType": "group", "AttachmentName": "ana"}}, set()),
    ],
)
def test_policies_may_be_left_out(server, ana, identifier, left_out):
    expected = [[] if place in left_out else found for place, found in enumerate(ALL)]

    assert sources(server, ana, PolicyExclusionList=[identifier]) == expected


@pytest.mark.parametrize(
    "identifier",
    [
        {"PolicyArn": "nothing-that-is-an-arn"},
        {"PolicyArn": "arn:aws:iam::*:policy/managed"},
        {"PolicyArn": "arn:aws:iam::123456789012:policy/m*a*"},
        {"PolicyArn": "arn:aws:iam::123456789012:user/ana"},
        {"InlinePolicyIdentifier": {"PolicyName": "own", "AttachmentType": "user", "AttachmentName": "a*n*"}},
    ],
)
def test_a_policy_identifier_that_is_none_is_refused(server, ana, refused, identifier):
    refused(lambda: sources(server, ana, PolicyExclusionList=[identifier]), "InvalidInput", 400)


def test_the_boundary_in_place_counts_until_it_is_left_out_or_replaced(server, ana):
    ask = lambda **more: server.client("iam").simulate_principal_policy(  # noqa: E731
        PolicySourceArn=ana, ActionNames=["s3:GetObject"], **more
    )["EvaluationResults"][0]

    assert ask()["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}
    assert "PermissionsBoundaryDecisionDetail" not in ask(PolicyExclusionList=[{"PolicyType": "permission-boundary"}])
    small = ask(PermissionsBoundaryPolicyInputList=[compact(statement("sqs:*"))])
    assert (small["EvalDecision"], small["PermissionsBoundaryDecisionDetail"]) == (
        "implicitDeny",
        {"AllowedByPermissionsBoundary": False},
    )


def test_more_policies_are_added_to_those_in_place(server, ana):
    added = compact(statement("s3:GetObject", effect="Deny"))

    assert sources(server, ana, PolicyInputList=[added]) == [["PolicyInputList.1"], *ALL[1:]]


def test_somebody_may_ask_as_if_they_had_anothers_policies(server, ana):
    iam = server.client("iam")
    iam.create_user(UserName="bob")
    mine = compact(statement("s3:ListBucket", "arn:aws:s3:::home-${aws:username}"))
    asked = {"PolicySourceArn": ana, "ActionNames": ["s3:ListBucket"], "PolicyInputList": [mine]}
    bob = f"arn:aws:iam::{server.account}:user/bob"

    decisions = [
        iam.simulate_principal_policy(**asked, CallerArn=caller, ResourceArns=["arn:aws:s3:::home-bob"])[
            "EvaluationResults"
        ][0]["EvalDecision"]
        for caller in (ana, bob)
    ]

    assert decisions == ["implicitDeny", "allowed"]


def test_what_is_known_of_a_user_counts(server, ana):
    tagged = compact(statement("s3:ListBucket", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}))

    results = server.client("iam").simulate_principal_policy(
        PolicySourceArn=ana, ActionNames=["s3:ListBucket"], PolicyInputList=[tagged]
    )["EvaluationResults"]

    assert results[0]["EvalDecision"] == "allowed"


def test_a_role_is_simulated_as_whoever_assumes_it(server):
    iam = server.client("iam")
    trust = compact({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName="R", Path="/ci/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="R", PolicyName="own", PolicyDocument=compact(statement("s3:GetObject")))

    result = iam.simulate_principal_policy(
        PolicySourceArn=arn,
        ActionNames=["s3:GetObject", "s3:PutObject"],
        ResourceArns=[A],
        ResourcePolicy=compact(statement("s3:PutObject", "arn:aws:s3:::ledger/*", Principal={"AWS": arn})),
    )["EvaluationResults"]

    assert [found["MatchedStatements"][0]["SourcePolicyId"] for found in result] == ["role_R_own", "ResourcePolicy"]


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("arn:aws:iam::123456789012:user/nobody", "NoSuchEntity", "The user with name nobody cannot be found."),
        ("arn:aws:iam::123456789012:group/nobody", "NoSuchEntity", "The group with name nobody cannot be found."),
        ("arn:aws:iam::123456789012:role/nobody", "NoSuchEntity", "The role with name nobody cannot be found."),
    ],
)
@pytest.mark.parametrize("operation", ["simulate_principal_policy", "get_context_keys_for_principal_policy"])
def test_whoever_is_not_there_has_no_policies(server, refused, operation, arn, code, message):
    more = {"ActionNames": ["s3:A"]} if operation.startswith("simulate") else {}

    call = lambda: getattr(server.client("iam"), operation)(PolicySourceArn=arn, **more)  # noqa: E731
    assert refused(call, code)["Message"] == message


@pytest.mark.parametrize(
    "name", ["sts::123456789012:assumed-role/R/s", "iam::123456789012:policy/some", "iam::1:user/x"]
)
def test_an_arn_that_is_nobodys_has_no_policies(server, refused, name):
    root = server.client("iam")

    call = lambda: root.simulate_principal_policy(PolicySourceArn=f"arn:aws:{name}", ActionNames=["s3:A"])  # noqa: E731
    if ":1:" in name:  # of another account, which no policy of this one reaches
        refused(call, "AccessDenied", 403)
    else:
        assert refused(call, "InvalidInput")["Message"] == (
            f"Invalid Entity Arn: arn:aws:{name} does not clearly define entity type and name."
        )


# -- context keys


def test_context_keys_are_those_of_conditions_and_variables(server):
    first = compact(
        statement(
            "s3:*",
            ["arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/${aws:PrincipalTag/Team, 'none'}"],
            Condition={"StringEquals": {"aws:SourceVpc": "${my:Vpc}"}, "Null": {"aws:TokenIssueTime": "true"}},
        )
    )
    second = compact(statement("sqs:*", Condition={"StringEquals": {"AWS:sourcevpc": "x", "my:Other": "y"}}))

    found = server.client("iam").get_context_keys_for_custom_policy(PolicyInputList=[first, second])

    assert found["ContextKeyNames"] == [
        "aws:username",
        "aws:PrincipalTag/Team",
        "aws:SourceVpc",
        "my:Vpc",
        "aws:TokenIssueTime",
        "my:Other",
    ]


def test_variables_of_an_old_document_are_no_keys(server):
    old = json.dumps({"Statement": [statement("s3:*", "arn:aws:s3:::b/${aws:username}")]})

    assert server.client("iam").get_context_keys_for_custom_policy(PolicyInputList=[old])["ContextKeyNames"] == []


def test_context_keys_of_somebody_are_those_of_their_policies_and_groups(server, ana):
    iam = server.client("iam")
    for name, key in (("user", "my:User"), ("group", "my:Group")):
        policy = compact(statement("s3:*", Condition={"Null": {key: "false"}}))
        put = iam.put_user_policy if name == "user" else iam.put_group_policy
        put(
            **{"UserName": "ana"} if name == "user" else {"GroupName": "devs"}, PolicyName="keys", PolicyDocument=policy
        )
    more = compact(statement("s3:*", Condition={"Null": {"my:More": "false"}}))

    found = iam.get_context_keys_for_principal_policy(PolicySourceArn=ana, PolicyInputList=[more])

    assert found["ContextKeyNames"] == ["my:User", "my:Group", "my:More"]


def test_a_document_that_is_none_has_no_keys(server, refused):
    call = lambda: server.client("iam").get_context_keys_for_custom_policy(PolicyInputList=["{}"])  # noqa: E731

    assert refused(call, "InvalidInput")["Message"] == "Policy input list item 1 has invalid content"


# -- permissions


def test_the_simulator_needs_permissions_of_its_own(server, refused):
    ana = server.user("ana", statement("iam:SimulatePrincipalPolicy", f"arn:aws:iam::{server.account}:user/ana"))
    iam = ana.client("iam")
    simulate = lambda who: iam.simulate_principal_policy(  # noqa: E731
        PolicySourceArn=f"arn:aws:iam::{server.account}:user/{who}", ActionNames=["s3:A"]
    )

    assert simulate("ana")["EvaluationResults"][0]["EvalDecision"] == "implicitDeny"
    assert refused(lambda: simulate("admin"), "AccessDenied", 403)["Message"] == (
        f"User: {ana.arn} is not authorized to perform: iam:SimulatePrincipalPolicy on resource: "
        f"arn:aws:iam::{server.account}:user/admin because no identity-based policy allows the "
        "iam:SimulatePrincipalPolicy action"
    )
    with pytest.raises(ClientError, match=r"iam:SimulateCustomPolicy on resource: \* because"):
        iam.simulate_custom_policy(PolicyInputList=[GET], ActionNames=["s3:A"])
    with pytest.raises(ClientError, match="AccessDenied"):
        iam.get_context_keys_for_custom_policy(PolicyInputList=[GET])


def test_another_path_in_the_arn_opens_no_door(server, refused):
    server.client("iam").create_user(UserName="secret", Path="/locked/")
    ana = server.user("ana", statement("iam:SimulatePrincipalPolicy", f"arn:aws:iam::{server.account}:user/open/*"))

    call = lambda: ana.client("iam").simulate_principal_policy(  # noqa: E731
        PolicySourceArn=f"arn:aws:iam::{server.account}:user/open/secret", ActionNames=["s3:A"]
    )

    refused(call, "AccessDenied", 403)


def test_success_and_refusal_are_in_the_trail(server, refused):
    ana = server.user("ana")
    one(server)
    refused(
        lambda: ana.client("iam").simulate_custom_policy(PolicyInputList=[GET], ActionNames=["s3:A"]), "AccessDenied"
    )

    denied, allowed = server.events(EventName="SimulateCustomPolicy")

    assert (denied["errorCode"], denied["userIdentity"]["userName"]) == ("AccessDenied", "ana")
    assert "errorCode" not in allowed
    assert allowed["requestParameters"]["actionNames"] == ["s3:GetObject"]
    assert allowed["readOnly"] is True
