import fc from "fast-check";
import { isSystemUser, parseInputs } from "../../../provider/rules/declaration";
import { INPUT_NAMES } from "../../../provider/rules/inputs";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SENTINELS = [
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

const SMALLEST = { commandId: "c-1", instanceIds: ["i-1"], regionId: "cn-hangzhou" };
const HEX64 = "0123456789abcdef".repeat(4);

const parse = (inputs: Record<string, unknown>) => parseInputs({ ...SMALLEST, ...inputs }, undefined);
const ids = (n: number) => Array.from({ length: n }, (_, i) => `i-${i}`);
const entries = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`key${i}`, "value"]));
/** A title that stays on one line. */
const titled = <T extends unknown[]>(rows: T[]): [string, ...T][] =>
  rows.map((row) => {
    const text = JSON.stringify(row[0]) ?? "undefined";
    return [text.length > 90 ? `${text.slice(0, 80)}… (${text.length})` : text, ...row];
  });

it("takes the smallest invocation and settles its repeat mode", () => {
  expect(parseInputs(SMALLEST, undefined)).toEqual({
    properties: { ...SMALLEST, repeatMode: "Once" },
    inputs: { ...SMALLEST, repeatMode: "Once" },
    failures: [],
  });
});

describe("takes", () => {
  it.each(
    titled<[Record<string, unknown>]>([
      [{ commandId: "x".repeat(255) }],
      [{ commandId: "ACS-ECS-InstallDocker-for-linux.sh" }],
      [{ instanceIds: ids(100) }],
      [{ instanceIds: [...ids(100), ...ids(100)] }],
      [{ instanceIds: ["i-1", "mi-hz01abcd****"] }],
      [{ instanceIds: undefined, resourceTags: entries(1) }],
      [{ instanceIds: undefined, resourceTags: entries(10) }],
      [{ regionId: "x".repeat(64) }],
      [{ repeatMode: "Once" }],
      [{ repeatMode: "NextRebootOnly" }],
      [{ repeatMode: "EveryReboot" }],
      [{ repeatMode: "Period", frequency: "rate(5m)" }],
      [{ frequency: "x".repeat(4096) }],
      [{ frequency: "rate(5m)", timed: true }],
      [{ timed: false }],
      [{ parameters: {} }],
      [{ parameters: entries(10) }],
      [{ parameters: { ["x".repeat(64)]: "" } }],
      [{ timeout: 10 }],
      [{ timeout: 1_000_000 }],
      [{ username: "x".repeat(255) }],
      [{ username: "admin", windowsPasswordName: "x".repeat(255) }],
      [{ workingDir: "x".repeat(200) }],
      [{ containerId: HEX64 }],
      [{ containerId: HEX64.toUpperCase() }],
      [{ containerId: `docker://${HEX64}` }],
      [{ containerId: `containerd://${HEX64}` }],
      [{ containerId: `cri-o://${HEX64}`, containerName: "web" }],
      [{ containerName: "0._-" }],
      [{ containerName: "x".repeat(255) }],
      [{ launcher: "x" }],
      [{ launcher: "é".repeat(512) }],
      [{ terminationMode: "Process" }],
      [{ terminationMode: "ProcessTree" }],
      [{ commandId: undefined, commandContent: "\n" }],
      [{ commandId: undefined, commandContent: "é".repeat(9216) }],
      [{ commandId: undefined, commandContent: "dir", type: "RunBatScript" }],
      [{ ossOutputDelivery: "oss://b" }],
      [{ ossOutputDelivery: "oss://bucket/prefix" }],
      [{ resourceGroupId: "rg-1" }],
      [{ tags: {} }],
      [{ tags: entries(18) }],
      [{ tags: { ["x".repeat(64)]: "x".repeat(128), empty: "" } }],
      [{ tags: { "http:": "//x" } }],
      [{ triggers: [] }],
      [{ triggers: [1, { a: [null] }, "x"] }],
      [{ preflight: false }],
      [{ preflight: true, dryRun: true }],
      [{ agentTimeout: 0 }],
      [{ agentTimeout: 86_400 }],
      [{ waitTimeout: 1 }],
      [{ waitTimeout: 604_800 }],
      [{ onFailure: "fail" }],
      [{ onFailure: "warn" }],
      [{ maxOutputBytes: 0 }],
      [{ maxOutputBytes: 24_576 }],
      [{ adopt: "t-hz0jdfwd9f" }],
      [{ onDelete: { commandContent: "echo", parameters: { a: "" }, timeout: 10 } }],
      [{ onDelete: { commandId: "c-1", commandContent: undefined } }],
      [{ username: null, timeout: undefined }],
    ]),
  )("%s", (_, inputs) => {
    const parsed = parse(inputs);
    expect(parsed.failures).toEqual([]);
    expect(parsed.inputs).toBeDefined();
  });
});

