"""The directory: who exists. Accounts, users, groups, roles, policies, credentials, and the sessions made from them.

Each module holds one noun: the entity, its `Kind` for the store, and the functions that find, make and change it within
a transaction. Functions raise facts (`facts.py`); a service says them in its own words.
"""

from typing import Any

from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.access_reports import ACCESS_REPORTS
from remit.directory.account_properties import ACCOUNT_PROPERTIES
from remit.directory.accounts import ACCOUNTS
from remit.directory.artifact.agreements import AGREEMENTS
from remit.directory.artifact.certificates import CERTIFICATE_KEYS
from remit.directory.artifact.customer_agreements import CUSTOMER_AGREEMENTS
from remit.directory.artifact.inquiries import EXPORTS, INQUIRIES
from remit.directory.artifact.ndas import NDA_ACCEPTANCES
from remit.directory.artifact.report_copies import REPORT_ACCEPTANCES, REPORT_COPIES
from remit.directory.artifact.reports import REPORT_VERSIONS, REPORTS
from remit.directory.artifact.reviews import FEEDBACK, REVIEWS
from remit.directory.artifact.settings import ARTIFACT_SETTINGS
from remit.directory.artifact.terms import TERMS
from remit.directory.billing.access import BILLING_ACCESS
from remit.directory.billing.allocation_tags import ALLOCATION_TAGS, BACKFILLS
from remit.directory.billing.analyses import GENERATIONS, PURCHASE_ANALYSES
from remit.directory.billing.anomalies import ANOMALY_FEEDBACK, ANOMALY_MONITORS, ANOMALY_SUBSCRIPTIONS
from remit.directory.billing.budgets import BUDGET_ACTIONS, BUDGETS
from remit.directory.billing.client_tokens import BILLING_TOKENS
from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.directory.billing.credits import CREDIT_MONTHS, CREDITS, PROMOTIONS
from remit.directory.billing.executions import EXPORT_EXECUTIONS
from remit.directory.billing.exports import COST_REPORTS, DATA_EXPORTS, EXPORT_BUCKETS
from remit.directory.billing.invoice_units import FORMER_UNITS, INVOICE_UNITS
from remit.directory.billing.payment_currencies import PAYMENT_CURRENCIES
from remit.directory.billing.portal_preferences import PORTAL_PREFERENCES
from remit.directory.billing.preferences import PREFERENCE_CHANGES, PREFERENCES
from remit.directory.billing.views import BILLING_VIEWS
from remit.directory.console_access import CONSOLE_AUTHORIZATIONS, SIGNIN_STATEMENTS
from remit.directory.contacts import CONTACTS
from remit.directory.credential_reports import CREDENTIAL_REPORTS
from remit.directory.delegation import DELEGATION_REQUESTS, NOTICES
from remit.directory.email_updates import EMAIL_UPDATES
from remit.directory.govcloud import GOVCLOUD_LINKS
from remit.directory.groups import GROUPS
from remit.directory.instance_profiles import INSTANCE_PROFILES
from remit.directory.login_profiles import LOGIN_PROFILES
from remit.directory.mfa_devices import MFA_DEVICES
from remit.directory.notifications import NOTIFICATIONS
from remit.directory.oidc_providers import OIDC_PROVIDERS
from remit.directory.one_time_codes import MESSAGES
from remit.directory.organizations import ORGANIZATION_POLICIES, ORGANIZATIONS, UNITS
from remit.directory.organizations.creations import CREATE_ACCOUNT_REQUESTS
from remit.directory.organizations.handshakes import HANDSHAKES
from remit.directory.organizations.past_memberships import PAST_MEMBERSHIPS
from remit.directory.organizations.resource_policies import RESOURCE_POLICIES
from remit.directory.organizations.transfers import RESPONSIBILITY_TRANSFERS
from remit.directory.outbound_federation import OUTBOUND_ISSUERS
from remit.directory.password_policy import PASSWORD_POLICIES
from remit.directory.policies import POLICIES
from remit.directory.regions import REGION_OPTS
from remit.directory.role_templates import ROLE_TEMPLATES
from remit.directory.roles import ROLES
from remit.directory.saml_providers import SAML_PROVIDERS
from remit.directory.server_certificates import SERVER_CERTIFICATES
from remit.directory.service_credentials import SERVICE_CREDENTIALS
from remit.directory.service_linked_roles import DELETION_TASKS
from remit.directory.signin_grants import SIGNIN_GRANTS
from remit.directory.signing_certificates import SIGNING_CERTIFICATES
from remit.directory.ssh_public_keys import SSH_PUBLIC_KEYS
from remit.directory.users import USERS
from remit.store import Kind

