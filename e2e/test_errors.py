"""Every error that the model lists for a served operation is provoked somewhere in the suites, or is known not to occur.

Runs last, and only when everything ran before it: `conftest.py` sees to that.
"""

from pathlib import Path

import pytest

from conftest import DESELECTED
from harness import model
from harness.observed import SEEN
from harness.operations import SERVED

SUITES = {path.name for path in Path(__file__).parent.glob("test_*.py")}

# The operations whose request can contradict what there is, or itself, without a wrong value or with a kind of error that
# their model does not list. In all others what is wrong is the value of one member.
CAN_BE_INVALID_AS_A_WHOLE = {
    # The model has no InvalidParameterException for these.
    "CreateInstance",
    "DescribeInstance",
    "ListInstances",
    "DeleteInstance",
    "CreateIntegrationAssociation",
    "DeleteIntegrationAssociation",
    "ListIntegrationAssociations",
    # More restricted profiles than a user may have.
    "CreateUser",
    "UpdateUserSecurityProfiles",
    "UpdateSecurityProfile",
    # More tags than a resource may have.
    "TagResource",
    # A level that is not there.
    "CreateUserHierarchyGroup",
    # In use, for which the model has no kind of its own.
    "DeleteHoursOfOperation",
    "DeleteContactFlowModuleVersion",
    # None of several members, of which one is needed.
    "UpdateQueueName",
    "UpdateQuickConnectName",
    "UpdateRoutingProfileName",
    "AssociateRoutingProfileQueues",
    "DisassociateRoutingProfileQueues",
    # A profile that the AI agent has not got.
    "DisassociateSecurityProfiles",
    # A queue that the profile has not got; a module without what is to be published.
    "UpdateRoutingProfileQueues",
    "UpdateContactFlowModuleContent",
    # The same value twice, for which the model has no kind of its own.
    "BatchUpdateDataTableValue",
    "BatchDeleteDataTableValue",
}

ONE_AFTER_THE_OTHER = "the writes to an instance run one after the other, so that none can fail for another"
NO_QUOTA = "no quota is documented, and none is kept"
EVERY_KEY_READS = "there is no key that may not read"

APPLICATIONS = {name for name in SERVED if name.startswith("appintegrations.")}
# The model has no InvalidParameterException for these.
CAN_BE_INVALID_AS_A_WHOLE |= APPLICATIONS

# Kind of error, operations that never answer with it, and why.
CANNOT_OCCUR = [
    ("InternalServiceException", set(SERVED), "a failure of the server's own, which no request may provoke"),
    (
        "InvalidRequestException",
        set(SERVED) - CAN_BE_INVALID_AS_A_WHOLE,
        "whatever is wrong is the value of a member: InvalidParameterException",
    ),
    (
        "ConditionalOperationFailedException",
        {
            "AssociateSecurityProfiles",
            "DisassociateSecurityProfiles",
            "UpdateUserConfig",
            "UpdateQueueOutboundEmailConfig",
            "UpdateContactFlowModuleAlias",
        },
        ONE_AFTER_THE_OTHER,
    ),
    ("ResourceConflictException", {"AssociateSecurityProfiles", "DisassociateSecurityProfiles"}, ONE_AFTER_THE_OTHER),
    ("LimitExceededException", {"CreateContactFlowModuleVersion", "CreateContactFlowModuleAlias"}, NO_QUOTA),
    ("LimitExceededException", {"AssociateQueueQuickConnects"}, NO_QUOTA),
    ("ServiceQuotaExceededException", {"CreateInstance"}, "instances are not limited"),
    ("ServiceQuotaExceededException", {"CreateHoursOfOperation"}, "LimitExceededException, which it has too, says it"),
    ("MaximumResultReturnedException", {"SearchResourceTags"}, "however many tags there are, pages lead through all"),
    ("InternalServiceError", APPLICATIONS, "a failure of the server's own, which no request may provoke"),
    (
        "UnsupportedOperationException",
        {"appintegrations.CreateApplication", "appintegrations.UpdateApplication"},
        "nothing of applications is unsupported",
    ),
    ("ConflictException", {"appintegrations.TagResource", "appintegrations.UntagResource"}, ONE_AFTER_THE_OTHER),
    ("ResourceNotFoundException", {"CreateInstance"}, "it refers to nothing that the server keeps"),
    (
        "AccessDeniedException",
        {
            "DescribeContactFlowModule",
            "DescribeContactFlowModuleAlias",
            "ListContactFlowModules",
            "ListContactFlowModuleAliases",
            "ListContactFlowModuleVersions",
            "BatchDescribeDataTableValue",
            "DescribeDataTable",
            "DescribeDataTableAttribute",
            "EvaluateDataTableValues",
            "ListDataTableAttributes",
            "ListDataTablePrimaryValues",
            "ListDataTableValues",
            "ListDataTables",
            "appintegrations.GetApplication",
            "appintegrations.ListApplications",
            "appintegrations.ListApplicationAssociations",
            "appintegrations.ListTagsForResource",
        },
        EVERY_KEY_READS,
    ),
    ("ConflictException", {"CreateDataTable", "DeleteDataTable", "UpdateDataTableMetadata"}, ONE_AFTER_THE_OTHER),
    (
        "ConflictException",
        {"BatchCreateDataTableValue", "BatchUpdateDataTableValue", "BatchDeleteDataTableValue"},
        "the item whose lock version is not the newest fails by itself",
    ),
    ("ServiceQuotaExceededException", {"UpdateDataTableAttribute"}, "LimitExceededException, which it has too, says it"),
]


def test_every_modelled_error(request):
    if DESELECTED or {item.path.name for item in request.session.items} != SUITES:
        pytest.skip("not every suite is part of this run")
    if request.session.testsfailed:
        pytest.skip("what failed may be what would have provoked an error")
    modelled = {(name, shape.name) for name in SERVED for shape in model.operation(name).error_shapes}
    excepted = {(name, kind) for kind, operations, _ in CANNOT_OCCUR for name in operations} & modelled
    assert sorted(modelled - excepted - SEEN) == [], "never provoked"
    assert sorted(excepted & SEEN) == [], "said not to occur, and did"
