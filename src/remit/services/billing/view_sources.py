"""What a custom view is made of, and what its resource policy says.

Source: AWS Billing API reference, AssociateSourceViews, DisassociateSourceViews, ListSourceViewsForBillingView and
GetResourcePolicy.
"""

from typing import Any

from remit.directory.billing import views as directory
from remit.directory.billing.facts import Thing, Unfit
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import missing
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.services.billing.view_access import own_view, visible_view
from remit.services.billing.views import check_sources
from remit.store import Transaction


@operation("AssociateSourceViews")
def associate_source_views(
    call: Call[shapes.AssociateSourceViewsRequest], tx: Transaction
) -> shapes.AssociateSourceViewsResponse:
    """Add sources to a custom view; those it has already do not matter."""
    asked = call.input
    view = own_view(call, tx, asked["arn"])
    added = [arn for arn in asked["sourceViews"] if arn not in view.sources]
    check_sources(tx, directory.set_sources(tx, view, [*view.sources, *added], at=call.at))
    return {"arn": view.id}


@operation("DisassociateSourceViews")
def disassociate_source_views(
    call: Call[shapes.DisassociateSourceViewsRequest], tx: Transaction
) -> shapes.DisassociateSourceViewsResponse:
    """Take sources from a custom view; one must be left."""
    asked = call.input
    view = own_view(call, tx, asked["arn"])
    for arn in asked["sourceViews"]:
        if arn not in view.sources:
            raise missing(Thing.BILLING_VIEW, arn)
    left = [arn for arn in view.sources if arn not in asked["sourceViews"]]
    if not left:
        raise Unfit("sourceViews", "A custom billing view must keep a source view.")
    directory.set_sources(tx, view, left, at=call.at)
    return {"arn": view.id}


@operation("ListSourceViewsForBillingView")
def list_source_views(call: Call[shapes.ListSourceViewsForBillingViewRequest], tx: Transaction) -> dict[str, Any]:
    """List the sources of a view."""
    view = visible_view(call, tx, call.input["arn"])
    sources, following = page(call, tx, sorted(view.sources), str)
    if not sources and not view.sources:
        raise Unfit("arn", "A primary billing view has no source views.")
    return {"sourceViews": sources, **following}


@operation("GetResourcePolicy")
def get_resource_policy(
    call: Call[shapes.GetResourcePolicyRequest], tx: Transaction
) -> shapes.GetResourcePolicyResponse:
    """Show who else may use a view."""
    view = visible_view(call, tx, call.input["resourceArn"])
    shown: shapes.GetResourcePolicyResponse = {"resourceArn": view.id}
    if view.policy:
        shown["policy"] = view.policy
    return shown
