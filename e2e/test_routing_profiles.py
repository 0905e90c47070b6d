"""Routing profiles: their queues, channels and users, and what holds them."""

import uuid

import pytest

from conftest import new_instance
from harness.expect import INVALID, not_found, refused
from harness.operations import unique

VOICE_AND_CHAT = [{"Channel": "VOICE", "Concurrency": 1}, {"Channel": "CHAT", "Concurrency": 3}]
NOBODY = str(uuid.uuid4())


@pytest.fixture(scope="module")
def hours(connect, instance) -> str:
    return connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]


@pytest.fixture(scope="module")
def make_queue(connect, instance, hours):
    def make() -> str:
        return connect.create_queue(InstanceId=instance, Name=unique("queue"), HoursOfOperationId=hours)["QueueId"]

    return make


@pytest.fixture(scope="module")
def queues(make_queue) -> list[str]:
    """Four queues, in the order of their identifiers, for tests that only point at them."""
    return sorted(make_queue() for _ in range(4))


@pytest.fixture
def make(connect, instance, queues):
    """Creates a routing profile in the module's instance; answers its id."""

    def make(**members) -> str:
        return connect.create_routing_profile(
            **{
                "InstanceId": instance,
                "Name": unique("profile"),
                "Description": "Routes calls",
                "DefaultOutboundQueueId": queues[0],
                "MediaConcurrencies": VOICE_AND_CHAT,
                **members,
            }
        )["RoutingProfileId"]

    return make


@pytest.fixture
def of(instance):
    return lambda profile: {"InstanceId": instance, "RoutingProfileId": profile}


@pytest.fixture
def describe(connect, of):
    return lambda profile: connect.describe_routing_profile(**of(profile))["RoutingProfile"]


@pytest.fixture
def listed(connect, of):
    """The queues of a profile: (queue, channel, priority, delay)."""

    def listed(profile: str) -> list[tuple]:
        rows = connect.list_routing_profile_queues(**of(profile))["RoutingProfileQueueConfigSummaryList"]
        return [(row["QueueId"], row["Channel"], row["Priority"], row["Delay"]) for row in rows]

    return listed


@pytest.fixture
def manual(connect, of):
    """The queues that people pick contacts from: (queue, channel)."""

    def manual(profile: str) -> list[tuple]:
        answer = connect.list_routing_profile_manual_assignment_queues(**of(profile))
        rows = answer["RoutingProfileManualAssignmentQueueConfigSummaryList"]
        return [(row["QueueId"], row["Channel"]) for row in rows]

    return manual


def reference(queue: str, channel: str = "VOICE") -> dict:
    return {"QueueId": queue, "Channel": channel}


def config(queue: str, channel: str = "VOICE", priority: int = 1, delay: int = 0) -> dict:
    return {"QueueReference": reference(queue, channel), "Priority": priority, "Delay": delay}


def pick(queue: str, channel: str = "CHAT") -> dict:
    return {"QueueReference": reference(queue, channel)}


