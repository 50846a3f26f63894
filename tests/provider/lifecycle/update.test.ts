import { declareResource, type Resource } from "./resource";
import { LOOK_FOR_OWN, openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const MACHINES = ["i-a", "i-b", "i-c", "i-d"].map((instanceId) => ({ instanceId }));

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: MACHINES, ...options });
  resource = declareResource(service);
}

/** What was called and said up to here is another story. */
function turnPage(): void {
  service.calls();
  service.said();
  service.statuses();
}

afterEach(() => service.stop());

const PREFLIGHT = ["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"];
const UPDATED = { did: "update", reasons: [] };
const SAME = { did: "same", reasons: [] };

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const HOURLY = "0 0 * * * ? UTC";

const UNTIL_MENDED =
  "echo run >> $HOME/runs; [ {{ACS::InstanceId}} != i-b ] || [ -e $HOME/mended ] || { touch $HOME/mended; exit 5; }; cat $HOME/runs";

describe("after a partial failure", () => {
  async function failPartly(more = {}) {
    await open();
    const declared = { commandId: service.addCommand(UNTIL_MENDED), instanceIds: ["i-a", "i-b", "i-c"], ...more };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 3 instances (invocation "#1")',
      '"i-b": exited with code 5',
    ]);
    turnPage();
    return declared;
  }

  test("runs again only on the machines that failed, and keeps what the others came to", async () => {
    const declared = await failPartly();
    expect(await resource.preview(declared)).toEqual(UPDATED);
    expect(service.said()).toEqual(["runs again on 1 of 3 instances that failed"]);
    expect(service.calls()).toEqual([]);
    expect(await resource.up(declared)).toEqual(UPDATED);
    expect(service.calls()).toEqual([
      ...LOOK_FOR_OWN,
      ...PREFLIGHT,
      "InvokeCommand on b tagged run",
      "DescribeInvocations #2",
      "UntagResources #1 tagged unsaved",
    ]);
    expect(Object.values(resource.results).map(({ output, invokeId }) => [output, invokeId])).toEqual([
      ["run\n", "#1"],
      ["run\nrun\n", "#2"],
      ["run\n", "#1"],
    ]);
    expect(service.plain(resource.state)).toMatchObject({
      id: "#1",
      incomplete: false,
      outputs: { status: "Success" },
    });
    expect(await resource.up(declared)).toEqual(SAME);
  });

  test("the second time as well, names the invocation that failed then", async () => {
    await open({ instances: [{ instanceId: "i-a" }, { instanceId: "i-b", outcomes: { "*": { exitCode: 5 } } }] });
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"] };
    await resource.up(declared);
    const reasons = ['command "c" failed on 1 of 2 instances (invocation "#2")', '"i-b": exited with code 5'];
    expect(await resource.up(declared)).toEqual({ did: "update", reasons });
    expect((await resource.up(declared)).reasons[0]).toBe('command "c" failed on 1 of 2 instances (invocation "#3")');
  });

  test("an update that dies is gone on with, not started again", async () => {
    const declared = await failPartly();
    await resource.upAndDie(declared);
    turnPage();
    expect(await resource.up(declared)).toEqual(UPDATED);
    expect(service.said()).toEqual([
      "runs again on 1 of 3 instances that failed",
      'goes on with invocation "#2", which an earlier update had started and could not record',
    ]);
    expect(service.calls()).toEqual([
      ...LOOK_FOR_OWN,
      "DescribeCommands",
      "DescribeInvocations #2",
      "UntagResources #1 tagged unsaved",
    ]);
    expect(resource.results["i-b"]?.output).toBe("run\nrun\n");
  });

  test("what cannot be run again yet fails with its reason and loses nothing", async () => {
    const declared = await failPartly();
    service.emulator.updateInstance("i-b", { status: "Stopped" });
    expect(await resource.up(declared)).toEqual({
      did: "update",
      reasons: [
        'Cannot invoke command "c": instanceIds must name instances that can run the command, but 1 of 1 cannot: "i-b" is Stopped, not Running; start it first',
      ],
    });
    expect(resource.state?.incomplete).toBe(true);
    service.emulator.updateInstance("i-b", { status: "Running" });
    expect(await resource.up(declared)).toEqual(UPDATED);
    expect(resource.results["i-b"]).toMatchObject({ status: "Success", invokeId: "#2" });
  });

  test("with machines that the service chose by their tags, names only those that failed", async () => {
    const tags = { role: "web" };
    await open({ instances: MACHINES.slice(0, 3).map((machine) => ({ ...machine, tags })) });
    const declared = { commandId: service.addCommand(UNTIL_MENDED), resourceTags: tags };
    expect((await resource.up(declared)).reasons).toHaveLength(2);
    turnPage();
    expect(await resource.up(declared)).toEqual(UPDATED);
    expect(service.calls()).toContain("InvokeCommand on b tagged run");
    expect(resource.state).toMatchObject({ outputs: { status: "Success", resourceTags: tags } });
  });

  test("onFailure warn from now on accepts it and runs nothing", async () => {
    const declared = await failPartly();
    expect(await resource.up({ ...declared, onFailure: "warn" })).toEqual(UPDATED);
    expect(service.calls()).toEqual([]);
  });

  test("other triggers run everything again", async () => {
    const declared = await failPartly();
    expect(await resource.up({ ...declared, triggers: [1] })).toEqual({ did: "replace", reasons: [] });
    expect(service.said()).toEqual(["replaced: triggers change: the command runs again on all its instances"]);
    expect(service.calls()).toContain("InvokeCommand on a,b,c tagged run");
    expect(resource.results["i-a"]).toMatchObject({ output: "run\nrun\n", invokeId: "#2" });
  });
});

