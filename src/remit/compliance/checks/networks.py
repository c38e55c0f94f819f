"""Virtual networks: what is recorded of them, where their routes and endpoints lead, what is reached in them.

Source: `shared-responsibility` reference, 5, `net.*`; EC2 API reference.
"""

from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from remit.compliance.checks.check import Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed, unknown
from remit.compliance.checks.outside import FULL_ACCESS
from remit.compliance.checks.proofs import (
    Domain,
    Found,
    Question,
    Target,
    find,
    only,
    stranger_account,
    strangers,
)
from remit.compliance.checks.seen import Seen
from remit.compliance.checks.tags import is_public_on_purpose, tags
from remit.policy import Policies, Policy, parse

_ARN = "arn:{partition}:ec2:{region}:{account}:"
_VPCS = Each("ec2:DescribeVpcs", "Vpcs", _ARN + "vpc/{VpcId}")
_SUBNETS = Each("ec2:DescribeSubnets", "Subnets", _ARN + "subnet/{SubnetId}")
_ROUTE_TABLES = Each("ec2:DescribeRouteTables", "RouteTables", _ARN + "route-table/{RouteTableId}")
_INSTANCES = Each("ec2:DescribeInstances", "Reservations[].Instances[]", _ARN + "instance/{InstanceId}")
_INTERFACES, _FLOW_LOGS = "ec2:DescribeNetworkInterfaces", "ec2:DescribeFlowLogs"
_ENDPOINTS, _PEERINGS = "ec2:DescribeVpcEndpoints", "ec2:DescribeVpcPeeringConnections"


@check("net.flow", version=1, each=_VPCS, reads=(_FLOW_LOGS,))
def flow_logs(vpc: Subject, seen: Seen) -> Judgement:
    """It is recorded who talks to whom, or at least who was refused."""
    reason = "nobody records its traffic"
    for log in seen.items(_FLOW_LOGS, "FlowLogs", vpc.region):
        if log["ResourceId"] != vpc["VpcId"]:
            continue
        if log["FlowLogStatus"] != "ACTIVE" or log.get("DeliverLogsStatus") == "FAILED":
            reason = f"its flow log {log['FlowLogId']} does not deliver"
        elif log["TrafficType"] not in {"ALL", "REJECT"}:
            reason = f"its flow log {log['FlowLogId']} leaves out what was refused"
        else:
            return passed(f"the flow log {log['FlowLogId']} records {log['TrafficType']}")
    return failed(reason)


def _interfaces(vpc: Subject, seen: Seen) -> list[str]:
    listed = seen.items(_INTERFACES, "NetworkInterfaces", vpc.region)
    return sorted(one["NetworkInterfaceId"] for one in listed if one["VpcId"] == vpc["VpcId"])


@check("net.vpc.default", version=1, each=_VPCS, reads=(_INTERFACES,))
def default_vpc(vpc: Subject, seen: Seen) -> Judgement:
    """Nothing lives in the network that AWS made, in which everything gets a public address."""
    if not vpc["IsDefault"]:
        return not_applicable("is no default network")
    found = _interfaces(vpc, seen)
    return failed(f"is a default network and has interfaces: {', '.join(found)}") if found else passed("is empty")


@check("net.subnet.public", version=1, each=_SUBNETS)
def public_addresses(subnet: Subject, seen: Seen) -> Judgement:
    """Instances get public addresses only where somebody said so."""
    if not subnet["MapPublicIpOnLaunch"]:
        return passed("gives no public addresses")
    # Left out where there are none.
    if is_public_on_purpose(tags(subnet.get("Tags", ()))):
        return passed("gives public addresses, and is tagged Exposure=public")
    return failed("gives every instance a public address, and is not tagged Exposure=public")