describe("refuses a value that is wrong by itself", () => {
  it.each(
    titled<[Record<string, unknown>, string]>([
      [
        { commandId: undefined, commandContent: 1 },
        "commandContent must be a string, the text of the script: current value is of type number; read it from its file as text",
      ],
      [
        { commandId: undefined, commandContent: "" },
        "commandContent must hold a script: it is empty; write what is to run",
      ],
      [
        { commandId: undefined, commandContent: `${"é".repeat(9216)}.` },
        "commandContent must have at most 24576 bytes once it is encoded as Base64: current value has 24580; shorten it, or fetch the long part on the machine",
      ],
      [
        { commandId: undefined, commandContent: "x", type: "RunPython" },
        'type must be one of "RunShellScript", "RunBatScript", "RunPowerShellScript": current value is "RunPython"',
      ],
      [{ commandId: 1 }, "commandId must be a string: current value is of type number"],
      [{ commandId: "" }, "commandId must have 1 to 255 characters: current value has 0"],
      [{ commandId: "x".repeat(256) }, "commandId must have 1 to 255 characters: current value has 256"],
      [
        { instanceIds: "i-1" },
        "instanceIds must be an array of instance ids: current value is of type string; write it in brackets",
      ],
      [
        { instanceIds: [] },
        "instanceIds must name at least 1 instance: it is empty; add the id of one, or remove the resource",
      ],
      [
        { instanceIds: ids(101) },
        "instanceIds must name 1 to 100 instances: current count is 101; declare a Rollout, which takes any number",
      ],
      [
        { instanceIds: ["web", "i-1"] },
        'instanceIds must hold ids that start with "i-" or "mi-": "web" does not; pass the ids of instances, such as instance.id',
      ],
      [
        { instanceIds: ["web", "i-", 7, null] },
        'instanceIds must hold ids that start with "i-" or "mi-": "web", "i-", number, null do not; pass the ids of instances, such as instance.id',
      ],
      [
        { instanceIds: Array.from({ length: 14 }, (_, i) => `x${i}`) },
        'instanceIds must hold ids that start with "i-" or "mi-": "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11" and 2 more do not; pass the ids of instances, such as instance.id',
      ],
      [
        { instanceIds: undefined, resourceTags: {} },
        "resourceTags must hold at least 1 tag: it is empty; add one, or give instanceIds instead",
      ],
      [
        { instanceIds: undefined, resourceTags: entries(11) },
        "resourceTags must hold at most 10 tags: current count is 11; remove some",
      ],
      [
        { instanceIds: undefined, resourceTags: [] },
        "resourceTags must be an object of tag keys and string values: current value is of type array",
      ],
      [
        { regionId: "cn hangzhou" },
        'regionId must be a region id such as "cn-hangzhou": current value is "cn hangzhou"',
      ],
      [{ regionId: "x".repeat(65) }, "regionId must have 1 to 64 characters: current value has 65"],
      [
        { repeatMode: "once" },
        'repeatMode must be one of "Once", "Period", "NextRebootOnly", "EveryReboot": current value is "once"',
      ],
      [
        { repeatMode: "DryRun" },
        'repeatMode must be one of "Once", "Period", "NextRebootOnly", "EveryReboot": current value is "DryRun"; set dryRun to true instead',
      ],
      [
        { repeatMode: 1 },
        'repeatMode must be one of "Once", "Period", "NextRebootOnly", "EveryReboot": current value is of type number',
      ],
      [{ frequency: "" }, "frequency must have 1 to 4096 characters: current value has 0"],
      [{ frequency: "x".repeat(4097) }, "frequency must have 1 to 4096 characters: current value has 4097"],
      [{ timed: "true" }, "timed must be true or false: current value is of type string; write it without quotes"],
      [{ timed: 1 }, "timed must be true or false: current value is of type number"],
      [
        { parameters: ["a"] },
        "parameters must be an object of names and string values: current value is of type array",
      ],
      [
        { parameters: entries(11) },
        "parameters must have at most 10 entries: current count is 11; put several values into one",
      ],
      [{ parameters: { "": "s3cret" } }, 'parameters must have names of 1 to 64 characters: "" has 0'],
      [
        { parameters: { ["x".repeat(65)]: "s3cret" } },
        `parameters must have names of 1 to 64 characters: "${"x".repeat(65)}" has 65`,
      ],
      [
        { parameters: { port: 8080 } },
        'parameters must have string values: the value of "port" is of type number; write it in quotes',
      ],
      [
        { parameters: { port: null } },
        'parameters must have string values: the value of "port" is of type null; pass text, or remove "port"',
      ],
      [
        { parameters: { Env: "s3cret", env: "s3cret" } },
        'parameters must name a parameter once: "Env" and "env" are the same to the service; remove one',
      ],
      [{ timeout: 9 }, "timeout must be a whole number of seconds, 10 or more: current value is 9"],
      [{ timeout: 10.5 }, "timeout must be a whole number of seconds, 10 or more: current value is 10.5"],
      [{ timeout: Number.NaN }, "timeout must be a whole number of seconds, 10 or more: current value is NaN"],
      [{ timeout: "60" }, "timeout must be a number: current value is of type string; write it without quotes"],
      [{ username: "" }, "username must have 1 to 255 characters: current value has 0"],
      [{ username: "x".repeat(256) }, "username must have 1 to 255 characters: current value has 256"],
      [
        { username: "admin", windowsPasswordName: "x".repeat(256) },
        "windowsPasswordName must have 1 to 255 characters: current value has 256",
      ],
      [{ workingDir: "x".repeat(201) }, "workingDir must have 1 to 200 characters: current value has 201"],
      ...[HEX64.slice(1), `${HEX64}0`, `podman://${HEX64}`].map((containerId): [Record<string, unknown>, string] => [
        { containerId },
        `containerId must be a container id of 64 hexadecimal digits, with "docker://", "containerd://" or "cri-o://" before it or not: current value is "${containerId}"`,
      ]),
      ...["-web", "web 1", "_"].map((containerName): [Record<string, unknown>, string] => [
        { containerName },
        `containerName must be a container name of letters, digits, ".", "_" and "-" that starts with a letter or a digit: current value is "${containerName}"`,
      ]),
      [{ containerName: "x".repeat(256) }, "containerName must have 1 to 255 characters: current value has 256"],
      [{ launcher: "" }, "launcher must have 1 to 1024 bytes: current value has 0"],
      [{ launcher: "é".repeat(513) }, "launcher must have 1 to 1024 bytes: current value has 1026"],
      [{ launcher: 1 }, "launcher must be a string: current value is of type number"],
      [{ terminationMode: "Tree" }, 'terminationMode must be one of "Process", "ProcessTree": current value is "Tree"'],
      ...["bucket/prefix", "oss://", "oss:///prefix"].map((ossOutputDelivery): [Record<string, unknown>, string] => [
        { ossOutputDelivery },
        `ossOutputDelivery must be a place such as "oss://bucket/prefix": current value is "${ossOutputDelivery}"`,
      ]),
      [
        { resourceGroupId: "group" },
        'resourceGroupId must be a resource group id such as "rg-123": current value is "group"',
      ],
      [
        { tags: entries(19) },
        "tags must hold at most 18 tags, since the service takes 20 and 2 are the resource's own: current count is 19; remove some",
      ],
      [
        { tags: { "pulumi-cloud-assistant": "x" } },
        'tags must not hold "pulumi-cloud-assistant", the resource\'s own tag, by which it finds its run again; use another key',
      ],
      [{ tags: "a" }, "tags must be an object of tag keys and string values: current value is of type string"],
      [{ tags: { "": "a" } }, 'tags must have keys of 1 to 64 characters: "" has 0'],
      [{ tags: { ["x".repeat(65)]: "a" } }, `tags must have keys of 1 to 64 characters: "${"x".repeat(65)}" has 65`],
      [{ tags: { a: "x".repeat(129) } }, 'tags must have values of at most 128 characters: the value of "a" has 129'],
      [{ tags: { a: true } }, 'tags must have string values: the value of "a" is of type boolean; write it in quotes'],
      ...["aliyun", "Aliyun-x", "acs:x", "ACS:"].map((key): [Record<string, unknown>, string] => [
        { tags: { [key]: "a" } },
        `tags must not have keys that start with "aliyun" or "acs:", which are the service's own: "${key}" does`,
      ]),
      [
        { tags: { "see http://x": "a" } },
        'tags must not have keys with "http://" or "https://" in them: "see http://x" does',
      ],
      [
        { tags: { see: "at HTTPS://x" } },
        'tags must not have values with "http://" or "https://" in them: the value of "see" does',
      ],
      [{ triggers: "x" }, "triggers must be an array: current value is of type string; write it in brackets"],
      [{ triggers: {} }, "triggers must be an array: current value is of type object; write it in brackets"],
      [
        { preflight: "no" },
        "preflight must be true or false: current value is of type string; write it without quotes",
      ],
      [{ dryRun: 0 }, "dryRun must be true or false: current value is of type number"],
      [{ agentTimeout: -1 }, "agentTimeout must be a whole number of seconds from 0 to 86400: current value is -1"],
      [
        { agentTimeout: 86_401 },
        "agentTimeout must be a whole number of seconds from 0 to 86400: current value is 86401",
      ],
      [{ waitTimeout: 0 }, "waitTimeout must be a whole number of seconds from 1 to 604800: current value is 0"],
      [
        { waitTimeout: 604_801 },
        "waitTimeout must be a whole number of seconds from 1 to 604800: current value is 604801",
      ],
      [{ onFailure: "ignore" }, 'onFailure must be one of "fail", "warn": current value is "ignore"'],
      [{ maxOutputBytes: -1 }, "maxOutputBytes must be a whole number of bytes from 0 to 24576: current value is -1"],
      [
        { maxOutputBytes: 24_577 },
        "maxOutputBytes must be a whole number of bytes from 0 to 24576: current value is 24577",
      ],
      [{ onDelete: "echo" }, "onDelete must be an object such as { commandContent }: current value is of type string"],
      [
        { onDelete: {} },
        "onDelete must hold either commandContent, the script, or commandId: it holds neither; write what is to run",
      ],
      [
        { onDelete: { commandContent: "echo", commandId: "c-1" } },
        "onDelete must hold either commandContent, the script, or commandId: it holds both; remove one",
      ],
      [
        { onDelete: { commandContent: "echo", workingDir: "/" } },
        'onDelete must hold nothing but commandContent, commandId, parameters, timeout: it holds "workingDir"; remove it',
      ],
      [
        { onDelete: { commandContent: "echo", timeout: 9 } },
        "onDelete is wrong: timeout must be a whole number of seconds, 10 or more: current value is 9",
      ],
      [
        { onDelete: { commandContent: "" } },
        "onDelete is wrong: commandContent must hold a script: it is empty; write what is to run",
      ],
      [
        { onDelete: { commandId: "", parameters: { a: 1 }, timeout: "30" } },
        'onDelete is wrong: commandId must have 1 to 255 characters: current value has 0; parameters must have string values: the value of "a" is of type number; write it in quotes; timeout must be a number: current value is of type string; write it without quotes',
      ],
      [
        { adopt: "hz0jdfwd9f" },
        'adopt must be the id of an invocation, such as "t-hz0jdfwd9f": current value is "hz0jdfwd9f"',
      ],
      [{ instanceId: ["i-1"] }, 'instanceId is not an input of Invocation; write "instanceIds"'],
      [{ WorkingDir: "/" }, 'WorkingDir is not an input of Invocation; write "workingDir"'],
      [{ parameter: {} }, 'parameter is not an input of Invocation; write "parameters"'],
      [{ schedule: "x" }, "schedule is not an input of Invocation; remove it"],
      [{ constructor: "x" }, "constructor is not an input of Invocation; remove it"],
    ]),
  )("%s", (_, inputs, reason) => {
    const [property] = reason.split(" ");
    const parsed = parse(inputs);
    expect(parsed.failures).toEqual([{ property, reason }]);
    expect(parsed.inputs).toBeUndefined();
  });
});

