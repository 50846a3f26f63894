// Each input secret in turn, through a life with success, failure, refusal, time-out, refresh and destroy: it is in no message.
// What the engine does with values it marks by itself; tests/e2e/secrets.test.ts has it do so.
import { INPUT_NAMES, type InputName } from "../../../provider/rules/inputs";
import { alterRecords } from "./proxy";
import { declareResource, type Properties } from "./resource";
import { openService, type Service } from "./service";

let service: Service;

afterEach(() => service?.stop());

interface Secret {
  /** A value that works. */
  good?: unknown;
  /** One that is refused. */
  bad: unknown;
  /** What must not be seen of either. */
  words: string[];
  /** What it needs beside it. */
  with?: object;
}

const LONG = "-and-so-on".repeat(200);

/** Words of their own that a person chooses. */
const SECRETS: Partial<Record<InputName, Secret>> = {
  commandId: { good: "c-secretcommand", bad: "c-secretnone", words: ["c-secretcommand", "c-secretnone"] },
  commandContent: {
    good: "echo secretscript",
    bad: "secretscript ".repeat(2_000),
    words: ["secretscript"],
    with: { commandId: undefined },
  },
  onDelete: {
    good: { commandContent: "echo secrethook", parameters: { word: "secretargument" } },
    bad: { commandContent: "echo secrethook", commandId: "c-secrethook" },
    words: ["secrethook", "secretargument"],
  },
  instanceIds: {
    good: ["i-secret1"],
    bad: ["i-secretgone", "secret!"],
    words: ["i-secret1", "i-secretgone", "secret!"],
  },
  resourceTags: {
    good: { secretkey: "secretvalue" },
    bad: { secretkey: `secretvalue${LONG}` },
    words: ["secretkey", "secretvalue"],
    with: { instanceIds: undefined },
  },
  regionId: { good: "cn-secret1", bad: "cn_secret", words: ["cn-secret1", "cn_secret"] },
  frequency: { good: "41 43 3 * * ? UTC", bad: "41 73 3 * * ? UTC", words: ["41 43", "41 73", '"73"', "03:43"] },
  parameters: {
    good: { word: "secretword" },
    bad: { word: "secretword", other: 5551 },
    words: ["secretword", "5551"],
  },
  timeout: { good: 5552, bad: 5552.5, words: ["5552"] },
  username: { good: "secretuser", bad: `secretuser${LONG}`, words: ["secretuser"] },
  windowsPasswordName: {
    good: "secretpassword",
    bad: `secretpassword${LONG}`,
    words: ["secretpassword"],
    with: { username: "admin" },
  },
  workingDir: { good: "/secret/place", bad: `/secret/place${LONG}`, words: ["/secret/place"] },
  containerId: { good: `docker://${"5e".repeat(32)}`, bad: "docker://secretid", words: ["5e5e5e", "secretid"] },
  containerName: { good: "secretcontainer", bad: "secretcontainer!", words: ["secretcontainer"] },
  launcher: { good: "sh -e secretlauncher", bad: `secretlauncher${LONG}`, words: ["secretlauncher"] },
  ossOutputDelivery: { good: "oss://secretbucket", bad: "http://secretbucket", words: ["secretbucket"] },
  resourceGroupId: { good: "rg-secret1", bad: "secretgroup", words: ["rg-secret1", "secretgroup"] },
  tags: {
    good: { secrettag: "secretvalue" },
    bad: { "acs:secrettag": "secretvalue" },
    words: ["secrettag", "secretvalue"],
  },
  triggers: { good: ["secrettrigger"], bad: "secrettrigger", words: ["secrettrigger"] },
  agentTimeout: { good: 5553, bad: 555_333, words: ["5553", "555333"] },
  waitTimeout: { good: 5, bad: 5554.5, words: ["5554"] },
  maxOutputBytes: { good: 5555, bad: 55_555, words: ["5555"] },
  adopt: { bad: "t-secretrun", words: ["t-secretrun"] },
};

/** Of a few words each, which every message may hold. */
const CHOICES = ["type", "repeatMode", "timed", "terminationMode", "preflight", "dryRun", "onFailure"];

