import { declareResource, type Resource } from "./resource";
import { LOOK_FOR_OWN, openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const PREFLIGHT = ["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"];
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";

beforeEach(async () => {
  service = await openService({
    instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }, { instanceId: "i-win", osType: "windows" }],
  });
  resource = declareResource(service);
});

afterEach(() => service.stop());

test("refuses everything that is wrong at once, and asks nothing", async () => {
  expect(await resource.preview({ instanceIds: [], timeout: 5 })).toEqual({
    did: "refused",
    reasons: [
      "instanceIds must name at least 1 instance: it is empty; add the id of one, or remove the resource",
      "timeout must be a whole number of seconds, 10 or more: current value is 5",
      "commandContent must be given: write the script to run, or give commandId, the id of a command such as command.id",
    ],
  });
  expect(service.calls()).toEqual([]);
});

describe("while something is not known yet", () => {
  const MACHINES = ["DescribeInstances", "DescribeCloudAssistantStatus"];
  const all = { commandId: "", instanceIds: ["i-a"], parameters: { word: "x" } };
  const unknowns: Record<string, object> = {
    commandId: { commandId: UNKNOWN },
    commandContent: { commandContent: UNKNOWN },
    instanceIds: { instanceIds: UNKNOWN },
    "the only instance": { instanceIds: [UNKNOWN] },
    "one instance": { instanceIds: ["i-a", UNKNOWN] },
    parameters: { parameters: UNKNOWN },
    "a parameter's value": { parameters: { word: UNKNOWN } },
    triggers: { triggers: [UNKNOWN] },
    workingDir: { workingDir: UNKNOWN },
    username: { username: UNKNOWN },
    launcher: { launcher: UNKNOWN },
    containerName: { containerName: UNKNOWN },
    timeout: { timeout: UNKNOWN },
    frequency: { frequency: UNKNOWN },
    repeatMode: { repeatMode: UNKNOWN },
    windowsPasswordName: { username: "admin", windowsPasswordName: UNKNOWN },
    tags: { tags: { team: UNKNOWN } },
    dryRun: { dryRun: UNKNOWN },
    agentTimeout: { agentTimeout: UNKNOWN },
    maxOutputBytes: { maxOutputBytes: UNKNOWN },
    onFailure: { onFailure: UNKNOWN },
  };
  const check = async (unknown: object) => {
    const declared = { ...all, commandId: service.addCommand("echo {{word}}", { enableParameter: true }), ...unknown };
    const news = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== undefined));
    return { news, ...(await service.handlers.check({}, news)) };
  };

  test.each(Object.entries(unknowns))("%s passes, and nothing is refused for it", async (_, unknown) => {
    const { news, inputs, failures } = await check(unknown);
    expect(inputs).toMatchObject(news);
    expect(failures).toEqual([]);
  });

  // [what is unknown, what is wrong, the refusal, what is asked]
  test.each<[string, object, string, string[]]>([
    ["commandId", { instanceIds: ["i-gone"] }, '"i-gone" does not exist', MACHINES],
    ["commandId", { instanceIds: ["i-off"] }, '"i-off" is Stopped, not Running', MACHINES],
    ["commandId", { instanceIds: ["i-mute"] }, '"i-mute" has no Cloud Assistant agent', MACHINES],
    ["instanceIds", { commandId: "c-none" }, 'there is no "c-none"', ["DescribeCommands"]],
    ["the only instance", { commandId: "c-none" }, 'there is no "c-none"', ["DescribeCommands"]],
    ["instanceIds", { parameters: { wort: "x" } }, '"wort" is not among "word"', ["DescribeCommands"]],
    ["one instance", { parameters: { wort: "x" } }, '"wort" is not among "word"', PREFLIGHT],
    ["one instance", { instanceIds: ["i-gone", UNKNOWN] }, '1 of 2 cannot: "i-gone" does not exist', PREFLIGHT],
    ["parameters", { instanceIds: ["i-gone"] }, '"i-gone" does not exist', PREFLIGHT],
    ["a parameter's value", { instanceIds: ["i-gone"] }, '"i-gone" does not exist', PREFLIGHT],
    ["a parameter's value", { parameters: { wort: UNKNOWN } }, '"wort" is not among "word"', PREFLIGHT],
    ["workingDir", { instanceIds: ["i-off"] }, '"i-off" is Stopped', PREFLIGHT],
    ["triggers", { commandId: "c-none" }, 'there is no "c-none"', PREFLIGHT],
    [
      "commandContent",
      { commandId: undefined, instanceIds: ["i-win"], parameters: undefined },
      '"i-win" runs Windows, and the command is a RunShellScript',
      MACHINES,
    ],
    [
      "commandContent",
      { commandId: undefined, type: "RunPowerShellScript", parameters: undefined },
      '"i-a" runs Linux, and the command is a RunPowerShellScript',
      MACHINES,
    ],
    ["timeout", { instanceIds: ["i-win"] }, '"i-win" runs Windows, and the command is a RunShellScript', PREFLIGHT],
    ["frequency", { instanceIds: ["i-off"] }, '"i-off" is Stopped', PREFLIGHT],
    ["username", { instanceIds: ["i-off"] }, '"i-off" is Stopped', PREFLIGHT],
    ["tags", { instanceIds: ["i-off"] }, '"i-off" is Stopped', PREFLIGHT],
    ["onFailure", { instanceIds: ["i-off"] }, '"i-off" is Stopped', PREFLIGHT],
  ])("%s: %j is refused, since %s", async (what, wrong, refusal, asked) => {
    service.emulator.addInstance({ instanceId: "i-off", status: "Stopped" });
    service.emulator.addInstance({ instanceId: "i-mute", agent: { version: "" } });
    const { failures = [] } = await check({ ...unknowns[what], ...wrong });
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining(refusal)]);
    expect([...new Set(service.calls().map((call) => call.split(" ")[0]))].sort()).toEqual([...asked].sort());
  });

  test.each([
    ["the region", { regionId: UNKNOWN }],
    ["whether to ask", { preflight: UNKNOWN }],
    ["the invocation to take over", { adopt: UNKNOWN }],
  ])("%s: nothing is asked", async (_, unknown) => {
    const { failures } = await check({ instanceIds: ["i-gone"], ...unknown });
    expect([failures, service.calls()]).toEqual([[], []]);
  });

  test("with dryRun the service is not made to try what is not whole", async () => {
    const { failures } = await check({ dryRun: true, parameters: { word: UNKNOWN } });
    expect(failures).toEqual([]);
    expect(service.calls()).toEqual(PREFLIGHT);
  });
});