test("a run of which no machine was ever seen is waited for by the next update", async () => {
  await open({ instances: [{ instanceId: "i-a", tags: { role: "web" } }] });
  const declared = { commandId: service.addCommand("echo done"), resourceTags: { role: "web" } };
  service.after("InvokeCommand", () => service.emulator.inject({ kind: "forbidden", action: "DescribeInvocations" }));
  expect((await resource.up({ ...declared, onFailure: "warn" })).did).toBe("create");
  service.emulator.clearFaults();
  turnPage();
  expect(await resource.up({ ...declared, onFailure: "warn" })).toEqual({ did: "update", reasons: [] });
  expect(service.said()).toEqual(["goes on waiting for the instances that the service chose"]);
  expect(resource.results["i-a"]).toMatchObject({ status: "Success", output: "done\n" });
  expect(await resource.up({ ...declared, onFailure: "warn" })).toEqual({ did: "same", reasons: [] });
});

test("less of the output is kept as soon as the program says so", async () => {
  await open();
  const declared = { commandId: service.addCommand("printf 12345678"), instanceIds: ["i-a"] };
  await resource.up(declared);
  turnPage();
  expect(await resource.up({ ...declared, maxOutputBytes: 2 })).toEqual({ did: "update", reasons: [] });
  expect(resource.results["i-a"]).toMatchObject({ output: "78", dropped: 6 });
  expect(service.calls()).toEqual([]);
});

test("what a machine printed is kept although the wait ended at a look that many shared", async () => {
  const instances = ["i-a", "i-b", "i-c", "i-d", "i-e", "i-f"].flatMap((instanceId) => [
    { instanceId, outcomes: { "*": { output: "early", durationMs: 1_000 } } },
    { instanceId: `${instanceId}2`, outcomes: { "*": { output: "late", durationMs: 60_000 } } },
  ]);
  await open({ instances });
  const commandId = service.addCommand("it");
  const resources = Array.from({ length: 6 }, () => declareResource(service));
  await service.begin();
  await Promise.all(
    resources.map((each, i) => {
      const { instanceId = "" } = instances[2 * i] ?? {};
      return each.up({ commandId, instanceIds: [instanceId, `${instanceId}2`], waitTimeout: 6, onFailure: "warn" });
    }),
  );
  const outputs = resources.flatMap(({ results }) => Object.values(results).map(({ output }) => output));
  expect(outputs.filter((output) => output === "early")).toHaveLength(6);
});

