import { declareResource, nameOf, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";
const HOURLY = "0 0 * * * ? UTC";
const LOOK = "DescribeInvocations #1";
const ADVICE =
  "give that one retainOnDelete: true before it is taken out of its program, since its delete stops the invocation";
const OTHER = `warning: if another resource stands for invocation "#1" so far, such as an EcsInvocation, ${ADVICE}`;
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A schedule that somebody started without this resource. */
async function startByHand() {
  service = await openService({ instances: ["i-a", "i-b", "i-c"].map((instanceId) => ({ instanceId })) });
  const declared = {
    commandId: service.addCommand("echo {{word}}"),
    instanceIds: ["i-a", "i-b"],
    frequency: NIGHTLY,
    parameters: { word: "one" },
  };
  const adopt = await service.invokeByHand({
    CommandId: declared.commandId,
    "InstanceId.1": "i-a",
    "InstanceId.2": "i-b",
    Frequency: NIGHTLY,
    Parameters: JSON.stringify(declared.parameters),
    Timeout: "30",
  });
  // Until every machine has taken it.
  await service.emulator.advance(1_000);
  resource = declareResource(service);
  return { ...declared, adopt };
}

afterEach(() => service.stop());

test("takes over a live schedule, and nothing runs", async () => {
  const declared = await startByHand();
  expect(await resource.up(declared)).toEqual({ did: "create", reasons: [] });
  expect(service.calls()).toEqual([LOOK, LOOK]);
  expect(service.said().filter((line) => !line.startsWith("next runs"))).toEqual([
    'takes over invocation "#1" (Scheduled), and runs nothing',
    OTHER,
    'took over invocation "#1" (Scheduled), nothing was run',
  ]);
  expect(service.plain(resource.state)).toMatchObject({
    id: "#1",
    outputs: { ...service.plain(declared), invokeId: "#1", status: "Scheduled", schemaVersion: 1 },
  });
  expect(await resource.up(declared)).toEqual({ did: "same", reasons: [] });
  const { adopt: _, ...without } = declared;
  expect(await resource.up(without)).toEqual({ did: "same", reasons: [] });
  expect(service.calls()).toEqual([]);
  await resource.destroy();
  expect(service.calls()).toContain("StopInvocation #1");
});

describe("whoever stands for it so far", () => {
  test("may be a resource of another kind", async () => {
    const declared = await startByHand();
    await resource.preview(declared);
    expect(service.said()).toContain(OTHER);
  });

  test("is named where it is a resource of this package, unless it is this very one", async () => {
    const { adopt: _, ...declared } = await startByHand();
    const other = declareResource(service);
    await other.up(declared);
    const adopt = other.state?.id ?? "";
    await resource.up({ ...declared, adopt });
    expect(service.said()).toContain(
      `warning: resource "story/dev/${nameOf(other)}" stands for invocation "#1" so far: ${ADVICE}`,
    );
    other.forget();
    await other.up({ ...declared, adopt });
    expect(service.said().filter((line) => line.startsWith("warning"))).toEqual([]);
  });
});

test("changes in place what differs", async () => {
  const declared = await startByHand();
  const changed = { ...declared, frequency: HOURLY, parameters: { word: "two" }, instanceIds: ["i-b", "i-c"] };
  expect(await resource.up(changed)).toEqual({ did: "create", reasons: [] });
  expect(service.calls()).toEqual([
    LOOK,
    "DescribeCommands",
    "DescribeInstances",
    "DescribeCloudAssistantStatus",
    LOOK,
    LOOK,
    `ModifyInvocationAttribute #1 at "${HOURLY}" with parameters on c`,
    "StopInvocation #1 on a",
    LOOK,
  ]);
  expect(resource.results).toMatchObject({ "i-b": { status: "Scheduled" }, "i-c": { status: "Scheduled" } });
  await resource.refresh();
  expect(await resource.up(changed)).toEqual({ did: "same", reasons: [] });
});

test("sets the tags that the program asks for", async () => {
  const declared = await startByHand();
  expect(await resource.up({ ...declared, tags: { team: "web" } })).toEqual({ did: "create", reasons: [] });
  expect(service.calls()).toEqual([LOOK, LOOK, "TagResources #1 tagged team"]);
});

test.each([
  [{ timeout: 40 }, "timeout"],
  [{ repeatMode: "EveryReboot" as const, frequency: undefined }, "repeatMode"],
  [{ timeout: 40, commandId: "c-other" }, "commandId, timeout"],
])("refuses what cannot be changed in place: %j", async (change, reason) => {
  const declared = await startByHand();
  expect(await resource.up({ ...declared, ...change } as never)).toEqual({
    did: "refused",
    reasons: [
      `Cannot adopt invocation "#1": it differs in what cannot be changed in place: ${reason}; make the program say what it does now, or remove adopt`,
    ],
  });
  expect(resource.state).toBeUndefined();
  expect(service.calls()).toEqual([LOOK]);
});

test("says that there is no such invocation", async () => {
  const declared = await startByHand();
  expect(await resource.up({ ...declared, adopt: "t-0" })).toEqual({
    did: "refused",
    reasons: [
      'Cannot adopt invocation "#1": there is none in region "cn-hangzhou", or its record has expired; correct the id or the region, or remove adopt',
    ],
  });
});

test("refuses a schedule that has been stopped", async () => {
  const declared = await startByHand();
  service.plain(declared);
  await service.stopFromOutside("#1");
  expect((await resource.up(declared)).reasons).toEqual([
    'Cannot adopt invocation "#1": it was stopped from outside, and taking it over starts nothing; remove adopt to start it anew',
  ]);
});

test("refuses a schedule that was stopped on a machine, and takes it over without that one", async () => {
  const declared = await startByHand();
  service.plain(declared);
  await service.stopFromOutside("#1", "i-a");
  expect((await resource.up({ ...declared, onFailure: "warn" })).reasons).toEqual([
    'Cannot adopt invocation "#1": it is not in force on "i-a", and taking it over starts nothing anew; leave it out of instanceIds until it is taken over, or remove adopt to start another',
  ]);
  service.calls();
  expect(await resource.up({ ...declared, instanceIds: ["i-b"] })).toEqual({ did: "create", reasons: [] });
  expect(service.calls()).not.toContainEqual(expect.stringMatching(/^(Stop|Modify|Invoke)/));
});

describe("left in the program", () => {
  test("a change that replaces runs anew, and the preview asks the service", async () => {
    const declared = await startByHand();
    await resource.up(declared);
    service.calls();
    expect(await resource.up({ ...declared, timeout: 40 })).toEqual({ did: "delete and create", reasons: [] });
    const calls = service.calls();
    expect(calls).toEqual(expect.arrayContaining(["DescribeInstances", "StopInvocation #1"]));
    expect(calls.filter((call) => call.startsWith("InvokeCommand"))).toHaveLength(1);
    expect(service.plain(resource.state)).toMatchObject({ id: "#2", outputs: { status: "Scheduled", timeout: 40 } });
  });

  test("a replacement on demand takes it over again, and stops nothing", async () => {
    const declared = await startByHand();
    await resource.up(declared);
    service.calls();
    expect(await resource.upReplace(declared)).toEqual({ did: "replace", reasons: [] });
    expect(service.calls()).toEqual([LOOK, LOOK]);
    expect(service.plain(resource.state)).toMatchObject({ id: "#1", outputs: { status: "Scheduled" } });
    expect(service.said()).toContain(
      `warning: invocation "#1" is not stopped: resource "${nameOf(resource)}" goes on with it, since adopt names it or nothing had shown yet that its id was saved; to have it run again, use \`pulumi up --refresh --replace <urn>\`, change triggers, or remove adopt`,
    );
  });
});

describe("of a run that is over", () => {
  /** What somebody ran once, without this resource. */
  async function runByHand(script: string) {
    service = await openService({ instances: [{ instanceId: "i-a" }] });
    const declared = { commandId: service.addCommand(script), instanceIds: ["i-a"] };
    const adopt = await service.invokeByHand({ CommandId: declared.commandId, "InstanceId.1": "i-a" });
    await service.emulator.advance(5_000);
    resource = declareResource(service);
    return { ...declared, adopt };
  }

  test("keeps what it came to, and runs again when a trigger changes", async () => {
    const declared = await runByHand("echo done");
    expect(await resource.up(declared)).toEqual({ did: "create", reasons: [] });
    expect(resource.results["i-a"]).toMatchObject({ status: "Success", output: "done\n" });
    expect(service.calls()).toEqual([LOOK, LOOK]);
    expect(await resource.up({ ...declared, triggers: ["v2"] })).toEqual({ did: "replace", reasons: [] });
    expect(service.calls().filter((call) => call.startsWith("InvokeCommand"))).toHaveLength(1);
    expect(resource.results["i-a"]).toMatchObject({ invokeId: "#2" });
  });

  test.each([
    [["i-a", "i-b"], '"i-b"', "it"],
    [["i-b"], '"i-b"', "it"],
    [["i-a", "i-b", "i-c", UNKNOWN], '"i-b", "i-c"', "them"],
  ])("is refused for %j, where it did not run", async (instanceIds, ids, which) => {
    const declared = await runByHand("echo done");
    service.plain(declared);
    expect(await resource.preview({ ...declared, instanceIds })).toEqual({
      did: "refused",
      reasons: [
        `Cannot adopt invocation "#1": it runs once, and not on ${ids}, and taking it over runs nothing; leave ${which} out of instanceIds until it is taken over, or remove adopt to run the command anew`,
      ],
    });
    expect(await service.countInvocations()).toBe(1);
  });

  test.each([[["i-a", UNKNOWN]], [UNKNOWN]])("says no more than that it is taken over for %j", async (instanceIds) => {
    const declared = await runByHand("echo done");
    service.plain(declared);
    expect(await resource.preview({ ...declared, instanceIds } as never)).toEqual({ did: "create", reasons: [] });
    expect(service.said()).toEqual(['takes over invocation "#1" (Success), and runs nothing']);
  });

  test.each(["at(MOMENT UTC)", "at(MOMENT GMT+0:00)", "at(MOMENT)"])(
    "by a schedule that is past is taken over, as %s",
    async (spelled) => {
      service = await openService({ instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }] });
      const moment = new Date(service.now() + 3_600_000).toISOString().slice(0, 19).replace("T", " ");
      const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"] };
      const Frequency = `at(${moment} UTC)`;
      const adopt = await service.invokeByHand({ CommandId: declared.commandId, "InstanceId.1": "i-a", Frequency });
      await service.emulator.advance(7_200_000);
      resource = declareResource(service);
      service.plain(adopt);
      const frequency = spelled.replace("MOMENT", moment);
      expect(await resource.preview({ ...declared, adopt, frequency, instanceIds: ["i-a", "i-b"] })).toEqual({
        did: "refused",
        reasons: [
          'Cannot adopt invocation "#1": it differs in what cannot be changed in place, since it is over (Success): instanceIds; make the program say what it does now, or remove adopt',
        ],
      });
      expect(await resource.up({ ...declared, adopt, frequency })).toEqual({ did: "create", reasons: [] });
      expect(service.said()).toEqual([
        'takes over invocation "#1" (Success), and runs nothing',
        'took over invocation "#1" (Success), nothing was run',
      ]);
    },
  );

  test.each([
    [{ timeout: 40 }, "timeout"],
    [{ workingDir: "/srv", timeout: 40 }, "timeout"],
  ])("is refused for %j, whenever it was", async (change, differing) => {
    const declared = await runByHand("echo done");
    service.plain(declared);
    expect((await resource.preview({ ...declared, ...change })).reasons).toEqual([
      `Cannot adopt invocation "#1": it differs in what cannot be changed in place: ${differing}; make the program say what it does now, or remove adopt`,
    ]);
  });

  test("is refused where it failed, since nothing may run; with onFailure it is taken as it is", async () => {
    const declared = await runByHand("exit 5");
    expect(await resource.up(declared)).toEqual({
      did: "refused",
      reasons: [
        'Cannot adopt invocation "#1": it did not come to what was asked on "i-a", and taking it over runs nothing again; set onFailure to "warn" to take it over as it is, or remove adopt to run the command anew',
      ],
    });
    expect(resource.state).toBeUndefined();
    expect(await resource.up({ ...declared, onFailure: "warn" })).toEqual({ did: "create", reasons: [] });
    expect(service.calls()).toEqual([LOOK, LOOK, LOOK]);
  });
});

