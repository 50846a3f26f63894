import { declareResource, type Resource } from "./resource";
import { LOOK_FOR_OWN, LOOK_FOR_UNSAVED, openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const MACHINES = [{ instanceId: "i-a" }, { instanceId: "i-b" }];
const BOTH = ["i-a", "i-b"];

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: MACHINES, ...options });
  resource = declareResource(service);
}

/** What preflight asks of a service that knows everything. */
const PREFLIGHT = ["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"];
const INVOKE = "InvokeCommand on a,b tagged run";
const LOOK = "DescribeInvocations #1";

const CREATED = { did: "create", reasons: [] };

afterEach(() => service.stop());

describe("a one-shot", () => {
  test("runs once on each machine, waits and keeps what they printed", async () => {
    await open();
    const commandId = service.addCommand("echo hello; echo $((2 * 3)) >&2");
    expect(await resource.up({ commandId, instanceIds: ["i-b", "i-a", "i-a"] })).toEqual(CREATED);
    expect(service.calls()).toEqual([...PREFLIGHT, ...LOOK_FOR_OWN, INVOKE, LOOK]);
    const result = {
      status: "Success",
      exitCode: 0,
      output: "hello\n6\n",
      dropped: 0,
      startTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      finishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      repeats: 1,
      invokeId: "#1",
    };
    expect(service.plain(resource.state)).toEqual({
      id: "#1",
      incomplete: false,
      inputs: expect.anything(),
      outputs: {
        __provider: "the serialized provider",
        commandId: "c",
        instanceIds: ["i-a", "i-b"],
        regionId: "cn-hangzhou",
        repeatMode: "Once",
        invokeId: "#1",
        status: "Success",
        schemaVersion: 1,
        results: { "i-a": result, "i-b": result },
      },
    });
    expect([service.said(), service.statuses()]).toEqual([[], ["invoking the command", "2 of 2 finished"]]);
  });

  test("of a second ends soon after its command, with few calls", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 1_000 } } }] });
    const startedAt = service.now();
    await resource.up({ commandId: service.addCommand("it"), instanceIds: ["i-a"] });
    expect(service.now() - startedAt).toBeLessThan(2_200);
    const calls = service.calls().filter((call) => !PREFLIGHT.includes(call));
    expect(calls.slice(0, 5)).toEqual([...LOOK_FOR_OWN, "InvokeCommand on a tagged run"]);
    expect(calls.slice(5).filter((call) => call !== LOOK)).toEqual([]);
    expect(calls.length).toBeLessThanOrEqual(8);
  });

  test("a second up does nothing and asks nothing", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH };
    await resource.up(declared);
    service.calls();
    service.emulator.updateInstance("i-a", { status: "Stopped" });
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    expect(service.calls()).toEqual([]);
  });

  test("says on its row how many have finished, and how many failed", async () => {
    await open({
      instances: [
        { instanceId: "i-a", outcomes: { "*": { durationMs: 1_000, exitCode: 1 } } },
        { instanceId: "i-b", outcomes: { "*": { durationMs: 3_000 } } },
      ],
    });
    await resource.up({ commandId: service.addCommand("long"), instanceIds: BOTH });
    expect(service.statuses()).toEqual([
      "invoking the command",
      "0 of 2 finished",
      "1 of 2 finished, 1 failed",
      "2 of 2 finished, 1 failed",
    ]);
  });

  test("fails with the reason of each machine and the last lines it printed, and keeps what is known", async () => {
    await open({
      instances: [
        { instanceId: "i-a", outcomes: { "*": { exitCode: 3, output: "one\ntwo\n" } } },
        { instanceId: "i-b", outcomes: { "*": { output: "fine\n" } } },
        { instanceId: "i-c", outcomes: { "*": { exitCode: 4, output: "x".repeat(30_000) } } },
      ],
    });
    const instanceIds = ["i-a", "i-b", "i-c"];
    expect(await resource.up({ commandId: service.addCommand("it"), instanceIds, maxOutputBytes: 20 })).toEqual({
      did: "create",
      reasons: [
        'command "c" failed on 2 of 3 instances (invocation "#1")',
        '"i-a": exited with code 3; last lines of "i-a":\n    one\n    two',
        `"i-c": exited with code 4; last lines of "i-c" (29980 bytes of its output are not kept):\n    ${"x".repeat(1000)}`,
      ],
    });
    expect(resource.state).toMatchObject({ incomplete: true, outputs: { status: "PartialFailed", schemaVersion: 1 } });
    expect(Object.values(resource.results).map(({ status }) => status)).toEqual(["Failed", "Success", "Failed"]);
  });

  test("says one line for twelve machines with the same reason", async () => {
    const instanceIds = Array.from({ length: 12 }, (_, i) => `i-${"abcdefghijkl"[i]}`);
    await open({ instances: instanceIds.map((id) => ({ instanceId: id, outcomes: { "*": { exitCode: 7 } } })) });
    expect((await resource.up({ commandId: service.addCommand("it"), instanceIds })).reasons).toEqual([
      'command "c" failed on 12 of 12 instances (invocation "#1")',
      `${instanceIds.map((id) => `"${id}"`).join(", ")}: exited with code 7`,
    ]);
  });

  test("lets the update go on with onFailure warn, and does not run again", async () => {
    await open();
    const declared = {
      commandId: service.addCommand("echo no; exit 1"),
      instanceIds: BOTH,
      onFailure: "warn" as const,
    };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([
      'warning: command "c" failed on 2 of 2 instances (invocation "#1")',
      'warning: "i-a", "i-b": exited with code 1; last lines of "i-a":\n    no',
    ]);
    service.calls();
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    expect(service.calls()).toEqual([]);
  });

  test("keeps no secret in any message, not even the output of a command that was given one", async () => {
    await open();
    const commandId = service.addCommand("echo {{password}}; exit 1");
    const parameters = { password: "hunter2-and-more" };
    const report = await resource.up({ commandId, instanceIds: BOTH, parameters, __secret: true } as never);
    expect(report.reasons).toEqual([
      'command "c" failed on 2 of 2 instances (invocation "#1")',
      '"i-a", "i-b": exited with code 1; the output is not shown, since an input is secret',
    ]);
    expect(JSON.stringify([report, service.said(), service.statuses()])).not.toContain("hunter2");
  });
});

