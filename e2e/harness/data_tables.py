"""Data tables as the suites use them: short forms of the calls on one, and of the items of its batches."""

from harness.operations import unique

NOBODY = "00000000-0000-4000-8000-000000000000"
MEMBERS = {"TimeZone": "Europe/Lisbon", "ValueLockLevel": "NONE", "Status": "PUBLISHED"}
EN, ES = {"language": "English"}, {"language": "Spanish"}


class Table:
    """A data table, with short forms of the calls on it."""

    def __init__(self, client, instance: str, level: str = "NONE", **columns: str):
        """`columns` are attributes and their types; those whose type begins with a star are primary."""
        self.client = client
        made = client.create_data_table(
            InstanceId=instance, Name=unique("table"), **{**MEMBERS, "ValueLockLevel": level}
        )
        self.id, self.arn = made["Id"], made["Arn"]
        self.of = {"InstanceId": instance, "DataTableId": self.id}
        for name, kind in columns.items():
            self.add(name, kind.removeprefix("*"), Primary=kind.startswith("*"))

    def add(self, name: str, kind: str = "TEXT", **members) -> str:
        made = self.client.create_data_table_attribute(**self.of, Name=name, ValueType=kind, **members)
        return made["AttributeId"]

    def attribute(self, name: str) -> dict:
        return self.client.describe_data_table_attribute(**self.of, AttributeName=name)["Attribute"]

    def describe(self) -> dict:
        return self.client.describe_data_table(**self.of)["DataTable"]

    def create(self, *items: dict) -> dict:
        return self.client.batch_create_data_table_value(**self.of, Values=list(items))

    def update(self, *items: dict) -> dict:
        return self.client.batch_update_data_table_value(**self.of, Values=list(items))

    def delete(self, *items: dict) -> dict:
        items = [{"LockVersion": {}, **item} for item in items]
        return self.client.batch_delete_data_table_value(**self.of, Values=items)

    def read(self, *items: dict) -> dict:
        return self.client.batch_describe_data_table_value(**self.of, Values=list(items))

    def lock(self, item: dict) -> dict:
        [result] = self.read(item)["Successful"]
        return result["LockVersion"]

    def values(self, **members) -> list[dict]:
        return self.client.list_data_table_values(**self.of, **members)["Values"]

    def records(self, **members) -> list[dict]:
        return self.client.list_data_table_primary_values(**self.of, **members)["PrimaryValuesList"]

    def evaluate(self, *names: str, where: dict | None = None, **members) -> list[dict]:
        parameters = {"PrimaryValues": primary(where or {}), "AttributeNames": list(names)}
        return self.client.evaluate_data_table_values(**self.of, Values=[parameters], **members)["Values"]


def primary(values: dict) -> list[dict]:
    return [{"AttributeName": name, "Value": value} for name, value in values.items()]


def at(where: dict, column: str, value: str | None = None, **members) -> dict:
    """An item of a batch."""
    item = {"PrimaryValues": primary(where), "AttributeName": column, **members}
    return item if value is None else {**item, "Value": value}


def done(answer: dict) -> list[dict]:
    assert answer["Failed"] == []
    return answer["Successful"]


def failure(answer: dict) -> str:
    assert answer["Successful"] == []
    [failed] = answer["Failed"]
    return failed["Message"]


def current(table: Table) -> dict:
    """The lock versions of what is there before there are values."""
    attribute = table.attribute("greeting")["LockVersion"]
    return {"DataTable": attribute["DataTable"], "Attribute": attribute["Attribute"]}
