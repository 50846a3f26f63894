// A script of the program's own, through its life: no command is made before, kept, or asked for.

import { declareResource, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const MACHINES = [{ instanceId: "i-a" }, { instanceId: "i-b" }];
const BOTH = ["i-a", "i-b"];

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: MACHINES, ...options });
  resource = declareResource(service);
}
afterEach(() => service.stop());

const outputs = () =>
  Object.values(resource.results)
    .map(({ output }) => output)
    .sort();
const acting = () => service.calls().filter((call) => !call.startsWith("Describe"));

describe("a one-shot", () => {
  test("runs once on each machine, and nothing asks for a command", async () => {
    await open();
    expect(await resource.up({ commandContent: "echo hello", instanceIds: BOTH })).toEqual({
      did: "create",
      reasons: [],
    });
    const calls = service.calls();
    expect(calls.filter((call) => call.startsWith("DescribeCommands"))).toEqual([]);
    expect(calls).toContain("RunCommand on a,b tagged run");
    expect(outputs()).toEqual(["hello\n", "hello\n"]);
    expect(resource.state?.outputs).toMatchObject({
      commandContent: "echo hello",
      type: "RunShellScript",
      status: "Success",
    });
    expect(service.statuses()).toEqual(["sending the script", "2 of 2 finished"]);
    expect((await resource.up({ commandContent: "echo hello", instanceIds: BOTH })).did).toBe("same");
    expect((await resource.up({ commandContent: "echo hello", type: "RunShellScript", instanceIds: BOTH })).did).toBe(
      "same",
    );
    expect(service.calls()).toEqual([]);
  });

  test("runs again when it is another, with values put in and built-in parameters", async () => {
    await open();
    await resource.up({
      commandContent: "echo {{word}} {{ACS::InstanceId}}",
      parameters: { word: "a" },
      instanceIds: BOTH,
    });
    expect(outputs()).toEqual(["a i-a\n", "a i-b\n"]);
    const changed = { commandContent: "echo {{word}}!", parameters: { word: "a" }, instanceIds: BOTH };
    expect((await resource.up(changed)).did).toBe("replace");
    expect(outputs()).toEqual(["a!\n", "a!\n"]);
    expect(service.said()).toContain(
      "replaced: commandContent changes, and a command that runs once has no schedule to change: it runs again on all its instances",
    );
  });

  test("fails with what it printed", async () => {
    await open();
    const { reasons } = await resource.up({ commandContent: "echo broken; exit 3", instanceIds: ["i-a"] });
    expect(reasons).toEqual([
      'the script failed on 1 of 1 instance (invocation "#1")',
      '"i-a": exited with code 3; last lines of "i-a":\n    broken',
    ]);
  });

  test("whose answer is lost is found again, once", async () => {
    await open();
    service.emulator.inject({ action: "RunCommand", kind: "errorAfter", times: 1 });
    await resource.up({ commandContent: "echo once", instanceIds: BOTH });
    expect(await service.countInvocations()).toBe(1);
  });

  test("that an update could not record is gone on with", async () => {
    await open();
    const declared = { commandContent: "echo once", instanceIds: BOTH };
    await resource.upAndDie(declared);
    await resource.up(declared);
    expect(await service.countInvocations()).toBe(1);
    expect(service.said()).toContain(
      'goes on with invocation "#1", which an earlier update had started and could not record',
    );
  });

  test("for Windows is refused on Linux, at preview", async () => {
    await open();
    const { reasons } = await resource.preview({ commandContent: "dir", type: "RunBatScript", instanceIds: BOTH });
    expect(reasons).toEqual([
      'instanceIds must name instances that can run the command, but 2 of 2 cannot: "i-a", "i-b" run Linux, and the command is a RunBatScript; use a RunShellScript there',
    ]);
    expect(acting()).toEqual([]);
  });
});

describe("a schedule", () => {
  const nightly = (commandContent: string, more: object = {}) => ({
    commandContent,
    instanceIds: BOTH,
    frequency: "0 0 2 * * ? UTC",
    ...more,
  });

  test("takes another script in place, and says which lines change", async () => {
    await open();
    await resource.up(nightly("echo old\necho end"));
    service.calls();
    expect((await resource.up(nightly("echo new\necho end"))).did).toBe("update");
    expect(service.said()).toContain("script can change in place\n    1 - echo old\n    1 + echo new");
    expect(acting()).toContain("ModifyInvocationAttribute #1");
    await service.emulator.advanceToNextRun();
    await service.emulator.advance(1_000);
    await resource.refresh();
    expect(outputs()).toEqual(["new\nend\n", "new\nend\n"]);
    expect(await service.countInvocations()).toBe(1);
    expect((await resource.up(nightly("echo new\necho end"))).did).toBe("same");
  });

  test("takes parameters that it had none of with the script, and lets go of them", async () => {
    await open();
    await resource.up(nightly("echo {{word}}"));
    await resource.up(nightly("echo {{word}}", { parameters: { word: "hello" } }));
    await service.emulator.advanceToNextRun();
    await service.emulator.advance(1_000);
    await resource.refresh();
    expect(outputs()).toEqual(["hello\n", "hello\n"]);
    await resource.up(nightly("echo {{word}}"));
    await service.emulator.advanceToNextRun();
    await service.emulator.advance(1_000);
    await resource.refresh();
    expect(outputs()).toEqual(["{{word}}\n", "{{word}}\n"]);
    expect((await resource.up(nightly("echo {{word}}"))).did).toBe("same");
  });

  test("that somebody changed shows as drift, and is put right", async () => {
    await open();
    await resource.up(nightly("echo mine"));
    service.calls();
    await service.modifyFromOutside("#1", { CommandContent: "echo theirs" });
    await resource.refresh();
    expect(resource.state?.outputs.commandContent).toBe("echo theirs");
    expect((await resource.up(nightly("echo mine"))).did).toBe("update");
    await resource.refresh();
    expect(resource.state?.outputs.commandContent).toBe("echo mine");
    expect(service.said()).toContain("script can change in place\n    1 - echo theirs\n    1 + echo mine");
  });

  test("of a command becomes one of a script by a replacement, never side by side", async () => {
    await open();
    const commandId = service.addCommand("echo old");
    const { commandContent: _, ...rest } = nightly("");
    await resource.up({ ...rest, commandId });
    expect((await resource.up(nightly("echo old"))).did).toBe("delete and create");
    expect(acting()).toContain("StopInvocation #1");
  });

  const secret = { __secret: ["commandContent"] as never };

  // [what of it is secret, before, after]
  test.each<[string, object, object]>([
    ["that is secret", secret, secret],
    ["that was secret", secret, {}],
    ["that becomes one", {}, secret],
  ])("a script %s is neither shown nor told", async (_, before, after) => {
    await open();
    await resource.up({ ...nightly("echo one\necho old-secret"), ...before });
    await resource.up({ ...nightly("echo one\necho new-secret"), ...after });
    expect(service.said()).toContain("script can change in place\n    its lines are not shown, since it is secret");
    expect(service.transcript()).not.toMatch(/-secret/);
  });
});

