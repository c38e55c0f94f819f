"""Snapshots of any AWS endpoint: which reads follow from which answers, and the asking.

collect(reader, Shelf(folder), clock, names=frozenset({"ec2:DescribeVolumes"}))
"""

from remit.compliance.collecting.asking import Maker
from remit.compliance.collecting.collector import Collected, NotCollected, collect

__all__ = ["Collected", "Maker", "NotCollected", "collect"]