const INSIDE_A_CONTAINER = (name: string) =>
  `${name} must not be given for a command that runs in a container: the service ignores it there; remove ${name}`;

describe("refuses values that do not go together", () => {
  it.each(
    titled<[Record<string, unknown>, string]>([
      [
        { commandId: undefined },
        "commandContent must be given: write the script to run, or give commandId, the id of a command such as command.id",
      ],
      [
        { commandContent: "echo" },
        "commandId must not be given together with commandContent: one of them runs; remove the other",
      ],
      [
        { type: "RunShellScript" },
        "type must be given together with commandContent alone: a command has a type of its own; remove type",
      ],
      [
        { regionId: undefined },
        'regionId must be given: set it here, as "alicloud:region" in the stack configuration, or as ALIBABA_CLOUD_REGION in the environment',
      ],
      [{ instanceIds: undefined }, "instanceIds must be given: name the instances to run on, or give resourceTags"],
      [
        { resourceTags: { a: "b" } },
        "resourceTags must not be given together with instanceIds: the service takes one or the other; remove one",
      ],
      [
        { repeatMode: "Period" },
        'frequency must be given when repeatMode is "Period": write a schedule such as "0 0 2 * * ? Asia/Shanghai"',
      ],
      [
        { repeatMode: "Once", frequency: "rate(5m)" },
        'repeatMode must be "Period" or absent when frequency is given, since the service then runs it periodically whatever repeatMode says: current value is "Once"; remove one of the two',
      ],
      [
        { repeatMode: "EveryReboot", frequency: "rate(5m)" },
        'repeatMode must be "Period" or absent when frequency is given, since the service then runs it periodically whatever repeatMode says: current value is "EveryReboot"; remove one of the two',
      ],
      [{ timed: true }, "timed must not be true without a frequency: give one, or remove timed"],
      [
        { timed: false, frequency: "rate(5m)" },
        "timed must not be false when frequency is given: the service runs it periodically all the same; remove one of the two",
      ],
      [{ containerName: "web", username: "admin" }, INSIDE_A_CONTAINER("username")],
      [{ containerId: HEX64, workingDir: "/" }, INSIDE_A_CONTAINER("workingDir")],
      [{ containerId: HEX64, windowsPasswordName: "p" }, INSIDE_A_CONTAINER("windowsPasswordName")],
      [{ containerName: "web", username: UNKNOWN, workingDir: "/" }, INSIDE_A_CONTAINER("workingDir")],
      [
        { windowsPasswordName: "p" },
        "windowsPasswordName must be given together with username: it is the password of that Windows user",
      ],
      [
        { windowsPasswordName: "p", username: "system" },
        'windowsPasswordName must not be given when username is "system": this user needs none; remove windowsPasswordName',
      ],
      [
        { preflight: false, dryRun: true },
        "dryRun must not be true when preflight is false: it is part of preflight; remove one of the two",
      ],
    ]),
  )("%s", (_, inputs, reason) => {
    const [property] = reason.split(" ");
    expect(parse(inputs).failures).toEqual([{ property, reason }]);
  });
});

