"""Shapes of `invoicing`, 2024-12-01. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AmountBreakdown(TypedDict):
    SubTotalAmount: NotRequired[str]
    Discounts: NotRequired[DiscountsBreakdown]
    Taxes: NotRequired[TaxesBreakdown]
    Fees: NotRequired[FeesBreakdown]

class BatchGetInvoiceProfileRequest(TypedDict):
    AccountIds: Sequence[str]

class BatchGetInvoiceProfileResponse(TypedDict):
    Profiles: NotRequired[Sequence[InvoiceProfile]]

class BillingPeriod(TypedDict):
    Month: int
    Year: int

class Contact(TypedDict):
    Name: NotRequired[str]
    Email: NotRequired[str]

class CreateInvoiceUnitRequest(TypedDict):
    Name: str
    InvoiceReceiver: str
    Description: NotRequired[str]
    TaxInheritanceDisabled: NotRequired[bool]
    Rule: InvoiceUnitRule
    ResourceTags: NotRequired[Sequence[ResourceTag]]
    ClientToken: NotRequired[str]

class CreateInvoiceUnitResponse(TypedDict):
    InvoiceUnitArn: NotRequired[str]

class CreateProcurementPortalPreferenceRequest(TypedDict):
    ProcurementPortalName: str
    BuyerDomain: str
    BuyerIdentifier: str
    SupplierDomain: str
    SupplierIdentifier: str
    Selector: NotRequired[ProcurementPortalPreferenceSelector]
    ProcurementPortalSharedSecret: NotRequired[str]
    ProcurementPortalInstanceEndpoint: NotRequired[str]
    TestEnvPreference: NotRequired[TestEnvPreferenceInput]
    EinvoiceDeliveryEnabled: bool
    EinvoiceDeliveryPreference: NotRequired[EinvoiceDeliveryPreference]
    PurchaseOrderRetrievalEnabled: bool
    MarketplacePunchOutEnabled: NotRequired[bool]
    MarketplacePunchOutPreference: NotRequired[MarketplacePunchOutPreference]
    Contacts: Sequence[Contact]
    ResourceTags: NotRequired[Sequence[ResourceTag]]
    ClientToken: NotRequired[str]

class CreateProcurementPortalPreferenceResponse(TypedDict):
    ProcurementPortalPreferenceArn: str

class CurrencyExchangeDetails(TypedDict):
    SourceCurrencyCode: NotRequired[str]
    TargetCurrencyCode: NotRequired[str]
    Rate: NotRequired[str]

class DateInterval(TypedDict):
    StartDate: datetime
    EndDate: datetime

class DeleteInvoiceUnitRequest(TypedDict):
    InvoiceUnitArn: str
    ClientToken: NotRequired[str]

class DeleteInvoiceUnitResponse(TypedDict):
    InvoiceUnitArn: NotRequired[str]

class DeleteProcurementPortalPreferenceRequest(TypedDict):
    ProcurementPortalPreferenceArn: str
    ClientToken: NotRequired[str]

class DeleteProcurementPortalPreferenceResponse(TypedDict):
    ProcurementPortalPreferenceArn: str

class DiscountsBreakdown(TypedDict):
    Breakdown: NotRequired[Sequence[DiscountsBreakdownAmount]]
    TotalAmount: NotRequired[str]

class DiscountsBreakdownAmount(TypedDict):
    Description: NotRequired[str]
    Amount: NotRequired[str]
    Rate: NotRequired[str]

class EinvoiceDeliveryPreference(TypedDict):
    EinvoiceDeliveryDocumentTypes: Sequence[str]
    EinvoiceDeliveryAttachmentTypes: NotRequired[Sequence[str]]
    Protocol: str
    PurchaseOrderDataSources: Sequence[PurchaseOrderDataSource]
    ConnectionTestingMethod: str
    EinvoiceDeliveryActivationDate: datetime

class Entity(TypedDict):
    InvoicingEntity: NotRequired[str]
    BillingEntity: NotRequired[str]

class FeatureConfigurations(TypedDict):
    InvoiceConfiguration: NotRequired[InvoiceConfiguration]

class FeesBreakdown(TypedDict):
    Breakdown: NotRequired[Sequence[FeesBreakdownAmount]]
    TotalAmount: NotRequired[str]

class FeesBreakdownAmount(TypedDict):
    Description: NotRequired[str]
    Amount: NotRequired[str]
    Rate: NotRequired[str]

class Filters(TypedDict):
    Names: NotRequired[Sequence[str]]
    InvoiceReceivers: NotRequired[Sequence[str]]
    Accounts: NotRequired[Sequence[str]]
    BillSourceAccounts: NotRequired[Sequence[str]]

class GetInvoicePDFRequest(TypedDict):
    InvoiceId: str

class GetInvoicePDFResponse(TypedDict):
    InvoicePDF: NotRequired[InvoicePDF]

class GetInvoiceUnitRequest(TypedDict):
    InvoiceUnitArn: str
    AsOf: NotRequired[datetime]

class GetInvoiceUnitResponse(TypedDict):
    InvoiceUnitArn: NotRequired[str]
    InvoiceReceiver: NotRequired[str]
    Name: NotRequired[str]
    Description: NotRequired[str]
    TaxInheritanceDisabled: NotRequired[bool]
    Rule: NotRequired[InvoiceUnitRule]
    LastModified: NotRequired[datetime]

class GetProcurementPortalPreferenceRequest(TypedDict):
    ProcurementPortalPreferenceArn: str

class GetProcurementPortalPreferenceResponse(TypedDict):
    ProcurementPortalPreference: ProcurementPortalPreference

class InvoiceConfiguration(TypedDict):
    DocumentTypes: NotRequired[Sequence[str]]
    AttachmentTypes: NotRequired[Sequence[str]]

class InvoiceCurrencyAmount(TypedDict):
    TotalAmount: NotRequired[str]
    TotalAmountBeforeTax: NotRequired[str]
    CurrencyCode: NotRequired[str]
    AmountBreakdown: NotRequired[AmountBreakdown]
    CurrencyExchangeDetails: NotRequired[CurrencyExchangeDetails]

class InvoicePDF(TypedDict):
    InvoiceId: NotRequired[str]
    DocumentUrl: NotRequired[str]
    DocumentUrlExpirationDate: NotRequired[datetime]
    SupplementalDocuments: NotRequired[Sequence[SupplementalDocument]]

class InvoiceProfile(TypedDict):
    AccountId: NotRequired[str]
    ReceiverName: NotRequired[str]
    ReceiverAddress: NotRequired[ReceiverAddress]
    ReceiverEmail: NotRequired[str]
    Issuer: NotRequired[str]
    TaxRegistrationNumber: NotRequired[str]

class InvoiceSummariesFilter(TypedDict):
    TimeInterval: NotRequired[DateInterval]
    BillingPeriod: NotRequired[BillingPeriod]
    InvoicingEntity: NotRequired[str]
    ReceiverRole: NotRequired[str]

class InvoiceSummariesSelector(TypedDict):
    ResourceType: str
    Value: str

class InvoiceSummary(TypedDict):
    AccountId: NotRequired[str]
    InvoiceId: NotRequired[str]
    IssuedDate: NotRequired[datetime]
    DueDate: NotRequired[datetime]
    BillSourceAccounts: NotRequired[Sequence[str]]
    BillSourceAccountsTotalCount: NotRequired[int]
    ReceiverRole: NotRequired[str]
    Entity: NotRequired[Entity]
    BillingPeriod: NotRequired[BillingPeriod]
    InvoiceFrequency: NotRequired[str]
    BillType: NotRequired[str]
    InvoiceType: NotRequired[str]
    CommercialInvoiceId: NotRequired[str]
    OriginalInvoiceId: NotRequired[str]
    PurchaseOrderNumber: NotRequired[str]
    EinvoiceDeliveryStatus: NotRequired[str]
    TaxAuthorityStatus: NotRequired[str]
    BaseCurrencyAmount: NotRequired[InvoiceCurrencyAmount]
    TaxCurrencyAmount: NotRequired[InvoiceCurrencyAmount]
    PaymentCurrencyAmount: NotRequired[InvoiceCurrencyAmount]

class InvoiceUnit(TypedDict):
    InvoiceUnitArn: NotRequired[str]
    InvoiceReceiver: NotRequired[str]
    Name: NotRequired[str]
    Description: NotRequired[str]
    TaxInheritanceDisabled: NotRequired[bool]
    Rule: NotRequired[InvoiceUnitRule]
    LastModified: NotRequired[datetime]

class InvoiceUnitRule(TypedDict):
    LinkedAccounts: NotRequired[Sequence[str]]
    BillSourceAccounts: NotRequired[Sequence[str]]

class ListInvoiceSummariesRequest(TypedDict):
    Selector: InvoiceSummariesSelector
    Filter: NotRequired[InvoiceSummariesFilter]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListInvoiceSummariesResponse(TypedDict):
    InvoiceSummaries: Sequence[InvoiceSummary]
    NextToken: NotRequired[str]

class ListInvoiceUnitsRequest(TypedDict):
    Filters: NotRequired[Filters]
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]
    AsOf: NotRequired[datetime]

class ListInvoiceUnitsResponse(TypedDict):
    InvoiceUnits: NotRequired[Sequence[InvoiceUnit]]
    NextToken: NotRequired[str]

class ListProcurementPortalPreferencesRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListProcurementPortalPreferencesResponse(TypedDict):
    ProcurementPortalPreferences: NotRequired[Sequence[ProcurementPortalPreferenceSummary]]
    NextToken: NotRequired[str]

class ListProcurementPortalSuppliersRequest(TypedDict):
    PortalIdentifier: str
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListProcurementPortalSuppliersResponse(TypedDict):
    ProcurementPortalSuppliers: Sequence[ProcurementPortalSupplier]
    NextToken: NotRequired[str]

class ListProcurementPortalsRequest(TypedDict):
    NextToken: NotRequired[str]
    MaxResults: NotRequired[int]

class ListProcurementPortalsResponse(TypedDict):
    ProcurementPortals: Sequence[ProcurementPortal]
    NextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    ResourceArn: str

class ListTagsForResourceResponse(TypedDict):
    ResourceTags: NotRequired[Sequence[ResourceTag]]

class MarketplacePunchOutPreference(TypedDict):
    ApprovalRequestRedirectUrl: NotRequired[str]

class ProcurementPortal(TypedDict):
    PortalIdentifier: str
    PortalName: str
    PortalDisplayName: NotRequired[str]
    DefaultFeatureConfigurations: NotRequired[FeatureConfigurations]

class ProcurementPortalPreference(TypedDict):
    AwsAccountId: str
    ProcurementPortalPreferenceArn: str
    ProcurementPortalName: str
    BuyerDomain: str
    BuyerIdentifier: str
    SupplierDomain: str
    SupplierIdentifier: str
    Selector: NotRequired[ProcurementPortalPreferenceSelector]
    ProcurementPortalSharedSecret: NotRequired[str]
    ProcurementPortalInstanceEndpoint: NotRequired[str]
    PurchaseOrderRetrievalEndpoint: NotRequired[str]
    TestEnvPreference: NotRequired[TestEnvPreference]
    EinvoiceDeliveryEnabled: bool
    EinvoiceDeliveryPreference: NotRequired[EinvoiceDeliveryPreference]
    PurchaseOrderRetrievalEnabled: bool
    MarketplacePunchOutEnabled: NotRequired[bool]
    MarketplacePunchOutPreference: NotRequired[MarketplacePunchOutPreference]
    Contacts: NotRequired[Sequence[Contact]]
    EinvoiceDeliveryPreferenceStatus: NotRequired[str]
    EinvoiceDeliveryPreferenceStatusReason: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatus: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatusReason: NotRequired[str]
    Version: int
    CreateDate: datetime
    LastUpdateDate: datetime

class ProcurementPortalPreferenceSelector(TypedDict):
    InvoiceUnitArns: NotRequired[Sequence[str]]
    SellerOfRecords: NotRequired[Sequence[str]]

class ProcurementPortalPreferenceSummary(TypedDict):
    AwsAccountId: str
    ProcurementPortalPreferenceArn: str
    ProcurementPortalName: str
    BuyerDomain: str
    BuyerIdentifier: str
    SupplierDomain: str
    SupplierIdentifier: str
    Selector: NotRequired[ProcurementPortalPreferenceSelector]
    EinvoiceDeliveryEnabled: bool
    PurchaseOrderRetrievalEnabled: bool
    MarketplacePunchOutEnabled: NotRequired[bool]
    EinvoiceDeliveryPreferenceStatus: NotRequired[str]
    EinvoiceDeliveryPreferenceStatusReason: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatus: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatusReason: NotRequired[str]
    Version: int
    CreateDate: datetime
    LastUpdateDate: datetime

class ProcurementPortalSupplier(TypedDict):
    SupplierIdentifier: str
    SellerOfRecord: NotRequired[str]
    CountryCode: NotRequired[str]
    Environment: NotRequired[str]

class PurchaseOrderDataSource(TypedDict):
    EinvoiceDeliveryDocumentType: NotRequired[str]
    PurchaseOrderDataSourceType: NotRequired[str]

class PutProcurementPortalPreferenceRequest(TypedDict):
    ProcurementPortalPreferenceArn: str
    Selector: NotRequired[ProcurementPortalPreferenceSelector]
    ProcurementPortalSharedSecret: NotRequired[str]
    ProcurementPortalInstanceEndpoint: NotRequired[str]
    TestEnvPreference: NotRequired[TestEnvPreferenceInput]
    EinvoiceDeliveryEnabled: bool
    EinvoiceDeliveryPreference: NotRequired[EinvoiceDeliveryPreference]
    PurchaseOrderRetrievalEnabled: bool
    MarketplacePunchOutEnabled: NotRequired[bool]
    MarketplacePunchOutPreference: NotRequired[MarketplacePunchOutPreference]
    Contacts: Sequence[Contact]
    ClientToken: NotRequired[str]

class PutProcurementPortalPreferenceResponse(TypedDict):
    ProcurementPortalPreferenceArn: str

class ReceiverAddress(TypedDict):
    AddressLine1: NotRequired[str]
    AddressLine2: NotRequired[str]
    AddressLine3: NotRequired[str]
    DistrictOrCounty: NotRequired[str]
    City: NotRequired[str]
    StateOrRegion: NotRequired[str]
    CountryCode: NotRequired[str]
    CompanyName: NotRequired[str]
    PostalCode: NotRequired[str]

class ResourceTag(TypedDict):
    Key: str
    Value: str

class SendProcurementPortalValidationRequest(TypedDict):
    ProcurementPortalPreferenceArn: str
    ClientToken: NotRequired[str]

class SendProcurementPortalValidationResponse(TypedDict):
    ProcurementPortalPreferenceArn: str

class SupplementalDocument(TypedDict):
    DocumentType: NotRequired[str]
    DocumentId: NotRequired[str]
    DocumentUrl: NotRequired[str]
    DocumentUrlExpirationDate: NotRequired[datetime]

class TagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTags: Sequence[ResourceTag]

class TagResourceResponse(TypedDict):
    pass

class TaxesBreakdown(TypedDict):
    Breakdown: NotRequired[Sequence[TaxesBreakdownAmount]]
    TotalAmount: NotRequired[str]

class TaxesBreakdownAmount(TypedDict):
    Description: NotRequired[str]
    Amount: NotRequired[str]
    Rate: NotRequired[str]

class TestEnvPreference(TypedDict):
    BuyerDomain: str
    BuyerIdentifier: str
    SupplierDomain: str
    SupplierIdentifier: str
    ProcurementPortalSharedSecret: NotRequired[str]
    ProcurementPortalInstanceEndpoint: NotRequired[str]
    PurchaseOrderRetrievalEndpoint: NotRequired[str]

class TestEnvPreferenceInput(TypedDict):
    BuyerDomain: str
    BuyerIdentifier: str
    SupplierDomain: str
    SupplierIdentifier: str
    ProcurementPortalSharedSecret: NotRequired[str]
    ProcurementPortalInstanceEndpoint: NotRequired[str]

class UntagResourceRequest(TypedDict):
    ResourceArn: str
    ResourceTagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateInvoiceUnitRequest(TypedDict):
    InvoiceUnitArn: str
    Description: NotRequired[str]
    TaxInheritanceDisabled: NotRequired[bool]
    Rule: NotRequired[InvoiceUnitRule]
    ClientToken: NotRequired[str]

class UpdateInvoiceUnitResponse(TypedDict):
    InvoiceUnitArn: NotRequired[str]

class UpdateProcurementPortalPreferenceStatusRequest(TypedDict):
    ProcurementPortalPreferenceArn: str
    EinvoiceDeliveryPreferenceStatus: NotRequired[str]
    EinvoiceDeliveryPreferenceStatusReason: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatus: NotRequired[str]
    PurchaseOrderRetrievalPreferenceStatusReason: NotRequired[str]
    ClientToken: NotRequired[str]

class UpdateProcurementPortalPreferenceStatusResponse(TypedDict):
    ProcurementPortalPreferenceArn: str

class VerifyProcurementPortalValidationRequest(TypedDict):
    ProcurementPortalPreferenceArn: str
    Code: str
    ClientToken: NotRequired[str]

class VerifyProcurementPortalValidationResponse(TypedDict):
    ProcurementPortalPreferenceArn: str
