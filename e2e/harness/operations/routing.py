"""Hours of operation, queues, quick connects and routing profiles."""

from harness.operations.values import BY_TAG, TAGS, concurrencies, hours_members, named, unique


def _paged(scene, size: int) -> dict:
    return {"InstanceId": scene.instance, "MaxResults": size}


def _of_hours(scene) -> dict:
    return {"InstanceId": scene.instance, "HoursOfOperationId": scene.hours}


def _of_queue(scene) -> dict:
    return {"InstanceId": scene.instance, "QueueId": scene.queue}


def _of_quick_connect(scene) -> dict:
    return {"InstanceId": scene.instance, "QuickConnectId": scene.quick_connect}


def _of_routing_profile(scene) -> dict:
    return {"InstanceId": scene.instance, "RoutingProfileId": scene.routing_profile}


def _caller() -> dict:
    return {"OutboundCallerIdName": "Lanyard", "OutboundCallerIdNumberId": "a-number", "OutboundFlowId": "a-flow"}


def _to_queue(scene) -> dict:
    return {"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": scene.other_queue, "ContactFlowId": "a-flow"}}


def _reference(queue: str) -> dict:
    return {"QueueId": queue, "Channel": "VOICE"}


def _queue_configs(queue: str) -> list[dict]:
    return [{"QueueReference": _reference(queue), "Priority": 2, "Delay": 10}]


