"""Which operations are served, and a valid request for each. A later issue's operation needs one entry here.

An entry is a function from a `Scene` (resources that exist) to parameters: a request that succeeds, with as many
members as are worth breaking. `scene.disposable("user")` makes something that this request may use up.
"""

from harness.operations import access, applications, modules, people, routing, tables
from harness.operations.scene import Placeholders, Scene
from harness.operations.values import AI_AGENT, FLOW, ai_agent_arn, granular, profile_members, unique

__all__ = ["AI_AGENT", "FLOW", "SERVED", "Placeholders", "Scene", "ai_agent_arn", "granular", "profile_members", "smallest", "unique"]

SERVED = {
    **access.SERVED,
    **applications.SERVED,
    **people.SERVED,
    **routing.SERVED,
    **modules.SERVED,
    **tables.SERVED,
}

# Members that the model calls optional and without which there is nothing to do, kept in the smallest request.
NEEDED_ANYWAY = {
    "CreateInstance": {"InstanceAlias"},
    "CreateUser": {"Password"},
    "UpdateQueueName": {"Name"},
    "UpdateQuickConnectName": {"Name"},
    "UpdateRoutingProfileName": {"Name"},
    "AssociateRoutingProfileQueues": {"QueueConfigs"},
    "DisassociateRoutingProfileQueues": {"QueueReferences"},
}


def smallest(name: str, parameters: dict, required: list[str]) -> dict:
    kept = set(required) | NEEDED_ANYWAY.get(name, set())
    return {member: value for member, value in parameters.items() if member in kept}