describe("the end of the wait", () => {
  const long = { instances: MACHINES.map((machine) => ({ ...machine, outcomes: { "*": { durationMs: 30_000 } } })) };

  test("comes at its deadline whatever the service does, and the next update goes on waiting", async () => {
    await open(long);
    const declared = { commandId: service.addCommand("long"), instanceIds: BOTH, waitTimeout: 5 };
    expect((await resource.up(declared)).reasons).toEqual([
      'invocation "#1" did not finish within 5 s: last seen 2 Running ("i-a", "i-b"); it was not stopped; run `pulumi up` again to go on waiting, or raise waitTimeout',
    ]);
    service.calls();
    service.said();
    expect(await resource.preview(declared)).toEqual({ did: "update", reasons: [] });
    expect(service.said()).toEqual(["2 still running"]);
    expect(await resource.up({ ...declared, waitTimeout: 60 })).toEqual({ did: "update", reasons: [] });
    expect(new Set(service.calls())).toEqual(new Set([LOOK]));
    expect(resource.state).toMatchObject({ incomplete: false, outputs: { status: "Success" } });
  });

  test("follows the timeout of the command when no waitTimeout is given", async () => {
    await open({ instances: [{ instanceId: "i-a", outcomes: { "*": { durationMs: 86_400_000 } } }] });
    service.emulator.inject({ kind: "deliveryTimeout" });
    const commandId = service.addCommand("never", { timeoutSeconds: 20 });
    const startedAt = service.now();
    expect((await resource.up({ commandId, instanceIds: ["i-a"] })).reasons).toEqual([
      'command "c" failed on 1 of 1 instance (invocation "#1")',
      '"i-a": Aborted (DeliveryTimeout): the command could not be delivered within a minute; check the agent and the network',
    ]);
    expect(service.now() - startedAt).toBeLessThan(70_000);
  });

  test("tells of a poll that was throttled to the end, and keeps the id", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH, waitTimeout: 10 };
    service.after("InvokeCommand", () => service.emulator.inject({ action: "DescribeInvocations", kind: "throttle" }));
    expect((await resource.up(declared)).reasons).toEqual([
      'invocation "#1" did not finish within 10 s: last seen nothing; it was not stopped; run `pulumi up` again to go on waiting, or raise waitTimeout; the last look failed: Cannot call DescribeInvocations at "the emulator": the service throttles this action: Request was denied due to user flow control (Throttling.User, HTTP 400, request id R); wait a minute, or ask for a higher rate limit of this action in Quota Center',
    ]);
    service.emulator.clearFaults();
    expect(await resource.up(declared)).toEqual({ did: "update", reasons: [] });
    expect(resource.state).toMatchObject({ incomplete: false, outputs: { status: "Success" } });
  });

  test("tells of an invocation that the service no longer shows", async () => {
    await open(long);
    const declared = { commandId: service.addCommand("long"), instanceIds: BOTH, waitTimeout: 5 };
    await resource.up(declared);
    service.emulator.expire(resource.state?.id ?? "");
    expect((await resource.up(declared)).reasons).toEqual([
      'the service shows no record of invocation "#1", which it was asked for over 5 s: records are kept for 30 days, so what it came to is not known; change triggers to run it again',
    ]);
  });
});