describe("two runs must be further apart than the timeout", () => {
  const OFTEN = "*/30 * * * * ? UTC";
  const SLOW = { timeoutSeconds: 3_600 };

  // [what is known of the timeout, declared, whether it is refused]
  test.each<[string, (add: (seed: object) => string) => object, boolean]>([
    ["that of the command", (add) => ({ commandId: add(SLOW) }), true],
    ["its own, shorter than that of the command", (add) => ({ commandId: add(SLOW), timeout: 20 }), false],
    ["nothing yet, beside that of the command", (add) => ({ commandId: add(SLOW), timeout: UNKNOWN }), false],
    ["nothing, of a command that is not known yet", () => ({ commandId: UNKNOWN }), false],
    ["its own, of a command that is not known yet", () => ({ commandId: UNKNOWN, timeout: 40 }), true],
    ["the default, of a script", () => ({ commandContent: "true" }), true],
    ["the default, of a script that is not known yet", () => ({ commandContent: UNKNOWN }), true],
    ["nothing yet, of a script", () => ({ commandContent: "true", timeout: UNKNOWN }), false],
  ])("%s", async (_, what, isRefused) => {
    const declared = what((seed) => service.addCommand("true", seed));
    const { failures } = await service.handlers.check({}, { instanceIds: ["i-a"], frequency: OFTEN, ...declared });
    expect(failures?.map(({ property }) => property)).toEqual(isRefused ? ["frequency"] : []);
  });
});

