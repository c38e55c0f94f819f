from check_cases import FAIL, NA, PASS, UNKNOWN, Case

INSTANCES, DATABASES = "ec2:DescribeInstances", "rds:DescribeDBInstances"
GROUPS, ACLS = "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkAcls"
TABLES, GATEWAYS = "ec2:DescribeRouteTables", "ec2:DescribeInternetGateways"
ANY, ANY6 = "0.0.0.0/0", "::/0"


def entry(number, cidr=ANY, action="allow", ports=None, *, egress=False):
    member = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
    found = {"RuleNumber": number, member: cidr, "RuleAction": action, "Protocol": "-1", "Egress": egress}
    return {**found, "Protocol": "6", "PortRange": {"From": ports[0], "To": ports[1]}} if ports else found


OPEN = [entry(100), entry(100, egress=True), entry(101, ANY6), entry(101, ANY6, egress=True)]
OUT = {"DestinationCidrBlock": ANY, "GatewayId": "igw-1", "State": "active"}
OUT6 = {"DestinationIpv6CidrBlock": ANY6, "GatewayId": "igw-1", "State": "active"}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
NAT = {"DestinationCidrBlock": ANY, "NatGatewayId": "nat-1", "State": "active"}
SSH = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": ANY}], "Ipv6Ranges": []}
SSH6 = {**SSH, "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": ANY6}]}
OFFICE = {**SSH, "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}
FRIENDS = {**SSH, "IpRanges": [], "UserIdGroupPairs": [{"GroupId": "sg-2"}]}
POSTGRES = {**SSH, "FromPort": 5432, "ToPort": 5432}
PUBLIC = {"Association": {"PublicIp": "198.51.100.7"}}


def network(*rules, routes=(LOCAL, OUT), entries=OPEN, main=True, vpc="vpc-1"):
    association = {"Main": True} if main else {"Main": False, "SubnetId": "subnet-1"}
    return {
        GROUPS: {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": list(rules)}]},
        ACLS: {"NetworkAcls": [{"Entries": list(entries), "Associations": [{"SubnetId": "subnet-1"}]}]},
        TABLES: {"RouteTables": [{"VpcId": "vpc-1", "Associations": [association], "Routes": list(routes)}]},
        GATEWAYS: {"InternetGateways": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": vpc}]}]},
    }


def instance(*rules, state="running", address=None, **more):
    interface = {"VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": [{"GroupId": "sg-1"}]}
    interface |= PUBLIC if address is None else address
    one = {"InstanceId": "i-1", "State": {"Name": state}, "NetworkInterfaces": [interface]}
    return {INSTANCES: {"Reservations": [{"Instances": [one]}]}, **network(*rules, **more)}


def database(*rules, public=True, **more):
    one = {
        "DBInstanceArn": "arn:d",
        "PubliclyAccessible": public,
        "Endpoint": {"Port": 5432},
        "DBSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}],
    }
    return {DATABASES: {"DBInstances": [one]}, **network(*rules, **more)}


V6 = {"Ipv6Addresses": [{"Ipv6Address": "2001:db8::7"}]}
NO_ANSWER = [entry(100), entry(100, egress=True, ports=(443, 443))]
REFUSED = [entry(90, action="deny", ports=(22, 22)), *OPEN]
ONE_WAY_BACK = [entry(100), entry(100, egress=True, ports=(50000, 50001))]

CASES = (
    Case("net.reach", PASS, instance(), "no path leads"),
    Case("net.reach", PASS, instance(OFFICE)),
    Case("net.reach", PASS, instance(FRIENDS)),
    Case("net.reach", PASS, instance(SSH, address={})),
    Case("net.reach", PASS, instance(SSH, routes=(LOCAL, NAT))),
    Case("net.reach", PASS, instance(SSH, routes=(LOCAL, {**OUT, "State": "blackhole"}))),
    Case("net.reach", PASS, instance(SSH, vpc="vpc-2")),
    Case("net.reach", PASS, instance(SSH, entries=REFUSED)),
    Case("net.reach", PASS, instance(SSH, entries=NO_ANSWER)),
    Case("net.reach", PASS, instance(SSH, entries=[])),
    Case("net.reach", PASS, instance(SSH6, address=V6)),
    Case("net.reach", FAIL, instance(SSH), "reaches port 22 by IPv4, through subnet subnet-1 and sg-1"),
    Case("net.reach", FAIL, instance({**SSH, "IpProtocol": "-1"}, main=False)),
    Case("net.reach", FAIL, instance(SSH, entries=ONE_WAY_BACK)),
    Case("net.reach", FAIL, instance({**SSH, "FromPort": 3000, "ToPort": 4000}), "port 3389"),
    Case("net.reach", FAIL, instance(SSH, address={"PrivateIpAddresses": [PUBLIC]})),
    Case("net.reach", FAIL, instance(SSH6, address=V6, routes=(LOCAL, OUT6)), "by IPv6"),
    Case("net.reach", UNKNOWN, {**instance(SSH), GROUPS: "UnauthorizedOperation"}),
    Case("net.reach", UNKNOWN, {**instance(SSH), TABLES: {"RouteTables": []}}, "nothing is associated"),
    Case("net.reach", UNKNOWN, {INSTANCES: {"Reservations": [{"Instances": [{"InstanceId": "i-1"}]}]}}),
    Case("net.reach", NA, instance(SSH, state="stopped")),
    Case("net.reach", NA, {INSTANCES: {"Reservations": []}}),
    Case("net.reach.data", PASS, database(POSTGRES, public=False)),
    Case("net.reach.data", PASS, database(SSH)),
    Case("net.reach.data", PASS, database(POSTGRES, routes=(LOCAL,))),
    Case("net.reach.data", FAIL, database(POSTGRES), "reaches port 5432"),
    Case("net.reach.data", UNKNOWN, {**database(POSTGRES), ACLS: "Hangs"}),
    Case("net.reach.data", NA, {DATABASES: {"DBInstances": []}}),
)
