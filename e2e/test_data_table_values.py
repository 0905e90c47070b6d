"""Values of data tables: batches, validation, lists, locks, and what a look-up answers."""

import json

import pytest

from conftest import new_instance
from harness.data_tables import EN, ES, NOBODY, Table, at, current, done, failure, primary
from harness.expect import INVALID, not_found, refused
from harness.operations import unique

LEVELS = {"DATA_TABLE": "DataTable", "PRIMARY_VALUE": "PrimaryValues", "ATTRIBUTE": "Attribute", "VALUE": "Value"}


@pytest.fixture(scope="class")
def instance(connect) -> str:
    """An instance for each class of tests, since all their tables are more than one may hold."""
    return new_instance(connect)


@pytest.fixture
def make(connect, instance):
    return lambda level="NONE", **columns: Table(connect, instance, level, **columns)


@pytest.fixture
def greetings(make) -> Table:
    return make(language="*TEXT", greeting="TEXT", weight="NUMBER")


class TestLockVersions:
    def test_they_count_the_changes_of_their_own_part_only(self, connect, instance, make):
        """A revision of the instance would count what others do, which a user may not see."""
        table, other = make("VALUE", language="*TEXT", greeting="TEXT"), make("VALUE", language="*TEXT", greeting="TEXT")
        [made] = done(table.create(at(EN, "greeting", "Hello")))
        version = lambda answer: {part: int(number) for part, number in answer["LockVersion"].items()}
        for number in range(3):
            done(other.create(at({"language": str(number)}, "greeting", "x")))
            done(table.create(at({"language": f"hidden {number}"}, "greeting", "x")))
            connect.create_queue(InstanceId=instance, Name=unique("q"), HoursOfOperationId=connect.list_hours_of_operations(
                InstanceId=instance)["HoursOfOperationSummaryList"][0]["Id"])
        [updated] = done(table.update(at(EN, "greeting", "Hi", LockVersion=table.lock(at(EN, "greeting")))))
        before, after = version(made), version(updated)
        assert after == {**before, "PrimaryValues": before["PrimaryValues"] + 1, "Value": before["Value"] + 1}

    def test_what_is_made_again_has_a_version_that_nothing_had(self, make):
        table = make("VALUE", language="*TEXT", greeting="TEXT")
        value, seen = at(EN, "greeting", "Hello"), []
        for _ in range(3):
            done(table.create(value))
            done(table.update({**value, "LockVersion": table.lock(at(EN, "greeting"))}))
            lock = table.lock(at(EN, "greeting"))
            seen.append((lock["Value"], lock["PrimaryValues"]))
            done(table.delete(at(EN, "greeting", LockVersion=lock)))
        assert len({value for value, _ in seen}) == len({record for _, record in seen}) == 3, seen