describe("on machines that have it already", () => {
  const GONE = (what: string) => `warning: "i-a" cannot ${what}`;
  const ONCE = GONE("run the command now: if it failed there before, the update cannot run it again");
  const LIVE = GONE("take a command now: if the schedule is not in force there, the update cannot start it again");
  const once = { commandContent: "true", instanceIds: ["i-a", "i-b"] };
  const nightly = { ...once, frequency: NIGHTLY };
  const withdrawn = (ids: string[]) => ({ instanceIds: ids });

  // [what, declared, what changes, what is said of the machine that was stopped since, what is done]
  test.each<[string, object, object, string, object]>([
    ["others join a run", once, withdrawn(["i-a", "i-b", "i-c"]), ONCE, { did: "update", reasons: [] }],
    ["others leave a run", once, withdrawn(["i-a"]), ONCE, { did: "update", reasons: [] }],
    ["others join a schedule", nightly, withdrawn(["i-a", "i-b", "i-c"]), LIVE, { did: "update", reasons: [] }],
    ["a schedule changes", nightly, { frequency: "0 0 3 * * ? UTC" }, LIVE, { did: "update", reasons: [] }],
    ["a script changes", nightly, { commandContent: "echo" }, LIVE, { did: "update", reasons: [] }],
    [
      "one that cannot run joins",
      once,
      withdrawn(["i-a", "i-off"]),
      ONCE,
      { did: "refused", reasons: [expect.stringContaining('1 of 2 cannot: "i-off" is Stopped')] },
    ],
    [
      "a schedule becomes none",
      nightly,
      { frequency: "60 0 2 * * ? UTC" },
      LIVE,
      {
        did: "refused",
        reasons: [
          'Cannot parse frequency "60 0 2 * * ? UTC": expected a second from 0 to 59, found "60" (at offset 0)',
        ],
      },
    ],
  ])("nothing is refused when %s", async (_, declared, change, said, report) => {
    for (const seed of [{ instanceId: "i-c" }, { instanceId: "i-off", status: "Stopped" as const }])
      service.emulator.addInstance(seed);
    await resource.up(declared);
    service.emulator.updateInstance("i-a", { status: "Stopped" });
    service.said();
    expect(await resource.up({ ...declared, ...change })).toEqual(report);
    expect(service.said().filter((line) => line.startsWith("warning"))).toEqual([said]);
  });

  test("what replaces is refused where one of them cannot run", async () => {
    await resource.up(once);
    service.emulator.updateInstance("i-a", { status: "Stopped" });
    for (const change of [{ commandContent: "echo" }, { triggers: [1] }])
      expect(await resource.preview({ ...once, ...change })).toMatchObject({
        did: "refused",
        reasons: [expect.stringContaining('1 of 2 cannot: "i-a" is Stopped')],
      });
  });
});

describe("instances by their tags", () => {
  // [tags, what is said]
  test.each<[Record<string, string>, string[]]>([
    [{ role: "web" }, []],
    [
      { role: "db" },
      [
        'warning: no instance in region "cn-hangzhou" carries all of resourceTags: the service refuses to run unless one does by then; correct them, or tag the instances first',
      ],
    ],
    [
      { role: "old" },
      [
        'warning: 1 of 2 instances with resourceTags cannot run the command now: "i-off" is Stopped, not Running; start it first',
        'warning: 1 of 2 instances with resourceTags cannot run the command now: "i-old" runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there',
      ],
    ],
    [{ role: UNKNOWN }, []],
  ])("%j are looked at, and what is seen refuses nothing", async (resourceTags, said) => {
    service.emulator.addInstance({ instanceId: "i-web", tags: { role: "web" } });
    service.emulator.addInstance({ instanceId: "i-off", tags: { role: "old" }, status: "Stopped" });
    service.emulator.addInstance({ instanceId: "i-old", tags: { role: "old" }, osType: "windows" });
    expect(await resource.preview({ commandContent: "true", resourceTags })).toEqual({ did: "create", reasons: [] });
    expect(service.said()).toEqual(said);
  });

  test("that are more than the service runs on at once are counted, and nothing else is asked of them", async () => {
    for (let i = 0; i < 101; i++) service.emulator.addInstance({ tags: { role: "fleet" } });
    service.emulator.clearJournal();
    await resource.preview({ commandContent: "true", resourceTags: { role: "fleet" } });
    expect(service.said()).toEqual([
      "warning: 101 instances carry resourceTags now, and the service refuses to run on more than 100 at once, unless the account's quota is raised; declare a Rollout, which takes any number",
    ]);
    expect(service.emulator.journal().map(({ action }) => action)).not.toContain("DescribeCloudAssistantStatus");
  });

  test("that cannot be seen are said", async () => {
    service.emulator.inject({ action: "DescribeInstances", kind: "forbidden" });
    const declared = { commandContent: "true", resourceTags: { role: "web" } };
    expect(await resource.preview(declared)).toEqual({ did: "create", reasons: [] });
    expect(service.said()).toEqual([
      expect.stringMatching(
        /^warning: which instances carry resourceTags cannot be seen before the update: Cannot call DescribeInstances .* allow "ecs:DescribeInstances"/,
      ),
    ]);
  });
});

