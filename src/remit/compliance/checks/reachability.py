"""Whether there is a path from the internet: route, gateway, address, network ACLs both ways, security groups.

Paths through load balancers and other instances are not followed: what can be reached by them is what they listen for.
Source: `shared-responsibility` reference, 5, `net.reach`; VPC User Guide, "Internet gateways", "Network ACLs".
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from ipaddress import ip_network
from typing import Any, NamedTuple

from remit.compliance.checks.check import Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.firewalls import ADMIN_PORTS, PREFIX_LIST, acl_allows, let_in
from remit.compliance.checks.ranges import VERSIONS, Ranges, both, is_internet, networks, together, without
from remit.compliance.checks.seen import Seen, Unread

_INSTANCES = Each(
    "ec2:DescribeInstances",
    "Reservations[].Instances[]",
    "arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
)
_DATABASES = Each("rds:DescribeDBInstances", "DBInstances", "DBInstanceArn")
_GROUPS, _ACLS = "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkAcls"
_TABLES, _GATEWAYS = "ec2:DescribeRouteTables", "ec2:DescribeInternetGateways"
_READS = (_GROUPS, _ACLS, _TABLES, _GATEWAYS, PREFIX_LIST)
# What answers go back to.
_CLIENT_PORTS = (1_024, 65_535)


class _Place(NamedTuple):
    """An interface, as far as the network is concerned.

    Attributes:
        versions: of IP, by which it has an address that the internet knows.
    """

    region: str
    vpc: str
    subnet: str
    groups: frozenset[str]
    versions: tuple[int, ...]


def _reached_by(place: _Place, port: int, seen: Seen) -> int:
    """Return the version of IP by which the internet comes to a port; 0 for none.

    Raises:
        Unread: something on the way is not known.
    """
    for version in place.versions:
        came = seen.derived(
            f"routes of {place.region} {place.vpc} {place.subnet} by IPv{version}",
            partial(_routed, place, version),
        )
        if not is_internet(came, version):
            continue
        entries = _of_subnet(seen.items(_ACLS, "NetworkAcls", place.region), place)["Entries"]
        came = both(came, acl_allows(entries, (port, port), version, egress=False))
        came = both(came, acl_allows(entries, _CLIENT_PORTS, version, egress=True))
        known = {group["GroupId"]: group for group in seen.items(_GROUPS, "SecurityGroups", place.region)}
        rules = [rule for name in sorted(place.groups) for rule in known[name]["IpPermissions"]]
        if is_internet(both(came, networks(let_in(rules, port, seen, place.region), version)), version):
            return version
    return 0


def _of_subnet(listed: Iterable[Mapping[str, Any]], place: _Place) -> Mapping[str, Any]:
    """Return the table or ACL of a subnet."""
    for one in listed:
        if any(association.get("SubnetId") == place.subnet for association in one["Associations"]):
            return one
    message = f"nothing is associated with the subnet {place.subnet}"
    raise Unread(message)


def _table(place: _Place, seen: Seen) -> Mapping[str, Any]:
    """Return the route table of a subnet: its own, or the main one of its network."""
    tables: Sequence[Mapping[str, Any]] = seen.items(_TABLES, "RouteTables", place.region)
    try:
        return _of_subnet(tables, place)
    except Unread:
        for table in tables:
            if table["VpcId"] == place.vpc and any(one.get("Main") for one in table["Associations"]):
                return table
        raise


def _routed(place: _Place, version: int, seen: Seen) -> Ranges:
    """Return the addresses to which a subnet has a route through an internet gateway of its network."""
    attached = {
        gateway["InternetGatewayId"]
        for gateway in seen.items(_GATEWAYS, "InternetGateways", place.region)
        for attachment in gateway["Attachments"]
        if attachment["VpcId"] == place.vpc
    }
    member = "DestinationCidrBlock" if version == 4 else "DestinationIpv6CidrBlock"  # noqa: PLR2004  # versions of IP
    routes = [route for route in _table(place, seen)["Routes"] if route.get(member)]
    found: Ranges = ()
    # The longest prefix decides, so wide ones come first and narrow ones take their part away.
    for route in sorted(routes, key=lambda route: ip_network(route[member]).prefixlen):
        addresses = networks((route[member],), version)
        leads_out = route.get("GatewayId") in attached and route["State"] == "active"
        found = together(found, addresses) if leads_out else without(found, addresses)
    return found


def _judged(places: Sequence[_Place], ports: Sequence[int], seen: Seen) -> Judgement:
    unread: Unread | None = None
    for place in places:
        for port in ports:
            try:
                version = _reached_by(place, port, seen)
            except Unread as error:
                unread = error
                continue
            if version:
                groups = ", ".join(sorted(place.groups))
                return failed(
                    f"the internet reaches port {port} by IPv{version}, through subnet {place.subnet} and {groups}"
                )
    if unread is not None:
        raise unread
    return passed(f"no path leads from the internet to port {' or '.join(map(str, ports))}")


@check("net.reach", version=1, each=_INSTANCES, reads=_READS)
def instances(instance: Subject, seen: Seen) -> Judgement:
    """Nobody on the internet comes to where administrators of an instance sign in."""
    if instance["State"]["Name"] != "running":
        return not_applicable(f"the instance is {instance['State']['Name']}")
    places = [
        _Place(
            instance.region,
            interface["VpcId"],
            interface["SubnetId"],
            frozenset(group["GroupId"] for group in interface["Groups"]),
            tuple(version for version in VERSIONS if _has_address(interface, version)),
        )
        for interface in instance["NetworkInterfaces"]
    ]
    return _judged(places, ADMIN_PORTS, seen)


def _has_address(interface: Mapping[str, Any], version: int) -> bool:
    if version == 6:  # noqa: PLR2004  # the versions of IP
        return bool(interface.get("Ipv6Addresses"))
    held = [interface, *interface.get("PrivateIpAddresses", ())]
    return any(one.get("Association", {}).get("PublicIp") for one in held)


@check("net.reach.data", version=1, each=_DATABASES, reads=_READS)
def databases(database: Subject, seen: Seen) -> Judgement:
    """Nobody on the internet comes to a database."""
    if not database["PubliclyAccessible"]:
        return passed("has no address that the internet knows")
    # Left out while the database is being made.
    port = database.get("Endpoint", {}).get("Port") or database["DbInstancePort"]
    group = database["DBSubnetGroup"]
    places = [
        _Place(
            database.region,
            group["VpcId"],
            subnet["SubnetIdentifier"],
            frozenset(one["VpcSecurityGroupId"] for one in database["VpcSecurityGroups"]),
            VERSIONS if database.get("NetworkType") == "DUAL" else VERSIONS[:1],
        )
        for subnet in group["Subnets"]
    ]
    return _judged(places, (port,), seen)
