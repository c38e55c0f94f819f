"""Terms for their provider. Readers get them with the reports that are handed out under them.

Source: `artifact` reference, sections 3 and 5.
"""

from functools import partial

from remit.arn import Arn
from remit.clock import whole_second
from remit.directory.artifact.reports import UploadState
from remit.directory.artifact.terms import Term, add_term, known_term
from remit.directory.artifact.uploads import examine
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.errors import wrong_field
from remit.services.artifact.publisher_registry import publisher_operation
from remit.store import Transaction

_PREFIX = "term/"


@publisher_operation("CreateTerm")
def create_term(call: Call[shapes.CreateTermRequest], tx: Transaction) -> shapes.CreateTermResponse:
    """Upload terms, or a further version of terms; reports name the version that they are handed out under.

    Raises:
        NotFound: there are no such terms.
        ServiceError: ValidationException, the document is none that is taken.
    """
    asked = call.input
    document = asked["document"]
    examined = call.slowly("examine", partial(examine, document))
    if examined.state is not UploadState.COMPLETE:
        raise wrong_field("document", examined.message)
    made = add_term(tx, call.account, asked.get("termId"), asked["name"], tx.put_blob(document), call.at)
    return {
        "term": {
            "id": made.term,
            "arn": made.arn(call.partition),
            "version": made.number,
            "name": made.name,
            "createdAt": whole_second(made.created_at),
        }
    }


def term_named(tx: Transaction, arn: str) -> Term:
    """Find a version of terms by its ARN.

    Raises:
        NotFound: there is none.
        ServiceError: ValidationException, it is no ARN of terms.
    """
    try:
        resource = Arn.parse(arn).resource
    except ValueError:
        resource = ""
    if not resource.startswith(_PREFIX):
        raise wrong_field("termArn", f"Not an ARN of a version of terms: {arn}")
    return known_term(tx, resource.removeprefix(_PREFIX))