SERVED = {
    "CreateHoursOfOperation": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "ParentHoursOfOperationConfigs": [{"HoursOfOperationId": scene.hours}],
        "Tags": TAGS,
        **hours_members(),
    },
    "DescribeHoursOfOperation": _of_hours,
    "DeleteHoursOfOperation": lambda scene: {
        "InstanceId": scene.instance,
        "HoursOfOperationId": scene.disposable("hours"),
    },
    "ListHoursOfOperations": lambda scene: _paged(scene, 1000),
    "SearchHoursOfOperations": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("ho"),
        "SearchFilter": BY_TAG,
    },
    "UpdateHoursOfOperation": lambda scene: {**_of_hours(scene), "Name": unique("renamed"), **hours_members()},
    "CreateQueue": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "Description": "Where customers wait",
        "OutboundCallerConfig": _caller(),
        "OutboundEmailConfig": {"OutboundEmailAddressId": "an-address"},
        "HoursOfOperationId": scene.hours,
        "MaxContacts": 10,
        "QuickConnectIds": [scene.quick_connect],
        "EmailAddressesConfig": [{"EmailAddressId": "an-address"}],
        "Tags": TAGS,
    },
    "DescribeQueue": _of_queue,
    "DeleteQueue": lambda scene: {"InstanceId": scene.instance, "QueueId": scene.disposable("queue")},
    "ListQueues": lambda scene: {**_paged(scene, 1000), "QueueTypes": ["STANDARD"]},
    "SearchQueues": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": {"AndConditions": [named("qu"), {"QueueTypeCondition": "STANDARD"}]},
        "SearchFilter": BY_TAG,
    },
    "UpdateQueueName": lambda scene: {
        **_of_queue(scene),
        "Name": unique("renamed"),
        "Description": "Where customers wait",
    },
    "UpdateQueueHoursOfOperation": lambda scene: {**_of_queue(scene), "HoursOfOperationId": scene.hours},
    "UpdateQueueMaxContacts": lambda scene: {**_of_queue(scene), "MaxContacts": 0},
    "UpdateQueueOutboundCallerConfig": lambda scene: {**_of_queue(scene), "OutboundCallerConfig": _caller()},
    "UpdateQueueOutboundEmailConfig": lambda scene: {
        **_of_queue(scene),
        "OutboundEmailConfig": {"OutboundEmailAddressId": "an-address"},
    },
    "UpdateQueueStatus": lambda scene: {**_of_queue(scene), "Status": "ENABLED"},
    "AssociateQueueQuickConnects": lambda scene: {**_of_queue(scene), "QuickConnectIds": [scene.quick_connect]},
    "DisassociateQueueQuickConnects": lambda scene: {**_of_queue(scene), "QuickConnectIds": [scene.quick_connect]},
    "ListQueueQuickConnects": lambda scene: {**_of_queue(scene), "MaxResults": 100},
    "CreateQuickConnect": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "Description": "To those who know",
        "QuickConnectConfig": _to_queue(scene),
        "Tags": TAGS,
    },
    "DescribeQuickConnect": _of_quick_connect,
    "DeleteQuickConnect": lambda scene: {
        "InstanceId": scene.instance,
        "QuickConnectId": scene.disposable("quick_connect"),
    },
    "ListQuickConnects": lambda scene: {**_paged(scene, 1000), "QuickConnectTypes": ["FLOW", "QUEUE"]},
    "SearchQuickConnects": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("qu"),
        "SearchFilter": BY_TAG,
    },
    "UpdateQuickConnectConfig": lambda scene: {**_of_quick_connect(scene), "QuickConnectConfig": _to_queue(scene)},
    "UpdateQuickConnectName": lambda scene: {
        **_of_quick_connect(scene),
        "Name": unique("renamed"),
        "Description": "To those who know",
    },
    "CreateRoutingProfile": lambda scene: {
        "InstanceId": scene.instance,
        "Name": unique("created"),
        "Description": "Routes calls",
        "DefaultOutboundQueueId": scene.queue,
        "QueueConfigs": _queue_configs(scene.queue),
        "ManualAssignmentQueueConfigs": [{"QueueReference": _reference(scene.queue)}],
        "MediaConcurrencies": concurrencies(),
        "Tags": TAGS,
        "AgentAvailabilityTimer": "TIME_SINCE_LAST_INBOUND",
    },
    "DescribeRoutingProfile": _of_routing_profile,
    "DeleteRoutingProfile": lambda scene: {
        "InstanceId": scene.instance,
        "RoutingProfileId": scene.disposable("routing_profile"),
    },
    "ListRoutingProfiles": lambda scene: _paged(scene, 1000),
    "SearchRoutingProfiles": lambda scene: {
        **_paged(scene, 100),
        "SearchCriteria": named("ro"),
        "SearchFilter": BY_TAG,
    },
    "UpdateRoutingProfileName": lambda scene: {
        **_of_routing_profile(scene),
        "Name": unique("renamed"),
        "Description": "Routes calls",
    },
    "UpdateRoutingProfileConcurrency": lambda scene: {
        **_of_routing_profile(scene),
        "MediaConcurrencies": concurrencies(),
    },
    "UpdateRoutingProfileDefaultOutboundQueue": lambda scene: {
        **_of_routing_profile(scene),
        "DefaultOutboundQueueId": scene.queue,
    },
    "UpdateRoutingProfileAgentAvailabilityTimer": lambda scene: {
        **_of_routing_profile(scene),
        "AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY",
    },
    "UpdateRoutingProfileQueues": lambda scene: {
        **_of_routing_profile(scene),
        "QueueConfigs": _queue_configs(scene.queue),
    },
    "AssociateRoutingProfileQueues": lambda scene: {
        **_of_routing_profile(scene),
        "QueueConfigs": _queue_configs(scene.other_queue),
        "ManualAssignmentQueueConfigs": [{"QueueReference": _reference(scene.other_queue)}],
    },
    "DisassociateRoutingProfileQueues": lambda scene: {
        **_of_routing_profile(scene),
        "QueueReferences": [_reference(scene.other_queue)],
        "ManualAssignmentQueueReferences": [_reference(scene.other_queue)],
    },
    "ListRoutingProfileQueues": lambda scene: {**_of_routing_profile(scene), "MaxResults": 100},
    "ListRoutingProfileManualAssignmentQueues": lambda scene: {**_of_routing_profile(scene), "MaxResults": 100},
}