it("says everything that is wrong at once, each on its property", () => {
  const { failures } = parse({ commandId: "", timeout: 1, retries: 3, timed: true, dryRun: true, preflight: false });
  expect(failures.map(({ property }) => property)).toEqual(["commandId", "timeout", "retries", "timed", "dryRun"]);
});

it("does not judge a property again with others once it is wrong by itself", () => {
  const { failures } = parse({ frequency: 5, repeatMode: "Once", timed: false });
  expect(failures).toEqual([
    { property: "frequency", reason: "frequency must be a string: current value is of type number" },
  ]);
});

describe("unknown values", () => {
  const INPUTS_AND_SENTINELS = INPUT_NAMES.flatMap((name) => SENTINELS.map((sentinel) => [name, sentinel] as const));

  it.each(INPUTS_AND_SENTINELS)("%s = %s passes untouched", (name, sentinel) => {
    const base = name === "resourceTags" ? { ...SMALLEST, instanceIds: undefined } : SMALLEST;
    const parsed = parseInputs({ ...base, [name]: sentinel }, undefined);
    expect(parsed.failures).toEqual([]);
    expect(parsed.properties[name]).toBe(sentinel);
    expect(parsed.inputs).toBeUndefined();
  });

  it.each(SENTINELS)("%s passes inside a value", (sentinel) => {
    const nested = {
      instanceIds: ["i-1", sentinel],
      parameters: { env: sentinel, port: "80" },
      tags: { owner: sentinel },
      triggers: [{ of: [sentinel] }],
    };
    const parsed = parse(nested);
    expect(parsed.failures).toEqual([]);
    expect(parsed.properties).toMatchObject(nested);
    expect(parsed.inputs).toBeUndefined();
    const tagged = parse({ instanceIds: undefined, resourceTags: { role: sentinel } });
    expect(tagged.failures).toEqual([]);
    expect(tagged.properties.resourceTags).toEqual({ role: sentinel });
  });

  it("keeps every id that is not known, behind the known ones", () => {
    const { properties } = parse({ instanceIds: [UNKNOWN, "i-2", UNKNOWN, "i-1", "i-2"] });
    expect(properties.instanceIds).toEqual(["i-1", "i-2", UNKNOWN, UNKNOWN]);
  });

  it("leaves the repeat mode open while the frequency is", () => {
    expect(parse({ frequency: UNKNOWN }).properties).not.toHaveProperty("repeatMode");
  });

  it.each(
    titled<[Record<string, unknown>]>([
      [{ repeatMode: "Period", frequency: UNKNOWN }],
      [{ repeatMode: UNKNOWN, frequency: "rate(5m)" }],
      [{ timed: true, frequency: UNKNOWN }],
      [{ timed: UNKNOWN, frequency: "rate(5m)" }],
      [{ resourceTags: UNKNOWN }],
      [{ instanceIds: UNKNOWN, resourceTags: { a: "b" } }],
      [{ containerName: UNKNOWN, username: "admin", workingDir: "/" }],
      [{ containerName: "web", username: UNKNOWN }],
      [{ windowsPasswordName: UNKNOWN }],
      [{ windowsPasswordName: "p", username: UNKNOWN }],
      [{ preflight: UNKNOWN, dryRun: true }],
      [{ instanceIds: [...ids(100), UNKNOWN] }],
    ]),
  )("a rule over several waits in %s", (_, inputs) => {
    expect(parse(inputs).failures).toEqual([]);
  });

  it.each(
    titled<[Record<string, unknown>, string]>([
      [
        { instanceIds: [UNKNOWN, "web"] },
        'instanceIds must hold ids that start with "i-" or "mi-": "web" does not; pass the ids of instances, such as instance.id',
      ],
      [{ tags: { "": UNKNOWN } }, 'tags must have keys of 1 to 64 characters: "" has 0'],
      [{ parameters: { "": UNKNOWN } }, 'parameters must have names of 1 to 64 characters: "" has 0'],
    ]),
  )("what is known beside it is judged: %s", (_, inputs, reason) => {
    expect(parse(inputs).failures.map((failure) => failure.reason)).toEqual([reason]);
  });
});