class TestValues:
    def test_created_and_read(self, greetings):
        made = done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1.50"), at(ES, "greeting", "Hola")))
        assert made[0]["RecordId"] == made[1]["RecordId"] != made[2]["RecordId"]
        assert made[0]["PrimaryValues"] == primary(EN)
        assert made[0]["LockVersion"].keys() == {"DataTable", "Attribute", "PrimaryValues", "Value"}
        answer = greetings.read(at(EN, "weight"), at(ES, "weight"), at({}, "weight"), at(EN, "nothing"))
        [result] = answer["Successful"]
        del result["LastModifiedTime"]
        attribute = greetings.attribute("language")["AttributeId"]
        assert result == {
            "RecordId": made[1]["RecordId"],
            "AttributeId": greetings.attribute("weight")["AttributeId"],
            "PrimaryValues": [{"AttributeName": "language", "AttributeId": attribute, "Value": "English"}],
            "AttributeName": "weight",
            "Value": "1.50",
            "LockVersion": made[1]["LockVersion"],
            "LastModifiedRegion": "us-east-1",
        }
        messages = [one["Message"] for one in answer["Failed"]]
        assert ["Value not found" in message for message in messages] == [True, True, False]
        assert "nothing" in messages[2]

    def test_each_item_succeeds_or_fails_by_itself(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello")))
        answer = greetings.create(
            at(EN, "greeting", "Hi"),
            at(EN, "weight", "heavy"),
            at(ES, "greeting", "Hola"),
            at(ES, "language", "Spanish"),
            at({"tongue": "x"}, "greeting", "x"),
            at({"weight": "1"}, "greeting", "x"),
        )
        assert [one["PrimaryValues"] for one in answer["Successful"]] == [primary(ES)]
        messages = ["already exists", "not a number", "primary", "tongue", "not a primary attribute"]
        assert all(word in one["Message"] for word, one in zip(messages, answer["Failed"], strict=True)), answer["Failed"]
        assert answer["Failed"][0]["AttributeName"] == "greeting"
        assert {(one["AttributeName"], one["Value"]) for one in greetings.values()} == {("greeting", "Hello"), ("greeting", "Hola")}

    def test_updated(self, greetings):
        [made] = done(greetings.create(at(EN, "greeting", "Hello")))
        [updated] = done(greetings.update(at(EN, "greeting", "Hi")))
        assert updated["LockVersion"]["Value"] != made["LockVersion"]["Value"]
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == "Hi"
        assert "Value not found" in failure(greetings.update(at(ES, "greeting", "Hola")))

    def test_deleted(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1")))
        [gone] = done(greetings.delete(at(EN, "greeting")))
        assert gone["LockVersion"].keys() == {"DataTable", "Attribute", "PrimaryValues"}
        assert len(greetings.records()) == 1
        [gone] = done(greetings.delete(at(EN, "weight")))
        assert gone["LockVersion"].keys() == {"DataTable", "Attribute"}
        assert greetings.records() == greetings.values() == []
        assert "Value not found" in failure(greetings.delete(at(EN, "weight")))

    def test_nothing_is_deleted_or_described(self, greetings):
        assert greetings.delete()["Successful"] == greetings.read()["Successful"] == []

    @pytest.mark.parametrize("call", ["create", "update", "delete"])
    def test_the_same_value_twice(self, greetings, call):
        done(greetings.create(at(EN, "weight", "1")))
        column = "greeting" if call == "create" else "weight"
        item = at(EN, column) if call == "delete" else at(EN, column, "2")
        kind = "DuplicateResourceException" if call == "create" else "InvalidRequestException"
        before = greetings.values()
        with refused(kind, message=column):
            getattr(greetings, call)(item, item)
        assert greetings.values() == before

    def test_every_primary_attribute_needs_a_value(self, make):
        table = make(a="*TEXT", b="*TEXT", c="TEXT")
        assert "`b`" in failure(table.create(at({"a": "1"}, "c", "x")))
        twice = [*primary({"a": "1"}), *primary({"a": "2", "b": "1"})]
        assert "two values" in failure(table.create({**at({}, "c", "x"), "PrimaryValues": twice}))
        done(table.create(at({"b": "2", "a": "1"}, "c", "x")))
        assert done(table.read(at({"a": "1", "b": "2"}, "c")))[0]["Value"] == "x"

    @pytest.mark.parametrize(
        ("kind", "rules", "takes", "refuses"),
        [
            ("TEXT", {}, ["", "é" * 5000], ["é" * 5001]),
            ("TEXT", {"MinLength": 2, "MaxLength": 3}, ["ab", "äöü"], ["a", "abcd"]),
            ("TEXT", {"Enum": {"Strict": True, "Values": ["Gold"]}}, ["Gold"], ["gold", "Iron"]),
            ("TEXT", {"Enum": {"Values": ["Gold"]}, "MaxLength": 3}, ["Gold", "x"], ["Iron"]),
            ("TEXT", {"Enum": {"Strict": True, "Values": ["Gold"]}, "IgnoreCase": True}, ["gold"], ["iron"]),
            ("NUMBER", {}, ["0", "-1.5", "1e3"], ["", "one", " 1", "NaN"]),
            ("NUMBER", {"Minimum": 1, "Maximum": 2}, ["1", "2"], ["0.9", "2.1"]),
            ("NUMBER", {"ExclusiveMinimum": 1, "ExclusiveMaximum": 2}, ["1.5"], ["1", "2"]),
            ("NUMBER", {"MultipleOf": 0.1}, ["0.3", "7"], ["0.35"]),
            ("BOOLEAN", {}, ["true", "false"], ["True", "1", ""]),
            ("TEXT_LIST", {}, ["[]", '["a", "b"]'], ["a", "[1]", "=NOW()", json.dumps(["a"] * 101)]),
            ("TEXT_LIST", {"MinValues": 1, "MaxValues": 2, "MaxLength": 1}, ['["a"]'], ["[]", '["a", "b", "c"]', '["ab"]']),
            ("NUMBER_LIST", {"Minimum": 0}, ["[]", "[1, 2.5]"], ["1", '["1"]', "[-1]"]),
        ],
    )
    def test_values_are_as_their_attribute_asks(self, make, kind, rules, takes, refuses):
        table = make()
        table.add("a", kind, Validation=rules)
        done(table.create(at({}, "a", takes[0])))
        for value in takes:
            done(table.update(at({}, "a", value)))
            assert done(table.read(at({}, "a")))[0]["Value"] == value
        for value in refuses:
            assert "`a`" in failure(table.update(at({}, "a", value)))

    def test_primary_values_are_as_their_attribute_asks(self, make):
        table = make(weight="NUMBER")
        table.add("tier", Primary=True, Validation={"MaxLength": 4, "IgnoreCase": True})
        assert "at most 4" in failure(table.create(at({"tier": "Bronze"}, "weight", "1")))
        assert "expression" in failure(table.create(at({"tier": "=NOW"}, "weight", "1")))
        done(table.create(at({"tier": "Gold"}, "weight", "1")))
        assert "already exists" in failure(table.create(at({"tier": "GOLD"}, "weight", "1")))
        assert done(table.read(at({"tier": "gold"}, "weight")))[0]["PrimaryValues"][0]["Value"] == "Gold"

    def test_rules_hold_when_values_are_written(self, make):
        table = make(a="TEXT")
        done(table.create(at({}, "a", "long enough")))
        rules = {"MaxLength": 2}
        table.client.update_data_table_attribute(**table.of, AttributeName="a", Name="a", ValueType="TEXT", Validation=rules)
        assert table.evaluate("a")[0]["EvaluatedValue"] == "long enough"
        assert "at most 2" in failure(table.update(at({}, "a", "longer")))

    def test_the_quota(self, start_server):
        client = start_server("--quota", "data-table-values=3").client()
        table = Table(client, new_instance(client), k="*TEXT", a="TEXT", b="TEXT")
        done(table.create(at({"k": "1"}, "a", "x"), at({"k": "1"}, "b", "x")))
        with refused("ServiceQuotaExceededException", message="values"):
            table.create(at({"k": "2"}, "a", "x"), at({"k": "2"}, "b", "x"))
        assert len(table.values()) == 2
        done(table.create(at({"k": "2"}, "a", "x")))
        done(table.update(at({"k": "2"}, "a", "y")))


class TestListingValues:
    @pytest.fixture
    def rates(self, make) -> Table:
        table = make(tier="*TEXT", site="*TEXT", fee="NUMBER", note="TEXT")
        items = [at({"tier": t, "site": s}, "fee", str(i)) for i, (t, s) in enumerate((t, s) for t in "ab" for s in "xyz")]
        done(table.create(*items, at({}, "note", "default")))
        return table

    def test_values_in_pages(self, rates):
        paginator = rates.client.get_paginator("list_data_table_values")
        listed = [one for page in paginator.paginate(**rates.of, PaginationConfig={"PageSize": 3}) for one in page["Values"]]
        assert sorted(one["Value"] for one in listed) == ["0", "1", "2", "3", "4", "5", "default"]
        [default] = [one for one in listed if one["Value"] == "default"]
        assert (default["PrimaryValues"], default["ValueType"]) == ([], "TEXT")
        assert [value["AttributeName"] for value in listed[0]["PrimaryValues"] or listed[1]["PrimaryValues"]] == ["site", "tier"]

    def test_records_in_pages(self, rates):
        paginator = rates.client.get_paginator("list_data_table_primary_values")
        pages = list(paginator.paginate(**rates.of, PaginationConfig={"PageSize": 4}))
        records = [one for page in pages for one in page["PrimaryValuesList"]]
        assert [len(page["PrimaryValuesList"]) for page in pages] == [4, 2]
        assert {tuple(value["Value"] for value in one["PrimaryValues"]) for one in records} == {(s, t) for t in "ab" for s in "xyz"}

    def test_chosen_by_primary_values(self, rates):
        chosen = [{"AttributeName": "tier", "Values": ["a"]}, {"AttributeName": "site", "Values": ["x", "z"]}]
        assert sorted(one["Value"] for one in rates.values(PrimaryAttributeValues=chosen)) == ["0", "2"]
        assert len(rates.records(PrimaryAttributeValues=chosen)) == 2
        assert rates.values(PrimaryAttributeValues=[{"AttributeName": "tier", "Values": []}]) == []
        with refused("InvalidParameterException", message="fee"):
            rates.values(PrimaryAttributeValues=[{"AttributeName": "fee", "Values": ["1"]}])
        with not_found():
            rates.records(PrimaryAttributeValues=[{"AttributeName": "nothing", "Values": ["1"]}])

    def test_chosen_by_record(self, rates):
        ids = [one["RecordId"] for one in rates.records()][:3]
        assert {one["RecordId"] for one in rates.values(RecordIds=[*ids, NOBODY])} == set(ids)
        page = rates.client.list_data_table_primary_values(**rates.of, RecordIds=ids, MaxResults=2)
        rest = rates.client.list_data_table_primary_values(
            **rates.of, RecordIds=[NOBODY], MaxResults=2, NextToken=page["NextToken"]
        )
        assert [one["RecordId"] for one in page["PrimaryValuesList"] + rest["PrimaryValuesList"]] == ids

    def test_a_token_is_of_one_table(self, rates, greetings):
        page = rates.client.list_data_table_values(**rates.of, MaxResults=1)
        with refused(*INVALID, message="NextToken"):
            greetings.values(NextToken=page["NextToken"])


class TestPrimaryValues:
    def rename(self, table: Table, before: dict, after: dict, **lock) -> dict:
        return table.client.update_data_table_primary_values(
            **table.of, PrimaryValues=primary(before), NewPrimaryValues=primary(after), LockVersion=lock
        )["LockVersion"]

    def test_the_values_move_with_them(self, greetings):
        [made] = done(greetings.create(at(EN, "greeting", "Hello")))
        lock = self.rename(greetings, EN, {"language": "British"})
        [result] = done(greetings.read(at({"language": "British"}, "greeting")))
        assert (result["Value"], result["RecordId"]) == ("Hello", made["RecordId"])
        assert lock["PrimaryValues"] == result["LockVersion"]["PrimaryValues"] != made["LockVersion"]["PrimaryValues"]
        assert "Value not found" in failure(greetings.read(at(EN, "greeting")))

    def test_they_stay_unique(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(ES, "greeting", "Hola")))
        with refused("ConflictException", message="Spanish"):
            self.rename(greetings, EN, ES)
        self.rename(greetings, EN, EN)

    def test_refused_requests(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at({}, "greeting", "Hi")))
        with not_found():
            self.rename(greetings, ES, {"language": "x"})
        for before, after in (({}, EN), (EN, {}), (EN, {"weight": "1"}), (EN, {"language": "=NOW()"})):
            with refused("InvalidParameterException"):
                self.rename(greetings, before, after)
        with not_found():
            self.rename(greetings, EN, {"nothing": "1"})

    @pytest.mark.parametrize("level", LEVELS)
    def test_locks(self, make, level):
        table = make(level, language="*TEXT", greeting="TEXT")
        items = [at(EN, "greeting", "Hello", LockVersion=current(table))]
        done(table.create(*items))
        lock = table.lock(at(EN, "greeting"))
        with refused("ConflictException", message="Concurrency conflict"):
            self.rename(table, EN, ES, DataTable="x", PrimaryValues="x")
        with refused("ConflictException", message="Concurrency conflict"):
            self.rename(table, EN, ES)
        moved = self.rename(table, EN, ES, **lock)
        with refused("ConflictException", message="Concurrency conflict"):
            self.rename(table, ES, EN, **lock)
        self.rename(table, ES, EN, **moved)


