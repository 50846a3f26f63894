// What runs before a resource is deleted or replaced, each machine once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declareResource, type Resource } from "./resource";
import { openService, type Service } from "./service";

let service: Service;
let resource: Resource;
let folder: string;

const BOTH = ["i-a", "i-b"];

async function open(options: Parameters<typeof openService>[0] = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), "hook-"));
  service = await openService({ instances: BOTH.map((instanceId) => ({ instanceId })), ...options });
  resource = declareResource(service);
}
afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A script that leaves a line, in the order in which scripts ran. */
const leave = (word: string) => `echo ${word} {{ACS::InstanceId}} >> ${folder}/log`;
const log = (): string[] => {
  try {
    return readFileSync(join(folder, "log"), "utf8").split("\n").filter(Boolean).sort();
  } catch {
    return [];
  }
};
const acting = () => service.calls().filter((call) => !call.startsWith("Describe") && !call.includes("DryRun"));
const failureOf = (step: Promise<void>) =>
  step.then(
    () => "",
    (error: Error) => service.plain(error.message),
  );

const declared = (more: object = {}) => ({
  commandContent: "echo up",
  instanceIds: BOTH,
  onDelete: { commandContent: leave("gone") },
  ...more,
});

test("runs once on each machine at destroy, and in no update before", async () => {
  await open();
  await resource.up(declared());
  expect(log()).toEqual([]);
  await resource.destroy();
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

test("a schedule is stopped after it", async () => {
  await open();
  await resource.up(declared({ frequency: "0 0 2 * * ? UTC" }));
  acting();
  await resource.destroy();
  expect(acting()).toEqual(["RunCommand on a,b tagged run", "StopInvocation #1", "UntagResources #1 tagged unsaved"]);
});

test("a command with values, beside a command", async () => {
  await open();
  const commandId = service.addCommand("echo up");
  const hook = service.addCommand(`echo {{word}} >> ${folder}/log`);
  const onDelete = { commandId: hook, parameters: { word: "bye" }, timeout: 20 };
  await resource.up({ commandId, instanceIds: ["i-a"], onDelete });
  await resource.destroy();
  expect(log()).toEqual(["bye"]);
});

test("runs before the replacement does, and not again when the old one is deleted", async () => {
  await open();
  await resource.up(declared());
  await resource.up(declared({ commandContent: `test -e ${folder}/log` }));
  expect(Object.values(resource.results).map(({ status }) => status)).toEqual(["Success", "Success"]);
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

describe("a replacement of which nobody was told", () => {
  test("takes a run over that may have been cut off: it runs at no time", async () => {
    await open();
    await resource.up(declared());
    await resource.upReplace(declared());
    expect(log()).toEqual([]);
    await resource.destroy();
    expect(log()).toEqual(["gone i-a", "gone i-b"]);
  });

  test("has run by the time the old one is deleted, which it must not undo", async () => {
    await open();
    const one = declared({ commandContent: leave("up"), instanceIds: ["i-a"] });
    await resource.up(one);
    // What looks at the service shows that the first id was saved.
    await resource.up({ ...one, instanceIds: BOTH });
    await resource.up(one);
    service.said();
    await resource.upReplace(one);
    expect(log()).toEqual(["up i-a", "up i-a", "up i-b"]);
    expect(service.said()).toEqual([
      'warning: onDelete did not run on "i-a": what replaces it has run by now, and the engine had told nobody that it would; with `pulumi up --refresh --replace <urn>` it runs before',
    ]);
    const gone = () => log().filter((line) => line.startsWith("gone"));
    await resource.upReplace(one, { refresh: true });
    expect(gone()).toEqual(["gone i-a"]);
    await resource.destroy();
    expect(gone()).toEqual(["gone i-a", "gone i-a"]);
  });

  test("neither does a later update, which finds the old one still to be deleted", async () => {
    await open();
    await resource.up(declared({ instanceIds: ["i-a"] }));
    await resource.up(declared());
    const old = declareResource(service, resource.state, resource.urn);
    const fresh = declareResource(service, undefined, resource.urn);
    await fresh.up(declared());
    await service.begin();
    const { diff, delete: destroy } = service.handlers;
    await diff(fresh.state?.id ?? "", fresh.state?.outputs ?? {}, fresh.state?.inputs ?? {});
    await destroy(old.state?.id ?? "", old.state?.outputs ?? {});
    expect(log()).toEqual([]);
  });
});

test("before what takes another invocation over, and not before the same is taken over", async () => {
  await open();
  const nightly = { frequency: "0 0 2 * * ? UTC" };
  await resource.up(declared(nightly));
  const theirs = await service.invokeByHand({
    CommandId: service.addCommand("echo"),
    Frequency: "0 0 3 * * ? UTC",
    "InstanceId.1": "i-a",
    "InstanceId.2": "i-b",
  });
  const adopting = { ...declared({ frequency: "0 0 3 * * ? UTC", adopt: theirs }), commandContent: "echo" };
  await resource.upReplace(adopting, { refresh: true });
  expect(resource.state?.id).toBe(theirs);
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
  await resource.upReplace(adopting, { refresh: true });
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

test("a live schedule that is replaced is deleted first, and runs it once", async () => {
  await open();
  const nightly = { frequency: "0 0 2 * * ? UTC" };
  await resource.up(declared(nightly));
  expect((await resource.up(declared({ ...nightly, timeout: 20 }))).did).toBe("delete and create");
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

test("a change of it runs nothing, and is what runs in the end", async () => {
  await open();
  await resource.up(declared());
  service.calls();
  expect((await resource.up(declared({ onDelete: { commandContent: leave("bye") } }))).did).toBe("update");
  expect(acting()).toEqual([]);
  await resource.destroy();
  expect(log()).toEqual(["bye i-a", "bye i-b"]);
});

test("a failure names the machine, the reason and its last lines, and the next destroy runs there alone", async () => {
  await open();
  const once = `${leave("tried")}; [ {{ACS::InstanceId}} = i-a ] || [ -e ${folder}/ok ] || { echo no; exit 3; }`;
  await resource.up(declared({ onDelete: { commandContent: once } }));
  const message = await failureOf(resource.destroy());
  expect(message).toBe(
    'onDelete failed on 1 of 2 instances (invocation "#1"), so nothing more was done: run the same command again to have it run there once more, or remove onDelete with an update of its own before\n    "i-b": exited with code 3; last lines of "i-b":\n    no',
  );
  expect(resource.state).toBeDefined();
  service.calls();
  writeFileSync(join(folder, "ok"), "");
  await resource.destroy();
  expect(acting()).toContain("RunCommand on b tagged run");
  expect(log()).toEqual(["tried i-a", "tried i-b", "tried i-b"]);
});

test("a destroy that was cut off and repeated runs it once", async () => {
  await open();
  await resource.up(declared());
  const state = resource.state;
  await resource.destroy();
  const again = declareResource(service, state, resource.urn);
  await again.destroy();
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

test("one that outlasts its wait goes on, and the next destroy goes on with it", async () => {
  await open({ outcomes: [{ command: "drain", durationMs: 8_000 }] });
  const onDelete = { commandContent: "drain", timeout: 60 };
  await resource.up({ ...declared({ onDelete }), __customTimeouts: { delete: 3 } });
  expect(await failureOf(resource.destroy())).toBe(
    'onDelete: invocation "#1" did not finish within 3 s: last seen 2 Running ("i-a", "i-b"); it was not stopped; run the same command again to go on waiting, or raise customTimeouts.delete',
  );
  await resource.up(declared({ onDelete }));
  service.calls();
  await resource.destroy();
  expect(acting()).toEqual(["UntagResources #2 tagged unsaved"]);
});

test("a lost answer is no second run", async () => {
  await open();
  await resource.up(declared());
  service.emulator.inject({ action: "RunCommand", kind: "dropAfter", times: 1 });
  await resource.destroy();
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

test("a later life of the same resource runs its own", async () => {
  await open();
  for (let life = 0; life < 2; life++) {
    await resource.up(declared({ triggers: [life] }));
    await resource.destroy();
  }
  expect(log()).toEqual(["gone i-a", "gone i-a", "gone i-b", "gone i-b"]);
});

test("a machine that is stopped or gone is no failure", async () => {
  await open();
  await resource.up(declared());
  service.emulator.updateInstance("i-b", { status: "Stopped" });
  await resource.destroy();
  expect(log()).toEqual(["gone i-a"]);
  expect(service.said()).toContain('onDelete does not run on "i-b", which is gone or not running');
});

test("one that dies on the way is none either", async () => {
  await open();
  await resource.up(declared());
  service.emulator.inject({ kind: "machineStopped", instanceId: "i-b", times: 1 });
  await resource.destroy();
  expect(log()).toEqual(["gone i-a"]);
});

test("all of them gone: nothing is asked to run", async () => {
  await open();
  await resource.up(declared());
  for (const id of BOTH) service.emulator.updateInstance(id, { status: "Stopped" });
  service.calls();
  await resource.destroy();
  expect(acting()).toEqual(["UntagResources #1 tagged unsaved"]);
});

test("an agent that is silent is a failure, and the destroy can be repeated", async () => {
  await open();
  await resource.up(declared());
  service.emulator.inject({ kind: "agentSilent", instanceId: "i-b", times: 1 });
  expect(await failureOf(resource.destroy())).toMatch(
    /^onDelete failed on 1 of 2 instances .*\n {4}"i-b": Aborted \(ClientNotResponse\)/s,
  );
  await resource.destroy();
  expect(log()).toEqual(["gone i-a", "gone i-b"]);
});

describe("without the permission to tag", () => {
  const DENIED = { action: "RunCommand", kind: "forbidden", times: 1 } as const;

  test("it is refused at preview", async () => {
    await open();
    service.emulator.inject(DENIED);
    expect((await resource.preview(declared())).reasons).toEqual([
      'onDelete must be known again by a tag, so that it never runs twice, and the account may not tag an invocation; grant "ecs:TagResources", or remove onDelete',
    ]);
    expect(acting()).toEqual([]);
  });

  test("and without preflight when it would run, which it does not", async () => {
    await open();
    service.emulator.inject(DENIED);
    const { reasons } = await resource.up(declared({ preflight: false }));
    expect(reasons).toEqual([
      expect.stringMatching(
        /^Cannot invoke the script on 2 instances, with the tags that onDelete needs: .*Forbidden\.RAM/,
      ),
    ]);
    expect(await service.countInvocations()).toBe(0);
  });
});

test.each<[string, object, string[]]>([
  [
    "a name that the script does not hold",
    { commandContent: "echo {{word}}", parameters: { wrod: "a" } },
    [
      'onDelete.parameters must hold only what stands in {{…}} in the script: "wrod" is not among "word"; correct the spelling, or remove it',
    ],
  ],
  [
    "a command that is not there",
    { commandId: "c-none" },
    [
      'onDelete.commandId must name a command that exists: there is no "c" in region "cn-hangzhou"; create it there first, or correct the id',
    ],
  ],
  [
    "what its machines cannot run",
    { commandId: "c-dir" },
    [
      'onDelete must be what its instances can run, but 2 of 2 cannot: "i-a", "i-b" run Linux, and the command is a RunBatScript; use a RunShellScript there',
    ],
  ],
  [
    "nothing",
    {},
    ["onDelete must hold either commandContent, the script, or commandId: it holds neither; write what is to run"],
  ],
])("%s is refused at preview", async (_, onDelete, reasons) => {
  await open({ commands: [{ commandId: "c-dir", name: "dir", content: "dir", type: "RunBatScript" }] });
  expect((await resource.preview(declared({ onDelete }))).reasons).toEqual(reasons);
});

test("a secret one is told to nobody", async () => {
  await open();
  const secret = { __secret: ["onDelete"] as never };
  await resource.up(declared({ onDelete: { commandContent: "echo hush-hush; exit 1" }, ...secret }));
  expect(await failureOf(resource.destroy())).toMatch(/the output is not shown, since an input is secret$/);
  expect(service.transcript()).not.toMatch(/hush-hush/);
});