describe("normalization", () => {
  it("takes the region of the configuration unless the program names one", () => {
    const { regionId, ...rest } = SMALLEST;
    expect(parseInputs(rest, "cn-beijing").inputs?.regionId).toBe("cn-beijing");
    expect(parseInputs(SMALLEST, "cn-beijing").inputs?.regionId).toBe(regionId);
  });

  it("names the setting of the front where no region is known", () => {
    const { regionId: _, ...rest } = SMALLEST;
    expect(parseInputs(rest, undefined, "cloudassistant:region").failures).toEqual([
      {
        property: "regionId",
        reason:
          'regionId must be given: set it here, as "cloudassistant:region" in the stack configuration, or as ALIBABA_CLOUD_REGION in the environment',
      },
    ]);
  });

  it("runs periodically whatever is left out, once a frequency is given", () => {
    expect(parse({ frequency: "rate(5m)" }).inputs?.repeatMode).toBe("Period");
  });

  it("drops what is undefined or null", () => {
    expect(parse({ username: undefined, timeout: null }).properties).toEqual({ ...SMALLEST, repeatMode: "Once" });
  });

  const instanceId = fc.stringMatching(/^m?i-[a-z0-9]{1,5}$/);
  const someInputs = fc.record(
    {
      commandId: fc.constant("c-1"),
      instanceIds: fc.array(instanceId, { minLength: 1, maxLength: 20 }),
      regionId: fc.constant("cn-hangzhou"),
      frequency: fc.constantFrom("rate(5m)", "0 0 2 * * ?"),
      timeout: fc.integer({ min: 10, max: 100 }),
      parameters: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string(), { maxKeys: 10 }),
      triggers: fc.array(fc.jsonValue()),
    },
    { requiredKeys: ["commandId", "instanceIds", "regionId"] },
  );

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(someInputs, (raw) => {
        const once = parseInputs(raw, undefined);
        expect(once.failures).toEqual([]);
        expect(parseInputs(once.properties, undefined)).toEqual(once);
      }),
    );
  });

  it("finds no meaning in order and repetition of ids", () => {
    const shuffled = fc
      .array(instanceId, { minLength: 1, maxLength: 20 })
      .chain((some) =>
        fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: some.length * 2 })),
      );
    fc.assert(
      fc.property(shuffled, ([some, again]) => {
        expect(parse({ instanceIds: again })).toEqual(parse({ instanceIds: some }));
      }),
    );
  });

  it("leaves what it was given as it is", () => {
    const raw = Object.freeze({ ...SMALLEST, instanceIds: Object.freeze(["i-2", "i-1"]) });
    expect(parseInputs(raw, undefined).inputs?.instanceIds).toEqual(["i-1", "i-2"]);
    expect(raw.instanceIds).toEqual(["i-2", "i-1"]);
  });
});