class TestCreate:
    def test_described_as_made(self, connect, instance, queues, make, describe):
        name = unique("whole")
        concurrencies = [
            {
                "Channel": "VOICE",
                "Concurrency": 1,
                "CrossChannelBehavior": {"BehaviorType": "ROUTE_CURRENT_CHANNEL_ONLY"},
            },
            {
                "Channel": "TASK",
                "Concurrency": 10,
                "WorkloadTypeConcurrencies": [
                    {
                        "WorkloadType": "claims",
                        "Concurrency": 4,
                        "CrossChannelWorkloadBehavior": {
                            "ChannelWorkloadBehaviorType": "ROUTE_ANY_CHANNEL_ANY_WORKLOAD_TYPE"
                        },
                    },
                    {"WorkloadType": "refunds", "Concurrency": 1},
                ],
            },
            {"Channel": "EMAIL", "Concurrency": 0},
        ]
        profile = make(
            Name=name,
            Description="All there is",
            MediaConcurrencies=concurrencies,
            QueueConfigs=[config(queues[0]), config(queues[0], "TASK", 99, 9999), config(queues[1])],
            ManualAssignmentQueueConfigs=[pick(queues[2], "EMAIL")],
            AgentAvailabilityTimer="TIME_SINCE_LAST_INBOUND",
            Tags={"team": "care"},
        )

        actual = describe(profile)

        times = {actual.pop("LastModifiedTime"), actual.pop("LastModifiedRegion")}
        assert None not in times
        assert actual.pop("RoutingProfileArn").endswith(f":instance/{instance}/routing-profile/{profile}")
        assert actual == {
            "InstanceId": instance,
            "RoutingProfileId": profile,
            "Name": name,
            "Description": "All there is",
            "MediaConcurrencies": concurrencies,
            "DefaultOutboundQueueId": queues[0],
            "Tags": {"team": "care"},
            "NumberOfAssociatedQueues": 2,
            "NumberOfAssociatedManualAssignmentQueues": 1,
            "NumberOfAssociatedUsers": 0,
            "AgentAvailabilityTimer": "TIME_SINCE_LAST_INBOUND",
            "IsDefault": False,
        }

    def test_members_that_were_not_sent_are_left_out(self, make, describe, listed, manual):
        profile = make()
        actual = describe(profile)
        assert {"Tags", "AgentAvailabilityTimer"} & set(actual) == set()
        assert actual["NumberOfAssociatedQueues"] == actual["NumberOfAssociatedManualAssignmentQueues"] == 0
        assert (listed(profile), manual(profile)) == ([], [])

    def test_the_one_that_came_with_the_instance(self, connect, instance, describe):
        (basic,) = (
            one
            for one in connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"]
            if one["Name"] == "Basic Routing Profile"
        )
        assert describe(basic["Id"])["IsDefault"] is True

    def test_name_is_taken(self, make):
        name = unique("taken")
        make(Name=name)
        with refused("DuplicateResourceException", message=name):
            make(Name=name)
        make(Name=name.upper())

    @pytest.mark.parametrize(
        "member",
        [
            lambda queue: {"DefaultOutboundQueueId": queue},
            lambda queue: {"QueueConfigs": [config(queue)]},
            lambda queue: {"ManualAssignmentQueueConfigs": [pick(queue)]},
        ],
    )
    def test_queue_does_not_exist(self, make, member):
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            make(**member(NOBODY))

    def test_queues_by_arn(self, connect, instance, queues, make, describe, listed):
        arn = connect.describe_queue(InstanceId=instance, QueueId=queues[1])["Queue"]["QueueArn"]
        profile = make(DefaultOutboundQueueId=arn, QueueConfigs=[config(arn)])
        assert describe(profile)["DefaultOutboundQueueId"] == queues[1]
        assert listed(profile) == [(queues[1], "VOICE", 1, 0)]

    def test_a_queue_of_another_instance_is_none(self, connect, make):
        other = new_instance(connect)
        (queue,) = connect.list_queues(InstanceId=other)["QueueSummaryList"]
        for named in (queue["Id"], queue["Arn"]):
            with not_found():
                make(QueueConfigs=[config(named)])

    def test_same_queue_and_channel_twice(self, queues, make):
        with refused(*INVALID, message="QueueConfigs.*twice"):
            make(QueueConfigs=[config(queues[0]), config(queues[0], priority=2)])
        with refused(*INVALID, message="ManualAssignmentQueueConfigs.*twice"):
            make(ManualAssignmentQueueConfigs=[pick(queues[0]), pick(queues[0])])
        make(QueueConfigs=[config(queues[0]), config(queues[0], "CHAT")])

    def test_a_queue_for_a_channel_without_concurrency_is_accepted(self, queues, make, listed):
        profile = make(MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 1}], QueueConfigs=[config(queues[0], "CHAT")])
        assert listed(profile) == [(queues[0], "CHAT", 1, 0)]

    def test_same_channel_twice(self, make):
        with refused(*INVALID, message="MediaConcurrencies.*CHAT twice"):
            make(MediaConcurrencies=[*VOICE_AND_CHAT, {"Channel": "CHAT", "Concurrency": 3}])

    @pytest.mark.parametrize("channel", ["CHAT", "TASK", "EMAIL"])
    def test_ten_at_a_time(self, make, channel):
        make(MediaConcurrencies=[{"Channel": channel, "Concurrency": 10}])
        with refused(*INVALID, message="Concurrency"):
            make(MediaConcurrencies=[{"Channel": channel, "Concurrency": 11}])

    def test_one_call_at_a_time(self, make):
        make(MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 0}])
        with refused(*INVALID, message="MediaConcurrencies.*VOICE"):
            make(MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 2}])
        workload = {"WorkloadType": "claims", "Concurrency": 2}
        with refused(*INVALID, message="MediaConcurrencies.*VOICE"):
            make(MediaConcurrencies=[{"Channel": "VOICE", "WorkloadTypeConcurrencies": [workload]}])

    def test_reserved_tags(self, make):
        with refused(*INVALID, message="Tags"):
            make(Tags={"aws:team": "care"})

    def test_in_no_instance(self, make):
        with not_found():
            make(InstanceId=NOBODY)

    def test_quota(self, start_server):
        server = start_server("--quota", "routing-profiles=2")
        client = server.client()
        instance = new_instance(client)
        (queue,) = client.list_queues(InstanceId=instance)["QueueSummaryList"]
        parameters = {
            "InstanceId": instance,
            "Description": "Routes calls",
            "DefaultOutboundQueueId": queue["Id"],
            "MediaConcurrencies": VOICE_AND_CHAT,
        }
        second = client.create_routing_profile(**parameters, Name="second")["RoutingProfileId"]
        with refused("LimitExceededException", message="routing profile"):
            client.create_routing_profile(**parameters, Name="third")
        client.delete_routing_profile(InstanceId=instance, RoutingProfileId=second)
        client.create_routing_profile(**parameters, Name="third")