test("every input that is more than a choice has its row", () => {
  expect([...Object.keys(SECRETS), ...CHOICES].sort()).toEqual([...INPUT_NAMES].sort());
});

const MACHINES = [{ instanceId: "i-secret1", tags: { secretkey: "secretvalue" } }];

/** All that a person is shown of a failure: its message, its reasons, and the stack that the host prints. */
const showFailure = (error: Error & { reasons?: string[] }) =>
  [error.message, error.stack ?? "", ...(error.reasons ?? [])].join("\n");

async function open(outcome: object, commandId = "c-secretcommand"): Promise<void> {
  service = await openService({
    region: "cn-secret1",
    instances: MACHINES.map((machine) => ({ ...machine, outcomes: { "*": outcome } })),
  });
  service.emulator.addCommand({ commandId, name: "it", content: "echo {{word}}", enableParameter: true });
}

/** Whatever is shown in a life with this input, checks and failures included. */
async function live(name: InputName, value: unknown, more: object = {}): Promise<string> {
  const { check, create, delete: destroy, diff, read, update } = service.handlers;
  const shown: string[] = [];
  const show = <T>(step: Promise<T>): Promise<T | undefined> =>
    step.catch((error) => {
      shown.push(showFailure(error));
      return undefined;
    });
  const declared = {
    commandId: "c-secretcommand",
    instanceIds: ["i-secret1"],
    parameters: { word: "plain" },
    waitTimeout: 6,
    ...SECRETS[name]?.with,
    ...more,
    [name]: value,
    __secret: [name],
    __urn: "urn:pulumi:dev::p::t::run",
  };
  const news = Object.fromEntries(Object.entries(declared).filter(([, given]) => given !== undefined));
  const checked = await show(check({}, news));
  const failures = checked?.failures ?? [];
  // The engine shows the value of the property that a failure names.
  for (const { property, reason } of failures) shown.push(`${JSON.stringify(news[property])} ${reason}`);
  if (failures.length === 0 && checked) {
    const inputs = checked.inputs as Properties;
    let outputs: Properties = {};
    const created = await create(inputs).catch((error) => {
      shown.push(showFailure(error));
      outputs = error.properties ?? {};
      return error.id === undefined ? undefined : { id: error.id as string, outs: outputs };
    });
    if (created) {
      outputs = created.outs ?? {};
      const { id } = created;
      await show(diff(id, outputs, inputs));
      await show(update(id, outputs, inputs));
      const refreshed = await show(read(id, outputs));
      await show(diff(id, { ...refreshed?.props, frequency: "0 0 1 * * ? UTC" }, inputs));
      service.emulator.inject({ action: "StopInvocation", kind: "forbidden" });
      service.emulator.inject({ action: "UntagResources", kind: "forbidden" });
      service.emulator.inject({ action: "DescribeInvocations", kind: "forbidden" });
      await show(read(id, { ...outputs, repeatMode: "Period" }));
      await show(destroy(id, { ...outputs, status: "Running" }));
    }
  }
  await service.end();
  return `${shown.join("\n")}\n${service.transcript()}`;
}

const rows = Object.entries(SECRETS) as [InputName, Secret][];
const seen = (shown: string, { words }: Secret) => words.filter((word) => shown.includes(word));

describe.each(rows)("a secret %s", (name, secret) => {
  const echo = `${JSON.stringify(secret.good)}\n`;

  test.each<[string, object, object]>([
    ["in a success", { output: echo }, {}],
    ["in a failure whose output holds it", { exitCode: 3, output: echo }, {}],
    ["in a schedule", { output: echo }, name === "frequency" ? {} : { frequency: "0 0 2 * * ? UTC" }],
    ["in a time-out", { durationMs: 600_000 }, {}],
  ])("is not shown %s", async (_, outcome, more) => {
    if (secret.good === undefined) return open({});
    await open(outcome);
    const shown = await live(name, secret.good, more);
    expect(shown).not.toBe("\n");
    expect(seen(shown, secret)).toEqual([]);
  });

  test.each(["forbidden", "html502"] as const)("is not shown where the service refuses it: %s", async (kind) => {
    await open({});
    service.emulator.inject({ action: "InvokeCommand", kind });
    const shown = await live(name, secret.good ?? secret.bad);
    expect(seen(shown, secret)).toEqual([]);
  });

  test("is not shown where it is refused", async () => {
    await open({});
    const shown = await live(name, secret.bad);
    expect(shown).not.toBe("\n");
    expect(seen(shown, secret)).toEqual([]);
  });
});