it("names no parameter's value, however wrong the parameters are", () => {
  const secret = fc.stringMatching(/^s3cret-[A-Z]{12}$/);
  const wrong = fc.oneof(
    secret,
    secret.map((text) => [text]),
    secret.map((text) => ({ env: { text } })),
    secret.map((text) => ({ Env: text, env: text })),
    secret.map((text) => ({ "": text })),
    secret.map((text) => Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${i}`, text]))),
  );
  fc.assert(
    fc.property(wrong, (parameters) => {
      const { failures } = parse({ parameters });
      expect(failures).toHaveLength(1);
      expect(JSON.stringify(failures)).not.toContain("s3cret");
    }),
  );
});

it("never throws, whatever it is given", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...INPUT_NAMES), fc.jsonValue()), (raw) => {
      const { inputs, failures } = parseInputs(raw, "cn-hangzhou");
      expect(inputs === undefined || failures.length === 0).toBe(true);
    }),
  );
});

it.each([
  ["System", true],
  ["SYSTEM", true],
  ["root", false],
  ["", false],
  [undefined, false],
])("the system's own user: %j is %j", (username, expected) => {
  expect(isSystemUser(username)).toBe(expected);
});

describe("a script", () => {
  const SCRIPT = { ...SMALLEST, commandId: undefined, commandContent: "echo" };

  it("is one for a shell where nothing else is said", () => {
    expect(parse(SCRIPT).properties.type).toBe("RunShellScript");
    expect(parse({ ...SCRIPT, type: "RunBatScript" }).properties.type).toBe("RunBatScript");
    expect(parse(SMALLEST).properties.type).toBeUndefined();
  });

  it.each([
    ["a command that is not known yet", { commandId: UNKNOWN, commandContent: "echo" }],
    ["a script that is not known yet", { commandId: "c-1", commandContent: UNKNOWN }],
  ])("with %s beside it is not judged", (_, inputs) => {
    expect(parse({ ...SMALLEST, ...inputs }).failures).toEqual([]);
  });
});
