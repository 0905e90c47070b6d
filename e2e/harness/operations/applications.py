"""The part of AppIntegrations with which applications are registered."""

from harness.operations.values import TAGS, application_members, unique


def _of_application(scene) -> dict:
    return {"Arn": scene.application}


SERVED = {
    "appintegrations.CreateApplication": lambda scene: {
        "Name": unique("created"),
        "Namespace": unique("created"),
        "ClientToken": unique("token"),
        "Tags": TAGS,
        **application_members(),
    },
    "appintegrations.GetApplication": _of_application,
    "appintegrations.ListApplications": lambda scene: {"MaxResults": 50, "ApplicationType": "STANDARD"},
    "appintegrations.UpdateApplication": lambda scene: {
        **_of_application(scene),
        "Name": unique("updated"),
        **application_members(),
    },
    "appintegrations.DeleteApplication": lambda scene: {"Arn": scene.disposable("application"), "Force": True},
    "appintegrations.ListApplicationAssociations": lambda scene: {"ApplicationId": scene.application, "MaxResults": 50},
    "appintegrations.TagResource": lambda scene: {"resourceArn": scene.application, "tags": {"team": "sales"}},
    "appintegrations.UntagResource": lambda scene: {"resourceArn": scene.application, "tagKeys": ["team"]},
    "appintegrations.ListTagsForResource": lambda scene: {"resourceArn": scene.application},
}