describe("a schedule", () => {
  const frequency = "0 0 2 * * ? Asia/Shanghai";

  test("is created when every machine has taken it", async () => {
    await open();
    const declared = { commandId: service.addCommand("date"), instanceIds: BOTH, frequency };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.calls()).toEqual([
      ...PREFLIGHT,
      ...LOOK_FOR_OWN,
      `InvokeCommand Period at "${frequency}" on a,b tagged run`,
      LOOK,
    ]);
    expect(resource.results).toEqual({
      "i-a": { status: "Scheduled", output: "", dropped: 0, repeats: 0, invokeId: "#1" },
      "i-b": { status: "Scheduled", output: "", dropped: 0, repeats: 0, invokeId: "#1" },
    });
    expect(service.said()).toEqual([expect.stringMatching(/^next runs: .* 02:00 Asia\/Shanghai = .* 18:00 UTC, /)]);
    expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
    expect(service.calls()).toEqual([]);
  });

  test("fails where a machine does not take it", async () => {
    await open();
    service.emulator.inject({ kind: "agentAbsent", instanceId: "i-b" });
    const declared = { commandId: service.addCommand("date"), instanceIds: BOTH, frequency };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 2 instances (invocation "#1")',
      '"i-b": Aborted (ClientNotRunning): the Cloud Assistant agent does not run; start it on the instance',
    ]);
  });

  test("at the next reboot", async () => {
    await open();
    const declared = {
      commandId: service.addCommand("date"),
      instanceIds: BOTH,
      repeatMode: "NextRebootOnly" as const,
    };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(resource.state?.outputs.status).toBe("Scheduled");
  });
});

describe("machines that are not ready", () => {
  const starting = { instances: [{ instanceId: "i-a" }, { instanceId: "i-b", status: "Starting" as const }] };

  test("are waited for", async () => {
    await open(starting);
    service.later(20_000, () => service.emulator.updateInstance("i-b", { status: "Running" }));
    expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual(CREATED);
    expect(service.said()).toEqual(['"i-b" is not ready yet; the update waits for it']);
    expect(service.statuses()[0]).toBe("waiting for 1 of 2: i-b is Starting");
    expect(service.calls().filter((call) => call.startsWith("InvokeCommand"))).toEqual([INVOKE]);
  });

  test("are waited for as long as agentTimeout says, and nothing is run", async () => {
    await open(starting);
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH, agentTimeout: 30 };
    expect(await resource.up(declared)).toEqual({
      did: "create",
      reasons: [
        'Cannot invoke command "c": not every instance got ready within 30 s: "i-b" is Starting; nothing was run; look at the instance, or raise agentTimeout',
      ],
    });
    expect(resource.state).toBeUndefined();
    expect(service.calls().filter((call) => call.startsWith("InvokeCommand"))).toEqual([]);
  });

  test("are refused when they will not get ready by themselves", async () => {
    await open({
      instances: [
        { instanceId: "i-a", status: "Stopped" },
        { instanceId: "i-b", agent: { version: "" } },
      ],
    });
    expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual({
      did: "refused",
      reasons: [
        'instanceIds must name instances that can run the command, but 1 of 2 cannot: "i-a" is Stopped, not Running; start it first',
        'instanceIds must name instances that can run the command, but 1 of 2 cannot: "i-b" has no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it',
      ],
    });
    expect(service.calls()).toEqual(PREFLIGHT);
  });

  test("are not asked about with preflight false, and fail one by one", async () => {
    await open({ instances: [{ instanceId: "i-a" }, { instanceId: "i-b", status: "Stopped" }] });
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH, preflight: false };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 2 instances (invocation "#1")',
      '"i-b": Aborted (InstanceNotRunning): the instance is not running; start it',
    ]);
    expect(service.calls().slice(0, 6)).toEqual([...LOOK_FOR_OWN, INVOKE, "DescribeCommands"]);
  });
});

