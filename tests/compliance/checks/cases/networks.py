import json

from check_cases import FAIL, NA, PASS, UNKNOWN, Case

VPCS, INTERFACES = "ec2:DescribeVpcs", "ec2:DescribeNetworkInterfaces"
FLOWS, ENDPOINTS = "ec2:DescribeFlowLogs", "ec2:DescribeVpcEndpoints"
SUBNETS, TABLES, PEERINGS = "ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeVpcPeeringConnections"


def vpc(*, default=False, interfaces=(), **answers):
    found = [{"NetworkInterfaceId": f"eni-{number}", "VpcId": name} for number, name in enumerate(interfaces)]
    return {
        VPCS: {"Vpcs": [{"VpcId": "vpc-1", "IsDefault": default}]},
        INTERFACES: {"NetworkInterfaces": found},
        **{f"ec2:Describe{name}": {name: listed} for name, listed in answers.items()},
    }


def flow(kind="ALL", status="ACTIVE", **more):
    return {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": kind, "FlowLogStatus": status, **more}


def subnet(*tags, public=True):
    one = {"SubnetId": "subnet-1", "MapPublicIpOnLaunch": public}
    return {SUBNETS: {"Subnets": [{**one, "Tags": list(tags)} if tags else one]}}


def instance(state="running", **options):
    one = {"InstanceId": "i-1", "State": {"Name": state}}
    return {"ec2:DescribeInstances": {"Reservations": [{"Instances": [one | options]}]}}


def metadata(tokens, endpoint="enabled"):
    return {"MetadataOptions": {"HttpTokens": tokens, "HttpEndpoint": endpoint}}


def routes(*found):
    return {
        TABLES: {"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": list(found)}]},
        PEERINGS: {
            "VpcPeeringConnections": [
                {
                    "VpcPeeringConnectionId": "pcx-1",
                    "RequesterVpcInfo": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"},
                    "AccepterVpcInfo": {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16"},
                }
            ]
        },
    }


def route(cidr, state="active"):
    return {"DestinationCidrBlock": cidr, "VpcPeeringConnectionId": "pcx-1", "State": state}


def endpoint(*statements, **more):
    one = {
        "VpcEndpointId": "vpce-1",
        "VpcId": "vpc-1",
        "VpcEndpointType": "Gateway",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
        "PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": list(statements)}),
        **more,
    }
    return vpc(interfaces=["vpc-1"], VpcEndpoints=[one])


ALL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
OURS = {"Condition": {"StringEquals": {"aws:ResourceOrgID": "o-1"}}}
EXPOSED = {"Key": "Exposure", "Value": "public"}

CASES = (
    Case("net.flow", PASS, vpc(FlowLogs=[flow("ACCEPT"), flow("REJECT")])),
    Case("net.flow", FAIL, vpc(FlowLogs=[]), "nobody records"),
    Case("net.flow", FAIL, vpc(FlowLogs=[flow("ACCEPT")]), "leaves out what was refused"),
    Case("net.flow", FAIL, vpc(FlowLogs=[flow(DeliverLogsStatus="FAILED")]), "does not deliver"),
    Case("net.flow", FAIL, vpc(FlowLogs=[flow(ResourceId="vpc-2")])),
    Case("net.flow", UNKNOWN, vpc()),
    Case("net.flow", NA, {VPCS: {"Vpcs": []}}),
    Case("net.vpc.default", PASS, vpc(default=True, interfaces=["vpc-2"])),
    Case("net.vpc.default", FAIL, vpc(default=True, interfaces=["vpc-1"]), "eni-0"),
    Case("net.vpc.default", UNKNOWN, {**vpc(default=True), INTERFACES: "Hangs"}),
    Case("net.vpc.default", NA, vpc(interfaces=["vpc-1"])),
    Case("net.subnet.public", PASS, subnet(public=False)),
    Case("net.subnet.public", PASS, subnet(EXPOSED), "tagged Exposure=public"),
    Case("net.subnet.public", FAIL, subnet()),
    Case("net.subnet.public", FAIL, subnet({"Key": "Exposure", "Value": "internal"})),
    Case("net.subnet.public", UNKNOWN, {SUBNETS: {"Subnets": [{"SubnetId": "subnet-1"}]}}),
    Case("net.subnet.public", NA, {SUBNETS: {"Subnets": []}}),
    Case("net.imds", PASS, instance(**metadata("required"))),
    Case("net.imds", PASS, instance(**metadata("optional", "disabled"))),
    Case("net.imds", FAIL, instance(**metadata("optional"))),
    Case("net.imds", FAIL, instance("stopped", **metadata("optional"))),
    Case("net.imds", UNKNOWN, instance()),
    Case("net.imds", NA, instance("terminated", **metadata("optional"))),
    Case("net.routes", PASS, routes(route("10.1.2.0/24")), "1 routes to parts"),
    Case("net.routes", PASS, routes(), "no route to other networks"),
    Case("net.routes", FAIL, routes(route("10.1.0.0/16")), "takes in all of 10.1.0.0/16"),
    Case("net.routes", FAIL, routes(route("10.0.0.0/8"))),
    Case("net.routes", FAIL, routes(route("10.1.2.0/24", "blackhole")), "leads nowhere"),
    Case("net.routes", UNKNOWN, {**routes(route("10.1.0.0/16")), PEERINGS: "UnauthorizedOperation"}),
    Case("net.routes", NA, {TABLES: {"RouteTables": []}}),
    Case("net.endpoints", PASS, endpoint({**ALL, **OURS}), "no stranger's bucket"),
    Case("net.endpoints", PASS, endpoint({**ALL, "Resource": ["arn:aws:s3:::ours", "arn:aws:s3:::ours/*"]})),
    Case("net.endpoints", FAIL, endpoint(ALL), "everybody's buckets"),
    Case("net.endpoints", FAIL, endpoint({**ALL, **OURS}, VpcId="vpc-2"), "no gateway endpoint"),
    Case("net.endpoints", FAIL, endpoint({**ALL, **OURS}, VpcEndpointType="Interface")),
    Case("net.endpoints", UNKNOWN, {**endpoint(ALL), ENDPOINTS: "Hangs"}),
    Case("net.endpoints", UNKNOWN, endpoint(ALL, PolicyDocument="{")),
    Case("net.endpoints", NA, vpc(interfaces=["vpc-2"], VpcEndpoints=[])),
)
