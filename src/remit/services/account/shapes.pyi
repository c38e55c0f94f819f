"""Shapes of `account`, 2021-02-01. Written by `tools/shapes.py`; do not edit."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired, TypedDict

class AcceptPrimaryEmailUpdateRequest(TypedDict):
    AccountId: str
    PrimaryEmail: str
    Otp: str

class AcceptPrimaryEmailUpdateResponse(TypedDict):
    Status: NotRequired[str]

class AlternateContact(TypedDict):
    Name: NotRequired[str]
    Title: NotRequired[str]
    EmailAddress: NotRequired[str]
    PhoneNumber: NotRequired[str]
    AlternateContactType: NotRequired[str]

class ContactInformation(TypedDict):
    FullName: str
    AddressLine1: str
    AddressLine2: NotRequired[str]
    AddressLine3: NotRequired[str]
    City: str
    StateOrRegion: NotRequired[str]
    DistrictOrCounty: NotRequired[str]
    PostalCode: str
    CountryCode: str
    PhoneNumber: str
    CompanyName: NotRequired[str]
    WebsiteUrl: NotRequired[str]

class DeleteAlternateContactRequest(TypedDict):
    AlternateContactType: str
    AccountId: NotRequired[str]

class DisableRegionRequest(TypedDict):
    AccountId: NotRequired[str]
    RegionName: str

class EnableRegionRequest(TypedDict):
    AccountId: NotRequired[str]
    RegionName: str

class GetAccountInformationRequest(TypedDict):
    AccountId: NotRequired[str]

class GetAccountInformationResponse(TypedDict):
    AccountId: NotRequired[str]
    AccountName: NotRequired[str]
    AccountCreatedDate: NotRequired[datetime]
    AccountState: NotRequired[str]

class GetAlternateContactRequest(TypedDict):
    AlternateContactType: str
    AccountId: NotRequired[str]

class GetAlternateContactResponse(TypedDict):
    AlternateContact: NotRequired[AlternateContact]

class GetContactInformationRequest(TypedDict):
    AccountId: NotRequired[str]

class GetContactInformationResponse(TypedDict):
    ContactInformation: NotRequired[ContactInformation]
    VerificationStatus: NotRequired[str]

class GetGovCloudAccountInformationRequest(TypedDict):
    StandardAccountId: NotRequired[str]

class GetGovCloudAccountInformationResponse(TypedDict):
    GovCloudAccountId: str
    AccountState: str

class GetPrimaryEmailRequest(TypedDict):
    AccountId: str

class GetPrimaryEmailResponse(TypedDict):
    PrimaryEmail: NotRequired[str]

class GetPrimaryEmailUpdateStatusRequest(TypedDict):
    AccountId: NotRequired[str]

class GetPrimaryEmailUpdateStatusResponse(TypedDict):
    Status: str
    UpdatedAt: NotRequired[datetime]

class GetRegionOptStatusRequest(TypedDict):
    AccountId: NotRequired[str]
    RegionName: str

class GetRegionOptStatusResponse(TypedDict):
    RegionName: NotRequired[str]
    RegionOptStatus: NotRequired[str]

class ListRegionsRequest(TypedDict):
    AccountId: NotRequired[str]
    MaxResults: NotRequired[int]
    NextToken: NotRequired[str]
    RegionOptStatusContains: NotRequired[Sequence[str]]

class ListRegionsResponse(TypedDict):
    NextToken: NotRequired[str]
    Regions: NotRequired[Sequence[Region]]

class PutAccountNameRequest(TypedDict):
    AccountName: str
    AccountId: NotRequired[str]

class PutAlternateContactRequest(TypedDict):
    Name: str
    Title: str
    EmailAddress: str
    PhoneNumber: str
    AlternateContactType: str
    AccountId: NotRequired[str]

class PutContactInformationRequest(TypedDict):
    ContactInformation: ContactInformation
    AccountId: NotRequired[str]

class Region(TypedDict):
    RegionName: NotRequired[str]
    RegionOptStatus: NotRequired[str]

class SendPhoneNumberVerificationRequest(TypedDict):
    AccountId: NotRequired[str]

class SendPhoneNumberVerificationResponse(TypedDict):
    Status: NotRequired[str]

class StartPrimaryEmailUpdateRequest(TypedDict):
    AccountId: str
    PrimaryEmail: str

class StartPrimaryEmailUpdateResponse(TypedDict):
    Status: NotRequired[str]

class VerifyPhoneNumberRequest(TypedDict):
    AccountId: NotRequired[str]
    Otp: str

class VerifyPhoneNumberResponse(TypedDict):
    Status: NotRequired[str]