KINDS: tuple[Kind[Any], ...] = (
    ACCOUNTS,
    ORGANIZATIONS,
    UNITS,
    ORGANIZATION_POLICIES,
    RESOURCE_POLICIES,
    CREATE_ACCOUNT_REQUESTS,
    HANDSHAKES,
    RESPONSIBILITY_TRANSFERS,
    USERS,
    GROUPS,
    ROLES,
    POLICIES,
    ACCESS_KEYS,
    LOGIN_PROFILES,
    PASSWORD_POLICIES,
    MFA_DEVICES,
    SIGNING_CERTIFICATES,
    SERVER_CERTIFICATES,
    SSH_PUBLIC_KEYS,
    SERVICE_CREDENTIALS,
    CREDENTIAL_REPORTS,
    INSTANCE_PROFILES,
    OIDC_PROVIDERS,
    OUTBOUND_ISSUERS,
    SIGNIN_GRANTS,
    SIGNIN_STATEMENTS,
    CONSOLE_AUTHORIZATIONS,
    SAML_PROVIDERS,
    DELETION_TASKS,
    ACCESS_REPORTS,
    ACCOUNT_PROPERTIES,
    ROLE_TEMPLATES,
    DELEGATION_REQUESTS,
    NOTICES,
    CONTACTS,
    REGION_OPTS,
    EMAIL_UPDATES,
    GOVCLOUD_LINKS,
    MESSAGES,
    REPORTS,
    REPORT_VERSIONS,
    TERMS,
    REPORT_ACCEPTANCES,
    REPORT_COPIES,
    AGREEMENTS,
    NDA_ACCEPTANCES,
    CUSTOMER_AGREEMENTS,
    CERTIFICATE_KEYS,
    ARTIFACT_SETTINGS,
    NOTIFICATIONS,
    INQUIRIES,
    EXPORTS,
    REVIEWS,
    FEEDBACK,
    PAST_MEMBERSHIPS,
    BILLING_ACCESS,
    PREFERENCES,
    PREFERENCE_CHANGES,
    CREDITS,
    CREDIT_MONTHS,
    PROMOTIONS,
    BILLING_TOKENS,
    BILLING_VIEWS,
    COST_CATEGORIES,
    ALLOCATION_TAGS,
    BACKFILLS,
    ANOMALY_MONITORS,
    ANOMALY_SUBSCRIPTIONS,
    ANOMALY_FEEDBACK,
    PURCHASE_ANALYSES,
    GENERATIONS,
    BUDGETS,
    BUDGET_ACTIONS,
    INVOICE_UNITS,
    FORMER_UNITS,
    PAYMENT_CURRENCIES,
    PORTAL_PREFERENCES,
    DATA_EXPORTS,
    COST_REPORTS,
    EXPORT_EXECUTIONS,
    EXPORT_BUCKETS,
)

__all__ = [
    "ACCESS_KEYS",
    "ACCESS_REPORTS",
    "ACCOUNTS",
    "ACCOUNT_PROPERTIES",
    "CONTACTS",
    "CREATE_ACCOUNT_REQUESTS",
    "CREDENTIAL_REPORTS",
    "DELEGATION_REQUESTS",
    "DELETION_TASKS",
    "EMAIL_UPDATES",
    "GOVCLOUD_LINKS",
    "GROUPS",
    "HANDSHAKES",
    "INSTANCE_PROFILES",
    "KINDS",
    "LOGIN_PROFILES",
    "MESSAGES",
    "MFA_DEVICES",
    "NOTICES",
    "OIDC_PROVIDERS",
    "ORGANIZATIONS",
    "ORGANIZATION_POLICIES",
    "OUTBOUND_ISSUERS",
    "PASSWORD_POLICIES",
    "POLICIES",
    "REGION_OPTS",
    "RESOURCE_POLICIES",
    "RESPONSIBILITY_TRANSFERS",
    "ROLES",
    "ROLE_TEMPLATES",
    "SAML_PROVIDERS",
    "SERVER_CERTIFICATES",
    "SERVICE_CREDENTIALS",
    "SIGNING_CERTIFICATES",
    "SIGNIN_GRANTS",
    "SSH_PUBLIC_KEYS",
    "UNITS",
    "USERS",
]