class TestUpdate:
    def test_only_name(self, connect, make, describe, of):
        profile, name = make(Description="stays"), unique("renamed")
        connect.update_routing_profile_name(**of(profile), Name=name)
        assert (describe(profile)["Name"], describe(profile)["Description"]) == (name, "stays")

    def test_only_description(self, connect, make, describe, of):
        name = unique("stays")
        profile = make(Name=name)
        connect.update_routing_profile_name(**of(profile), Description="changed")
        assert (describe(profile)["Name"], describe(profile)["Description"]) == (name, "changed")

    def test_neither(self, connect, make, of):
        with refused("InvalidRequestException", message="`Name` and `Description`"):
            connect.update_routing_profile_name(**of(make()))

    def test_name_is_taken(self, connect, make, of):
        name = unique("taken")
        first, second = make(Name=name), make()
        with refused("DuplicateResourceException", message=name):
            connect.update_routing_profile_name(**of(second), Name=name)
        connect.update_routing_profile_name(**of(first), Name=name)

    def test_a_name_that_was_given_up_is_free(self, connect, make, of):
        name = unique("given-up")
        connect.update_routing_profile_name(**of(make(Name=name)), Name=unique("new"))
        make(Name=name)

    def test_concurrency_replaces(self, connect, make, describe, of):
        profile = make()
        connect.update_routing_profile_concurrency(**of(profile), MediaConcurrencies=[{"Channel": "TASK", "Concurrency": 2}])
        assert describe(profile)["MediaConcurrencies"] == [{"Channel": "TASK", "Concurrency": 2}]
        connect.update_routing_profile_concurrency(**of(profile), MediaConcurrencies=[])
        assert describe(profile)["MediaConcurrencies"] == []

    def test_concurrency_is_checked(self, connect, make, describe, of):
        profile = make()
        with refused(*INVALID, message="VOICE"):
            connect.update_routing_profile_concurrency(
                **of(profile), MediaConcurrencies=[{"Channel": "VOICE", "Concurrency": 2}]
            )
        assert describe(profile)["MediaConcurrencies"] == VOICE_AND_CHAT

    def test_default_outbound_queue(self, connect, queues, make, describe, of):
        profile = make()
        connect.update_routing_profile_default_outbound_queue(**of(profile), DefaultOutboundQueueId=queues[3])
        assert describe(profile)["DefaultOutboundQueueId"] == queues[3]
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            connect.update_routing_profile_default_outbound_queue(**of(profile), DefaultOutboundQueueId=NOBODY)

    def test_timer(self, connect, make, describe, of):
        profile = make()
        connect.update_routing_profile_agent_availability_timer(
            **of(profile), AgentAvailabilityTimer="TIME_SINCE_LAST_ACTIVITY"
        )
        assert describe(profile)["AgentAvailabilityTimer"] == "TIME_SINCE_LAST_ACTIVITY"

    def test_time_moves_with_updates_and_not_with_tags(self, connect, make, describe, of):
        profile = make()
        made = describe(profile)
        connect.tag_resource(resourceArn=made["RoutingProfileArn"], tags={"team": "care"})
        assert describe(profile)["LastModifiedTime"] == made["LastModifiedTime"]
        connect.update_routing_profile_name(**of(profile), Description="changed")
        assert describe(profile)["LastModifiedTime"] > made["LastModifiedTime"]
        assert describe(profile)["Tags"] == {"team": "care"}

    @pytest.mark.parametrize(
        ("method", "members"),
        [
            ("describe_routing_profile", {}),
            ("delete_routing_profile", {}),
            ("list_routing_profile_queues", {}),
            ("list_routing_profile_manual_assignment_queues", {}),
            ("update_routing_profile_name", {"Name": "new"}),
            ("update_routing_profile_concurrency", {"MediaConcurrencies": VOICE_AND_CHAT}),
            ("update_routing_profile_default_outbound_queue", {"DefaultOutboundQueueId": NOBODY}),
            ("update_routing_profile_queues", {"QueueConfigs": [config(NOBODY)]}),
            ("update_routing_profile_agent_availability_timer", {"AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY"}),
            ("associate_routing_profile_queues", {"QueueConfigs": [config(NOBODY)]}),
            ("disassociate_routing_profile_queues", {"QueueReferences": [reference(NOBODY)]}),
        ],
    )
    def test_no_such_profile(self, connect, instance, method, members):
        nobody = str(uuid.uuid4())
        with refused("ResourceNotFoundException", message=f"routing profile `{nobody}`"):
            getattr(connect, method)(InstanceId=instance, RoutingProfileId=nobody, **members)
        with not_found():
            getattr(connect, method)(InstanceId=NOBODY, RoutingProfileId=nobody, **members)