describe("machines that fail while others still run", () => {
  test("run again at once, and the others are waited for", async () => {
    await open({
      instances: [
        { instanceId: "i-a", outcomes: { "*": { durationMs: 20_000 } } },
        { instanceId: "i-b", outcomes: { "*": { exitCode: 1 } } },
      ],
    });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a", "i-b"], waitTimeout: 5 };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 2 instances (invocation "#1")',
      '"i-b": exited with code 1',
      'invocation "#1" did not finish within 5 s: last seen 1 Running, 1 Failed ("i-a"); it was not stopped; run `pulumi up` again to go on waiting, or raise waitTimeout',
    ]);
    turnPage();
    const again = await resource.up({ ...declared, waitTimeout: 60 });
    expect(service.said()).toEqual(["runs again on 1 of 2 instances that failed; 1 still running"]);
    expect(again.reasons).toEqual([
      'command "c" failed on 1 of 2 instances (invocation "#2")',
      '"i-b": exited with code 1',
    ]);
    expect(service.calls().filter((call) => call.startsWith("Invoke"))).toEqual(["InvokeCommand on b tagged run"]);
    expect(resource.results).toMatchObject({
      "i-a": { status: "Success", invokeId: "#1" },
      "i-b": { status: "Failed", invokeId: "#2" },
    });
  });
});

