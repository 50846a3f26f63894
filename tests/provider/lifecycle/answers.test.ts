// What the service may say and the emulator does not: statuses that nobody knows, fields that are missing.
import { type Alter, alterRecords, type Recorded } from "./proxy";
import { declareResource, type Resource } from "./resource";
import { LOOK_FOR_UNSAVED, openService, type Service } from "./service";

let service: Service;
let resource: Resource;

async function open(alter: Alter, options: Parameters<typeof openService>[0] = {}): Promise<void> {
  service = await openService({ instances: [{ instanceId: "i-a" }], alter, ...options });
  resource = declareResource(service);
}

afterEach(() => service.stop());

const CREATED = { did: "create", reasons: [] };
const SAME = { did: "same", reasons: [] };

/** Says another status once a run has ended. */
const endedAs = (status: string, more: Record<string, unknown> = {}): Alter =>
  alterRecords(
    (fields) => (fields.FinishTime ? { ...fields, InvocationStatus: status, ...more } : fields),
    (fields) => (fields.InvocationStatus === "Running" ? fields : { ...fields, InvocationStatus: status }),
  );

describe("a final status that is not known", () => {
  test.each(["success", "7", "Completed"])("%s with exit code 0 is a success", async (status) => {
    await open(endedAs(status));
    const declared = { commandId: service.addCommand("echo done"), instanceIds: ["i-a"] };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(resource.results["i-a"]).toMatchObject({ status, exitCode: 0, output: "done\n" });
    expect(resource.state?.outputs.status).toBe("Success");
    expect(await resource.up(declared)).toEqual(SAME);
    await resource.destroy();
    expect(service.calls().filter((call) => call.startsWith("Stop"))).toEqual([]);
  });

  test("without an exit code is a failure, and the message says what was seen", async () => {
    await open(endedAs("Skipped", { ExitCode: undefined }));
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"] };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 1 instance (invocation "#1")',
      '"i-a": ended with the status "Skipped", which is not known here',
    ]);
    expect(resource.state?.outputs.status).toBe("Failed");
    service.calls();
    await resource.destroy();
    expect(service.calls()).toEqual([...LOOK_FOR_UNSAVED, "UntagResources #1 tagged unsaved"]);
    expect(resource.state).toBeUndefined();
  });
});

test("a status that is not known and never ends keeps no stack from being destroyed, once a stop was accepted", async () => {
  const odd = alterRecords(
    ({ FinishTime: _, ExitCode: __, ...fields }) => ({ ...fields, InvocationStatus: "Parked" }),
    (fields) => ({ ...fields, InvocationStatus: "Parked" }),
  );
  await open(odd);
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], waitTimeout: 5 };
  expect((await resource.up(declared)).reasons).toEqual([
    'invocation "#1" did not finish within 5 s: last seen 1 Parked ("i-a"); it was not stopped; run `pulumi up` again to go on waiting, or raise waitTimeout',
  ]);
  service.said();
  await resource.destroy();
  expect(service.said()).toEqual([
    'warning: invocation "#1" was told to stop, and the service agreed; 120 s later it says "Parked", which is not a status that is known here: look whether it still runs',
  ]);
  expect(resource.state).toBeUndefined();
});

test("a status that is missing is waited for, and the end of the wait says so", async () => {
  const silent = alterRecords(({ InvocationStatus: _, FinishTime: __, ...fields }) => fields);
  await open(silent, { instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }] });
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a", "i-b"], waitTimeout: 5 };
  expect((await resource.up(declared)).reasons).toEqual([
    'invocation "#1" did not finish within 5 s: last seen 2 without a status ("i-a", "i-b"); it was not stopped; run `pulumi up` again to go on waiting, or raise waitTimeout',
  ]);
  expect((await resource.preview(declared)).did).toBe("update");
});

test("a status that is missing of a run that has ended is judged by the exit code", async () => {
  await open(
    alterRecords(
      ({ InvocationStatus: _, ...fields }) => fields,
      ({ InvocationStatus: _, ...fields }) => fields,
    ),
  );
  expect(await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] })).toEqual(CREATED);
  expect(resource.state?.outputs.status).toBe("Success");
});

test("a schedule that stands as nobody knows is waited for, whatever its last run came to", async () => {
  const odd = alterRecords((fields) =>
    fields.InvocationStatus === "Scheduled"
      ? { ...fields, InvocationStatus: "Armed", FinishTime: "2030-01-01T00:00:00Z" }
      : fields,
  );
  await open(odd);
  const frequency = "0 0 2 * * ? UTC";
  const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency, waitTimeout: 5 };
  expect((await resource.up(declared)).reasons).toEqual([
    expect.stringContaining('did not get scheduled on every instance within 5 s: last seen 1 Armed ("i-a")'),
  ]);
  await resource.destroy();
  expect(resource.state).toBeUndefined();
});

