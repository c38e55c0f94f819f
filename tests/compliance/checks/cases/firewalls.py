from check_cases import FAIL, NA, PASS, UNKNOWN, Case

GROUPS, ACLS, INTERFACES = "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkAcls", "ec2:DescribeNetworkInterfaces"
LIST = "ec2:GetManagedPrefixListEntries PrefixListId=pl-1"


def rule(*cidrs, ports=(22, 22), protocol="tcp", lists=(), pairs=()):
    found = {
        "IpProtocol": protocol,
        "IpRanges": [{"CidrIp": cidr} for cidr in cidrs if ":" not in cidr],
        "Ipv6Ranges": [{"CidrIpv6": cidr} for cidr in cidrs if ":" in cidr],
        "PrefixListIds": [{"PrefixListId": name} for name in lists],
        "UserIdGroupPairs": [{"GroupId": name} for name in pairs],
    }
    return found if protocol == "-1" else {**found, "FromPort": ports[0], "ToPort": ports[1]}


def group(*rules, name="web", id_="sg-1", egress=()):
    return {"GroupId": id_, "GroupName": name, "IpPermissions": list(rules), "IpPermissionsEgress": list(egress)}


def groups(*rules, **more):
    return {GROUPS: {"SecurityGroups": [group(*rules, **more)]}}


def used(*on, others=()):
    interfaces = [{"Groups": [{"GroupId": name}]} for name in on]
    return {GROUPS: {"SecurityGroups": [group(), *others]}, INTERFACES: {"NetworkInterfaces": interfaces}}


def entry(number, cidr="0.0.0.0/0", action="allow", ports=None, protocol="6", **more):
    member = "Ipv6CidrBlock" if ":" in cidr else "CidrBlock"
    found = {"RuleNumber": number, member: cidr, "RuleAction": action, "Protocol": protocol, "Egress": False, **more}
    return {**found, "PortRange": {"From": ports[0], "To": ports[1]}} if ports else found


def acl(*entries):
    return {ACLS: {"NetworkAcls": [{"NetworkAclId": "acl-1", "Entries": list(entries)}]}}


ANY, ANY6 = "0.0.0.0/0", "::/0"
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
LISTED = {LIST: {"Entries": [{"Cidr": ANY}]}}
REST = entry(32767, action="deny", protocol="-1")

CASES = (
    Case("net.sg.admin", PASS, groups(rule("203.0.113.0/24"), rule(ANY, ports=(443, 443)))),
    Case("net.sg.admin", PASS, groups(rule(ports=(0, 65535), pairs=["sg-2"]))),
    Case("net.sg.admin", PASS, groups(rule(ANY, ports=(23, 3388)))),
    Case("net.sg.admin", PASS, groups(rule(ANY, ports=(-1, -1), protocol="icmp"))),
    Case("net.sg.admin", FAIL, groups(rule(ANY)), "port 22"),
    Case("net.sg.admin", FAIL, groups(rule(ANY6, ports=(3000, 4000))), "port 3389"),
    Case("net.sg.admin", FAIL, groups(rule(ANY, protocol="-1"))),
    Case("net.sg.admin", FAIL, groups(rule(ANY, protocol="udp", ports=(3389, 3389)))),
    Case("net.sg.admin", FAIL, groups(rule(HALVES[0]), rule(HALVES[1], ports=(0, 100)))),
    Case("net.sg.admin", FAIL, {**groups(rule(lists=["pl-1"])), **LISTED}),
    Case("net.sg.admin", UNKNOWN, groups(rule(lists=["pl-1"])), "not in the snapshot"),
    Case("net.sg.admin", UNKNOWN, groups({"IpProtocol": "tcp", "IpRanges": [{"CidrIp": ANY}]})),
    Case("net.sg.admin", NA, {GROUPS: {"SecurityGroups": []}}),
    Case("net.sg.all", PASS, groups(rule(ANY, ports=(1, 65534)), rule(ANY6, ports=(2, 65535)))),
    Case("net.sg.all", PASS, groups(rule(HALVES[0], protocol="-1"))),
    Case("net.sg.all", PASS, groups()),
    Case("net.sg.all", FAIL, groups(rule(ANY, protocol="-1")), "every port of TCP"),
    Case("net.sg.all", FAIL, groups(rule(ANY, ports=(1, 65535)))),
    Case("net.sg.all", FAIL, groups(rule(HALVES[0], protocol="-1"), rule(HALVES[1], ports=(0, 65535)))),
    Case("net.sg.all", FAIL, groups(rule(ANY, ports=(0, 1023)), rule(ANY, ports=(1024, 65535)))),
    Case("net.sg.all", FAIL, groups(rule(ANY, ports=(0, 65535), protocol="udp")), "every port of UDP"),
    Case("net.sg.all", UNKNOWN, groups(rule(lists=["pl-1"], protocol="-1"))),
    Case("net.sg.all", NA, {GROUPS: {"SecurityGroups": []}}),
    Case("net.sg.default", PASS, groups(name="default")),
    Case("net.sg.default", FAIL, groups(name="default", egress=[rule(ANY, protocol="-1")]), "has 1 rules"),
    Case("net.sg.default", UNKNOWN, {GROUPS: {"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "default"}]}}),
    Case("net.sg.default", NA, groups(rule(ANY))),
    Case("net.sg.unused", PASS, used("sg-1")),
    Case("net.sg.unused", FAIL, used("sg-2")),
    Case("net.sg.unused", UNKNOWN, {**used(), INTERFACES: "UnauthorizedOperation"}),
    Case("net.sg.unused", NA, groups(name="default")),
    Case("net.nacl.admin", PASS, acl(entry(100, ports=(443, 443)), REST)),
    Case("net.nacl.admin", PASS, acl(entry(90, action="deny", ports=(0, 5000)), entry(100, protocol="-1"), REST)),
    Case("net.nacl.admin", PASS, acl(entry(100, "10.0.0.0/8", protocol="-1"), entry(110, "203.0.113.0/24"), REST)),
    Case("net.nacl.admin", FAIL, acl(entry(100, protocol="-1"), entry(110, action="deny", ports=(22, 22)), REST)),
    Case("net.nacl.admin", FAIL, acl(entry(100, HALVES[0]), entry(110, HALVES[1]), REST), "port 22 by IPv4"),
    Case("net.nacl.admin", FAIL, acl(entry(100, ANY6, ports=(3389, 3389)), REST), "port 3389 by IPv6"),
    Case("net.nacl.admin", UNKNOWN, acl({"RuleNumber": 1})),
    Case("net.nacl.admin", UNKNOWN, acl(entry(100, "nonsense"))),
    Case("net.nacl.admin", NA, {ACLS: {"NetworkAcls": []}}),
)
