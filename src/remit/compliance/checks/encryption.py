"""Data at rest is encrypted, and keys are kept well.

Source: `shared-responsibility` reference, 5, `enc.*`.
"""

from remit.compliance.checks.check import Each, Region, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.seen import Seen

_VOLUMES = Each("ec2:DescribeVolumes", "Volumes", "arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}")
_KEYS = Each("kms:ListKeys", "Keys", "KeyArn")


@check("enc.ebs.default", version=1, each=Region(), reads=("ec2:GetEbsEncryptionByDefault",))
def ebs_default(region: Subject, seen: Seen) -> Judgement:
    """New volumes are encrypted, whoever makes them."""
    if seen.answer("ec2:GetEbsEncryptionByDefault", region.region)["EbsEncryptionByDefault"]:
        return passed("new volumes are encrypted")
    return failed("new volumes are not encrypted by default")


@check("enc.ebs.volumes", version=1, each=_VOLUMES)
def ebs_volumes(volume: Subject, seen: Seen) -> Judgement:
    """Every volume is encrypted."""
    return passed("is encrypted") if volume["Encrypted"] else failed("is not encrypted")


@check("enc.kms.rotation", version=1, each=_KEYS, reads=("kms:DescribeKey", "kms:GetKeyRotationStatus"))
def kms_rotation(key: Subject, seen: Seen) -> Judgement:
    """A customer's symmetric keys rotate."""
    described = seen.answer("kms:DescribeKey", key.region, KeyId=key["KeyId"])["KeyMetadata"]
    if described["KeyManager"] != "CUSTOMER":
        return not_applicable("AWS manages the key")
    if described["KeyState"] != "Enabled":
        return not_applicable(f"the key is {described['KeyState']}")
    if described["KeySpec"] != "SYMMETRIC_DEFAULT" or described["Origin"] != "AWS_KMS":
        return not_applicable("keys of this kind cannot rotate by themselves")
    if seen.answer("kms:GetKeyRotationStatus", key.region, KeyId=key["KeyId"])["KeyRotationEnabled"]:
        return passed("rotates each year")
    return failed("does not rotate")