test("a rate counts from the creation of the invocation: a change of it tells no times", async () => {
  const declared = { commandContent: "true", instanceIds: ["i-a"], frequency: "rate(6h)" };
  await resource.up(declared);
  expect(service.said()).toEqual([expect.stringMatching(/^next runs: /)]);
  await service.emulator.advance(3_600_000);
  expect(await resource.up({ ...declared, frequency: "rate(5h)" })).toEqual({ did: "update", reasons: [] });
  expect(service.said()).toEqual(["schedule can change in place"]);
});

test("asks the service once for everything that a run needs, and refuses what would not work", async () => {
  const commandId = service.addCommand("echo {{word}}");
  const instanceIds = ["i-a", "i-gone", "i-win"];
  service.said();
  expect(await resource.preview({ commandId, instanceIds, parameters: { wort: "x" } })).toEqual({
    did: "refused",
    reasons: [
      'parameters must hold only what the command defines: "wort" is not among "word"; correct the spelling, or remove it',
      'instanceIds must name instances that can run the command, but 1 of 3 cannot: "i-gone" does not exist in region "cn-hangzhou"; correct the id or the region',
      'instanceIds must name instances that can run the command, but 1 of 3 cannot: "i-win" runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there',
    ],
  });
  expect(new Set(service.calls().map((call) => call.split(" ")[0]))).toEqual(new Set(PREFLIGHT));
  expect(service.said()).toEqual([
    'warning: parameters lack "word", for which command "c" has no default: it runs without a value there; add it unless that is meant',
  ]);
});

test("what the service does not demand is no refusal: a placeholder without a value runs as it does there", async () => {
  const commandId = service.addCommand("echo hello,{{name}}", { enableParameter: true });
  expect(await resource.up({ commandId, instanceIds: ["i-a"] })).toEqual({ did: "create", reasons: [] });
  expect(service.said()).toEqual([
    'warning: parameters lack "name", for which command "c" has no default: it runs without a value there; add it unless that is meant',
  ]);
  expect(resource.results["i-a"]).toMatchObject({ output: "hello,\n" });
});

test("a machine that DescribeInstances does not show yet, and whose agent has reported, does exist", async () => {
  await service.stop();
  service = await openService({
    instances: [{ instanceId: "i-a" }],
    alter: (action, answer) =>
      action === "DescribeInstances" ? { ...answer, Instances: { Instance: [] }, TotalCount: 0 } : answer,
  });
  resource = declareResource(service);
  expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] })).toEqual({
    did: "create",
    reasons: [],
  });
});

test.each(["throttle", "throttleRetryAfter", "unavailable", "dropBefore"] as const)(
  "goes on after %s of a question",
  async (kind) => {
    service.emulator.inject({ action: "DescribeCommands", kind, times: 2 });
    const commandId = service.addCommand("true");
    expect((await resource.preview({ commandId, instanceIds: ["i-a"] })).did).toBe("create");
  },
);

test("says what it could not ask", async () => {
  service.emulator.inject({ action: "DescribeInstances", kind: "dropBefore" });
  const commandId = service.addCommand("true");
  const failure: Error = await resource.preview({ commandId, instanceIds: ["i-a"] }).catch((error) => error);
  expect([failure.name, failure.stack]).toEqual(["ExpectedFailure", failure.message]);
  expect(service.plain(failure.message)).toMatch(
    /^Cannot check Invocation before it runs in region "cn-hangzhou": Cannot call DescribeInstances at "the emulator" \(4 tries over 1\d s\): the connection was closed before the answer \(ECONNRESET\); check the network, the region and the endpoint$/,
  );
});

test("tells the next three runs of a new schedule, and refuses one that would not do what it says", async () => {
  const commandId = service.addCommand("true");
  expect((await resource.preview({ commandId, instanceIds: ["i-a"], frequency: NIGHTLY })).did).toBe("create");
  expect(service.said()).toEqual([
    expect.stringMatching(/^next runs: (\S+ 02:00 Asia\/Shanghai = \S+ 18:00 UTC(, )?){3}$/),
  ]);
  const tooOften = { commandId, instanceIds: ["i-a"], frequency: "*/30 * * * * ? UTC" };
  expect(await resource.preview(tooOften)).toEqual({ did: "refused", reasons: [expect.stringContaining("60")] });
});

