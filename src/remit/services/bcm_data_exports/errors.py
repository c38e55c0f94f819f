"""The directory's facts in the words of Data Exports; the texts are ours.

Source: AWS Billing and Cost Management API reference, Data Exports, the errors of each operation.
"""

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing
from remit.directory.facts import DirectoryFact
from remit.errors import ServiceError, ValidationError

_SERVICE_CODE = "AWSBillingAndCostManagementDataExports"
# AWS publishes no codes for these quotas.
_QUOTA = "ExportsPerTable"
_SHOWN_MAX = 1024


def in_words_of_data_exports(fact: DirectoryFact) -> ServiceError:
    """Say *fact* as Data Exports does."""
    match fact:
        case Missing():
            members = {"ResourceId": fact.name[:_SHOWN_MAX], "ResourceType": str(fact.thing)}
            return ServiceError("ResourceNotFoundException", f"The {fact.thing} does not exist.", 400, members)
        case Taken():
            return wrong("Export.Name", f"An export called {fact.name} exists already.")
        case Full():
            members = {"QuotaCode": _QUOTA, "ServiceCode": _SERVICE_CODE, "ResourceType": str(fact.thing)}
            text = f"An account has at most {fact.limit} exports of this table."
            return ServiceError("ServiceQuotaExceededException", text, 400, members)
        case Hindered(thing=Thing.BUCKET):
            return wrong("Export.DestinationConfigurations.S3Destination.S3Bucket", fact.reason)
        case _:
            raise AssertionError(f"Data Exports has no words for {fact!r}")


def wrong(field: str, message: str) -> ServiceError:
    """Refuse what a field says, though the model allows it."""
    text = message[:_SHOWN_MAX]
    members = {"Reason": "fieldValidationFailed", "Fields": [{"Name": field, "Message": text}]}
    return ServiceError("ValidationException", text, 400, members)


def invalid(error: ValidationError) -> ServiceError:
    """Say that an input breaks constraints of the model."""
    text = (error.message or "The input is invalid.")[:_SHOWN_MAX]
    return ServiceError("ValidationException", text, 400, {"Reason": "other"})


def unreadable(message: str) -> ServiceError:
    """Say that a ledger cannot be read."""
    return ServiceError("InternalServerException", message[:_SHOWN_MAX], 500)