test("an answer without an InvokeId is asked for again, and the run is looked for", async () => {
  await open((action, { InvokeId, ...answer }) => (action === "InvokeCommand" ? answer : { ...answer, InvokeId }));
  expect(await resource.up({ commandId: service.addCommand("echo once"), instanceIds: ["i-a"] })).toEqual(CREATED);
  const tokens = service.emulator.journal().flatMap(({ parameters }) => parameters.ClientToken ?? []);
  expect([tokens.length, new Set(tokens).size]).toEqual([4, 1]);
  expect(resource.results["i-a"]).toMatchObject({ output: "once\n", invokeId: "#1" });
  expect(await service.countInvocations()).toBe(1);
});

// How pages are walked: tests/provider/cloud/search.test.ts.
describe("an odd answer to the search for what was cut off", () => {
  type Fields = Record<string, unknown>;
  type Listing = Recorded & Fields;
  const each =
    (alter: (fields: Fields) => object) =>
    ({ Invocations, ...all }: Listing): object => ({
      ...all,
      Invocations: { Invocation: Invocations.Invocation.map(alter) },
    });
  const empty = { Invocations: { Invocation: [] } };
  const without = (name: string) => each((fields) => ({ ...fields, [name]: undefined }));
  const spelled = each((fields) => {
    const { Tag } = fields.Tags as { Tag: { TagKey: string; TagValue: string }[] };
    return { ...fields, Tags: { Tag: Tag.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })) } };
  });

  // [what is odd, the answer, whether the run is seen in it]
  const ODD: [string, (listing: Listing) => object, boolean][] = [
    ["a time that nobody can read", each((fields) => ({ ...fields, CreationTime: "soon" })), true],
    ["no time", without("CreationTime"), true],
    ["tags as Key and Value", spelled, true],
    ["no tags", without("Tags"), false],
    ["null for tags", each((fields) => ({ ...fields, Tags: null })), false],
    ["tags without a value", each((fields) => ({ ...fields, Tags: { Tag: [{ TagKey: "pulumi" }] } })), false],
    ["an empty page and a total", (all) => ({ ...all, ...empty, TotalCount: 1 }), false],
    ["an empty page and a total in words", (all) => ({ ...all, ...empty, TotalCount: "1" }), false],
    ["a page that is no list", (all) => ({ ...all, Invocations: "none", TotalCount: 1 }), false],
    ["no page, and a total", (all) => ({ ...all, Invocations: undefined, TotalCount: 1 }), false],
  ];
  const KINDS: [string, object][] = [
    ["a one-shot", {}],
    ["a schedule", { frequency: "0 0 2 * * ? UTC" }],
  ];

  test.each(
    ODD.flatMap(([what, odd, isSeen]) => KINDS.map(([kind, more]) => [what, kind, odd, more, isSeen] as const)),
  )("%s, of %s: it never runs again", async (_, __, odd, more, isSeen) => {
    let isOdd = false;
    await open((action, answer) => {
      const listing = answer as unknown as Listing;
      return isOdd && action === "DescribeInvocations" && listing.Invocations.Invocation.length > 0
        ? (odd(listing) as typeof answer)
        : answer;
    });
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], ...more };
    await resource.upAndDie(declared);
    isOdd = true;
    if (isSeen) {
      expect(await resource.up(declared)).toEqual(CREATED);
    } else {
      await expect(resource.up(declared)).rejects.toThrow(
        /^Cannot look for an interrupted run in region "cn-hangzhou", so nothing was run: .*cannot be judged/,
      );
      isOdd = false;
      expect(await resource.up(declared)).toEqual(CREATED);
    }
    expect(await service.countInvocations()).toBe(1);
  });
});