describe("one that somebody else started", () => {
  test("is adopted by the same script, and nothing runs", async () => {
    await open();
    const id = await service.invokeByHand({
      CommandId: service.addCommand("echo {{word}}"),
      Parameters: '{"word":"a"}',
      Frequency: "0 0 2 * * ? UTC",
      "InstanceId.1": "i-a",
    });
    const declared = {
      commandContent: "echo {{word}}",
      parameters: { word: "a" },
      frequency: "0 0 2 * * ? UTC",
      instanceIds: ["i-a"],
      adopt: id,
    };
    expect(await resource.up(declared)).toEqual({ did: "create", reasons: [] });
    expect(acting()).toEqual([]);
    expect(resource.state?.id).toBe(id);
    expect((await resource.up(declared)).did).toBe("same");
  });

  test("by another script is changed in place", async () => {
    await open();
    const id = await service.invokeByHand({
      CommandId: service.addCommand("echo old"),
      Frequency: "0 0 2 * * ? UTC",
      "InstanceId.1": "i-a",
    });
    const declared = { commandContent: "echo new", frequency: "0 0 2 * * ? UTC", instanceIds: ["i-a"], adopt: id };
    await resource.up(declared);
    expect(acting()).toEqual(["ModifyInvocationAttribute #1"]);
    expect((await resource.up(declared)).did).toBe("same");
  });
});

test("get reads a script where no command is kept, and the command where one is", async () => {
  await open();
  await resource.up({ commandContent: "echo ü", instanceIds: ["i-a"] });
  const { props } = await service.handlers.read(String(resource.state?.id), {});
  expect(props).toMatchObject({ commandContent: "echo ü", type: "RunShellScript", status: "Success" });
  expect(props).not.toHaveProperty("commandId");
  const commandId = service.addCommand("echo");
  const id = await service.invokeByHand({ CommandId: commandId, "InstanceId.1": "i-a" });
  const other = (await service.handlers.read(id, {})).props as object;
  expect(other).toMatchObject({ commandId });
  expect(Object.keys(other)).not.toContain("commandContent");
});

describe("the whole output, delivered to OSS,", () => {
  const declared = { commandContent: "seq 1 10000", instanceIds: ["i-a"], ossOutputDelivery: "oss://bucket/logs" };

  test("is found where the results say", async () => {
    await open();
    await resource.up(declared);
    expect(resource.results["i-a"]).toMatchObject({
      ossOutputUri: "oss://bucket/logs/#1/i-a/1.txt",
      ossOutputStatus: "Finished",
    });
    expect(resource.results["i-a"]).not.toHaveProperty("ossOutputError");
  });

  test("that cannot be is a warning, and no failure", async () => {
    await open({ choices: { ossOutput: "denied" } });
    expect((await resource.up(declared)).reasons).toEqual([]);
    expect(resource.results["i-a"]).toMatchObject({
      status: "Success",
      ossOutputStatus: "Failed",
      ossOutputError: "AccessDenied: You have no right to access this object because of bucket acl.",
    });
    expect(service.said()).toContain(
      'warning: "i-a": the whole output was not delivered to ossOutputDelivery (AccessDenied: You have no right to access this object because of bucket acl.); see that the RAM role of the instance may write there',
    );
  });
});

describe("while it runs", () => {
  const slow = { commandContent: "echo step one; sleep 6; echo last", instanceIds: ["i-a"] };

  test("its row shows the newest line, and no call is made for it", async () => {
    await open({ system: true });
    await resource.up(slow);
    const statuses = service.statuses();
    expect(statuses).toContain("0 of 1 finished; i-a: step one");
    expect(statuses.at(-1)).toBe("1 of 1 finished");
    const looks = service.calls().filter((call) => call === "DescribeInvocations #1");
    // As many as a wait of six seconds makes anyway: after 0.5, 1.25, 2.4, 4.1 and 6.6 seconds, and one that comes late.
    expect(looks.length).toBeLessThanOrEqual(6);
  });

  test("nothing of it is shown where an input is secret", async () => {
    await open({ system: true });
    await resource.up({ ...slow, __secret: ["parameters"] as never });
    expect(service.statuses().filter((status) => status.includes("step"))).toEqual([]);
  });
});
