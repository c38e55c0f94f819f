"""Shapes of `billing`, 2023-09-07. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class ActiveTimeRange(TypedDict):
    activeAfterInclusive: datetime
    activeBeforeInclusive: datetime

class AdditionalCharge(TypedDict):
    description: str
    amount: NotRequired[str]
    chargeType: NotRequired[str]

class AdditionalRecipient(TypedDict):
    email: str

class Amount(TypedDict):
    currencyCode: str
    currencyAmount: str

class ApproverDetails(TypedDict):
    name: str
    title: str
    email: str

class AssociateContractRequest(TypedDict):
    contractArn: str
    contractDocumentId: str

class AssociateContractResponse(TypedDict):
    pass

class AssociateSourceViewsRequest(TypedDict):
    arn: str
    sourceViews: Sequence[str]

class AssociateSourceViewsResponse(TypedDict):
    arn: str

class AttestationDetails(TypedDict):
    attestationValue: AttestationValue
    investmentDistributions: NotRequired[Sequence[InvestmentDistribution]]

class AttestationQuantity(TypedDict):
    attestationVolume: str
    attestationUnit: str

class AttestationValue(TypedDict):
    attestationAmount: NotRequired[Amount]
    attestationQuantities: NotRequired[Sequence[AttestationQuantity]]

class BillingFeatureFilter(TypedDict):
    name: NotRequired[str]
    value: NotRequired[Sequence[str]]

class BillingPeriod(TypedDict):
    year: int
    month: int

class BillingPreferenceForKey(TypedDict):
    key: str
    value: str

class BillingPreferenceSummary(TypedDict):
    feature: str
    key: str
    value: str
    accountName: NotRequired[str]
    accountId: NotRequired[str]
    billingPeriod: NotRequired[BillingPeriod]

class BillingViewElement(TypedDict):
    arn: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    billingViewType: NotRequired[str]
    ownerAccountId: NotRequired[str]
    sourceAccountId: NotRequired[str]
    dataFilterExpression: NotRequired[Expression]
    createdAt: NotRequired[datetime]
    updatedAt: NotRequired[datetime]
    derivedViewCount: NotRequired[int]
    sourceViewCount: NotRequired[int]
    viewDefinitionLastUpdatedAt: NotRequired[datetime]
    healthStatus: NotRequired[BillingViewHealthStatus]

class BillingViewHealthStatus(TypedDict):
    statusCode: NotRequired[str]
    statusReasons: NotRequired[Sequence[str]]

class BillingViewListElement(TypedDict):
    arn: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    ownerAccountId: NotRequired[str]
    sourceAccountId: NotRequired[str]
    billingViewType: NotRequired[str]
    healthStatus: NotRequired[BillingViewHealthStatus]

class BillingViewSegmentTimeRange(TypedDict):
    beginDateInclusive: NotRequired[datetime]
    endDateExclusive: NotRequired[datetime]

class BillingViewSegmentsListElement(TypedDict):
    domain: NotRequired[str]
    timeRange: NotRequired[BillingViewSegmentTimeRange]
    billingTransferAccountId: NotRequired[str]
    managementAccountId: NotRequired[str]
    billingGroupPrimaryAccountId: NotRequired[str]

class BusinessSupportAccountCharge(TypedDict):
    accountId: str
    supportPlanName: str
    totalCharge: str
    totalUsageBasis: str
    tierCharges: NotRequired[Sequence[BusinessSupportTierCharge]]
    supportDiscount: NotRequired[BusinessSupportDiscount]
    supportEligibleSpendByService: NotRequired[Sequence[BusinessSupportServiceSpend]]

class BusinessSupportDiscount(TypedDict):
    discountAmount: NotRequired[str]
    discountPercentage: NotRequired[str]
    discountType: NotRequired[str]
    discountSource: NotRequired[str]

class BusinessSupportServiceSpend(TypedDict):
    contributingService: str
    itemType: str
    description: NotRequired[str]
    chargeAmount: str
    currency: str

class BusinessSupportSubscriptionContract(TypedDict):
    accountId: str
    planName: str
    contractStartDate: datetime
    contractEndDate: datetime

class BusinessSupportTierCharge(TypedDict):
    tierDescription: str
    tierRate: str
    usageSlice: str
    tierCharge: str
    chargePeriodStartDate: NotRequired[datetime]
    chargePeriodEndDate: NotRequired[datetime]

class CancelContractualInvestmentAttestationRequest(TypedDict):
    attestationId: str
    contractArn: str
    reason: str

class CancelContractualInvestmentAttestationResponse(TypedDict):
    pass

class ChargeAccount(TypedDict):
    accountId: str
    chargePercentage: str

class ChildCredit(TypedDict):
    creditId: NotRequired[str]
    amount: str

class ContractAccount(TypedDict):
    accountId: str
    isGdn: bool

class ContractDetails(TypedDict):
    privatePricingAddendum: NotRequired[PrivatePricingAddendum]

class ContractSummary(TypedDict):
    contractArn: str
    contractTerm: Interval
    contractType: NotRequired[str]
    associationStatus: str
    lastUpdatedAt: NotRequired[datetime]

class CostCategoryValues(TypedDict):
    key: str
    values: Sequence[str]

class CreateBillingViewRequest(TypedDict):
    name: str
    description: NotRequired[str]
    sourceViews: Sequence[str]
    dataFilterExpression: NotRequired[Expression]
    clientToken: NotRequired[str]
    resourceTags: NotRequired[Sequence[ResourceTag]]

class CreateBillingViewResponse(TypedDict):
    arn: str
    createdAt: NotRequired[datetime]

class CreateContractualInvestmentAttestationRequest(TypedDict):
    contractArn: str
    investmentSummaryId: str
    investmentId: str
    contractDocumentId: str
    approverDetails: ApproverDetails
    investmentDisbursedAt: NotRequired[datetime]
    attestationDetails: AttestationDetails
    additionalRecipients: NotRequired[Sequence[AdditionalRecipient]]
    clientToken: NotRequired[str]

class CreateContractualInvestmentAttestationResponse(TypedDict):
    attestationId: str

class CreditAllocationHistoryEntry(TypedDict):
    creditId: str
    creditAmount: Amount
    description: NotRequired[str]
    accountId: str
    appliedServiceName: str
    billingMonth: str
    isEstimatedBill: bool

class CreditData(TypedDict):
    creditId: str
    accountId: str
    creditType: str
    initialAmount: Amount
    remainingAmount: Amount
    estimatedAmount: NotRequired[Amount]
    applicableProductNames: NotRequired[Sequence[str]]
    description: str
    startDate: datetime
    endDate: NotRequired[datetime]
    exhaustDate: NotRequired[datetime]
    applicationType: NotRequired[str]
    shareableAccounts: NotRequired[Sequence[str]]
    accountHasCreditSharingEnabled: NotRequired[bool]
    creditConsoleVisibility: NotRequired[str]
    creditSharingType: NotRequired[str]
    costCategoryArn: NotRequired[str]
    ruleName: NotRequired[str]
    creditStatus: NotRequired[str]
    purchaseTypeApplications: NotRequired[Sequence[str]]

class DeleteBillingViewRequest(TypedDict):
    arn: str
    force: NotRequired[bool]

class DeleteBillingViewResponse(TypedDict):
    arn: str

class DimensionValues(TypedDict):
    key: str
    values: Sequence[str]

class DisassociateContractRequest(TypedDict):
    contractArn: str

class DisassociateContractResponse(TypedDict):
    pass

class DisassociateSourceViewsRequest(TypedDict):
    arn: str
    sourceViews: Sequence[str]

class DisassociateSourceViewsResponse(TypedDict):
    arn: str

class EnterpriseSupportTimePeriod(TypedDict):
    beginDate: datetime
    endDate: NotRequired[datetime]

class Expression(TypedDict):
    dimensions: NotRequired[DimensionValues]
    tags: NotRequired[TagValues]
    costCategories: NotRequired[CostCategoryValues]
    timeRange: NotRequired[TimeRange]

class GetBillingPreferencesRequest(TypedDict):
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]
    features: Sequence[str]
    filters: NotRequired[Sequence[BillingFeatureFilter]]

class GetBillingPreferencesResponse(TypedDict):
    billingPreferences: Sequence[BillingPreferenceSummary]
    nextToken: NotRequired[str]

class GetBillingViewRequest(TypedDict):
    arn: str

class GetBillingViewResponse(TypedDict):
    billingView: BillingViewElement

class GetContractInformationRequest(TypedDict):
    contractArn: str

class GetContractInformationResponse(TypedDict):
    contract: ContractDetails

class GetCreditAllocationHistoryRequest(TypedDict):
    accountId: str
    creditId: NotRequired[int]
    startDate: datetime
    endDate: datetime
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]

class GetCreditAllocationHistoryResponse(TypedDict):
    creditAllocationHistoryList: NotRequired[Sequence[CreditAllocationHistoryEntry]]
    partialResults: bool
    failedMonths: NotRequired[Sequence[str]]
    nextToken: NotRequired[str]

class GetCreditsRequest(TypedDict):
    accountId: str
    startDate: datetime
    endDate: NotRequired[datetime]
    payerAccountFlag: NotRequired[bool]

class GetCreditsResponse(TypedDict):
    credits: NotRequired[Sequence[CreditData]]

class GetEnterpriseSupportChargeSummaryRequest(TypedDict):
    billingMonth: str

class GetEnterpriseSupportChargeSummaryResponse(TypedDict):
    payerAccountId: str
    billingMonth: str
    billingPeriodStartDate: datetime
    billingPeriodEndDate: datetime
    isEstimated: bool
    billDate: datetime
    supportCharge: str
    totalSupportCharge: str
    supportDiscount: str
    totalSupportEligibleSpend: str
    totalSupportEligibleUsageSpend: str
    totalSupportEligibleReservedInstanceSpend: str
    totalSupportEligibleSavingsPlanSpend: str
    supportChargePercentage: str
    supportEffectivePricingPlan: PricingPlan

class GetEnterpriseSupportContractDetailsRequest(TypedDict):
    billingMonth: str

class GetEnterpriseSupportContractDetailsResponse(TypedDict):
    isContractActive: NotRequired[bool]
    supportAllocationMethod: str
    supportReservedInstanceAmortizationStartDate: NotRequired[datetime]
    supportReservedInstanceTreatmentMethod: NotRequired[str]
    supportSavingsPlansAmortizationStartDate: NotRequired[datetime]
    supportSavingsPlansTreatmentMethod: NotRequired[str]
    supportProrateStartDate: NotRequired[datetime]
    contractPayerAccountIds: Sequence[ContractAccount]
    chargedPayerAccountIds: Sequence[ChargeAccount]
    additionalSupportCharge: NotRequired[Sequence[AdditionalCharge]]
    additionalSupportEligibleUsageSpend: NotRequired[Sequence[AdditionalCharge]]
    pricingPlans: Sequence[PricingPlan]

class GetResourcePolicyRequest(TypedDict):
    resourceArn: str

class GetResourcePolicyResponse(TypedDict):
    resourceArn: str
    policy: NotRequired[str]

class Interval(TypedDict):
    startDateInclusive: datetime
    endDateInclusive: datetime

class Investment(TypedDict):
    milestoneBasedInvestment: NotRequired[MilestoneBasedInvestment]
    outcomeBasedInvestment: NotRequired[OutcomeBasedInvestment]

class InvestmentAttestation(TypedDict):
    attestationId: str
    investmentName: str
    outcomeDescription: str
    investmentSummaryId: str
    investmentId: str
    attestedAt: datetime
    updatedAt: datetime
    attestationStatus: str
    investmentDisbursedAt: NotRequired[datetime]
    attestedValue: NotRequired[Amount]
    investmentDistributions: NotRequired[Sequence[InvestmentDistribution]]
    rejectionReasons: NotRequired[Sequence[str]]
    isCancellable: NotRequired[bool]

class InvestmentDistribution(TypedDict):
    accountId: str
    investmentAmount: Amount

class InvestmentMultiplier(TypedDict):
    value: str
    investmentAttestationInputUnit: str
    multiplierType: str

class InvestmentRestriction(TypedDict):
    amount: Amount

class InvestmentSummary(TypedDict):
    investmentSummaryId: str
    investmentName: str
    investmentType: str
    maxAllowedInvestmentDisbursementValue: NotRequired[Amount]

class LegalEntity(TypedDict):
    legalEntityName: str

class LinkedAccountCharge(TypedDict):
    accountId: str
    payerAccountId: str
    accountType: NotRequired[str]
    billableSeconds: int
    totalSeconds: int
    totalSupportEligibleSpend: str
    proratedTotalSupportEligibleSpend: str
    linkedTimePeriods: NotRequired[Sequence[EnterpriseSupportTimePeriod]]
    subscriptionTimePeriods: NotRequired[Sequence[EnterpriseSupportTimePeriod]]
    totalSupportEligibleReservedInstanceSpend: NotRequired[str]
    totalSupportEligibleSavingsPlanSpend: NotRequired[str]
    supportEligibleSpendByService: NotRequired[Sequence[ServiceLevelAccountUsage]]

class ListBillingViewSegmentsRequest(TypedDict):
    timeRange: NotRequired[BillingViewSegmentTimeRange]
    arn: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListBillingViewSegmentsResponse(TypedDict):
    items: Sequence[BillingViewSegmentsListElement]
    nextToken: NotRequired[str]

class ListBillingViewsRequest(TypedDict):
    activeTimeRange: NotRequired[ActiveTimeRange]
    arns: NotRequired[Sequence[str]]
    billingViewTypes: NotRequired[Sequence[str]]
    names: NotRequired[Sequence[StringSearch]]
    ownerAccountId: NotRequired[str]
    sourceAccountId: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListBillingViewsResponse(TypedDict):
    billingViews: Sequence[BillingViewListElement]
    nextToken: NotRequired[str]

class ListBusinessSupportAccountChargesRequest(TypedDict):
    billingMonth: str
    accountId: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListBusinessSupportAccountChargesResponse(TypedDict):
    billingMonth: str
    isEstimated: bool
    totalSupportCharge: str
    totalSupportEligibleSpend: str
    accountCount: int
    accountCharges: Sequence[BusinessSupportAccountCharge]
    nextToken: NotRequired[str]

class ListBusinessSupportSubscriptionHistoryRequest(TypedDict):
    billingMonth: NotRequired[str]
    accountId: NotRequired[str]
    startDate: NotRequired[datetime]
    endDate: NotRequired[datetime]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListBusinessSupportSubscriptionHistoryResponse(TypedDict):
    subscriptionContracts: Sequence[BusinessSupportSubscriptionContract]
    nextToken: NotRequired[str]

class ListContractsRequest(TypedDict):
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]

class ListContractsResponse(TypedDict):
    items: Sequence[ContractSummary]
    nextToken: NotRequired[str]

class ListContractualInvestmentAttestationsRequest(TypedDict):
    contractArn: str
    investmentSummaryId: NotRequired[str]
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]

class ListContractualInvestmentAttestationsResponse(TypedDict):
    items: Sequence[InvestmentAttestation]
    nextToken: NotRequired[str]

class ListContractualInvestmentSummariesRequest(TypedDict):
    contractArn: str
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]

class ListContractualInvestmentSummariesResponse(TypedDict):
    items: Sequence[InvestmentSummary]
    nextToken: NotRequired[str]

class ListContractualInvestmentsRequest(TypedDict):
    contractArn: str
    investmentSummaryId: str
    nextToken: NotRequired[str]
    maxResults: NotRequired[int]

class ListContractualInvestmentsResponse(TypedDict):
    items: Sequence[Investment]
    nextToken: NotRequired[str]

class ListEnterpriseSupportLinkedAccountChargesRequest(TypedDict):
    billingMonth: str
    accountId: NotRequired[str]
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListEnterpriseSupportLinkedAccountChargesResponse(TypedDict):
    linkedAccount: Sequence[LinkedAccountCharge]
    nextToken: NotRequired[str]

class ListSourceViewsForBillingViewRequest(TypedDict):
    arn: str
    maxResults: NotRequired[int]
    nextToken: NotRequired[str]

class ListSourceViewsForBillingViewResponse(TypedDict):
    sourceViews: Sequence[str]
    nextToken: NotRequired[str]

class ListTagsForResourceRequest(TypedDict):
    resourceArn: str

class ListTagsForResourceResponse(TypedDict):
    resourceTags: NotRequired[Sequence[ResourceTag]]

class MilestoneBasedInvestment(TypedDict):
    investmentId: str
    investmentValue: Amount
    investmentDisbursedAt: datetime

class OutcomeBasedInvestment(TypedDict):
    investmentId: str
    outcomeDescription: str
    attestationWindow: Interval
    investmentRestrictions: NotRequired[Sequence[InvestmentRestriction]]
    investmentMultipliers: NotRequired[Sequence[InvestmentMultiplier]]
    disbursedValue: Amount

class PricingPlan(TypedDict):
    pricingPlanId: NotRequired[str]
    name: NotRequired[str]
    description: NotRequired[str]
    startDate: NotRequired[datetime]
    endDate: NotRequired[datetime]
    planDiscountPercent: NotRequired[str]
    discountAppliesToMinimumCharge: NotRequired[bool]
    minimumCharge: NotRequired[str]
    tiered: NotRequired[str]
    tiers: Sequence[PricingPlanTier]

class PricingPlanTier(TypedDict):
    tierMinimum: str
    tierMaximum: NotRequired[str]
    baseCharge: str
    additionalPercentageOfAggregateCharges: str
    aggregateChargesAdjustment: str
    incremental: bool
    increment: NotRequired[str]
    incrementCharge: NotRequired[str]

class PrivatePricingAddendum(TypedDict):
    contractArn: str
    contractTerm: Interval
    eligiblePayerAccounts: Sequence[str]
    investmentAccounts: Sequence[str]
    legalEntities: Sequence[LegalEntity]
    contractRestrictions: NotRequired[Sequence[str]]

class RedeemCreditsRequest(TypedDict):
    promoCode: str

class RedeemCreditsResponse(TypedDict):
    pass

class ResourceTag(TypedDict):
    key: str
    value: NotRequired[str]

class ServiceLevelAccountUsage(TypedDict):
    serviceCode: NotRequired[str]
    totalSupportEligibleSpend: NotRequired[str]

class SplitCreditRequest(TypedDict):
    creditId: str
    portions: Sequence[SplitPortion]
    clientToken: NotRequired[str]
    dryRun: NotRequired[bool]

class SplitCreditResponse(TypedDict):
    parentCreditId: str
    childCredits: Sequence[ChildCredit]
    dryRun: bool

class SplitPortion(TypedDict):
    amount: str
    description: NotRequired[str]

class StringSearch(TypedDict):
    searchOption: str
    searchValue: str

class TagResourceRequest(TypedDict):
    resourceArn: str
    resourceTags: Sequence[ResourceTag]

class TagResourceResponse(TypedDict):
    pass

class TagValues(TypedDict):
    key: str
    values: Sequence[str]

class TimeRange(TypedDict):
    beginDateInclusive: NotRequired[datetime]
    endDateInclusive: NotRequired[datetime]

class TransferCreditRequest(TypedDict):
    creditId: str
    destinationAccountId: str
    clientToken: NotRequired[str]
    dryRun: NotRequired[bool]

class TransferCreditResponse(TypedDict):
    sourceCreditId: str
    newCreditId: NotRequired[str]
    destinationAccountId: str
    amount: str
    dryRun: bool

class UntagResourceRequest(TypedDict):
    resourceArn: str
    resourceTagKeys: Sequence[str]

class UntagResourceResponse(TypedDict):
    pass

class UpdateBillingPreferencesRequest(TypedDict):
    feature: str
    billingPreferencesPerKey: Sequence[BillingPreferenceForKey]

class UpdateBillingPreferencesResponse(TypedDict):
    pass

class UpdateBillingViewRequest(TypedDict):
    arn: str
    name: NotRequired[str]
    description: NotRequired[str]
    dataFilterExpression: NotRequired[Expression]

class UpdateBillingViewResponse(TypedDict):
    arn: str
    updatedAt: NotRequired[datetime]