class TestQueues:
    def test_associated(self, connect, queues, make, describe, listed, manual, of):
        profile = make(QueueConfigs=[config(queues[0])])
        connect.associate_routing_profile_queues(
            **of(profile),
            QueueConfigs=[config(queues[1], "CHAT", 5, 30)],
            ManualAssignmentQueueConfigs=[pick(queues[2], "TASK")],
        )
        assert listed(profile) == [(queues[0], "VOICE", 1, 0), (queues[1], "CHAT", 5, 30)]
        assert manual(profile) == [(queues[2], "TASK")]
        assert describe(profile)["NumberOfAssociatedQueues"] == 2
        assert describe(profile)["NumberOfAssociatedManualAssignmentQueues"] == 1

    def test_associated_again_is_replaced(self, connect, queues, make, listed, manual, of):
        profile = make(QueueConfigs=[config(queues[0]), config(queues[1])], ManualAssignmentQueueConfigs=[pick(queues[0])])
        connect.associate_routing_profile_queues(
            **of(profile), QueueConfigs=[config(queues[0], priority=7)], ManualAssignmentQueueConfigs=[pick(queues[0])]
        )
        assert listed(profile) == [(queues[0], "VOICE", 7, 0), (queues[1], "VOICE", 1, 0)]
        assert manual(profile) == [(queues[0], "CHAT")]

    def test_a_row_shows_the_queue(self, connect, instance, queues, make, of):
        profile = make(QueueConfigs=[config(queues[0], "TASK", 2, 3)], ManualAssignmentQueueConfigs=[pick(queues[0])])
        queue = connect.describe_queue(InstanceId=instance, QueueId=queues[0])["Queue"]
        shown = {"QueueId": queues[0], "QueueArn": queue["QueueArn"], "QueueName": queue["Name"]}

        answer = connect.list_routing_profile_queues(**of(profile))
        assert answer["RoutingProfileQueueConfigSummaryList"] == [{**shown, "Priority": 2, "Delay": 3, "Channel": "TASK"}]
        assert {"LastModifiedTime", "LastModifiedRegion"} <= set(answer)
        answer = connect.list_routing_profile_manual_assignment_queues(**of(profile))
        rows = answer["RoutingProfileManualAssignmentQueueConfigSummaryList"]
        assert rows == [{**shown, "Channel": "CHAT"}]
        assert {"LastModifiedTime", "LastModifiedRegion"} <= set(answer)

    def test_associating_nothing(self, connect, make, of):
        with refused("InvalidRequestException", message="QueueConfigs"):
            connect.associate_routing_profile_queues(**of(make()))

    def test_associating_missing_resources(self, connect, queues, make, listed, of):
        profile = make()
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            connect.associate_routing_profile_queues(**of(profile), QueueConfigs=[config(queues[0]), config(NOBODY)])
        assert listed(profile) == []

    def test_updated(self, connect, queues, make, listed, of):
        profile = make(QueueConfigs=[config(queues[0]), config(queues[0], "CHAT"), config(queues[1])])
        connect.update_routing_profile_queues(**of(profile), QueueConfigs=[config(queues[0], "CHAT", 9, 90)])
        assert listed(profile) == [
            (queues[0], "CHAT", 9, 90),
            (queues[0], "VOICE", 1, 0),
            (queues[1], "VOICE", 1, 0),
        ]

    def test_updating_unassociated_resources(self, connect, queues, make, listed, of):
        profile = make(QueueConfigs=[config(queues[0])])
        with refused("InvalidRequestException", message=f"`{queues[1]}`.*VOICE"):
            connect.update_routing_profile_queues(
                **of(profile), QueueConfigs=[config(queues[0], priority=2), config(queues[1])]
            )
        with refused("InvalidRequestException", message=f"`{queues[0]}`.*CHAT"):
            connect.update_routing_profile_queues(**of(profile), QueueConfigs=[config(queues[0], "CHAT")])
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            connect.update_routing_profile_queues(**of(profile), QueueConfigs=[config(NOBODY)])
        assert listed(profile) == [(queues[0], "VOICE", 1, 0)]

    def test_disassociated(self, connect, queues, make, listed, manual, of):
        profile = make(
            QueueConfigs=[config(queues[0]), config(queues[0], "CHAT"), config(queues[1])],
            ManualAssignmentQueueConfigs=[pick(queues[0]), pick(queues[1])],
        )
        connect.disassociate_routing_profile_queues(
            **of(profile),
            QueueReferences=[reference(queues[0])],
            ManualAssignmentQueueReferences=[reference(queues[1], "CHAT")],
        )
        assert listed(profile) == [(queues[0], "CHAT", 1, 0), (queues[1], "VOICE", 1, 0)]
        assert manual(profile) == [(queues[0], "CHAT")]

    def test_disassociating_unassociated_resources(self, connect, queues, make, listed, of):
        profile = make(QueueConfigs=[config(queues[0])])
        connect.disassociate_routing_profile_queues(**of(profile), QueueReferences=[reference(queues[0], "CHAT")])
        connect.disassociate_routing_profile_queues(**of(profile), QueueReferences=[])
        assert listed(profile) == [(queues[0], "VOICE", 1, 0)]
        with refused("ResourceNotFoundException", message=f"queue `{NOBODY}`"):
            connect.disassociate_routing_profile_queues(**of(profile), QueueReferences=[reference(NOBODY)])
        with refused("InvalidRequestException", message="QueueReferences"):
            connect.disassociate_routing_profile_queues(**of(profile))

    @pytest.mark.parametrize("member", ["QueueReferences", "ManualAssignmentQueueReferences"])
    def test_ten_a_call(self, connect, queues, make, of, member):
        everything = [reference(queue, channel) for queue in queues for channel in ("VOICE", "CHAT", "TASK")]
        connect.disassociate_routing_profile_queues(**of(make()), **{member: everything[:10]})
        with refused("InvalidParameterException", message=f"{member}.*10"):
            connect.disassociate_routing_profile_queues(**of(make()), **{member: everything[:11]})

    def test_fifty_a_profile(self, connect, make_queue, make, listed, of):
        everything = [
            config(queue, channel)
            for queue in [make_queue() for _ in range(13)]
            for channel in ("VOICE", "CHAT", "TASK", "EMAIL")
        ]
        profile = make(QueueConfigs=everything[:10])
        for start in range(10, 50, 10):
            connect.associate_routing_profile_queues(**of(profile), QueueConfigs=everything[start : start + 10])
        with refused(*INVALID, "LimitExceededException", message="50"):
            connect.associate_routing_profile_queues(**of(profile), QueueConfigs=everything[50:51])
        connect.associate_routing_profile_queues(**of(profile), QueueConfigs=everything[:10])
        assert len(listed(profile)) == 50

    def test_pages(self, connect, queues, make, of):
        configs = [config(queue, channel) for queue in queues[:2] for channel in ("VOICE", "CHAT", "TASK", "EMAIL")]
        profile = make(QueueConfigs=configs, ManualAssignmentQueueConfigs=[pick(queue) for queue in queues])
        for method, result, sizes in (
            ("list_routing_profile_queues", "RoutingProfileQueueConfigSummaryList", [3, 3, 2]),
            (
                "list_routing_profile_manual_assignment_queues",
                "RoutingProfileManualAssignmentQueueConfigSummaryList",
                [3, 1],
            ),
        ):
            pages = connect.get_paginator(method).paginate(**of(profile), PaginationConfig={"PageSize": 3})
            rows = [page[result] for page in pages]
            assert [len(page) for page in rows] == sizes
            flat = [(row["QueueId"], row["Channel"]) for page in rows for row in page]
            assert flat == sorted(set(flat))

    def test_a_token_is_for_its_profile(self, connect, queues, make, of):
        profile = make(QueueConfigs=[config(queues[0]), config(queues[1])])
        token = connect.list_routing_profile_queues(**of(profile), MaxResults=1)["NextToken"]
        with refused(*INVALID, message="NextToken"):
            connect.list_routing_profile_queues(**of(make()), MaxResults=1, NextToken=token)


