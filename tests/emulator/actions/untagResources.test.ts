import { createCommand, succeed } from "../calls";
import { type Changes, describeRefusals, describeShape, RESOURCE_REFUSALS } from "../cases";
import { openService, type Service } from "../client";

let service: Service;
let commandId: string;
beforeEach(async () => {
  service = await openService();
  commandId = await createCommand(service, "echo 1", { "Tag.1.Key": "a", "Tag.2.Key": "b", "Tag.3.Key": "c" });
});
afterEach(() => service.close());

const valid = () => ({ ResourceType: "command", "ResourceId.1": commandId, "TagKey.1": "a" });

describeShape(() => service, "UntagResources", valid);

describeRefusals(() => service, "UntagResources", valid, RESOURCE_REFUSALS);

describe("behaviour", () => {
  test.each<[string, Changes, string[]]>([
    ["one key", { "TagKey.1": "a" }, ["b", "c"]],
    ["several keys", { "TagKey.1": "a", "TagKey.2": "c" }, ["b"]],
    ["a key that is not there", { "TagKey.1": "z" }, ["a", "b", "c"]],
    ["all", { "TagKey.1": undefined, All: "true" }, []],
    ["All counts only without keys", { "TagKey.1": "a", All: "true" }, ["b", "c"]],
    ["neither keys nor All", { "TagKey.1": undefined }, ["a", "b", "c"]],
  ])("%s", async (_title, changes, left) => {
    await succeed(service, "UntagResources", { ...valid(), ...changes });
    const { Commands } = await succeed(service, "DescribeCommands", { CommandId: commandId });
    expect(Commands.Command[0].Tags.Tag.map((tag: Changes) => tag.TagKey)).toEqual(left);
  });
});
