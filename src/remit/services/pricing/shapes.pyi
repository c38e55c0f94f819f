"""Shapes of `pricing`, 2017-10-15. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AttributeValue(TypedDict):
    Value: NotRequired[str]

class DescribeServicesRequest(TypedDict):
    ServiceCode: NotRequired[str]
    FormatVersion: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class DescribeServicesResponse(TypedDict):
    Services: NotRequired[Sequence[Service]]
    FormatVersion: NotRequired[str]
    NextToken: NotRequired[str]

class Filter(TypedDict):
    Type: str
    Field: str
    Value: str

class GetAttributeValuesRequest(TypedDict):
    ServiceCode: str
    AttributeName: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetAttributeValuesResponse(TypedDict):
    AttributeValues: NotRequired[Sequence[AttributeValue]]
    NextToken: NotRequired[str]

class GetPriceListFileUrlRequest(TypedDict):
    PriceListArn: str
    FileFormat: str

class GetPriceListFileUrlResponse(TypedDict):
    Url: NotRequired[str]

class GetProductsRequest(TypedDict):
    ServiceCode: str
    Filters: NotRequired[Sequence[Filter]]
    FormatVersion: NotRequired[str]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class GetProductsResponse(TypedDict):
    FormatVersion: NotRequired[str]
    PriceList: NotRequired[Sequence[str]]
    NextToken: NotRequired[str]

class ListPriceListsRequest(TypedDict):
    ServiceCode: str
    EffectiveDate: datetime
    RegionCode: NotRequired[str]
    CurrencyCode: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListPriceListsResponse(TypedDict):
    PriceLists: NotRequired[Sequence[PriceList]]
    NextToken: NotRequired[str]

class PriceList(TypedDict):
    PriceListArn: NotRequired[str]
    RegionCode: NotRequired[str]
    CurrencyCode: NotRequired[str]
    FileFormats: NotRequired[Sequence[str]]

class Service(TypedDict):
    ServiceCode: str
    AttributeNames: NotRequired[Sequence[str]]