describe("a refresh of a live schedule", () => {
  const nothing = { Invocations: { Invocation: [] } };
  const frequency = "0 0 2 * * ? UTC";
  // [what DescribeInvocations answers at its n-th look, whether the refresh fails]
  const LOOKS: [string, (count: number) => object | undefined, boolean][] = [
    ["nothing, and a total of 1", () => ({ ...nothing, TotalCount: 1 }), true],
    ["nothing, and further pages", () => ({ ...nothing, NextToken: "n" }), true],
    ["nothing at the first look alone", (count) => (count === 1 ? { ...nothing, TotalCount: 0 } : undefined), false],
  ];

  test.each(LOOKS)("that is answered %s keeps the resource, and no second one starts", async (_, look, fails) => {
    let count = 0;
    let isOdd = false;
    await open((action, answer) =>
      isOdd && action === "DescribeInvocations" ? { ...answer, ...look(++count) } : answer,
    );
    const declared = { commandId: service.addCommand("true"), instanceIds: ["i-a"], frequency };
    await resource.up(declared);
    const before = resource.state?.outputs;
    isOdd = true;
    const refreshed = resource.refresh();
    if (fails) await expect(refreshed).rejects.toThrow(/^Cannot read invocation "t-\w+": .*cannot be judged/);
    else await refreshed;
    isOdd = false;
    expect(resource.state?.outputs).toEqual(before);
    expect(await resource.up(declared)).toEqual(SAME);
    expect(await service.countInvocations()).toBe(1);
  });
});

test("and where it may not be looked for, the message says what is missing and what to do", async () => {
  await open((action, { InvokeId, ...answer }) => (action === "InvokeCommand" ? answer : { ...answer, InvokeId }));
  service.emulator.inject({ action: "DescribeInvocations", kind: "forbidden" });
  expect((await resource.up({ commandId: service.addCommand("true"), instanceIds: ["i-a"] })).reasons).toEqual([
    expect.stringMatching(
      /^Cannot invoke command "c" on 1 instance: Cannot call InvokeCommand at "the emulator" \(4 tries over 1\d s\): the answer has no InvokeId \(request id R\); try again later; the command may have started all the same: run `pulumi up` again, /,
    ),
  ]);
});

describe("an exit code with a meaning", () => {
  test.each([
    ["exit 194", 194, "restarts"],
    ["exit 193", 193, "stops"],
  ])("%s is a warning, is kept, and runs nothing again", async (script, exitCode, does) => {
    await open((_, answer) => answer);
    const declared = { commandId: service.addCommand(`echo patched; ${script}`), instanceIds: ["i-a"] };
    expect(await resource.up(declared)).toEqual(CREATED);
    expect(service.said().slice(-1)).toEqual([
      `warning: "i-a": exited with code ${exitCode}, at which the agent ${does} the instance; that is no failure, and nothing runs again`,
    ]);
    expect(resource.results["i-a"]).toMatchObject({ status: "Failed", exitCode, output: "patched\n" });
    expect(service.statuses().slice(-1)).toEqual(["1 of 1 finished"]);
    service.calls();
    expect(await resource.up(declared)).toEqual(SAME);
    await resource.refresh();
    expect(await resource.up(declared)).toEqual(SAME);
    expect(service.calls()).toEqual([]);
  });

  test.each([
    [3009, "the agent stops the instance"],
    [3010, "the agent restarts the instance"],
    [1641, "the Windows Installer restarts the instance"],
  ])("%i on Windows", async (exitCode, words) => {
    const windows = { instanceId: "i-a", osType: "windows" as const, outcomes: { "*": { exitCode } } };
    await open((_, answer) => answer, { instances: [windows] });
    const commandId = service.addCommand("it", { type: "RunPowerShellScript" });
    expect(await resource.up({ commandId, instanceIds: ["i-a"] })).toEqual(CREATED);
    expect(service.said()).toEqual([
      `warning: "i-a": exited with code ${exitCode}, at which ${words}; that is no failure, and nothing runs again`,
    ]);
  });

  test("that means nothing on this system is a failure", async () => {
    const windows = { instanceId: "i-a", osType: "windows" as const, outcomes: { "*": { exitCode: 193 } } };
    await open((_, answer) => answer, { instances: [windows] });
    const commandId = service.addCommand("it", { type: "RunPowerShellScript" });
    expect((await resource.up({ commandId, instanceIds: ["i-a"] })).reasons).toEqual([
      'command "c" failed on 1 of 1 instance (invocation "#1")',
      '"i-a": exited with code 193',
    ]);
  });

  test("beside a machine that failed: only that one runs again", async () => {
    const machine = (instanceId: string, exitCode: number) => ({ instanceId, outcomes: { "*": { exitCode } } });
    await open((_, answer) => answer, { instances: [machine("i-a", 194), machine("i-b", 1)] });
    const declared = { commandId: service.addCommand("it"), instanceIds: ["i-a", "i-b"] };
    expect((await resource.up(declared)).reasons).toEqual([
      'command "c" failed on 1 of 2 instances (invocation "#1")',
      '"i-b": exited with code 1',
    ]);
    service.calls();
    await resource.up(declared);
    expect(service.calls().filter((call) => call.startsWith("Invoke"))).toEqual(["InvokeCommand on b tagged run"]);
  });
});