class TestLocks:
    # For each level, which of these writes by somebody else spoils a write that was prepared before.
    OTHERS = {
        "the same value": (EN, "greeting"),
        "the record": (EN, "weight"),
        "the attribute": (ES, "greeting"),
        "elsewhere": (ES, "weight"),
    }
    SPOILED = {
        "NONE": set(),
        "VALUE": {"the same value"},
        "PRIMARY_VALUE": {"the same value", "the record"},
        "ATTRIBUTE": {"the same value", "the attribute"},
        "DATA_TABLE": set(OTHERS),
    }

    @pytest.fixture
    def locked(self, connect, instance):
        def locked(level: str) -> Table:
            table = Table(connect, instance, "NONE", language="*TEXT", greeting="TEXT", weight="NUMBER")
            done(table.create(*(at(where, column, "1") for where in (EN, ES) for column in ("greeting", "weight"))))
            connect.update_data_table_metadata(**table.of, Name=unique("table"), TimeZone="UTC", ValueLockLevel=level)
            return table

        return locked

    @pytest.mark.parametrize("level", SPOILED)
    @pytest.mark.parametrize("other", OTHERS)
    def test_writes_that_conflict(self, locked, level, other):
        table = locked(level)
        mine, theirs = at(EN, "greeting"), at(*self.OTHERS[other])
        lock = table.lock(mine)
        done(table.update({**theirs, "Value": "2", "LockVersion": table.lock(theirs)}))
        for answer in (
            table.update({**mine, "Value": "3", "LockVersion": lock}),
            table.delete({**mine, "LockVersion": lock}) if other in self.SPOILED[level] else None,
        ):
            if other in self.SPOILED[level]:
                assert "Concurrency conflict" in failure(answer)
            elif answer is not None:
                done(answer)

    @pytest.mark.parametrize("level", LEVELS)
    def test_a_version_is_needed(self, locked, level):
        table = locked(level)
        assert LEVELS[level] in failure(table.update(at(EN, "greeting", "2")))
        assert LEVELS[level] in failure(table.delete(at(EN, "greeting")))
        lock = {LEVELS[level]: table.lock(at(EN, "greeting"))[LEVELS[level]]}
        done(table.update(at(EN, "greeting", "2", LockVersion=lock)))
        assert "Concurrency conflict" in failure(table.delete(at(EN, "greeting", LockVersion=lock)))

    @pytest.mark.parametrize("level", LEVELS)
    def test_several_items_are_based_on_one_version(self, locked, level):
        table = locked(level)
        items = [at(where, column) for where in (EN, ES) for column in ("greeting", "weight")]
        answer = done(table.update(*({**item, "Value": "2", "LockVersion": table.lock(item)} for item in items)))
        for item, one in zip(items, answer, strict=True):
            assert one["LockVersion"] == table.lock(item)

    @pytest.mark.parametrize("level", LEVELS)
    def test_new_values_need_no_lock_version(self, make, level):
        table = make(level, language="*TEXT", greeting="TEXT")
        answer = table.create(at(EN, "greeting", "Hello"))
        if level in ("DATA_TABLE", "ATTRIBUTE"):
            assert LEVELS[level] in failure(answer)
            answer = table.create(at(EN, "greeting", "Hello", LockVersion=current(table)))
        done(answer)

    def test_a_version_never_comes_back(self, locked):
        table = locked("VALUE")
        item = at(EN, "greeting")
        lock = table.lock(item)
        done(table.delete({**item, "LockVersion": lock}))
        done(table.create({**item, "Value": "1"}))
        assert "Concurrency conflict" in failure(table.update({**item, "Value": "2", "LockVersion": lock}))

    def test_the_table_version_moves_with_its_structure(self, locked):
        table = locked("DATA_TABLE")
        lock = table.lock(at(EN, "greeting"))
        table.add("more")
        assert "Concurrency conflict" in failure(table.update(at(EN, "greeting", "2", LockVersion=lock)))


