import { declareResource, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: ["i-a", "i-b", "i-c"].map((instanceId) => ({ instanceId })), ...options });
  resource = declareResource(service);
}

function turnPage(): void {
  service.calls();
  service.said();
}

afterEach(() => service.stop());

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const HOURLY = "0 0 * * * ? UTC";
const LOOK = "DescribeInvocations #1";
const PREFLIGHT = ["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"];

async function schedule() {
  await open();
  const declared = {
    commandId: service.addCommand("echo {{word}}"),
    instanceIds: ["i-a", "i-b"],
    frequency: NIGHTLY,
    parameters: { word: "one" },
  };
  await resource.up(declared);
  turnPage();
  return declared;
}

describe("refresh of a live schedule", () => {
  test("that nobody touched changes nothing", async () => {
    const declared = await schedule();
    const before = resource.state?.outputs;
    await resource.refresh();
    expect(service.calls()).toEqual([LOOK]);
    expect(resource.state?.outputs).toEqual(before);
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    expect(service.calls()).toEqual([]);
  });

  test("brings the runs so far into the results", async () => {
    const declared = await schedule();
    await service.emulator.advance(86_400_000);
    await resource.refresh();
    expect(resource.results["i-a"]).toMatchObject({ status: "Scheduled", output: "one\n", repeats: 1, exitCode: 0 });
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
  });

  test("that somebody changed reports the live values, and the next update puts them right in place", async () => {
    const declared = await schedule();
    await service.modifyFromOutside("#1", {
      Frequency: HOURLY,
      Parameters: '{"word":"three"}',
      EnableParameter: "true",
      "InstanceId.1": "i-c",
    });
    await resource.refresh();
    const live = { frequency: HOURLY, parameters: { word: "three" }, instanceIds: ["i-a", "i-b", "i-c"] };
    expect(resource.state).toMatchObject({ inputs: live, outputs: live });
    turnPage();
    expect(await resource.up(declared)).toEqual({ did: "update", reasons: [] });
    expect(service.calls()).toEqual([
      ...PREFLIGHT,
      LOOK,
      `ModifyInvocationAttribute #1 at "${NIGHTLY}" with parameters`,
      "StopInvocation #1 on c",
      LOOK,
    ]);
    expect(Object.keys(resource.results).sort()).toEqual(["i-a", "i-b"]);
  });

  test("that somebody changed leaves results declared exactly where they are, since they are secret", async () => {
    const declared = await schedule();
    const hidden = { ...declared, __secret: true, results: null };
    for (const [given, declaresResults] of [
      [declared, false],
      [hidden, true],
    ] as const) {
      await resource.up(given);
      await service.modifyFromOutside("#1", { Frequency: HOURLY });
      await resource.refresh();
      expect(resource.state?.inputs).toMatchObject({ frequency: HOURLY });
      expect("results" in (resource.state?.inputs ?? {})).toBe(declaresResults);
    }
  });

  test("that somebody stopped on a machine shows it there, and the next update schedules it there again", async () => {
    const declared = await schedule();
    await service.stopFromOutside("#1", "i-b");
    await resource.refresh();
    expect(resource.results["i-b"]?.status).toBe("Cancelled");
    turnPage();
    expect(await resource.up(declared)).toEqual({ did: "update", reasons: [] });
    expect(service.said()).toEqual(["starts anew on 1 of 2 instances where it is not in force"]);
    expect(resource.results).toMatchObject({
      "i-a": { status: "Scheduled", invokeId: "#1" },
      "i-b": { status: "Scheduled", invokeId: "#2" },
    });
  });

  test("that somebody stopped is drift, and the next update starts it anew", async () => {
    const declared = await schedule();
    await service.stopFromOutside("#1");
    await resource.refresh();
    expect(resource.state?.outputs.status).toBe("Stopped");
    turnPage();
    expect((await resource.preview(declared)).did).toBe("replace");
    expect(service.said()).toEqual([
      'replaced: invocation "#1" was stopped from outside: a new one is started',
      expect.stringMatching(/^next runs: /),
    ]);
    turnPage();
    expect(await resource.up(declared)).toEqual({ did: "replace", reasons: [] });
    expect(service.calls().filter((call) => /^(Invoke|Stop|Modify)/.test(call))).toEqual([
      `InvokeCommand Period at "${NIGHTLY}" with parameters on a,b tagged run`,
    ]);
    expect(resource.state?.outputs.status).toBe("Scheduled");
  });

  test("that is gone is gone, said, and the next update creates it", async () => {
    const declared = await schedule();
    service.emulator.expire(resource.state?.id ?? "");
    service.said();
    await resource.refresh();
    expect(service.said()).toEqual([
      expect.stringContaining('invocation "#1" is live as the state says, and the service does not know it in region'),
    ]);
    expect(resource.state).toBeUndefined();
    expect(await resource.up(declared)).toEqual({ did: "create", reasons: [] });
  });
});