test.each(["at(MOMENT UTC)", "at(MOMENT GMT+0:00)"])(
  "respelled as %s, an instant that has passed is no mistake",
  async (to) => {
    const commandId = service.addCommand("true");
    const moment = new Date(service.now() + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
    const declare = (frequency: string) => ({
      commandId,
      instanceIds: ["i-a"],
      frequency: frequency.replace("MOMENT", moment),
    });
    expect(await resource.up(declare("at(MOMENT)"))).toEqual({ did: "create", reasons: [] });
    await service.emulator.advance(7_200_000);
    expect(await resource.up(declare(to))).toEqual({ did: "same", reasons: [] });
    expect(await service.countInvocations()).toBe(1);
    const another = await resource.preview(declare("at(MOMENT GMT+1:00)"));
    expect(another).toEqual({ did: "refused", reasons: [expect.stringContaining("never fires again")] });
  },
);

test.each([
  ["at(MOMENT UTC)", {}],
  [undefined, { repeatMode: "NextRebootOnly" as const }],
])("from a schedule that is over (%s %j) a machine leaves, and nothing runs", async (frequency, more) => {
  const moment = new Date(service.now() + 600_000).toISOString().slice(0, 19).replace("T", " ");
  const declared = {
    commandContent: "true",
    instanceIds: ["i-a", "i-b"],
    ...(frequency ? { frequency: frequency.replace("MOMENT", moment) } : {}),
    ...more,
  };
  await resource.up(declared);
  await service.emulator.advance(1_200_000);
  for (const id of declared.instanceIds) service.emulator.rebootInstance(id);
  await service.emulator.advance(600_000);
  await resource.refresh();
  expect(resource.state?.outputs.status).toBe("Success");
  service.said();
  service.calls();
  expect(await resource.up({ ...declared, instanceIds: ["i-b"] })).toEqual({ did: "update", reasons: [] });
  expect(service.said()).toEqual(['1 instance left ("i-a"): nothing runs there any more']);
  expect(service.calls().filter((call) => /^(Run|Modify|Stop)/.test(call))).toEqual([]);
  expect([Object.keys(resource.results), await service.countInvocations()]).toEqual([["i-b"], 1]);
  expect(await resource.up({ ...declared, instanceIds: ["i-b"] })).toEqual({ did: "same", reasons: [] });
});

test("braces are refused only where parameters are sure to be given", async () => {
  const declared = { commandContent: "docker ps --format '{{.Names}}'", instanceIds: ["i-a"] };
  const refuse = async (more: object) =>
    (await service.handlers.check({}, { ...declared, ...more })).failures?.map(({ property }) => property);
  expect(await refuse({ parameters: UNKNOWN })).toEqual([]);
  expect(await refuse({ parameters: { word: UNKNOWN } })).toEqual(["commandContent", "parameters"]);
  const builtIn = `${declared.commandContent} {{ACS::InstanceId}}`;
  expect(await refuse({ commandContent: builtIn, parameters: UNKNOWN })).toEqual(["commandContent"]);
});

test("with dryRun has the service try it, which runs nothing", async () => {
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], dryRun: true };
  expect((await resource.preview(declared)).did).toBe("create");
  expect(service.calls()).toEqual([...PREFLIGHT, "InvokeCommand DryRun on a tagged run", ...LOOK_FOR_OWN]);
  service.emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
  await expect(resource.preview(declared)).rejects.toMatchObject({ name: "ExpectedFailure" });
  expect(await service.countInvocations()).toBe(0);
});

test("with dryRun and without the permission to tag says what is lost", async () => {
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], dryRun: true };
  service.emulator.inject({ action: "InvokeCommand", kind: "forbidden", times: 1 });
  expect(await resource.preview(declared)).toEqual({ did: "create", reasons: [] });
  expect(service.said()).toEqual([
    'warning: the invocation will carry no tag, since the account may not tag it: if an update is interrupted, the next one cannot find the run and starts another; grant "ecs:TagResources"',
  ]);
  expect(service.calls().filter((call) => call.startsWith("InvokeCommand"))).toEqual([
    "InvokeCommand DryRun on a tagged run Forbidden.RAM",
    "InvokeCommand DryRun on a",
  ]);
  expect(await service.countInvocations()).toBe(0);
});

test("a secret parameter that is refused is not named as the property at fault, whose value the engine would quote", async () => {
  const commandId = service.addCommand("echo {{word}}");
  const news = { commandId, instanceIds: ["i-a"], parameters: { word: "hunter2", wort: "hunter3" }, __secret: true };
  expect((await service.handlers.check({}, news)).failures).toEqual([
    {
      property: "",
      reason:
        'parameters must hold only what the command defines: "wort" is not among "word"; correct the spelling, or remove it',
    },
  ]);
});