class TestEvaluation:
    def test_the_record_then_the_default_record_then_the_type(self, make):
        table = make(language="*TEXT", greeting="TEXT", weight="NUMBER", open="BOOLEAN", tags="TEXT_LIST", sizes="NUMBER_LIST")
        done(table.create(at(EN, "greeting", "Hello"), at({}, "greeting", "Hi"), at({}, "weight", "7")))
        names = ("greeting", "weight", "open", "tags", "sizes")
        result = table.evaluate(*names, where=EN)
        assert [one["EvaluatedValue"] for one in result] == ["Hello", "7", "false", "[]", "[]"]
        assert [one["Found"] for one in result] == [True, False, False, False, False]
        assert [one["ValueType"] for one in result] == ["TEXT", "NUMBER", "BOOLEAN", "TEXT_LIST", "NUMBER_LIST"]
        assert not any(one["Error"] for one in result)
        assert result[0]["PrimaryValues"] == primary(EN)
        missed = table.evaluate(*names, where=ES)
        assert [one["EvaluatedValue"] for one in missed] == ["Hi", "7", "false", "[]", "[]"]
        assert {one["RecordId"] for one in missed} == {one["RecordId"] for one in table.evaluate("greeting")}
        assert table.evaluate("greeting")[0]["Found"] is True

    def test_an_expression_cannot_be_evaluated(self, greetings):
        expression = '=IF(HOUR() < 12, "Good morning", "Good afternoon")'
        done(greetings.create(at(EN, "greeting", expression), at({}, "greeting", "Hello"), at(EN, "weight", "=ADD(1, 2)")))
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == expression
        result = greetings.evaluate("greeting", "weight", where=EN, TimeZone="Asia/Tokyo")
        assert [(one["EvaluatedValue"], one["Error"], one["Found"]) for one in result] == [("Hello", True, True), ("0", True, True)]

    def test_a_value_of_another_type(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello")))
        greetings.client.update_data_table_attribute(**greetings.of, AttributeName="greeting", Name="greeting", ValueType="NUMBER")
        [result] = greetings.evaluate("greeting", where=EN)
        assert (result["EvaluatedValue"], result["Error"], result["ValueType"]) == ("0", True, "NUMBER")
        assert done(greetings.read(at(EN, "greeting")))[0]["Value"] == "Hello"

    def test_primary_values_can_be_asked_for(self, greetings):
        done(greetings.create(at(EN, "weight", "1")))
        assert greetings.evaluate("language", where=EN)[0]["EvaluatedValue"] == "English"
        assert greetings.evaluate("language", where=ES)[0]["Found"] is False

    def test_in_pages(self, greetings):
        done(greetings.create(at(EN, "greeting", "Hello"), at(EN, "weight", "1")))
        sets = [{"PrimaryValues": primary(where), "AttributeNames": ["greeting", "weight"]} for where in (EN, ES)]
        parameters = {**greetings.of, "Values": sets, "MaxResults": 3}
        first = greetings.client.evaluate_data_table_values(**parameters)
        rest = greetings.client.evaluate_data_table_values(**parameters, NextToken=first["NextToken"])
        assert [one["EvaluatedValue"] for one in first["Values"]] == ["Hello", "1", ""]
        assert [one["EvaluatedValue"] for one in rest["Values"]] == ["0"]
        assert "NextToken" not in rest

    def test_refused_requests(self, greetings):
        with not_found():
            greetings.evaluate("nothing")
        with refused("InvalidParameterException", message="weight"):
            greetings.evaluate("greeting", where={"weight": "1"})
        with refused("InvalidParameterException", message="TimeZone"):
            greetings.evaluate("greeting", TimeZone="no zone")


def test_stored_values_survive_a_crash(start_server):
    server = start_server()
    client = server.client()
    table = Table(client, new_instance(client), "ATTRIBUTE", language="*TEXT", greeting="TEXT")
    done(table.create(at(EN, "greeting", "Hello", LockVersion=current(table))))
    seen = [table.describe(), table.values(), table.records(), table.attribute("greeting")]
    server.kill()
    server.start()
    assert [table.describe(), table.values(), table.records(), table.attribute("greeting")] == seen
    lock = seen[1][0]["LockVersion"]
    done(table.update(at(EN, "greeting", "Hi", LockVersion=lock)))
    assert "Concurrency conflict" in failure(table.update(at(EN, "greeting", "Hey", LockVersion=lock)))
