"""Values that requests are made of and that need nothing to exist."""

import itertools
import uuid

AI_AGENT = "arn:aws:wisdom:us-east-1:123456789012:ai-agent/{}/{}"
FLOW = '{"Version": "2019-10-30", "StartAction": "end", "Actions": []}'
PASSWORD = "Passw0rd-of-a-user"
TAGS = {"team": "care"}
# The search criteria that every search of tagged resources accepts.
BY_TAG = {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "care"}}}
_numbers = itertools.count(1)


def unique(prefix: str) -> str:
    """A name no other resource of this run has."""
    return f"{prefix}-{next(_numbers)}-{uuid.uuid4().hex[:6]}"


def ai_agent_arn() -> str:
    return AI_AGENT.format(uuid.uuid4(), uuid.uuid4())


def application_members() -> dict:
    """Every member that CreateApplication and UpdateApplication share, but for the name."""
    return {
        "Description": "Where orders are looked up",
        "ApplicationSourceConfig": {
            "ExternalUrlConfig": {
                "AccessUrl": "https://orders.example.com",
                "ApprovedOrigins": ["https://cdn.example.com"],
            }
        },
        "Subscriptions": [{"Event": "contact::connected", "Description": "To show the order"}],
        "Publications": [{"Event": "orders::opened", "Schema": "{}", "Description": "An order is shown"}],
        "Permissions": ["Contact.Details.View"],
        "IsService": False,
        "InitializationTimeout": 5000,
        "ApplicationConfig": {"ContactHandling": {"Scope": "PER_CONTACT"}},
        "IframeConfig": {"Allow": ["clipboard-write"], "Sandbox": ["allow-forms"]},
        "ApplicationType": "STANDARD",
        "AuthConfig": {
            "AuthType": "API_KEY",
            "CredentialProviderIdentifier": "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders",
        },
    }


def named(start: str) -> dict:
    """Criteria of a search: names that start so."""
    return {"StringCondition": {"FieldName": "name", "Value": start, "ComparisonType": "STARTS_WITH"}}


def profile_members() -> dict:
    """Every member that CreateSecurityProfile and UpdateSecurityProfile share, with values that need nothing to exist."""
    return {
        "Description": "Cares for customers",
        "Permissions": ["BasicAgentAccess", "OutboundCallAccess"],
        "AllowedAccessControlTags": {"department": "care"},
        "TagRestrictedResources": ["User"],
        "Applications": [
            {"Namespace": "crm", "ApplicationPermissions": ["ACCESS"], "Type": "THIRD_PARTY_APPLICATION"},
        ],
        "HierarchyRestrictedResources": ["User"],
        "AllowedAccessControlHierarchyGroupId": "",
        "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": "a2b3c4d5-0000-4000-8000-000000000001"}],
        "AllowedAIAgents": [{"Type": "THIRD_PARTY", "Arn": AI_AGENT.format("a", "b")}],
        "GranularAccessControlConfiguration": granular("region", ["eu", "us"]),
    }


def granular(attribute: str, values: list[str]) -> dict:
    entry = {"AccessType": "ALLOW", "AttributeName": attribute, "Values": values}
    return {
        "DataTableAccessControlConfiguration": {
            "PrimaryAttributeAccessControlConfiguration": {"PrimaryAttributeValues": [entry]}
        }
    }


def hours_members() -> dict:
    """Every member that CreateHoursOfOperation and UpdateHoursOfOperation share, but for the name."""
    span = {"Day": "MONDAY", "StartTime": {"Hours": 9, "Minutes": 0}, "EndTime": {"Hours": 17, "Minutes": 30}}
    return {"Description": "When we are there", "TimeZone": "Europe/Berlin", "Config": [span]}


def table_members() -> dict:
    """Every member that CreateDataTable and UpdateDataTableMetadata share, but for the name; and `Status`."""
    return {
        "Description": "Where calls go",
        "TimeZone": "Europe/Berlin",
        "ValueLockLevel": "NONE",
        "Status": "PUBLISHED",
    }


def region(where: str) -> list[dict]:
    """The primary values of a record of a table whose one primary attribute is `region`."""
    return [{"AttributeName": "region", "Value": where}]


def concurrencies() -> list[dict]:
    workload = {
        "WorkloadType": "billing",
        "Concurrency": 2,
        "CrossChannelWorkloadBehavior": {"ChannelWorkloadBehaviorType": "ROUTE_ANY_CHANNEL_ANY_WORKLOAD_TYPE"},
    }
    return [
        {
            "Channel": "CHAT",
            "Concurrency": 3,
            "CrossChannelBehavior": {"BehaviorType": "ROUTE_ANY_CHANNEL"},
            "WorkloadTypeConcurrencies": [workload],
        },
        {"Channel": "VOICE", "Concurrency": 1},
    ]


def identity_info() -> dict:
    return {
        "FirstName": "Ada",
        "LastName": "Lovelace",
        "Email": "ada@example.com",
        "SecondaryEmail": "ada@example.org",
        "Mobile": "+441632960000",
    }


def phone_config() -> dict:
    return {
        "PhoneType": "DESK_PHONE",
        "AutoAccept": True,
        "AfterContactWorkTimeLimit": 30,
        "DeskPhoneNumber": "+441632960001",
        "PersistentConnection": False,
    }


def channel_settings() -> dict:
    """The settings of UpdateUserConfig; CreateUser accepts them too, but not together with the `PhoneConfig` that they replace."""
    return {
        "AutoAcceptConfigs": [{"Channel": "VOICE", "AutoAccept": True, "AgentFirstCallbackAutoAccept": False}],
        "AfterContactWorkConfigs": [
            {
                "Channel": "VOICE",
                "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 5},
                "AgentFirstCallbackAfterContactWorkConfig": {"AfterContactWorkTimeLimit": 6},
            }
        ],
        "PhoneNumberConfigs": [{"Channel": "VOICE", "PhoneType": "DESK_PHONE", "PhoneNumber": "+441632960002"}],
        "PersistentConnectionConfigs": [{"Channel": "VOICE", "PersistentConnection": True}],
        "VoiceEnhancementConfigs": [{"Channel": "VOICE", "VoiceEnhancementMode": "NOISE_SUPPRESSION"}],
    }