describe("a live schedule", () => {
  async function schedule(more = {}) {
    await open();
    const declared = {
      commandId: service.addCommand("echo {{word}}"),
      instanceIds: ["i-a", "i-b"],
      frequency: NIGHTLY,
      parameters: { word: "one" },
      ...more,
    };
    expect(await resource.up(declared)).toEqual({ did: "create", reasons: [] });
    turnPage();
    return declared;
  }
  const CHANGE = { instanceIds: ["i-b", "i-c", "i-d"], frequency: HOURLY, parameters: { word: "two" } };
  const MODIFY = `ModifyInvocationAttribute #1 at "${HOURLY}" with parameters on c,d`;
  const LOOK = "DescribeInvocations #1";

  test("changes its frequency, its parameters and its machines in place, all at once", async () => {
    const changed = { ...(await schedule()), ...CHANGE };
    expect(await resource.preview(changed)).toEqual(UPDATED);
    expect(service.said()[1]).toMatch(
      /^schedule can change in place, next run .* UTC; parameters can change in place; 2 instances added, 1 removed, which stops it there$/,
    );
    turnPage();
    expect(await resource.up(changed)).toEqual(UPDATED);
    expect(service.calls()).toEqual([...PREFLIGHT, LOOK, MODIFY, "StopInvocation #1 on a", LOOK]);
    expect(service.plain(resource.state)).toMatchObject({
      id: "#1",
      outputs: { ...CHANGE, status: "Scheduled", invokeId: "#1" },
    });
    expect(Object.keys(resource.results).sort()).toEqual(["i-b", "i-c", "i-d"]);
    expect(await resource.up(changed)).toEqual(SAME);
    expect(await service.countInvocations()).toBe(1);
  });

  test.each([
    ["frequency", { frequency: HOURLY }, [LOOK, `ModifyInvocationAttribute #1 at "${HOURLY}"`, LOOK]],
    ["parameters", { parameters: { word: "two" } }, [LOOK, "ModifyInvocationAttribute #1 with parameters", LOOK]],
    ["a machine more", { instanceIds: ["i-a", "i-b", "i-c"] }, [LOOK, "ModifyInvocationAttribute #1 on c", LOOK]],
    ["a machine less", { instanceIds: ["i-a"] }, [LOOK, "StopInvocation #1 on b", LOOK]],
    [
      "no machine left of the old",
      { instanceIds: ["i-d"] },
      [LOOK, "ModifyInvocationAttribute #1 on d", "StopInvocation #1 on a,b", LOOK],
    ],
  ])("changes by the smallest means: %s", async (_, change, calls) => {
    const declared = await schedule();
    expect(await resource.up({ ...declared, ...change })).toEqual(UPDATED);
    expect(service.calls()).toEqual([...PREFLIGHT, ...calls]);
    await resource.refresh();
    expect(await resource.up({ ...declared, ...change })).toEqual(SAME);
  });

  test("does not change for another way to write the same schedule", async () => {
    const declared = await schedule();
    expect(await resource.up({ ...declared, frequency: "0 0 2 * * * Asia/Shanghai" })).toEqual(SAME);
  });

  test.each([
    ["the change", "ModifyInvocationAttribute", [...PREFLIGHT, LOOK, "StopInvocation #1 on a", LOOK]],
    ["the stop", "StopInvocation", ["DescribeCommands", LOOK]],
  ])("cut off after %s, it is done again and nothing is done twice", async (_, action, calls) => {
    const changed = { ...(await schedule()), ...CHANGE };
    service.after(action, () => service.emulator.inject({ kind: "forbidden" }));
    expect((await resource.up(changed)).reasons).toHaveLength(1);
    service.emulator.clearFaults();
    turnPage();
    expect(await resource.up(changed)).toEqual(UPDATED);
    expect(service.calls()).toEqual(calls);
    expect(Object.keys(resource.results).sort()).toEqual(["i-b", "i-c", "i-d"]);
  });

  test("cut off by the end of the engine, it is done again and nothing is done twice", async () => {
    const changed = { ...(await schedule()), ...CHANGE };
    await resource.upAndDie(changed);
    turnPage();
    expect(await resource.up(changed)).toEqual(UPDATED);
    expect(service.calls()).toEqual([...PREFLIGHT, LOOK, LOOK]);
    expect(Object.keys(resource.results).sort()).toEqual(["i-b", "i-c", "i-d"]);
  });

  test.each(["dropAfter", "errorAfter", "dropBefore", "throttle"] as const)(
    "%s of the change: it is made once",
    async (kind) => {
      const changed = { ...(await schedule()), ...CHANGE };
      service.emulator.inject({ action: "ModifyInvocationAttribute", kind, times: 1 });
      expect(await resource.up(changed)).toEqual(UPDATED);
      const tokens = service.emulator
        .journal()
        .flatMap(({ action, parameters }) => (action.startsWith("Modify") ? [parameters.ClientToken] : []));
      expect([tokens.length, new Set(tokens).size]).toEqual([2, 1]);
      expect(Object.keys(resource.results).sort()).toEqual(["i-b", "i-c", "i-d"]);
    },
  );

  test("takes back a machine that had left it by a second invocation", async () => {
    const declared = await schedule();
    await resource.up({ ...declared, instanceIds: ["i-a"] });
    turnPage();
    expect(await resource.up(declared)).toEqual(UPDATED);
    expect(service.calls()).toEqual([
      ...PREFLIGHT,
      LOOK,
      ...LOOK_FOR_OWN,
      `InvokeCommand Period at "${NIGHTLY}" with parameters on b tagged run`,
      LOOK,
      "DescribeInvocations #2",
      "UntagResources #1 tagged unsaved",
    ]);
    expect(resource.results).toMatchObject({
      "i-a": { status: "Scheduled", invokeId: "#1" },
      "i-b": { status: "Scheduled", invokeId: "#2" },
    });
    turnPage();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(UPDATED);
    expect(service.calls().filter((call) => call.startsWith("Modify"))).toEqual([
      `ModifyInvocationAttribute #1 at "${HOURLY}"`,
      `ModifyInvocationAttribute #2 at "${HOURLY}"`,
    ]);
    await resource.refresh();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(SAME);
  });

  test("that cannot take such a machine yet keeps its state, and takes it the next time", async () => {
    const declared = await schedule();
    await resource.up({ ...declared, instanceIds: ["i-a"] });
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
    expect((await resource.up({ ...declared, frequency: HOURLY })).reasons).toEqual([
      expect.stringMatching(
        /^Cannot invoke command "c" on 1 instance: .*; allow "ecs:InvokeCommand" on "acs:ecs:\*:\*:instance\/\*" and "acs:ecs:\*:\*:command\/\*" for this key in RAM$/,
      ),
    ]);
    expect(resource.state?.outputs.frequency).toBe(NIGHTLY);
    service.emulator.clearFaults();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(UPDATED);
    expect(resource.state?.outputs.frequency).toBe(HOURLY);
    expect(resource.results).toMatchObject({
      "i-a": { invokeId: "#1" },
      "i-b": { status: "Scheduled", invokeId: "#2" },
    });
  });

  test("is started anew where it has ended without anybody's knowing", async () => {
    const declared = await schedule();
    await service.stopFromOutside("#1");
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(UPDATED);
    expect(service.calls()).toEqual([
      ...PREFLIGHT,
      LOOK,
      ...LOOK_FOR_OWN,
      `InvokeCommand Period at "${HOURLY}" with parameters on a,b tagged run`,
      "DescribeInvocations #2",
      "UntagResources #1 tagged unsaved",
    ]);
    expect(service.plain(resource.state)).toMatchObject({ outputs: { status: "Scheduled" } });
    await resource.refresh();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(SAME);
  });

  test("is started anew where the service does not know it, and said: another account may have started it", async () => {
    const declared = await schedule();
    service.emulator.expire(resource.state?.id ?? "");
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(UPDATED);
    expect(service.said().filter((line) => line.startsWith("warning"))).toEqual([
      expect.stringMatching(/^warning: invocation "#1" is live as the state says, and the service does not know it in/),
    ]);
    expect(resource.state?.outputs.status).toBe("Scheduled");
  });

  test("is run again where a machine did not take it", async () => {
    await open();
    service.emulator.inject({ kind: "agentAbsent", instanceId: "i-b", times: 1 });
    const declared = { commandId: service.addCommand("date"), instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
    expect((await resource.up(declared)).reasons).toHaveLength(2);
    turnPage();
    expect(await resource.up({ ...declared, frequency: HOURLY })).toEqual(UPDATED);
    expect(service.calls()).toEqual([
      ...PREFLIGHT,
      LOOK,
      `ModifyInvocationAttribute #1 at "${HOURLY}"`,
      ...LOOK_FOR_OWN,
      `InvokeCommand Period at "${HOURLY}" on b tagged run`,
      LOOK,
      "DescribeInvocations #2",
      "UntagResources #1 tagged unsaved",
    ]);
  });

  test("is replaced where an agent is too old, and the preview says why", async () => {
    await open({ instances: [{ instanceId: "i-a", agent: { version: "2.2.3.540" } }, { instanceId: "i-b" }] });
    const declared = { commandId: service.addCommand("date"), instanceIds: ["i-a"], frequency: NIGHTLY };
    await resource.up(declared);
    expect((await resource.up({ ...declared, instanceIds: ["i-a", "i-b"] })).did).toBe("update");
    turnPage();
    const changed = { ...declared, instanceIds: ["i-a", "i-b"], frequency: HOURLY };
    expect(await resource.up(changed)).toEqual({ did: "delete and create", reasons: [] });
    expect(service.said()).toContain(
      "replaced: frequency changes, and the agent of at least one instance is version 2.2.3.540, which takes no change in place (it needs 2.2.3.541 on Linux, 2.1.3.541 on Windows)",
    );
    expect(service.calls().filter((call) => /^(Invoke|Stop|Modify)/.test(call))).toEqual([
      "StopInvocation #1",
      `InvokeCommand Period at "${HOURLY}" on a,b tagged run`,
    ]);
  });

  test("is stopped before another one replaces it", async () => {
    const declared = await schedule();
    expect(await resource.up({ ...declared, timeout: 30 })).toEqual({ did: "delete and create", reasons: [] });
    expect(service.said()[0]).toBe("replaced: timeout changes, which the service cannot do in place");
    expect(service.calls().filter((call) => /^(Invoke|Stop|Modify)/.test(call))).toEqual([
      "StopInvocation #1",
      `InvokeCommand Period at "${NIGHTLY}" with parameters on a,b tagged run`,
    ]);
  });

  test("waits for a machine that is added while it starts", async () => {
    const declared = await schedule();
    service.emulator.updateInstance("i-c", { status: "Starting" });
    service.later(15_000, () => service.emulator.updateInstance("i-c", { status: "Running" }));
    expect(await resource.up({ ...declared, instanceIds: ["i-a", "i-b", "i-c"] })).toEqual(UPDATED);
    expect(resource.results["i-c"]).toMatchObject({ status: "Scheduled", invokeId: "#1" });
  });
});

describe("tags of the invocation", () => {
  test("are set and taken off without a run", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], tags: { team: "web", cost: "1" } };
    await resource.up(declared);
    turnPage();
    expect(await resource.up({ ...declared, tags: { team: "db" } })).toEqual(UPDATED);
    expect(service.said()).toEqual(["tags can change in place, which runs nothing"]);
    expect(service.calls()).toEqual(["TagResources #1 tagged team", "UntagResources #1 tagged cost"]);
    expect(resource.state?.outputs.tags).toEqual({ team: "db" });
  });
});

test("a setting of this tool alone changes the state and asks nothing", async () => {
  await open();
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"] };
  await resource.up(declared);
  turnPage();
  expect(await resource.up({ ...declared, waitTimeout: 10, maxOutputBytes: 0 })).toEqual(UPDATED);
  expect(service.calls()).toEqual([]);
  expect(resource.state?.outputs).toMatchObject({ waitTimeout: 10, status: "Success" });
});
