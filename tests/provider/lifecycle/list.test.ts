import { type Emulator, startEmulator } from "../../../emulator";
import { createClient } from "../../../provider/cloud/client";
import { systemClock } from "../../../provider/cloud/clock";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { createProgress } from "../../../provider/fronts/engine";
import { listExisting } from "../../../provider/lifecycle";
import { openSession } from "../../../provider/runs/session";

let emulator: Emulator;
const ids: string[] = [];

beforeAll(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }],
    commands: [{ commandId: "c-hello", name: "hello", content: "echo hello" }],
  });
  const client = createClient(resolveSettings("cn-hangzhou", () => undefined, emulator.environment));
  const invoke = async (parameters: Record<string, string>) => {
    const both = { CommandId: "c-hello", "InstanceId.1": "i-b", "InstanceId.2": "i-a" };
    ids.push(String((await client.call("InvokeCommand", { ...both, ...parameters })).InvokeId));
  };
  const tag = (key: string, value: string) => ({ "Tag.1.Key": key, "Tag.1.Value": value });
  await invoke({ Frequency: "rate(1h)", ...tag("team", "web") });
  await invoke(tag("pulumi-cloud-assistant", "an owner"));
  // Until it is over.
  for (let text = ""; !text.includes('"Success"'); )
    text = JSON.stringify(await client.call("DescribeInvocations", { InvokeId: ids[1] ?? "" }));
});

afterAll(() => emulator.stop());

function call(
  configuration: (key: string) => string | undefined = () => undefined,
  environment = emulator.environment,
) {
  const session = openSession({
    configuration,
    environment,
    clock: systemClock,
    engine: async () => true,
    backend: "",
  });
  return {
    urn: "",
    isSecret: false,
    secretInputs: new Set<string>(),
    session,
    progress: createProgress(async () => {}, session.said, ""),
  };
}

const SCHEDULE = {
  regionId: "cn-hangzhou",
  status: "Scheduled",
  commandId: "c-hello",
  commandName: "hello",
  repeatMode: "Period",
  frequency: "rate(1h)",
  creationTime: expect.stringMatching(/^\d{4}-.*Z$/),
  instanceIds: ["i-a", "i-b"],
  tags: { team: "web" },
};

// [wanted, indices of those that are found]
test.each<[object, number[]]>([
  [{}, [0, 1]],
  [{ tags: { team: "web" } }, [0]],
  [{ tags: { team: "db" } }, []],
  [{ status: "Scheduled" }, [0]],
  [{ status: "Success" }, [1]],
  [{ status: "Running" }, []],
  [{ status: "Scheduled", tags: { team: "web" }, regionId: "cn-hangzhou" }, [0]],
])("of %j", async (wanted, found) => {
  const listed = await listExisting(call(), wanted);
  expect(listed.map(({ invokeId }) => ids.indexOf(invokeId)).toSorted()).toEqual(found);
});

test("tells what a program may want to know, and nothing of the resource's own", async () => {
  const listed = await listExisting(call(), {});
  expect(listed).toContainEqual({ ...SCHEDULE, invokeId: ids[0] });
  expect(listed.map(({ tags }) => tags)).toContainEqual({});
});

test("without a region says where to name one", async () => {
  await expect(listExisting(call(undefined, {}), {})).rejects.toThrow(
    'Cannot list invocations: their region must be known; give regionId, or set "alicloud:region" in the stack configuration',
  );
});