class TestDelete:
    def test_gone(self, connect, make, describe, of):
        name = unique("gone")
        profile = make(Name=name, Tags={"team": "care"})
        arn = describe(profile)["RoutingProfileArn"]
        connect.delete_routing_profile(**of(profile))
        with not_found():
            describe(profile)
        with not_found():
            connect.list_tags_for_resource(resourceArn=arn)
        make(Name=name)

    def test_by_arn(self, connect, make, describe, of):
        profile = make()
        connect.delete_routing_profile(**of(describe(profile)["RoutingProfileArn"]))
        with not_found():
            describe(profile)

    def test_the_one_that_came_with_the_instance(self, connect):
        instance = new_instance(connect)
        (basic,) = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"]
        connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=basic["Id"])
        assert connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"] == []

    def test_while_somebody_has_it(self, connect, instance, make, describe, of):
        profile = make()
        admin = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"][0]["Id"]
        user = connect.create_user(
            InstanceId=instance,
            Username=unique("user"),
            Password="Pass-word-1",
            IdentityInfo={"FirstName": "Ada", "LastName": "Byron"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[admin],
            RoutingProfileId=profile,
        )
        assert describe(profile)["NumberOfAssociatedUsers"] == 1
        with refused("ResourceInUseException", message=f"user `{user['UserId']}`") as error:
            connect.delete_routing_profile(**of(profile))
        assert error.value.response["ResourceId"] == user["UserArn"]

        connect.delete_user(InstanceId=instance, UserId=user["UserId"])
        assert describe(profile)["NumberOfAssociatedUsers"] == 0
        connect.delete_routing_profile(**of(profile))

    def test_its_queues_cannot_go(self, connect, instance, make_queue, make, of):
        outbound, waiting, picked = make_queue(), make_queue(), make_queue()
        profile = make(
            DefaultOutboundQueueId=outbound,
            QueueConfigs=[config(waiting)],
            ManualAssignmentQueueConfigs=[pick(picked)],
        )
        for queue in (outbound, waiting, picked):
            with refused("ResourceInUseException", message=f"routing profile `{profile}`"):
                connect.delete_queue(InstanceId=instance, QueueId=queue)
        connect.delete_routing_profile(**of(profile))
        for queue in (outbound, waiting, picked):
            connect.delete_queue(InstanceId=instance, QueueId=queue)


@pytest.fixture(scope="module")
def place(connect) -> dict:
    """An instance of its own for lists and searches: three profiles on two queues."""
    instance = new_instance(connect)
    (basic,) = connect.list_routing_profiles(InstanceId=instance)["RoutingProfileSummaryList"]
    (queue,) = (one["Id"] for one in connect.list_queues(InstanceId=instance)["QueueSummaryList"])
    hours = connect.list_hours_of_operations(InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"]
    second = connect.create_queue(InstanceId=instance, Name="second", HoursOfOperationId=hours)["QueueId"]
    connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=basic["Id"])
    ids = {}
    for name, description, served, tags in (
        ("care north", "answers the north", [queue], {"team": "care", "site": "north"}),
        ("care south", "answers the south", [queue, second], {"team": "care"}),
        ("Sales", "sells in the north", [second], {"team": "sales"}),
    ):
        ids[name] = connect.create_routing_profile(
            InstanceId=instance,
            Name=name,
            Description=description,
            DefaultOutboundQueueId=queue,
            QueueConfigs=[config(one, channel) for one in served for channel in ("VOICE", "CHAT")],
            ManualAssignmentQueueConfigs=[pick(second)],
            MediaConcurrencies=[
                {
                    "Channel": "VOICE",
                    "Concurrency": 1,
                    "CrossChannelBehavior": {"BehaviorType": "ROUTE_ANY_CHANNEL"},
                }
            ],
            AgentAvailabilityTimer="TIME_SINCE_LAST_INBOUND",
            Tags=tags,
        )["RoutingProfileId"]
    return {"instance": instance, "queue": queue, "second": second, "ids": ids}


@pytest.fixture(scope="module")
def search(connect, place):
    def search(criteria: dict | None = None, tag_filter: dict | None = None) -> set[str]:
        parameters = {"InstanceId": place["instance"]}
        if criteria is not None:
            parameters["SearchCriteria"] = criteria
        if tag_filter is not None:
            parameters["SearchFilter"] = {"TagFilter": tag_filter}
        answer = connect.search_routing_profiles(**parameters)
        actual = [one["Name"] for one in answer["RoutingProfiles"]]
        assert len(actual) == len(set(actual)) == answer["ApproximateTotalCount"]
        return set(actual)

    return search


def field(name: str, value: str, comparison: str = "EXACT") -> dict:
    return {"StringCondition": {"FieldName": name, "Value": value, "ComparisonType": comparison}}


class TestFinding:
    def test_listed(self, connect, place):
        rows = connect.list_routing_profiles(InstanceId=place["instance"])["RoutingProfileSummaryList"]
        assert {row["Name"]: row["Id"] for row in rows} == place["ids"]
        for row in rows:
            described = connect.describe_routing_profile(InstanceId=place["instance"], RoutingProfileId=row["Id"])
            assert row["Arn"] == described["RoutingProfile"]["RoutingProfileArn"]
            assert row["LastModifiedTime"] == described["RoutingProfile"]["LastModifiedTime"]

    def test_listed_in_pages(self, connect, place):
        parameters = {"InstanceId": place["instance"], "PaginationConfig": {"PageSize": 2}}
        pages = list(connect.get_paginator("list_routing_profiles").paginate(**parameters))
        assert [len(page["RoutingProfileSummaryList"]) for page in pages] == [2, 1]

    def test_everything(self, search, place):
        assert search() == search({}, {}) == set(place["ids"])

    def test_name(self, search):
        assert search(field("name", "care north")) == {"care north"}
        assert search(field("name", "CARE", "STARTS_WITH")) == {"care north", "care south"}
        assert search(field("name", "sal", "CONTAINS")) == {"Sales"}

    def test_description(self, search):
        assert search(field("description", "north", "CONTAINS")) == {"care north", "Sales"}

    def test_identifier(self, search, place):
        assert search(field("resourceID", place["ids"]["Sales"])) == {"Sales"}

    def test_queue(self, search, place):
        assert search(field("associatedQueueIds", place["queue"])) == {"care north", "care south"}
        assert search(field("associatedQueueIds", place["second"][:8], "STARTS_WITH")) == {"care south", "Sales"}
        assert search(field("associatedQueueIds", NOBODY)) == set()

    def test_nested(self, search, place):
        north = field("description", "north", "CONTAINS")
        first, second = (field("associatedQueueIds", place[name]) for name in ("queue", "second"))
        assert search({"AndConditions": [north, second]}) == {"Sales"}
        assert search({"OrConditions": [{"AndConditions": [first, second]}, north]}) == set(place["ids"])

    def test_tags(self, search):
        assert search(None, {"TagCondition": {"TagKey": "team", "TagValue": "care"}}) == {"care north", "care south"}
        both = [{"TagKey": "team", "TagValue": "care"}, {"TagKey": "site"}]
        assert search(None, {"AndConditions": both}) == {"care north"}

    @pytest.mark.parametrize("name", ["Name", "queue", "resourceId", ""])
    def test_other_fields(self, search, name):
        with refused(*INVALID, message="FieldName"):
            search(field(name, "care"))

    @pytest.mark.parametrize("value", ["n", "n" * 26])
    def test_contains_out_of_bounds(self, search, value):
        with refused(*INVALID, message="Value"):
            search(field("name", value, "CONTAINS"))

    def test_what_is_found(self, connect, place):
        """As in the API reference: the queues' identifiers, but no times, timer and behaviour next to other channels."""
        answer = connect.search_routing_profiles(
            InstanceId=place["instance"], SearchCriteria=field("name", "care south")
        )
        (actual,) = answer["RoutingProfiles"]
        described = connect.describe_routing_profile(
            InstanceId=place["instance"], RoutingProfileId=place["ids"]["care south"]
        )["RoutingProfile"]
        assert actual.pop("AssociatedQueueIds") == sorted([place["queue"], place["second"]])
        assert actual.pop("AssociatedManualAssignmentQueueIds") == [place["second"]]
        assert actual.pop("MediaConcurrencies") == [{"Channel": "VOICE", "Concurrency": 1}]
        left_out = {"LastModifiedTime", "LastModifiedRegion", "AgentAvailabilityTimer", "MediaConcurrencies"}
        assert actual == {name: value for name, value in described.items() if name not in left_out}
        assert left_out <= set(described)

    def test_found_in_pages(self, connect, place):
        parameters = {"InstanceId": place["instance"], "PaginationConfig": {"PageSize": 2}}
        pages = list(connect.get_paginator("search_routing_profiles").paginate(**parameters))
        assert [len(page["RoutingProfiles"]) for page in pages] == [2, 1]
        assert {page["ApproximateTotalCount"] for page in pages} == {3}

    def test_in_no_instance(self, connect):
        for call in (connect.list_routing_profiles, connect.search_routing_profiles):
            with not_found():
                call(InstanceId=NOBODY)
