"""Security groups and network ACLs, rule by rule.

Source: `shared-responsibility` reference, 5, `net.sg.*`, `net.nacl.admin`; EC2 API reference, IpPermission,
NetworkAclEntry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from remit.compliance.checks.check import Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.ranges import (
    VERSIONS,
    Ranges,
    both,
    everywhere,
    is_everywhere,
    is_internet,
    networks,
    together,
    without,
)
from remit.compliance.checks.seen import Seen

ADMIN_PORTS = (22, 3389)
PREFIX_LIST = "ec2:GetManagedPrefixListEntries"
_GROUPS = Each(
    "ec2:DescribeSecurityGroups", "SecurityGroups", "arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}"
)
_ACLS = Each(
    "ec2:DescribeNetworkAcls", "NetworkAcls", "arn:{partition}:ec2:{region}:{account}:network-acl/{NetworkAclId}"
)
_INTERFACES = "ec2:DescribeNetworkInterfaces"
_PORT_MAX = 65_535
_ALL, _TCP, _UDP = frozenset({"-1"}), frozenset({"-1", "tcp", "6"}), frozenset({"-1", "udp", "17"})

Rule = Mapping[str, Any]


def _ports(rule: Rule) -> tuple[int, int]:
    """Return the first and the last port of a rule, which one for all protocols does not have."""
    if rule["IpProtocol"] in _ALL:
        return 0, _PORT_MAX
    first, last = rule["FromPort"], rule["ToPort"]
    return (0, _PORT_MAX) if first == -1 else (first, last)


def _sources(rule: Rule, seen: Seen, region: str) -> Iterator[str]:
    """Return the networks that a rule lets in. Other groups are no networks: who is in them is within the account."""
    yield from (one["CidrIp"] for one in rule.get("IpRanges", ()))
    yield from (one["CidrIpv6"] for one in rule.get("Ipv6Ranges", ()))
    for listed in rule.get("PrefixListIds", ()):
        entries = seen.items(PREFIX_LIST, "Entries", region, PrefixListId=listed["PrefixListId"])
        yield from (entry["Cidr"] for entry in entries)


def let_in(rules: Iterable[Rule], port: int, seen: Seen, region: str, protocols: frozenset[str] = _TCP) -> list[str]:
    """Return the networks from which rules of security groups let in what goes to a port; needs `PREFIX_LIST`."""
    return [
        cidr
        for rule in rules
        if rule["IpProtocol"] in protocols and _ports(rule)[0] <= port <= _ports(rule)[1]
        for cidr in _sources(rule, seen, region)
    ]


@check("net.sg.admin", version=1, each=_GROUPS, reads=(PREFIX_LIST,))
def admin_ports(group: Subject, seen: Seen) -> Judgement:
    """No group lets everybody come to where administrators sign in."""
    for port in ADMIN_PORTS:
        for protocols in (_TCP, _UDP):
            if is_everywhere(let_in(group["IpPermissions"], port, seen, group.region, protocols)):
                return failed(f"lets everybody come to port {port}")
    return passed(f"lets not everybody come to port {' or '.join(map(str, ADMIN_PORTS))}")


@check("net.sg.all", version=1, each=_GROUPS, reads=(PREFIX_LIST,))
def all_ports(group: Subject, seen: Seen) -> Judgement:
    """No group lets everybody come to every port, be it by several rules."""
    rules: Sequence[Rule] = group["IpPermissions"]
    for name, protocols in (("TCP", _TCP), ("UDP", _UDP)):
        counting = [rule for rule in rules if rule["IpProtocol"] in protocols]
        # Port 0 is not used. What is let in changes only where a rule begins, or behind its end.
        begins = {1, *(_ports(rule)[0] for rule in counting), *(_ports(rule)[1] + 1 for rule in counting)}
        places = [port for port in begins if 1 <= port <= _PORT_MAX]
        come = [let_in(counting, port, seen, group.region, protocols) for port in places]
        if any(all(networks(cidrs, version) == everywhere(version) for cidrs in come) for version in VERSIONS):
            return failed(f"lets everybody come to every port of {name}")
    return passed("lets not everybody come to every port")


@check("net.sg.default", version=1, each=_GROUPS)
def default_groups(group: Subject, seen: Seen) -> Judgement:
    """Whatever is made without a word about its group can neither be reached nor reach anything."""
    if group["GroupName"] != "default":
        return not_applicable("is no default group")
    rules = len(group["IpPermissions"]) + len(group["IpPermissionsEgress"])
    return failed(f"is a default group and has {rules} rules") if rules else passed("has no rules")


@check("net.sg.unused", version=1, each=_GROUPS, reads=(_INTERFACES,))
def unused(group: Subject, seen: Seen) -> Judgement:
    """No group is left over."""
    if group["GroupName"] == "default":
        return not_applicable("a default group cannot be deleted")
    name = group["GroupId"]
    interfaces = seen.items(_INTERFACES, "NetworkInterfaces", group.region)
    if any(one["GroupId"] == name for interface in interfaces for one in interface["Groups"]):
        return passed("is on an interface")
    for other in seen.items("ec2:DescribeSecurityGroups", "SecurityGroups", group.region):
        rules = [*other["IpPermissions"], *other["IpPermissionsEgress"]]
        named = {pair.get("GroupId") for rule in rules for pair in rule.get("UserIdGroupPairs", ())}
        if other["GroupId"] != name and name in named:
            return passed(f"is named by {other['GroupId']}")
    return failed("is on no interface, and no other group names it")


def acl_allows(entries: Iterable[Rule], ports: tuple[int, int], version: int, *, egress: bool) -> Ranges:
    """Return the addresses that a network ACL lets through by TCP, for at least one of some ports.

    The first entry that fits decides.
    """
    member = "CidrBlock" if version == 4 else "Ipv6CidrBlock"  # noqa: PLR2004  # the versions of IP
    counting = [
        entry
        for entry in sorted(entries, key=lambda entry: int(entry["RuleNumber"]))
        if entry["Egress"] is egress and entry["Protocol"] in _TCP and entry.get(member)
    ]
    first, last = ports
    begins = {first}
    for entry in counting:
        low, high = _acl_ports(entry)
        begins |= {low, high + 1}
    return together(*(_allowed(counting, port, version, member) for port in sorted(begins) if first <= port <= last))


def _acl_ports(entry: Rule) -> tuple[int, int]:
    held = entry.get("PortRange")
    return (held["From"], held["To"]) if held else (0, _PORT_MAX)


def _allowed(entries: Sequence[Rule], port: int, version: int, member: str) -> Ranges:
    found: Ranges = ()
    left = everywhere(version)
    for entry in entries:
        low, high = _acl_ports(entry)
        if low <= port <= high:
            named = networks((entry[member],), version)
            if entry["RuleAction"] == "allow":
                found = together(found, both(named, left))
            left = without(left, named)
    return found


@check("net.nacl.admin", version=1, each=_ACLS)
def acls(acl: Subject, seen: Seen) -> Judgement:
    """No network ACL lets everybody come to where administrators sign in."""
    for port in ADMIN_PORTS:
        for version in VERSIONS:
            if is_internet(acl_allows(acl["Entries"], (port, port), version, egress=False), version):
                return failed(f"lets the internet come to port {port} by IPv{version}")
    return passed(f"lets not the internet come to port {' or '.join(map(str, ADMIN_PORTS))}")