test("what the service says of a machine is not shown where an input is secret", async () => {
  await open({});
  service.emulator.inject({ kind: "agentAbsent" });
  const shown = await live("workingDir", "/secret/place");
  expect(shown).toContain(
    "Aborted (ClientNotRunning): the Cloud Assistant agent does not run; start it on the instance",
  );
  expect(seen(shown, { bad: "", words: ["/secret/place"] })).toEqual([]);
});

describe("what was secret before and is plain now", () => {
  const before = {
    commandContent: "echo one\necho secretline\necho two",
    instanceIds: ["i-secret1"],
    frequency: "0 0 2 * * ? UTC",
  };
  // [what was secret, what it is now]
  test.each<[InputName, object]>([
    ["commandContent", { commandContent: "echo one\necho two" }],
    ["commandContent", { commandContent: "echo one\necho two", instanceIds: ["i-gone"] }],
    ["frequency", { frequency: "0 0 3 * * ? UTC" }],
    ["workingDir", { workingDir: "/plain" }],
    ["tags", { tags: { team: "plain" } }],
  ])("%s is shown neither in a preview nor in an update nor in a refresh", async (name, change) => {
    await open({});
    const declared = { ...before, workingDir: "/secret/place", tags: { team: "secretteam" } };
    const resource = declareResource(service);
    await resource.up({ ...declared, __secret: [name] } as never);
    const plain = { ...declared, ...change };
    await resource.preview(plain);
    await resource.refresh();
    await resource.up(plain);
    const shown = service.transcript();
    expect(shown).not.toMatch(/secretline|secret\/place|secretteam/);
  });

  test("what is refused now is named, since it is none", async () => {
    await open({});
    const declared = { ...before, __secret: ["workingDir"], workingDir: "/secret/place" };
    const { failures } = await service.handlers.check(declared, { ...before, workingDir: "/p".repeat(101) });
    expect(failures).toEqual([
      { property: "workingDir", reason: "workingDir must have 1 to 200 characters: current value has 202" },
    ]);
  });
});

test("why an output could not be delivered is not shown where an input is secret", async () => {
  service = await openService({
    region: "cn-secret1",
    instances: MACHINES,
    alter: alterRecords((fields) => ({
      ...fields,
      OssOutputStatus: "Failed",
      OssOutputErrorCode: "NoSuchBucket",
      OssOutputErrorInfo: "there is no bucket secretbucket",
    })),
  });
  service.emulator.addCommand({
    commandId: "c-secretcommand",
    name: "it",
    content: "echo {{word}}",
    enableParameter: true,
  });
  const shown = await live("ossOutputDelivery", "oss://secretbucket/place");
  expect(shown).toContain("the reason is not shown, since an input is secret");
  expect(shown).not.toContain("secretbucket");
});

test("a state of an older version, which told that something is secret and not what, hides its parameters and all but ids", async () => {
  await open({ exitCode: 3, output: "secretword" });
  const news = {
    commandId: "c-secretcommand",
    instanceIds: ["i-secret1"],
    parameters: { word: "secretword" },
    workingDir: "/secret/place",
    regionId: "cn-secret1",
    repeatMode: "Once",
    __secret: true,
  };
  const failure = await service.handlers.create(news).catch((error) => error);
  expect(showFailure(failure)).toContain('command "c-secretcommand" failed on 1 of 1 instance');
  expect(showFailure(failure)).not.toMatch(/secretword|secret\/place/);
  const refused = await service.handlers.check({}, { ...news, workingDir: `/secret/place${LONG}` });
  expect(refused.failures).toMatchObject([{ property: "" }]);
});
