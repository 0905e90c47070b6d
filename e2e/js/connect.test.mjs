// The JavaScript SDK, version 3, along the main path. LANYARD_ENDPOINT names the server under test.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, it } from "node:test";

import {
  AssociateSecurityProfilesCommand,
  ConnectClient,
  CreateInstanceCommand,
  CreateSecurityProfileCommand,
  DeleteInstanceCommand,
  DeleteSecurityProfileCommand,
  DescribeInstanceCommand,
  DescribeSecurityProfileCommand,
  DuplicateResourceException,
  ListTagsForResourceCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  SearchSecurityProfilesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecurityProfileCommand,
  InvalidParameterException,
  paginateListSecurityProfilePermissions,
  paginateListSecurityProfiles,
} from "@aws-sdk/client-connect";

const endpoint = process.env.LANYARD_ENDPOINT;
assert.ok(endpoint, "LANYARD_ENDPOINT is not set");

const settings = { endpoint, region: "us-east-1", maxAttempts: 1 };
const client = new ConnectClient({ ...settings, credentials: { accessKeyId: "test", secretAccessKey: "test" } });

const members = {
  Description: "Cares for customers",
  Permissions: ["BasicAgentAccess", "OutboundCallAccess"],
  AllowedAccessControlTags: { department: "care" },
  TagRestrictedResources: ["User"],
  Applications: [{ Namespace: "crm", ApplicationPermissions: ["ACCESS"], Type: "THIRD_PARTY_APPLICATION" }],
  HierarchyRestrictedResources: ["User"],
  AllowedAccessControlHierarchyGroupId: "",
  AllowedFlowModules: [{ Type: "MCP", FlowModuleId: "module-1" }],
  AllowedAIAgents: [{ Type: "THIRD_PARTY", Arn: "arn:aws:wisdom:us-east-1:123456789012:ai-agent/a/b" }],
  GranularAccessControlConfiguration: {
    DataTableAccessControlConfiguration: {
      PrimaryAttributeAccessControlConfiguration: {
        PrimaryAttributeValues: [{ AccessType: "ALLOW", AttributeName: "region", Values: ["eu"] }],
      },
    },
  },
};

describe("@aws-sdk/client-connect", () => {
  let InstanceId;

  before(async () => {
    const created = await client.send(
      new CreateInstanceCommand({
        InstanceAlias: `js-${randomUUID().slice(0, 8)}`,
        IdentityManagementType: "CONNECT_MANAGED",
        InboundCallsEnabled: true,
        OutboundCallsEnabled: true,
      }),
    );
    InstanceId = created.Id;
  });

  const create = (more = {}) =>
    client.send(new CreateSecurityProfileCommand({ InstanceId, SecurityProfileName: `profile-${randomUUID()}`, ...more }));

  it("reads an instance, with its time as a date", async () => {
    const { Instance } = await client.send(new DescribeInstanceCommand({ InstanceId }));
    assert.equal(Instance.Id, InstanceId);
    assert.equal(Instance.InstanceStatus, "ACTIVE");
    assert.ok(Instance.CreatedTime instanceof Date);
    assert.ok(Math.abs(Instance.CreatedTime - Date.now()) < 60_000);
  });

  it("updates every member of a profile", async () => {
    const { SecurityProfileId } = await create();
    const answer = await client.send(new UpdateSecurityProfileCommand({ InstanceId, SecurityProfileId, ...members }));
    assert.equal(answer.$metadata.httpStatusCode, 200);
    assert.ok(answer.$metadata.requestId);

    const { SecurityProfile } = await client.send(new DescribeSecurityProfileCommand({ InstanceId, SecurityProfileId }));
    assert.ok(SecurityProfile.LastModifiedTime instanceof Date);
    for (const name of [
      "Description",
      "AllowedAccessControlTags",
      "TagRestrictedResources",
      "HierarchyRestrictedResources",
      "GranularAccessControlConfiguration",
    ]) {
      assert.deepEqual(SecurityProfile[name], members[name], name);
    }
    const permissions = [];
    for await (const page of paginateListSecurityProfilePermissions({ client, pageSize: 1 }, { InstanceId, SecurityProfileId })) {
      permissions.push(...page.Permissions);
    }
    assert.deepEqual(permissions, members.Permissions);
  });

  it("pages through profiles", async () => {
    const names = [];
    for await (const page of paginateListSecurityProfiles({ client, pageSize: 2 }, { InstanceId })) {
      names.push(...page.SecurityProfileSummaryList.map((one) => one.Name));
    }
    assert.equal(new Set(names).size, names.length);
    assert.ok(["Admin", "Agent", "CallCenterManager", "QualityAnalyst"].every((name) => names.includes(name)));
  });

  it("searches", async () => {
    const found = await client.send(
      new SearchSecurityProfilesCommand({
        InstanceId,
        SearchCriteria: { StringCondition: { FieldName: "name", Value: "Admin", ComparisonType: "EXACT" } },
      }),
    );
    assert.deepEqual(found.SecurityProfiles.map((one) => one.SecurityProfileName), ["Admin"]);
    assert.equal(found.ApproximateTotalCount, 1);
  });

  it("tags", async () => {
    const { SecurityProfileArn: resourceArn } = await create({ Tags: { team: "care" } });
    await client.send(new TagResourceCommand({ resourceArn, tags: { "a key": "é", site: "north" } }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team", "site"] }));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    assert.deepEqual(tags, { "a key": "é" });
  });

  it("throws the modelled errors", async () => {
    const { SecurityProfileId } = await create();
    await assert.rejects(create({ SecurityProfileName: "Admin" }), DuplicateResourceException);
    await assert.rejects(create({ SecurityProfileName: "no/slash" }), InvalidParameterException);
    const asked = { InstanceId, SecurityProfileId };
    await client.send(
      new AssociateSecurityProfilesCommand({
        InstanceId,
        EntityType: "AI_AGENT",
        EntityArn: "arn:aws:wisdom:us-east-1:123456789012:ai-agent/a/b",
        SecurityProfiles: [{ Id: SecurityProfileId }],
      }),
    );
    await assert.rejects(client.send(new DeleteSecurityProfileCommand(asked)), ResourceInUseException);
    const absent = { InstanceId, SecurityProfileId: randomUUID() };
    await assert.rejects(client.send(new DescribeSecurityProfileCommand(absent)), (error) => {
      assert.ok(error instanceof ResourceNotFoundException);
      assert.ok(error.message || error.Message);
      assert.equal(error.$metadata.httpStatusCode, 404);
      return true;
    });
  });

  it("is told why a signature is wrong", async () => {
    const stranger = new ConnectClient({ ...settings, credentials: { accessKeyId: "test", secretAccessKey: "wrong" } });
    await assert.rejects(stranger.send(new DescribeInstanceCommand({ InstanceId })), { name: "InvalidSignatureException" });
  });

  it("deletes the instance", async () => {
    await client.send(new DeleteInstanceCommand({ InstanceId }));
    await assert.rejects(client.send(new DescribeInstanceCommand({ InstanceId })), ResourceNotFoundException);
  });
});
