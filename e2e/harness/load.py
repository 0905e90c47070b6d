"""Mixed load whose every outcome is known: what was acknowledged, and what was under way when the server was killed.

Each `Loader` is one client. It has resources of its own in every place, so that it knows the exact content of each, and it
sends one request at a time, so that after a kill at most one request is in doubt. All loaders write to the same instances
and registries.
"""

import http.client
import itertools
import json
import random
from collections import Counter
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from harness.operations import granular
from harness.operations.values import PASSWORD
from harness.profiles import normal, read_profile
from harness.server import ACCOUNT, Server

REGIONS = ("us-east-1", "eu-west-1")
# Every name that a loader gives starts so; the resources that an instance begins with have other names.
PREFIX = "load-"
MOST_OF_A_KIND = 6
PLACEHOLDER = "11111111-2222-4333-8444-555555555555"
GONE = (BotoCoreError, http.client.HTTPException, OSError)


class ServerGone(Exception):
    """The server ended before it answered."""


def members(number: int) -> dict:
    """One update of a profile, of many members that all contain its number, so that half an update would show."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return {
        "Description": f"update {number}",
        "AllowedAccessControlTags": {"number": str(number)},
        "Permissions": ["BasicAgentAccess", f"Own{letters}.View"],
        "AllowedFlowModules": [{"Type": "MCP", "FlowModuleId": f"module-{number}"}],
        "GranularAccessControlConfiguration": granular("number", [str(number)]),
    }


@dataclass(eq=False)
class Place:
    """Where resources are: an instance, or the registry of a region when `instance` is `None`."""

    region: str
    instance: str | None = None
    has_passwords: bool = False
    profiles: list[str] = field(default_factory=list)
    routing: str = ""


@dataclass(eq=False)
class Thing:
    """A resource of one loader, and its content as it was last acknowledged; `None` before it exists."""

    kind: str
    place: Place
    name: str
    id: str | None = None
    content: dict | None = None
    # Of an instance: what is in it.
    within: Place | None = None


# A thing and its content after a request; `None` when the request deletes it.
Outcome = tuple[Thing, dict | None]


class Api:
    """The clients of all regions, and how each kind of resource is read."""

    def __init__(self, server: Server):
        settings = {"strictly": False, "max_pool_connections": 32}
        self.server = server
        self.connect = {region: server.client(region=region, **settings) for region in REGIONS}
        self.apps = {region: server.client(region=region, service="appintegrations", **settings) for region in REGIONS}

    def new_instance(self, place: Place, **parameters) -> str:
        managed = "CONNECT_MANAGED" if place.has_passwords else "SAML"
        calls = {"InboundCallsEnabled": True, "OutboundCallsEnabled": True}
        return self.connect[place.region].create_instance(IdentityManagementType=managed, **calls, **parameters)["Id"]

    def learn(self, place: Place) -> None:
        """Notes the profiles and the routing profile that an instance begins with: its users have them."""
        client, of = self.connect[place.region], {"InstanceId": place.instance}
        listed = client.list_security_profiles(**of)["SecurityProfileSummaryList"]
        place.profiles = [one["Id"] for one in listed if not one["Name"].startswith(PREFIX)]
        place.routing = client.list_routing_profiles(**of)["RoutingProfileSummaryList"][0]["Id"]

    def read(self, thing: Thing) -> dict | None:
        """The whole resource; `None` when there is none."""
        client, of = self.connect[thing.place.region], {"InstanceId": thing.place.instance}
        try:
            match thing.kind:
                case "instance":
                    return client.describe_instance(InstanceId=thing.id)["Instance"]
                case "application":
                    return self.apps[thing.place.region].get_application(Arn=thing.id)
                case "user":
                    return client.describe_user(**of, UserId=thing.id)["User"]
                case "profile":
                    return read_profile(client, thing.place.instance, thing.id)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def listed(self, kind: str, place: Place) -> dict[str, str]:
        """The names that loaders gave in a place, and their identifiers; a name twice fails."""
        operation, member, name = {
            "instance": ("list_instances", "InstanceSummaryList", "InstanceAlias"),
            "application": ("list_applications", "Applications", "Name"),
            "user": ("list_users", "UserSummaryList", "Username"),
            "profile": ("list_security_profiles", "SecurityProfileSummaryList", "Name"),
        }[kind]
        client = (self.apps if kind == "application" else self.connect)[place.region]
        of = {"InstanceId": place.instance} if place.instance else {}
        pages = client.get_paginator(operation).paginate(**of)
        result = [(one[name], one["Id"]) for page in pages for one in page[member] if one[name].startswith(PREFIX)]
        assert len(dict(result)) == len(result), f"a {kind} is listed twice: {sorted(result)}"
        return dict(result)


def is_like(result: dict | None, content: dict | None) -> bool:
    """Whether what was read has exactly this content, in all members that loaders set."""
    if result is None or content is None:
        return result is content
    return all(normal(result.get(name, {})) == normal(value) for name, value in content.items())


class Loader:
    """One client: it sends one request after another, and remembers what each led to."""

    def __init__(self, name: str, api: Api, homes: list[Place], registries: dict[str, Place]):
        self.name, self.api, self.homes, self.registries = name, api, homes, registries
        self.things: list[Thing] = []
        self.deleted: list[Thing] = []
        self.doubt: list[Outcome] = []
        self.sent = ""
        self.acknowledged: Counter[str] = Counter()
        self.numbers = itertools.count(1)

    def run(self, seed: str) -> None:
        """Sends requests that the seed decides, until the server is gone."""
        self.random = random.Random(seed)
        try:
            while True:
                kind, action = self.random.choice(ACTIONS)
                action(self, kind)
        except ServerGone:
            return

    def attempt(self, name: str, request, *outcomes: Outcome):
        """Sends a request that has these outcomes."""
        self.doubt, self.sent = list(outcomes), name
        try:
            answer = request()
        except GONE as error:
            raise ServerGone from error
        except ClientError as error:
            raise AssertionError(f"{self.name}: {name} was refused: {error}") from error
        self.settle()
        self.acknowledged[name] += 1
        return answer

    def settle(self) -> None:
        """The request took effect."""
        for thing, content in self.doubt:
            if thing.content is None:
                self.things.append(thing)
            thing.content = content
            if content is None:
                self.things.remove(thing)
                self.deleted.append(thing)
        self.doubt = []

    def of_kind(self, kind: str, place: Place | None = None) -> list[Thing]:
        return [thing for thing in self.things if thing.kind == kind and place in (None, thing.place)]

    def any_of(self, kind: str) -> Thing | None:
        things = self.of_kind(kind)
        return self.random.choice(things) if things else None

    def any_place(self, kind: str) -> Place:
        if kind in ("instance", "application"):
            return self.random.choice(list(self.registries.values()))
        own = [thing.within for thing in self.of_kind("instance") if thing.within.routing]
        # A password takes its time to be hashed, so that fewer users have one.
        homes = [home for home in self.homes if kind != "user" or not home.has_passwords or self.random.random() < 0.25]
        return self.random.choice(homes + own)

    def new(self, kind: str, place: Place) -> Thing:
        return Thing(kind, place, f"{PREFIX}{self.name}-{next(self.numbers)}")

    def content(self, thing: Thing) -> dict:
        """New content for a resource, which contains an unused number."""
        number, before = next(self.numbers), thing.content or {}
        tags = before.get("Tags", {"made": str(number)})
        match thing.kind:
            case "instance":
                return {"InstanceAlias": thing.name, "Tags": tags}
            case "profile":
                return {"SecurityProfileName": thing.name, "Tags": tags, **members(number)}
            case "application":
                url = f"https://{number}.example.com"
                source = {"ExternalUrlConfig": {"AccessUrl": url, "ApprovedOrigins": [url]}}
                return {"Name": thing.name, "Description": f"update {number}", "ApplicationSourceConfig": source, "Tags": tags}
            case "user":
                identity = {"FirstName": f"First {number}", "LastName": f"Last {number}", "Mobile": f"+4416329{number:05}"}
                return {
                    "Username": thing.name,
                    "IdentityInfo": identity,
                    "PhoneConfig": before.get("PhoneConfig", {"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": number % 1000}),
                    "SecurityProfileIds": before.get("SecurityProfileIds", thing.place.profiles[:1]),
                    "RoutingProfileId": thing.place.routing,
                    "Tags": tags,
                }

    def create(self, kind: str) -> None:
        if len(self.of_kind(kind)) >= MOST_OF_A_KIND:
            return self.delete(kind)
        thing = self.new(kind, self.any_place(kind))
        content, region = self.content(thing), thing.place.region
        request = {
            "instance": lambda: self.create_instance(thing, content),
            "application": lambda: self.create_application(thing, content),
            "user": lambda: self.api.connect[region].create_user(InstanceId=thing.place.instance, **password(thing), **content)["UserId"],
            "profile": lambda: self.api.connect[region].create_security_profile(InstanceId=thing.place.instance, **content)["SecurityProfileId"],
        }[kind]
        thing.id = self.attempt(f"create {kind}", request, (thing, content))
        if kind == "instance":
            self.learn(thing)

    def create_instance(self, thing: Thing, content: dict) -> str:
        thing.within = Place(thing.place.region)
        return self.api.new_instance(thing.within, ClientToken=thing.name, **content)

    def create_application(self, thing: Thing, content: dict) -> str:
        parameters = {"Namespace": thing.name, "ClientToken": thing.name}
        return self.api.apps[thing.place.region].create_application(**parameters, **content)["Id"]

    def learn(self, thing: Thing) -> None:
        thing.within.instance = thing.id
        try:
            self.api.learn(thing.within)
        except GONE as error:
            raise ServerGone from error

    def update(self, kind: str) -> None:
        thing = self.any_of(kind)
        if thing is None:
            return self.create(kind)
        content, client, of = self.content(thing), self.api.connect[thing.place.region], {"InstanceId": thing.place.instance}
        changed = {name: value for name, value in content.items() if name != "Tags"}
        match kind:
            case "profile":
                del changed["SecurityProfileName"]
                request = lambda: client.update_security_profile(**of, SecurityProfileId=thing.id, **changed)
            case "application":
                del changed["Name"]
                request = lambda: self.api.apps[thing.place.region].update_application(Arn=thing.id, **changed)
            case "user":
                identity = {"IdentityInfo": changed["IdentityInfo"]}
                request = lambda: client.update_user_identity_info(**of, UserId=thing.id, **identity)
        self.attempt(f"update {kind}", request, (thing, content))

    def assign(self, _: str) -> None:
        user = self.any_of("user")
        if user is None:
            return self.create("user")
        profiles = self.random.sample(user.place.profiles, self.random.randint(1, len(user.place.profiles)))
        client, of = self.api.connect[user.place.region], {"InstanceId": user.place.instance, "UserId": user.id}
        request = lambda: client.update_user_security_profiles(**of, SecurityProfileIds=profiles)
        self.attempt("assign profiles", request, (user, {**user.content, "SecurityProfileIds": profiles}))

    def tag(self, kind: str) -> None:
        """Adds a tag, or removes one where there are several."""
        thing = self.any_of(kind)
        if thing is None:
            return self.create(kind)
        client = (self.api.apps if kind == "application" else self.api.connect)[thing.place.region]
        tags, arn, number = dict(thing.content["Tags"]), arn_of(thing), str(next(self.numbers))
        if len(tags) > 3:
            gone = self.random.choice(sorted(tags))
            del tags[gone]
            request = lambda: client.untag_resource(resourceArn=arn, tagKeys=[gone])
        else:
            key = f"key-{self.random.randint(1, 5)}"
            tags[key] = number
            request = lambda: client.tag_resource(resourceArn=arn, tags={key: number})
        self.attempt(f"tag {kind}", request, (thing, {**thing.content, "Tags": tags}))

    def delete(self, kind: str) -> None:
        thing = self.any_of(kind)
        if thing is None:
            return self.create(kind)
        client, of = self.api.connect[thing.place.region], {"InstanceId": thing.place.instance}
        within = []
        match kind:
            case "instance":
                request = lambda: client.delete_instance(InstanceId=thing.id)
                within = [(it, None) for it in self.things if it.place is thing.within]
            case "application":
                request = lambda: self.api.apps[thing.place.region].delete_application(Arn=thing.id)
            case "user":
                request = lambda: client.delete_user(**of, UserId=thing.id)
            case "profile":
                request = lambda: client.delete_security_profile(**of, SecurityProfileId=thing.id)
        self.attempt(f"delete {kind}", request, (thing, None), *within)

    def change_set(self, _: str) -> None:
        """Creates a profile and a user, updates the new profile by its placeholder, updates one and deletes one, as one write."""
        place = self.any_place("user")
        root = f"/security-profiles/{place.instance}"
        made, user = self.new("profile", place), self.new("user", place)
        first, last, person = self.content(made), self.content(made), self.content(user)
        last["Tags"] = first["Tags"]
        without = lambda content: {name: it for name, it in content.items() if name not in ("Tags", "SecurityProfileName")}
        calls = [
            {"method": "PUT", "path": root, "body": first, "makes": {PLACEHOLDER: "SecurityProfileId"}},
            {"method": "PUT", "path": f"/users/{place.instance}", "body": {**password(user), **person}},
        ]
        repeated = [self.content(made) for _ in range(self.random.choice([0, 0, 0, 5, 40]))] + [last]
        calls += [{"method": "POST", "path": f"{root}/{PLACEHOLDER}", "body": without(content)} for content in repeated]
        outcomes: list[Outcome] = [(made, last), (user, person)]
        own = self.of_kind("profile", place)
        self.random.shuffle(own)
        for thing in own[:1]:
            content = self.content(thing)
            calls.append({"method": "POST", "path": f"{root}/{thing.id}", "body": without(content)})
            outcomes.append((thing, content))
        # Else the profiles and users that change-sets make would be more and more.
        for thing in own[1:] if len(own) > MOST_OF_A_KIND // 2 else own[1:2]:
            calls.append({"method": "DELETE", "path": f"{root}/{thing.id}"})
            outcomes.append((thing, None))
        users = self.of_kind("user", place)
        for thing in users[1:]:
            calls.append({"method": "DELETE", "path": f"/users/{place.instance}/{thing.id}"})
            outcomes.append((thing, None))
        answer = self.attempt("change-set", lambda: self.send(place, calls), *outcomes)
        made.id, user.id = answer["results"][0]["SecurityProfileId"], answer["results"][1]["UserId"]

    def send(self, place: Place, calls: list[dict]) -> dict:
        wire = self.api.server.wire(region=place.region)
        answer = wire.send("POST", f"/lanyard/v1/instances/{place.instance}/change-sets", json.dumps({"calls": calls}).encode())
        assert answer.status == 200, f"{self.name}: a change-set was refused: {answer.body[:500]}"
        return answer.json

    def resolve(self) -> str:
        """Finds out whether the request that was under way took effect, after a restart: wholly or not at all."""
        self.deleted.clear()
        if not self.doubt:
            return "no request"
        took_effect = set()
        for thing, content in self.doubt:
            if thing.content is None:
                thing.id = self.api.listed(thing.kind, thing.place).get(thing.name)
                result = self.api.read(thing) if thing.id else None
            else:
                result = self.api.read(thing)
            before, after = is_like(result, thing.content), is_like(result, content)
            assert before or after, f"{self.name}: {self.sent}: {thing}\nto be {content}\nis neither, but {result}"
            if not (before and after):
                took_effect.add(after)
        assert len(took_effect) <= 1, f"{self.name}: {self.sent} took effect in part: {self.doubt}"
        done = took_effect == {True}
        [(first, content), *_] = self.doubt
        created = first.content is None
        if done:
            self.settle()
        self.doubt = []
        if created and first.kind in ("instance", "application"):
            self.repeat(first, content, done)
        return f"{self.sent}: {'done' if done else 'not done'}"

    def repeat(self, thing: Thing, content: dict, done: bool) -> None:
        """Sends a creation again with its client token, as a client does that saw no answer: it exists once."""
        again = self.create_instance(thing, content) if thing.kind == "instance" else self.create_application(thing, content)
        assert not done or again == thing.id, f"{self.name}: a client token made {again} next to {thing}"
        if not done:
            thing.id, thing.content = again, content
            self.things.append(thing)
        if thing.kind == "instance":
            self.learn(thing)

    def check(self) -> None:
        """Everything that was acknowledged is there with its exact content, and everything that was deleted is not."""
        for thing in self.things:
            result = self.api.read(thing)
            assert is_like(result, thing.content), f"{self.name}: acknowledged {thing}\nfound {result}"


def check_lists(api: Api, loaders: list[Loader], homes: list[Place], registries: dict[str, Place]) -> None:
    """Every list has what was acknowledged and nothing else."""
    own = [thing.within for loader in loaders for thing in loader.of_kind("instance")]
    places = [(kind, place) for place in registries.values() for kind in ("instance", "application")]
    places += [(kind, place) for place in homes + own for kind in ("user", "profile")]
    for kind, place in places:
        expected = {thing.name: thing.id for loader in loaders for thing in loader.of_kind(kind, place)}
        result = api.listed(kind, place)
        assert result == expected, f"{kind} of {place}: acknowledged {expected}, listed {result}"


def password(user: Thing) -> dict:
    return {"Password": PASSWORD} if user.place.has_passwords else {}


def arn_of(thing: Thing) -> str:
    region, instance = thing.place.region, thing.place.instance
    match thing.kind:
        case "application":
            return f"arn:aws:app-integrations:{region}:{ACCOUNT}:application/{thing.id}"
        case "instance":
            return f"arn:aws:connect:{region}:{ACCOUNT}:instance/{thing.id}"
        case "user":
            return f"arn:aws:connect:{region}:{ACCOUNT}:instance/{instance}/agent/{thing.id}"
        case _:
            return f"arn:aws:connect:{region}:{ACCOUNT}:instance/{instance}/security-profile/{thing.id}"


# As often as they are listed here.
ACTIONS = [
    *[("profile", action) for action in (Loader.create, Loader.update, Loader.update, Loader.tag, Loader.delete)],
    *[("user", action) for action in (Loader.create, Loader.update, Loader.assign, Loader.tag, Loader.delete)],
    *[("application", action) for action in (Loader.create, Loader.update, Loader.tag, Loader.tag, Loader.delete)],
    *[("instance", action) for action in (Loader.create, Loader.tag, Loader.delete)],
    *[("", Loader.change_set)] * 2,
]