const GONE_ON = 'goes on with invocation "#1", which an earlier update had started and could not record';

describe("never twice", () => {
  const invocations = () =>
    service.calls().filter((call) => call !== LOOK && /^(Invoke|DescribeInvocations)/.test(call));

  test.each([
    ["dropAfter", "(cut)"],
    ["errorAfter", "InternalError.Dispatch"],
    ["dropBefore", "(cut)"],
    ["errorBefore", "InternalError.Dispatch"],
    ["unavailable", "ServiceUnavailable"],
    ["processing", "IdempotentProcessing"],
    ["throttle", "Throttling.User"],
    ["throttleRetryAfter", "Throttling.User"],
    ["html502", "(502)"],
  ] as const)("%s of the call: it is repeated with the same token and runs once", async (kind, code) => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind, times: 1 });
    expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual(CREATED);
    const tokens = service.emulator.journal().flatMap(({ parameters }) => parameters.ClientToken ?? []);
    expect([tokens.length, new Set(tokens).size]).toEqual([2, 1]);
    expect(invocations()).toEqual([...LOOK_FOR_OWN, `${INVOKE} ${code}`, INVOKE]);
    expect(Object.values(resource.results).map(({ invokeId }) => invokeId)).toEqual(["#1", "#1"]);
    expect(await service.countInvocations()).toBe(1);
  });

  test("an answer that is lost every time: the run is looked for and gone on with", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "dropAfter" });
    const declared = { commandId: service.addCommand("echo once >> $HOME/runs; cat $HOME/runs"), instanceIds: BOTH };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([GONE_ON]);
    expect(service.calls().slice(-4)).toEqual([`${INVOKE} (cut)`, ...LOOK_FOR_UNSAVED, LOOK]);
    expect(resource.results["i-a"]?.output).toBe("once\n");
  });

  test("an answer that is lost every time, and a search that cannot be judged: the next update goes on with the run", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "dropAfter" });
    service.after("InvokeCommand", () => service.emulator.inject({ action: "DescribeInvocations", kind: "dropAfter" }));
    const declared = { commandId: service.addCommand("echo once >> $HOME/runs; cat $HOME/runs"), instanceIds: BOTH };
    expect((await resource.up(declared)).reasons).toEqual([
      expect.stringMatching(
        /^Cannot invoke command "c" on 2 instances: Cannot call InvokeCommand at "the emulator" \(4 tries over 1\d s\): the connection was closed before the answer \(ECONNRESET\); check the network, the region and the endpoint; the command may have started all the same: run `pulumi up` again, and it goes on with that run instead of starting another$/,
      ),
    ]);
    expect(resource.state).toBeUndefined();
    service.emulator.clearFaults();
    service.calls();
    service.said();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said()).toEqual([GONE_ON]);
    expect(service.calls()).toEqual([...PREFLIGHT, ...LOOK_FOR_OWN, LOOK]);
    expect(resource.results["i-a"]?.output).toBe("once\n");
  });

  test("an engine killed before it saved: the next update goes on with the run", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH };
    await resource.upAndDie(declared);
    service.calls();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.calls()).toEqual([...PREFLIGHT, ...LOOK_FOR_OWN, LOOK]);
    expect(await service.countInvocations()).toBe(1);
  });

  const YEARLY = "0 0 2 1 1 ?";

  test.each([
    ["another resource", async (declared: object) => declareResource(service).up(declared)],
    [
      "one that somebody stopped since",
      async (declared: object) => {
        service.calls();
        await service.stopFromOutside("#1");
        return resource.up(declared);
      },
    ],
  ])("but not for %s", async (_, upAgain) => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH, frequency: YEARLY };
    await resource.upAndDie(declared);
    expect(await upAgain(declared)).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(2);
  });

  test("what is live has no age", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH, frequency: YEARLY };
    await resource.upAndDie(declared);
    await service.emulator.advance(90 * 86_400_000);
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(1);
  });

  test("a destroyed run is not taken for a new one", async () => {
    await open();
    const declared = { commandId: service.addCommand("true"), instanceIds: BOTH };
    await resource.up(declared);
    await resource.destroy();
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(await service.countInvocations()).toBe(2);
  });
});