describe("refresh of a one-shot", () => {
  test("that is over asks nothing, since its record never changes", async () => {
    await open();
    await resource.up({ commandId: service.addCommand("echo once"), instanceIds: ["i-a", "i-b"] });
    turnPage();
    const before = resource.state?.outputs;
    await resource.refresh();
    expect(resource.state?.outputs).toEqual(before);
    expect(service.calls()).toEqual([]);
  });

  test("of which the state lacks some output brings what the service still has", async () => {
    await open();
    const declared = { commandId: service.addCommand("printf 12345678"), instanceIds: ["i-a"], maxOutputBytes: 4 };
    await resource.up(declared);
    expect(resource.results["i-a"]).toMatchObject({ output: "5678", dropped: 4 });
    await resource.up({ ...declared, maxOutputBytes: 6 });
    await resource.refresh();
    expect(resource.results["i-a"]).toMatchObject({ output: "345678", dropped: 2 });
  });

  test("whose machines the service chose, and no update ever saw, brings them", async () => {
    await open({ instances: [{ instanceId: "i-a", tags: { role: "web" } }] });
    const declared = {
      commandId: service.addCommand("exit 5"),
      resourceTags: { role: "web" },
      onFailure: "warn" as const,
    };
    service.after("InvokeCommand", () => service.emulator.inject({ kind: "forbidden", action: "DescribeInvocations" }));
    await resource.up(declared);
    expect(resource.state?.outputs).toMatchObject({ status: "Pending", results: {} });
    service.emulator.clearFaults();
    await resource.refresh();
    expect(resource.state?.outputs).toMatchObject({ status: "Failed" });
    expect(resource.results["i-a"]).toMatchObject({ status: "Failed", exitCode: 5 });
  });

  test("whose record has expired keeps everything, and nothing runs again", async () => {
    await open();
    const declared = { commandId: service.addCommand("echo once"), instanceIds: ["i-a"], maxOutputBytes: 1 };
    await resource.up(declared);
    service.emulator.expire(resource.state?.id ?? "");
    turnPage();
    const before = resource.state?.outputs;
    await resource.refresh();
    expect(resource.state?.outputs).toEqual(before);
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    expect(service.calls()).toEqual([LOOK]);
  });

  test("that had not ended brings its end, and then there is nothing left to do", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 30_000, output: "late" } } }] });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a"], waitTimeout: 5 };
    await resource.up(declared);
    await service.emulator.advance(60_000);
    await resource.refresh();
    expect(resource.results["i-a"]).toMatchObject({ status: "Success", output: "late" });
    turnPage();
    await resource.up(declared);
    expect(service.calls()).toEqual([]);
  });

  test("that stands for two invocations shows each machine as the one that ran there last", async () => {
    await open();
    const once =
      "echo {{ACS::InvokeId}}; [ {{ACS::InstanceId}} = i-a ] || [ -e $HOME/mended ] || { touch $HOME/mended; exit 5; }";
    const declared = { commandId: service.addCommand(once), instanceIds: ["i-a", "i-b"], maxOutputBytes: 1 };
    await resource.up(declared);
    await resource.up(declared);
    const before = resource.state?.outputs;
    turnPage();
    await resource.refresh();
    expect(service.calls().sort()).toEqual([LOOK, "DescribeInvocations #2"]);
    expect(resource.state?.outputs).toEqual(before);
  });
});

describe("get", () => {
  test("reads an invocation that somebody else started, inputs and results", async () => {
    await schedule();
    const id = resource.state?.id ?? "";
    await service.begin();
    const { props, inputs } = await service.handlers.read(id, { regionId: "cn-hangzhou", __urn: "urn" });
    expect(service.plain(props)).toMatchObject({
      commandId: "c",
      frequency: NIGHTLY,
      instanceIds: ["i-a", "i-b"],
      invokeId: "#1",
      parameters: { word: "one" },
      regionId: "cn-hangzhou",
      repeatMode: "Period",
      results: { "i-a": { status: "Scheduled" } },
      schemaVersion: 1,
      status: "Scheduled",
    });
    expect(inputs).toMatchObject({ frequency: NIGHTLY, __urn: "urn" });
    expect(service.calls()).toEqual([LOOK, "DescribeCommands"]);
  });

  // What the service tells of every run was not declared, unless it differs from what holds anyway.
  test.each<[object, Record<string, string>, string[]]>([
    [{}, {}, []],
    [{ timeoutSeconds: 300, workingDir: "/srv" }, {}, []],
    [{ timeoutSeconds: 300 }, { Timeout: "60" }, ["timeout"]],
    [
      {},
      { WorkingDir: "/srv", Username: "admin", TerminationMode: "ProcessTree" },
      ["terminationMode", "username", "workingDir"],
    ],
  ])("of a command with %j that was invoked with %j reads %j", async (seed, given, read) => {
    await open();
    const commandId = service.addCommand("true", seed);
    const id = await service.invokeByHand({ CommandId: commandId, "InstanceId.1": "i-a", ...given });
    const { inputs = {} } = await service.handlers.read(id, { regionId: "cn-hangzhou" });
    const always = ["commandId", "instanceIds", "regionId", "repeatMode"];
    expect(
      Object.keys(inputs)
        .filter((name) => !always.includes(name))
        .sort(),
    ).toEqual(read);
  });

  test("of a command that nobody may ask for takes the service's own defaults for its", async () => {
    await open();
    const commandId = service.addCommand("true", { timeoutSeconds: 300 });
    const id = await service.invokeByHand({ CommandId: commandId, "InstanceId.1": "i-a" });
    service.emulator.inject({ action: "DescribeCommands", kind: "forbidden" });
    const { inputs } = await service.handlers.read(id, { regionId: "cn-hangzhou" });
    expect(inputs).toMatchObject({ commandId, timeout: 300 });
  });

  test("takes the region of the stack, and says where there is no such invocation", async () => {
    await open();
    await expect(service.handlers.read("t-0", {})).rejects.toThrow(
      new Error(
        'Cannot read invocation "t-0": there is none in region "cn-hangzhou", or its record has expired (they are kept for 30 days); correct the id or the region',
      ),
    );
  });
});