@check("net.imds", version=1, each=_INSTANCES)
def metadata(instance: Subject, seen: Seen) -> Judgement:
    """Who makes a server fetch a page for them gets no credentials by it."""
    if instance["State"]["Name"] in {"terminated", "shutting-down"}:
        return not_applicable("the instance is gone")
    options = instance["MetadataOptions"]
    if options["HttpEndpoint"] == "disabled":
        return passed("has no metadata service")
    if options["HttpTokens"] == "required":
        return passed("its metadata service wants a token")
    return failed("its metadata service answers without a token (IMDSv1)")


@check("net.routes", version=1, each=_ROUTE_TABLES, reads=(_PEERINGS,))
def routes(table: Subject, seen: Seen) -> Judgement:
    """Routes lead to what is needed of another network, not to all of it, and none leads nowhere."""
    peerings = 0
    for route in table["Routes"]:
        leads_to = _destination(route)
        if route["State"] == "blackhole":
            return failed(f"the route to {leads_to} leads nowhere")
        peering = route.get("VpcPeeringConnectionId")
        if peering is None:
            continue
        peerings += 1
        if "/" not in leads_to:
            return unknown(f"the route to the prefix list {leads_to} through {peering} is not looked into")
        for whole in _peer_networks(table, peering, seen):
            asked, held = ip_network(leads_to), ip_network(whole)
            if asked.version == held.version and asked.prefixlen <= held.prefixlen and asked.overlaps(held):
                return failed(f"the route to {leads_to} through {peering} takes in all of {whole}")
    return passed(f"has {peerings} routes to parts of other networks" if peerings else "has no route to other networks")


def _destination(route: Mapping[str, Any]) -> str:
    for member in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        if route.get(member):
            return str(route[member])
    return str(route["DestinationPrefixListId"])


def _peer_networks(table: Subject, peering: str, seen: Seen) -> Iterator[str]:
    for one in seen.items(_PEERINGS, "VpcPeeringConnections", table.region):
        if one["VpcPeeringConnectionId"] == peering:
            for side in (one["AccepterVpcInfo"], one["RequesterVpcInfo"]):
                if side["VpcId"] != table["VpcId"]:
                    yield side["CidrBlock"]
                    yield from (block["CidrBlock"] for block in side.get("CidrBlockSet", ()))
                    yield from (block["Ipv6CidrBlock"] for block in side.get("Ipv6CidrBlockSet", ()))


@check("net.endpoints", version=1, each=_VPCS, reads=(_INTERFACES, _ENDPOINTS))
def endpoints(vpc: Subject, seen: Seen) -> Judgement:
    """Networks come to S3 by an endpoint of their own, which does not lead to strangers' buckets."""
    if not _interfaces(vpc, seen):
        return not_applicable("has no interfaces")
    for endpoint in seen.items(_ENDPOINTS, "VpcEndpoints", vpc.region):
        is_for_s3 = endpoint["ServiceName"].endswith(".s3") and endpoint["VpcEndpointType"] == "Gateway"
        if endpoint["VpcId"] == vpc["VpcId"] and is_for_s3:
            if _leads_to_strangers(endpoint["PolicyDocument"]):
                return failed(f"the policy of {endpoint['VpcEndpointId']} lets data go to everybody's buckets")
            return passed(f"comes to S3 by {endpoint['VpcEndpointId']}, which leads to no stranger's bucket")
    return failed("has no gateway endpoint for S3, so its data goes by public addresses, to whatever bucket")


def _leads_to_strangers(text: str) -> bool:
    """Whether a stranger's credentials may write to a stranger's bucket, as who wants to take data out would."""
    document = parse(text)
    account = stranger_account([document])
    target = Target(
        actions=("s3:PutObject",),
        resources=("arn:aws:s3:::bucket-of-a-stranger/?*",),
        account=account,
        context={
            "aws:resourceaccount": only(account),
            "s3:resourceaccount": only(account),
            "aws:resourceorgid": Domain(is_foreign=True),
            "aws:resourceorgpaths": Domain(is_foreign=True),
        },
    )
    taking_part = Policies(identity=(FULL_ACCESS,), vpc_endpoint=Policy(document))
    return isinstance(find(taking_part, Question(callers=strangers(account), targets=(target,))), Found)