describe("a preview", () => {
  const preview = async (change: object) => {
    const declared = await startByHand();
    service.plain(declared);
    const report = await resource.preview({ ...declared, ...change } as never);
    return { ...report, said: service.said().filter((line) => !line.startsWith("next runs")), calls: service.calls() };
  };
  const TAKES_OVER = 'takes over invocation "#1" (Scheduled), and runs nothing';

  // [what differs, what is said, what is asked besides]
  test.each<[object, string[], string[]]>([
    [{}, [], []],
    [{ frequency: HOURLY }, [expect.stringMatching(/^schedule can change in place, next run .* UTC$/)], []],
    [{ parameters: { word: "two" } }, ["parameters can change in place"], ["DescribeCommands"]],
    [
      { instanceIds: ["i-b", "i-c"] },
      ["1 instance added, 1 removed, which stops it there"],
      ["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"],
    ],
    [{ tags: { team: "web" } }, ["tags can change in place, which runs nothing"], []],
    [{ commandId: UNKNOWN }, [], []],
    [{ timeout: UNKNOWN, parameters: UNKNOWN }, ["parameters can change in place"], ["DescribeCommands"]],
    [{ frequency: UNKNOWN }, ["schedule not known before the update"], []],
    [{ instanceIds: ["i-a", UNKNOWN] }, ["instances not known before the update"], []],
    // What the record does not tell is as the program has it.
    [{ triggers: [UNKNOWN] }, [], []],
    [{ triggers: UNKNOWN }, [], []],
    [{ workingDir: UNKNOWN }, [], []],
    [{ resourceGroupId: UNKNOWN }, [], []],
    [{ containerName: UNKNOWN }, [], []],
    [{ username: "admin", windowsPasswordName: UNKNOWN }, [], []],
    [{ instanceIds: undefined, resourceTags: { role: UNKNOWN } }, [], []],
  ])("of one that differs in %j says so, and changes nothing", async (change, lines, asked) => {
    expect(await preview(change)).toEqual({
      did: "create",
      reasons: [],
      said: [TAKES_OVER, ...lines, OTHER],
      calls: [LOOK, ...asked],
    });
  });

  test.each([
    [{ adopt: "t-0" }, /^Cannot adopt invocation "#2": there is none in region "cn-hangzhou"/],
    [{ timeout: 40 }, /: it differs in what cannot be changed in place: timeout; make/],
    [{ commandId: UNKNOWN, timeout: 40 }, /: it differs in what cannot be changed in place: timeout; make/],
    [{ parameters: { wort: "x" } }, /^parameters must hold only what the command defines: "wort" is not among "word"/],
    [{ instanceIds: ["i-a", "i-b", "i-gone"] }, /^instanceIds must .* 1 of 1 cannot: "i-gone" does not exist/],
  ])("of one that differs in %j refuses it", async (change, reason) => {
    expect(await preview(change)).toMatchObject({ did: "refused", reasons: [expect.stringMatching(reason)] });
  });

  test("asks nothing where the program says so, and leaves it to the update", async () => {
    expect(await preview({ preflight: false, adopt: "t-0" })).toMatchObject({ did: "create", said: [], calls: [] });
  });

  test("of a resource that exists takes nothing over: adopt says how one comes about", async () => {
    const { adopt, ...declared } = await startByHand();
    await resource.up(declared);
    service.calls();
    service.said();
    expect(await resource.preview({ ...declared, adopt })).toEqual({ did: "same", reasons: [] });
    expect([service.calls(), service.said()]).toEqual([[], []]);
    const changed = { ...declared, adopt, frequency: HOURLY };
    expect(await resource.preview(changed)).toEqual({ did: "update", reasons: [] });
    expect(service.calls()).toEqual(["DescribeCommands", "DescribeInstances", "DescribeCloudAssistantStatus"]);
  });

  test("warns where another resource of the stack stands for the same invocation, whichever comes first", async () => {
    const declared = await startByHand();
    service.plain(declared);
    await resource.up(declared);
    const { outputs, inputs } = resource.state ?? {};
    const { check, diff } = service.handlers;
    const other = { ...declared, __urn: "urn:pulumi:dev::p::t::other" };
    for (const steps of [
      [() => diff("t-1", outputs ?? {}, inputs ?? {}), () => check({}, other)],
      [() => check({}, other), () => diff("t-1", outputs ?? {}, inputs ?? {})],
    ]) {
      await service.begin();
      service.said();
      for (const step of steps) await step();
      await service.end();
      expect(service.said().filter((line) => line.includes("as well"))).toEqual([
        expect.stringMatching(
          /^warning: (other: )?invocation "#1" is that of "\S+::(story-\d+|other)" as well: whichever is deleted or replaced first stops it for both; remove one of the two, with the option retainOnDelete$/,
        ),
      ]);
    }
  });
});
