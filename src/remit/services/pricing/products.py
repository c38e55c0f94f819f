"""Services, their attributes, and products with what they cost.

Source: Price List API reference, DescribeServices, GetAttributeValues and GetProducts.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from remit.billing.prices.catalogue import SKU, TERM_TYPE
from remit.errors import ServiceError
from remit.request import Call
from remit.services.pricing import shapes
from remit.services.pricing.filters import matches
from remit.services.pricing.pages import page
from remit.services.pricing.registry import operation
from remit.services.pricing.shelf import FORMAT_VERSION, check_format, of_shelf, shelf_of, sold
from remit.store import Transaction


@operation("DescribeServices")
def describe_services(call: Call[shapes.DescribeServicesRequest], tx: Transaction) -> dict[str, Any]:
    """List the services that have a price list, and what their products are found by."""
    check_format(call)
    code = call.input.get("ServiceCode")

    def work() -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = []
        for one in [code] if code else shelf_of(call).services():
            names = {name for product in sold(call, one) for name in product.values}
            found.append((one, sorted({*names, TERM_TYPE} - {SKU})))
        return found

    services, following = page(call, tx, of_shelf(call, work), lambda one: one[0])
    shown = [{"ServiceCode": code, "AttributeNames": names} for code, names in services]
    return {"Services": shown, "FormatVersion": FORMAT_VERSION, **following}


@operation("GetAttributeValues")
def get_attribute_values(call: Call[shapes.GetAttributeValuesRequest], tx: Transaction) -> dict[str, Any]:
    """List the values that products of a service have in one attribute."""
    code, name = call.input["ServiceCode"], call.input["AttributeName"]

    values = of_shelf(
        call, lambda: sorted({value for product in sold(call, code) for value in product.held(name, call.at)})
    )
    if not values:
        raise ServiceError("NotFoundException", f"No product of {code} has the attribute {name}.")
    found, following = page(call, tx, values, str)
    return {"AttributeValues": [{"Value": value} for value in found], **following}


@operation("GetProducts")
def get_products(call: Call[shapes.GetProductsRequest], tx: Transaction) -> dict[str, Any]:
    """List the products of a service that every filter matches, each with its terms as JSON."""
    check_format(call)
    code = call.input["ServiceCode"]
    filters: Sequence[Mapping[str, Any]] = list(call.input.get("Filters", ()))
    every = of_shelf(call, lambda: [one for one in sold(call, code) if matches(one, filters, call.at)])
    found, following = page(call, tx, every, lambda one: one.product.sku)
    return {"FormatVersion": FORMAT_VERSION, "PriceList": [product.text(call.at) for product in found], **following}
