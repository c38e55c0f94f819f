"""Account properties. Source: `iam-sts` reference, section 14; IAM API reference, PutAccountProperties."""

from remit.directory import account_properties as directory
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.errors import invalid_input
from remit.services.iam.registry import operation
from remit.store import Transaction


@operation("GetAccountProperties")
def get_account_properties(
    call: Call[shapes.GetAccountPropertiesRequest], tx: Transaction
) -> shapes.GetAccountPropertiesResponse:
    """Show the properties of the account."""
    return {"Properties": directory.account_properties(tx, call.account)}


@operation("PutAccountProperties")
def put_account_properties(
    call: Call[shapes.PutAccountPropertiesRequest], tx: Transaction
) -> shapes.PutAccountPropertiesResponse:
    """Set properties, all of one namespace; the others stay as they are."""
    properties = call.input["Properties"]
    for key in properties:
        namespace, slash, name = key.partition("/")
        if not (namespace and slash and name) or "/" in name:
            raise invalid_input(f"The property key {key} is not valid. It must have the form Namespace/PropertyName.")
    if len({key.partition("/")[0] for key in properties}) != 1:
        raise invalid_input("All properties of a request must belong to the same namespace.")
    directory.put_account_properties(tx, call.account, properties)
    return {}