/** The service's words for a denial. */
const DENIED =
  "permission denied: User not authorized to operate on the specified resource, or this API doesn't support RAM. You are not authorized to do this action. You should be authorized by RAM.";

describe("what RAM does not permit", () => {
  test.each(["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"])(
    "%s: preflight leaves it out and says so",
    async (action) => {
      await open();
      service.emulator.inject({ action, kind: "forbidden" });
      expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual(CREATED);
      expect(service.said()).toEqual([
        `warning: preflight is not complete: the account may not call ${action}; grant "ecs:${action}" to have it checked`,
      ]);
    },
  );

  test("DescribeInvocations: the run starts, and the update says what it cannot see", async () => {
    await open();
    service.emulator.inject({ action: "DescribeInvocations", kind: "forbidden" });
    expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual({
      did: "create",
      reasons: [
        `Cannot see what invocation "#1" comes to: Cannot call DescribeInvocations at "the emulator": ${DENIED} Action: ecs:DescribeInvocations (Forbidden.RAM, HTTP 403, request id R); allow "ecs:DescribeInvocations" for this key in RAM; it may still be running and was not stopped; run \`pulumi up\` again to go on waiting`,
      ],
    });
    expect(service.said()).toEqual([
      'warning: a run that an interrupted update had started cannot be found, since the account may not call DescribeInvocations, so it might run twice; grant "ecs:DescribeInvocations"',
    ]);
    expect(resource.results["i-a"]).toMatchObject({ status: "Pending", invokeId: "#1" });
  });

  test("tagging: it runs without, and a warning says what is lost", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
    expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).toEqual(CREATED);
    expect(service.said()).toEqual([
      'warning: the invocation carries no tag, since the account may not tag it: if an update is interrupted, the next one cannot find the run and starts another; grant "ecs:TagResources"',
    ]);
    expect(service.calls().filter((call) => call.startsWith("InvokeCommand"))).toEqual([
      `${INVOKE} Forbidden.RAM`,
      "InvokeCommand on a,b",
    ]);
  });

  test("tagging, and every answer of the run without is lost: it says that nothing will find the run", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
    service.emulator.inject({ action: "InvokeCommand", kind: "dropAfter" });
    expect((await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).reasons).toEqual([
      expect.stringMatching(
        /\(ECONNRESET\); check the network, the region and the endpoint; the command may have started all the same, and the account may not tag it, so the next update cannot find it: look for it at the service before you run `pulumi up` again, and grant "ecs:TagResources"$/,
      ),
    ]);
  });

  test("InvokeCommand itself: nothing runs", async () => {
    await open();
    service.emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
    expect((await resource.up({ commandId: service.addCommand("true"), instanceIds: BOTH })).reasons).toEqual([
      `Cannot invoke command "c" on 2 instances: Cannot call InvokeCommand at "the emulator": ${DENIED} Action: ecs:InvokeCommand (Forbidden.RAM, HTTP 403, request id R); allow "ecs:InvokeCommand" on "acs:ecs:*:*:instance/*" and "acs:ecs:*:*:command/*" for this key in RAM`,
    ]);
    expect(resource.state).toBeUndefined();
  });
});
