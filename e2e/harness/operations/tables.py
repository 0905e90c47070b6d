"""Data tables, their attributes and their values."""

from harness.operations.values import TAGS, named, region, table_members, unique


def _of_table(scene) -> dict:
    return {"InstanceId": scene.instance, "DataTableId": scene.table}


def _paged(scene, size: int) -> dict:
    return {**_of_table(scene), "MaxResults": size}


def _of_column(scene) -> dict:
    return {**_of_table(scene), "AttributeName": scene.column}


def _attribute_members() -> dict:
    """Every member that CreateDataTableAttribute and UpdateDataTableAttribute share, but for `Primary`."""
    return {
        "Name": unique("column"),
        "ValueType": "TEXT",
        "Description": "Where calls go",
        "Validation": {
            "MinLength": 1,
            "MaxLength": 100,
            "MinValues": 0,
            "MaxValues": 10,
            "IgnoreCase": True,
            "Minimum": 1.0,
            "Maximum": 9.5,
            "ExclusiveMinimum": 0.5,
            "ExclusiveMaximum": 10.0,
            "MultipleOf": 0.5,
            "Enum": {"Strict": False, "Values": ["care", "sales"]},
        },
    }


def _lock() -> dict:
    return {"DataTable": "1", "Attribute": "1", "PrimaryValues": "1", "Value": "1"}


def _value(where: str, value: str, **more) -> dict:
    return {"PrimaryValues": region(where), "AttributeName": "queue", "Value": value, **more}


def _written(where: str, value: str) -> dict:
    """A value with all its members; the table does not lock, so the lock version is not looked at."""
    more = {"LockVersion": _lock(), "LastModifiedTime": 1_700_000_000, "LastModifiedRegion": "us-east-1"}
    return _value(where, value, **more)


def _by_record(scene) -> dict:
    return {
        "RecordIds": [scene.record],
        "PrimaryAttributeValues": [{"AttributeName": "region", "Values": ["eu", "us"]}],
    }


SERVED = {
    "CreateDataTable": lambda scene: {"InstanceId": scene.instance, "Name": unique("table"), "Tags": TAGS, **table_members()},
    "DescribeDataTable": _of_table,
    "ListDataTables": lambda scene: {"InstanceId": scene.instance, "MaxResults": 1000},
    "SearchDataTables": lambda scene: {
        "InstanceId": scene.instance,
        "MaxResults": 1000,
        "SearchCriteria": named("ta"),
        "SearchFilter": {"AttributeFilter": {"TagCondition": {"TagKey": "team", "TagValue": "care"}}},
    },
    "UpdateDataTableMetadata": lambda scene: {
        **_of_table(scene),
        "Name": unique("table"),
        **{name: value for name, value in table_members().items() if name != "Status"},
    },
    "DeleteDataTable": lambda scene: {"InstanceId": scene.instance, "DataTableId": scene.disposable("table")},
    "CreateDataTableAttribute": lambda scene: {
        "InstanceId": scene.instance,
        "DataTableId": scene.disposable("empty_table"),
        "Primary": True,
        **_attribute_members(),
    },
    "DescribeDataTableAttribute": _of_column,
    "ListDataTableAttributes": lambda scene: {**_paged(scene, 1000), "AttributeIds": [scene.column_id]},
    "UpdateDataTableAttribute": lambda scene: {
        **_of_table(scene),
        "AttributeName": scene.disposable("column"),
        "Primary": False,
        **_attribute_members(),
    },
    "DeleteDataTableAttribute": lambda scene: {**_of_table(scene), "AttributeName": scene.disposable("column")},
    "BatchCreateDataTableValue": lambda scene: {**_of_table(scene), "Values": [_written(unique("region"), "care")]},
    "BatchDescribeDataTableValue": lambda scene: {
        **_of_table(scene),
        "Values": [{"PrimaryValues": region(scene.cell), "AttributeName": "queue"}],
    },
    "BatchUpdateDataTableValue": lambda scene: {**_of_table(scene), "Values": [_written(scene.cell, "sales")]},
    "BatchDeleteDataTableValue": lambda scene: {
        **_of_table(scene),
        "Values": [
            {"PrimaryValues": region(scene.disposable("cell")), "AttributeName": "queue", "LockVersion": _lock()}
        ],
    },
    "EvaluateDataTableValues": lambda scene: {
        **_paged(scene, 100),
        "Values": [{"PrimaryValues": region(scene.cell), "AttributeNames": ["region", "queue"]}],
        "TimeZone": "Europe/Lisbon",
    },
    "ListDataTablePrimaryValues": lambda scene: {**_paged(scene, 1000), **_by_record(scene)},
    "ListDataTableValues": lambda scene: {**_paged(scene, 1000), **_by_record(scene)},
    "UpdateDataTablePrimaryValues": lambda scene: {
        **_of_table(scene),
        "PrimaryValues": region(scene.disposable("cell")),
        "NewPrimaryValues": region(unique("region")),
        "LockVersion": _lock(),
    },
}
