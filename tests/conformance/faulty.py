"""An account on moto with faults of every family, each on purpose."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import boto3

REGION = "eu-west-1"
# When a database server copied by itself is in the name of the copy.
_WHEN = re.compile(r"\d{4}(-\d{2}){4}")
EVERYBODY = {"Effect": "Allow", "Principal": "*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass
class Faulty:
    """What was made: ids that the server chose, by the names that the table of faults has for them."""

    endpoint: str
    names: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )

    def named(self, text: str) -> str:
        """Return *text* with our names in the place of chosen ids."""
        for id_, name in self.names.items():
            text = text.replace(id_, name)
        return _WHEN.sub("WHEN", text.replace(self.endpoint, "ENDPOINT"))

    def furnish(self) -> None:
        self._disks_and_keys()
        self._network()
        self._data()
        self._people()
        self._records()

    def _disks_and_keys(self) -> None:
        ec2, kms = self.client("ec2"), self.client("kms")
        volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
        snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
        ec2.modify_snapshot_attribute(
            SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
        )
        self.client("efs").create_file_system(CreationToken="files", Encrypted=False)
        files = self.client("efs").describe_file_systems()["FileSystems"][0]["FileSystemId"]
        open_key = document({**EVERYBODY, "Action": "kms:*", "Resource": "*"})
        key = kms.create_key(Policy=open_key)["KeyMetadata"]["KeyId"]
        self.names |= {volume: "VOLUME", snapshot: "SNAPSHOT", files: "FILES", key: "KEY"}

    def _network(self) -> None:
        ec2, balancers = self.client("ec2"), self.client("elbv2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
                "SubnetId"
            ]
            for number, zone in ((1, "a"), (2, "b"))
        ]
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        ec2.create_route(RouteTableId=tables[0]["RouteTableId"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        ec2.modify_subnet_attribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": True})
        group = ec2.create_security_group(GroupName="doors", Description="open", VpcId=vpc)["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
                {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "128.0.0.0/1"}]},
            ],
        )
        instance = ec2.run_instances(
            ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnets[0], SecurityGroupIds=[group]
        )["Instances"][0]
        disk = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance["InstanceId"]]}])[
            "Volumes"
        ][0]["VolumeId"]
        made = balancers.create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
        target = balancers.create_target_group(Name="behind", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
        balancers.create_listener(
            LoadBalancerArn=made,
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}],
        )
        self.names |= {
            vpc: "VPC",
            subnets[0]: "SUBNET-1",
            subnets[1]: "SUBNET-2",
            group: "GROUP",
            instance["InstanceId"]: "INSTANCE",
            disk: "DISK",
            made.rpartition("/")[2]: "BALANCER",
        }
        default = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
        self.names[default] = "DEFAULT-VPC"
        for kind, one in self._default_parts(ec2):
            self.names.setdefault(one, kind)

    def _default_parts(self, ec2: Any) -> list[tuple[str, str]]:
        groups = ec2.describe_security_groups()["SecurityGroups"]
        lists = ec2.describe_network_acls()["NetworkAcls"]
        subnets = sorted(ec2.describe_subnets()["Subnets"], key=lambda one: (one["VpcId"], one["AvailabilityZone"]))
        return [
            *((f"DEFAULT-GROUP-OF-{self.names[one['VpcId']]}", one["GroupId"]) for one in groups),
            *((f"ACL-OF-{self.names[one['VpcId']]}", one["NetworkAclId"]) for one in lists),
            *((f"DEFAULT-SUBNET-{one['AvailabilityZone'][-1]}", one["SubnetId"]) for one in subnets),
        ]

    def _data(self) -> None:
        s3, rds = self.client("s3"), self.client("rds")
        for bucket in ("open-bucket", "trail-bucket"):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        anybody = {**EVERYBODY, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open-bucket/*"}
        s3.put_bucket_policy(Bucket="open-bucket", Policy=document(anybody))
        rds.create_db_instance(
            DBInstanceIdentifier="sales",
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            AllocatedStorage=10,
            MasterUsername="u",
            MasterUserPassword="password1",
            PubliclyAccessible=True,
            StorageEncrypted=False,
            AutoMinorVersionUpgrade=False,
            BackupRetentionPeriod=0,
        )
        rds.create_db_snapshot(DBSnapshotIdentifier="copy", DBInstanceIdentifier="sales")
        sends = document({**EVERYBODY, "Action": "sqs:SendMessage", "Resource": "*"})
        self.client("sqs").create_queue(QueueName="jobs", Attributes={"SqsManagedSseEnabled": "false", "Policy": sends})
        topic = self.client("sns").create_topic(Name="news")["TopicArn"]
        publishes = document({**EVERYBODY, "Action": "sns:Publish", "Resource": topic})
        self.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=publishes)
        secrets = self.client("secretsmanager")
        secret = secrets.create_secret(Name="password", SecretString="x")["ARN"]
        reads = document({**EVERYBODY, "Action": "secretsmanager:GetSecretValue", "Resource": "*"})
        secrets.put_resource_policy(SecretId=secret, ResourcePolicy=reads)
        self.names[secret] = "SECRET"
        self.client("dynamodb").create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def _people(self) -> None:
        iam = self.client("iam")
        everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
        iam.create_user(UserName="admin")
        iam.create_login_profile(UserName="admin", Password="Passw0rd!x")
        for name in ("FIRST-KEY", "SECOND-KEY"):
            self.names[iam.create_access_key(UserName="admin")["AccessKey"]["AccessKeyId"]] = name
        iam.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=everything)
        stranger = {"AWS": "arn:aws:iam::999988887777:root"}
        trust = document({"Effect": "Allow", "Principal": stranger, "Action": "sts:AssumeRole"})
        iam.create_role(RoleName="visitors", AssumeRolePolicyDocument=trust)
        iam.put_role_policy(RoleName="visitors", PolicyName="all", PolicyDocument=everything)

    def _records(self) -> None:
        trails = self.client("cloudtrail")
        trails.create_trail(Name="trail", S3BucketName="trail-bucket", IsMultiRegionTrail=False)
        self.client("logs").create_log_group(logGroupName="short")
        self.client("logs").put_retention_policy(logGroupName="short", retentionInDays=7)
