import fc from "fast-check";
import type { InputFailure } from "../../../provider/rules/declaration";
import type { AgentFact, CommandFact, Facts, InstanceFact, ParameterFact } from "../../../provider/rules/facts";
import type { InvocationInputs } from "../../../provider/rules/inputs";
import { checkPreflight, effectiveTimeoutSeconds, type Preflight, substitute } from "../../../provider/rules/preflight";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const MINUTE_MS = 60_000;

const INPUTS: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Once",
};

const COMMAND: CommandFact = {
  commandId: "c-1",
  type: "RunShellScript",
  content: "echo hello",
  contentBytes: 10,
  timeout: 60,
  enableParameter: false,
  parameterNames: [],
  parameterDefinitions: [],
};

const instance = (instanceId: string, fields: Partial<InstanceFact> = {}): InstanceFact => ({
  instanceId,
  status: "Running",
  osType: "linux",
  networkType: "vpc",
  startTime: "2026-01-01T00:00Z",
  ...fields,
});

const agent = (instanceId: string, fields: Partial<AgentFact> = {}): AgentFact => ({
  instanceId,
  online: true,
  version: "2.2.3.857",
  lastHeartbeatTime: "2026-11-24T11:59:30Z",
  osType: "Linux",
  ...fields,
});

interface Scene {
  inputs?: Partial<InvocationInputs>;
  command?: Partial<CommandFact>;
  /** What differs from two running Linux machines with a new agent; null where there is none. */
  instances?: Record<string, Partial<InstanceFact> | null>;
  agents?: Record<string, Partial<AgentFact> | null>;
}

function factsOf({ command, instances = {}, agents = {} }: Scene, ids: readonly string[]): Facts {
  return {
    command: { ...COMMAND, contentBytes: Buffer.byteLength(command?.content ?? COMMAND.content), ...command },
    instances: new Map(
      ids
        .filter((id) => instances[id] !== null && !id.startsWith("mi-"))
        .map((id) => [id, instance(id, instances[id] ?? {})]),
    ),
    agents: new Map(ids.filter((id) => agents[id] !== null).map((id) => [id, agent(id, agents[id] ?? {})])),
  };
}

function preflight(scene: Scene): Preflight {
  const inputs = { ...INPUTS, ...scene.inputs };
  return checkPreflight(inputs, factsOf(scene, inputs.instanceIds ?? []), NOW);
}

const refuses = (property: string, rest: string): InputFailure => ({ property, reason: `${property} ${rest}` });
const cannot = (rest: string) => refuses("instanceIds", `must name instances that can run the command, but ${rest}`);

it("finds nothing wrong with what is right", () => {
  expect(preflight({})).toEqual({ failures: [], warnings: [], notReady: [], lowestAgentVersion: "2.2.3.857" });
});

it("applies no rule to what it was not allowed to ask", () => {
  const nothing = { failures: [], warnings: [], notReady: [] };
  expect(checkPreflight(INPUTS, {}, NOW)).toEqual(nothing);
  expect(checkPreflight({ ...INPUTS, parameters: { a: "b" }, username: "admin" }, {}, NOW)).toEqual(nothing);
  const { instanceIds, ...tagged } = INPUTS;
  expect(checkPreflight({ ...tagged, resourceTags: { a: "b" } }, factsOf({}, []), NOW)).toEqual(nothing);
});

it("refuses a command that does not exist, and judges the machines all the same", () => {
  const facts: Facts = { ...factsOf({ instances: { "i-1": { status: "Stopped" } } }, ["i-1", "i-2"]), command: null };
  expect(checkPreflight(INPUTS, facts, NOW).failures).toEqual([
    refuses(
      "commandId",
      'must name a command that exists: there is no "c-1" in region "cn-hangzhou"; create it there first, or correct the id',
    ),
    cannot('1 of 2 cannot: "i-1" is Stopped, not Running; start it first'),
  ]);
});

describe("machines", () => {
  const both = <T>(fields: T) => ({ "i-1": fields, "i-2": fields });

  it.each<[string, Scene, string[]]>([
    [
      "one does not exist",
      { instances: { "i-2": null }, agents: { "i-2": null } },
      ['1 of 2 cannot: "i-2" does not exist in region "cn-hangzhou"; correct the id or the region'],
    ],
    [
      "both do not exist",
      { instances: both(null), agents: both(null) },
      ['2 of 2 cannot: "i-1", "i-2" do not exist in region "cn-hangzhou"; correct the ids or the region'],
    ],
    [
      "one is in the classic network",
      { instances: { "i-1": { networkType: "classic" } } },
      ['1 of 2 cannot: "i-1" is in the classic network, and Cloud Assistant needs a VPC; move it'],
    ],
    [
      "both are in the classic network",
      { instances: both({ networkType: "classic" as const }) },
      ['2 of 2 cannot: "i-1", "i-2" are in the classic network, and Cloud Assistant needs a VPC; move them'],
    ],
    [
      "one is stopped",
      { instances: { "i-1": { status: "Stopped" } } },
      ['1 of 2 cannot: "i-1" is Stopped, not Running; start it first'],
    ],
    [
      "both are stopping",
      { instances: both({ status: "Stopping" }) },
      ['2 of 2 cannot: "i-1", "i-2" are Stopping, not Running; start them first'],
    ],
    [
      "one has no agent",
      { agents: { "i-1": { online: false, version: "" } } },
      [
        '1 of 2 cannot: "i-1" has no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it',
      ],
    ],
    [
      "both are unknown to Cloud Assistant",
      { agents: both(null) },
      [
        '2 of 2 cannot: "i-1", "i-2" have no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it',
      ],
    ],
    [
      "one has an agent that is silent",
      { agents: { "i-1": { online: false, lastHeartbeatTime: "2026-11-24T09:14:00Z" } } },
      [
        '1 of 2 cannot: "i-1" has a Cloud Assistant agent without a heartbeat since 2026-11-24T09:14:00Z; restart the agent, and check the network of the instance',
      ],
    ],
    [
      "both have an agent that was never heard",
      { agents: both({ online: false, lastHeartbeatTime: "" }) },
      [
        '2 of 2 cannot: "i-1", "i-2" have a Cloud Assistant agent without a heartbeat; restart the agent, and check the network of the instances',
      ],
    ],
    [
      "a Shell command and Windows",
      { instances: { "i-1": { osType: "windows" } } },
      ['1 of 2 cannot: "i-1" runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there'],
    ],
    [
      "a PowerShell command and Linux",
      { command: { type: "RunPowerShellScript" } },
      ['2 of 2 cannot: "i-1", "i-2" run Linux, and the command is a RunPowerShellScript; use a RunShellScript there'],
    ],
    [
      "a Bat command and Linux",
      { command: { type: "RunBatScript" }, instances: { "i-1": { osType: "windows" } } },
      ['1 of 2 cannot: "i-2" runs Linux, and the command is a RunBatScript; use a RunShellScript there'],
    ],
    [
      "a managed machine with the wrong system",
      { inputs: { instanceIds: ["mi-1"] }, agents: { "mi-1": { osType: "Windows", version: "2.1.3.857" } } },
      [
        '1 of 1 cannot: "mi-1" runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there',
      ],
    ],
    [
      "a managed machine without an agent",
      { inputs: { instanceIds: ["mi-1"] }, agents: { "mi-1": null } },
      [
        '1 of 1 cannot: "mi-1" has no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it',
      ],
    ],
    ["a machine that only Cloud Assistant knows yet", { instances: { "i-1": null } }, []],
    [
      "a machine that only Cloud Assistant knows, and that is silent",
      { instances: { "i-1": null }, agents: { "i-1": { online: false, lastHeartbeatTime: "" } } },
      [
        '1 of 2 cannot: "i-1" has a Cloud Assistant agent without a heartbeat; restart the agent, and check the network of the instance',
      ],
    ],
    ["a managed machine that is well", { inputs: { instanceIds: ["mi-1"] } }, []],
    [
      "each for its own reason",
      { instances: { "i-1": null, "i-2": { status: "Stopped" } }, agents: { "i-1": null } },
      [
        '1 of 2 cannot: "i-1" does not exist in region "cn-hangzhou"; correct the id or the region',
        '1 of 2 cannot: "i-2" is Stopped, not Running; start it first',
      ],
    ],
  ])("%s", (_, scene, reasons) => {
    expect(preflight(scene).failures).toEqual(reasons.map(cannot));
  });

  const silent = { online: false, version: "" };
  const started = (agoMs: number) => new Date(NOW - agoMs).toISOString();

  it.each<[string, Scene, Preflight["notReady"]]>([
    ["is pending", { instances: { "i-1": { status: "Pending" } } }, [{ instanceId: "i-1", reason: "is Pending" }]],
    [
      "is starting without an agent",
      { instances: { "i-1": { status: "Starting" } }, agents: { "i-1": null } },
      [{ instanceId: "i-1", reason: "is Starting" }],
    ],
    [
      "has just started",
      { instances: { "i-1": { startTime: started(10 * MINUTE_MS - 1) } }, agents: { "i-1": silent } },
      [{ instanceId: "i-1", reason: "has started, but its Cloud Assistant agent has not reported yet" }],
    ],
    [
      "has just started and is not known to Cloud Assistant",
      { instances: { "i-1": { startTime: started(0) } }, agents: { "i-1": null } },
      [{ instanceId: "i-1", reason: "has started, but its Cloud Assistant agent has not reported yet" }],
    ],
  ])("waits for a machine that %s", (_, scene, notReady) => {
    expect(preflight(scene)).toMatchObject({ failures: [], notReady });
  });

  it("does not wait for a machine that started ten minutes ago", () => {
    const scene = { instances: { "i-1": { startTime: started(10 * MINUTE_MS) } }, agents: { "i-1": silent } };
    expect(preflight(scene)).toMatchObject({ failures: [{ property: "instanceIds" }], notReady: [] });
  });

  it("does not wait for a machine that can never run the command", () => {
    const scene = { instances: { "i-1": { status: "Pending", osType: "windows" as const } } };
    expect(preflight(scene)).toMatchObject({ failures: [{ property: "instanceIds" }], notReady: [] });
  });

  it("knows the lowest version only when every agent has told its own", () => {
    expect(preflight({ agents: { "i-2": { version: "2.2.3.300" } } }).lowestAgentVersion).toBe("2.2.3.300");
    expect(preflight({ agents: { "i-2": null } })).not.toHaveProperty("lowestAgentVersion");
  });

  it("tells a lower Linux agent beside a Windows one of the same age", () => {
    const scene = { agents: { "i-1": { version: "2.1.3.600" }, "i-2": { version: "2.2.3.300" } } };
    expect(preflight(scene).lowestAgentVersion).toBe("2.2.3.300");
  });
});

describe("agent versions", () => {
  const old = (version: string) => ({ "i-1": { version } });
  const needs = (version: string, feature: string, minimum: string) => [
    cannot(
      `1 of 2 cannot: "i-1" has agent ${version}, too old for ${feature}, which came with ${minimum}; upgrade the agent`,
    ),
  ];

  it.each<[string, Scene, string, string, string]>([
    [
      "reboot",
      { inputs: { repeatMode: "NextRebootOnly" } },
      "repeatMode NextRebootOnly and EveryReboot",
      "2.2.0.45",
      "2.2.0.46",
    ],
    [
      "reboot",
      { inputs: { repeatMode: "EveryReboot" } },
      "repeatMode NextRebootOnly and EveryReboot",
      "2.2.0.45",
      "2.2.0.46",
    ],
    ["user", { inputs: { username: "admin" } }, "username", "2.2.0.105", "2.2.0.106"],
    ["rate", { inputs: { frequency: "rate(5m)" } }, "rate(), at(), and a cron year or zone", "2.2.3.281", "2.2.3.282"],
    [
      "at",
      { inputs: { frequency: " AT(2030-01-01 00:00:00)" } },
      "rate(), at(), and a cron year or zone",
      "2.2.3.281",
      "2.2.3.282",
    ],
    [
      "zone",
      { inputs: { frequency: "0 0 2 * * ? UTC" } },
      "rate(), at(), and a cron year or zone",
      "2.2.3.281",
      "2.2.3.282",
    ],
    [
      "built-in",
      { command: { content: "echo {{ACS::InstanceId}}" } },
      "built-in parameters such as {{ACS::InstanceId}}",
      "2.2.3.308",
      "2.2.3.309",
    ],
    [
      "name",
      { command: { content: "echo {{ACS::InstanceName}}" } },
      "the built-in parameter {{ACS::InstanceName}}",
      "2.2.3.343",
      "2.2.3.344",
    ],
    ["container", { inputs: { containerName: "web" } }, "containers", "2.2.3.343", "2.2.3.344"],
  ])("%s: %j needs %s", (_, scene, feature, tooOld, minimum) => {
    expect(preflight({ ...scene, agents: old(tooOld) }).failures).toEqual(needs(tooOld, feature, minimum));
    expect(preflight({ ...scene, agents: old(minimum) }).failures).toEqual([]);
  });

  it("are no matter to a plain cron schedule", () => {
    expect(preflight({ inputs: { frequency: "0 0 2 * * ? " }, agents: old("2.2.0.1") }).failures).toEqual([]);
  });

  it("are counted apart on Windows", () => {
    const windows = (version: string): Scene => ({
      inputs: { instanceIds: ["i-1"], repeatMode: "EveryReboot" },
      command: { type: "RunBatScript" },
      instances: { "i-1": { osType: "windows" } },
      agents: { "i-1": { osType: "Windows", version } },
    });
    expect(preflight(windows("2.1.0.50")).failures).toEqual([]);
    expect(preflight(windows("2.1.0.49")).failures).toEqual([
      cannot(
        '1 of 1 cannot: "i-1" has agent 2.1.0.49, too old for repeatMode NextRebootOnly and EveryReboot, which came with 2.1.0.50; upgrade the agent',
      ),
    ]);
  });
});

describe("containers", () => {
  it.each<[Scene, InputFailure[]]>([
    [{ inputs: { containerName: "web" } }, []],
    [{ inputs: { containerId: "docker://1" }, command: { content: "echo\n#!/bin/sh" } }, []],
    [
      { inputs: { containerName: "web" }, command: { content: "#!/bin/sh\necho" } },
      [
        refuses(
          "containerName",
          'must not be given for a command that starts with "#!", as command "c-1" does: the service runs no such script in a container; remove that line, or remove containerName',
        ),
      ],
    ],
    [
      {
        inputs: { containerId: "docker://1", instanceIds: ["i-1"] },
        command: { type: "RunBatScript" },
        instances: { "i-1": { osType: "windows" } },
        agents: { "i-1": { osType: "Windows", version: "2.1.3.857" } },
      },
      [
        refuses(
          "containerId",
          'must not be given for a RunBatScript, which command "c-1" is: only a RunShellScript runs in a container; use one, or remove containerId',
        ),
        cannot(
          '1 of 1 cannot: "i-1" runs Windows, where Cloud Assistant has no containers; run the command on Linux only',
        ),
      ],
    ],
  ])("%j", (scene, failures) => {
    expect(preflight(scene).failures).toEqual(failures);
  });
});

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ["/srv/app", true],
  ["C:\\app", true],
  ["\\\\host\\share", true],
  ["~/app", false],
  ["$HOME/app", false],
  ["app", false],
])("the folder %j begins at the root: %j", (workingDir, isRooted) => {
  const { warnings } = preflight({ inputs: workingDir === undefined ? {} : { workingDir } });
  expect(warnings).toEqual(
    isRooted
      ? []
      : [
          `workingDir must begin at the root, since the agent takes it as it stands and expands neither ~ nor variables: current value is "${workingDir}"; write the whole path, or use cd in the script`,
        ],
  );
});

describe("the password of a Windows user", () => {
  const windows = { osType: "windows" as const };
  const onWindows = (inputs: Partial<InvocationInputs>, ids = ["i-1"]): Scene => ({
    inputs: { instanceIds: ids, ...inputs },
    command: { type: "RunPowerShellScript" },
    instances: Object.fromEntries(ids.map((id) => [id, windows])),
    agents: Object.fromEntries(ids.map((id) => [id, { osType: "Windows", version: "2.1.3.857" }])),
  });
  const missing = (rest: string) => [refuses("windowsPasswordName", `must be given for a user on Windows: ${rest}`)];
  const REMEDY = "name the encrypted OOS parameter that holds it, or remove username";

  it.each<[string, Scene, InputFailure[], string[]]>([
    ["no user", onWindows({}), [], []],
    ["the system's own user", onWindows({ username: "System" }), [], []],
    ["a user with a password", onWindows({ username: "admin", windowsPasswordName: "p" }), [], []],
    [
      "a user without one",
      onWindows({ username: "admin" }),
      missing(`"i-1" runs Windows, where user "admin" needs a password; ${REMEDY}`),
      [],
    ],
    [
      "a user without one on several",
      onWindows({ username: "admin" }, ["i-1", "i-2"]),
      missing(`"i-1", "i-2" run Windows, where user "admin" needs a password; ${REMEDY}`),
      [],
    ],
    ["a user on Linux", { inputs: { username: "admin" } }, [], []],
    [
      "a password on Linux",
      { inputs: { username: "admin", windowsPasswordName: "p" } },
      [],
      ["windowsPasswordName is not used, since every instance runs Linux; remove it"],
    ],
  ])("%s", (_, scene, failures, warnings) => {
    expect(preflight(scene)).toMatchObject({ failures, warnings });
  });
});

describe("parameters", () => {
  const defined = (name: string, fields: Partial<ParameterFact> = {}): ParameterFact => ({
    name,
    required: true,
    possibleValues: [],
    ...fields,
  });
  const scene = (parameters: Record<string, string> | undefined, definitions: ParameterFact[]): Scene => ({
    inputs: parameters ? { parameters } : {},
    command: {
      content: definitions.map(({ name }) => `{{${name}}}`).join(" "),
      enableParameter: true,
      parameterNames: definitions.map(({ name }) => name),
      parameterDefinitions: definitions,
    },
  });

  it.each<[string, Scene, string[], string[]]>([
    ["none needed, none given", scene(undefined, []), [], []],
    ["all given", scene({ env: "blue" }, [defined("env")]), [], []],
    ["an empty value", scene({ env: "" }, [defined("env")]), [], []],
    ["one with a default left out", scene({}, [defined("env", { defaultValue: "blue" })]), [], []],
    [
      "one that is not required left out",
      scene({}, [defined("env", { required: false })]),
      [],
      [
        'parameters lack "env", for which command "c-1" has no default: it runs without a value there; add it unless that is meant',
      ],
    ],
    ["one whose default is empty left out", scene({}, [defined("env", { required: false, defaultValue: "" })]), [], []],
    [
      "several without a definition left out",
      {
        command: { content: "{{env}} {{port}}", enableParameter: true, parameterNames: ["env", "port"] },
        inputs: {},
      },
      [],
      [
        'parameters lack "env", "port", for which command "c-1" has no default: it runs without values there; add them unless that is meant',
      ],
    ],
    [
      "one left out",
      scene({}, [defined("env")]),
      ['must hold every parameter that the command requires: "env" is missing; add it'],
      [],
    ],
    [
      "several left out",
      scene(undefined, [defined("env"), defined("port")]),
      ['must hold every parameter that the command requires: "env", "port" are missing; add them'],
      [],
    ],
    [
      "one too many",
      scene({ env: "s3cret", prot: "s3cret" }, [defined("env"), defined("port", { defaultValue: "80" })]),
      [
        'must hold only what the command defines: "prot" is not among "env", "port"; correct the spelling, or remove it',
      ],
      [],
    ],
    [
      "several too many for a command with none",
      scene({ a: "s3cret", b: "s3cret" }, []),
      [
        'must hold only what the command defines: "a", "b" are not among its parameters, as it has none; correct the spelling, or remove them',
      ],
      [],
    ],
    [
      "another spelling",
      scene({ Env: "s3cret" }, [defined("env")]),
      [],
      ['parameter "Env" is spelled "env" in command "c-1", which the service takes for the same; spell it that way'],
    ],
    ["a possible value", scene({ env: "blue" }, [defined("env", { possibleValues: ["blue", "green"] })]), [], []],
    [
      "an impossible value",
      scene({ env: "s3cret" }, [defined("env", { possibleValues: ["blue", "green"] })]),
      ['must hold a value that the command allows for "env": it allows "blue", "green"; correct the value'],
      [],
    ],
    [
      "an impossible value under another spelling",
      scene({ ENV: "s3cret" }, [defined("env", { possibleValues: ["blue"] })]),
      ['must hold a value that the command allows for "env": it allows "blue"; correct the value'],
      ['parameter "ENV" is spelled "env" in command "c-1", which the service takes for the same; spell it that way'],
    ],
    [
      "a default that its own definition does not allow",
      scene({}, [defined("env", { defaultValue: "red", possibleValues: ["blue"], patternRegex: "b.*" })]),
      [],
      [],
    ],
    ["a value of the pattern", scene({ port: "8080" }, [defined("port", { patternRegex: "\\d+" })]), [], []],
    [
      "a value only a part of which is of the pattern",
      scene({ port: "s3cret8080" }, [defined("port", { patternRegex: "\\d+" })]),
      ['must hold a value for "port" that matches the pattern of the command, \\d+; correct the value'],
      [],
    ],
    [
      "a pattern that nobody here can read",
      scene({ port: "x" }, [defined("port", { patternRegex: "(?P<x>" })]),
      [],
      [],
    ],
    [
      "parameters for a command that takes none",
      { inputs: { parameters: { env: "s3cret" } } },
      [
        'must not be given for a command that takes none: command "c-1" was created without EnableParameter; set enableParameter on it, or remove parameters',
      ],
      [],
    ],
    ["an empty map for a command that takes none", { inputs: { parameters: {} } }, [], []],
  ])("%s", (_, { inputs = {}, command = {} }, reasons, warnings) => {
    const judged = preflight({ inputs, command });
    expect(judged.failures).toEqual(reasons.map((reason) => refuses("parameters", reason)));
    expect(judged.warnings).toEqual(warnings);
    expect(JSON.stringify(judged)).not.toContain("s3cret");
  });

  it("are named in no message by their values", () => {
    const secret = fc.stringMatching(/^s3cret-[a-z]{8}$/);
    const definitions = fc.constantFrom<ParameterFact[][]>(
      [defined("env", { possibleValues: ["blue"] })],
      [defined("env", { patternRegex: "\\d" })],
      [defined("ENV")],
      [defined("other")],
      [],
    );
    fc.assert(
      fc.property(secret, definitions, fc.boolean(), (value, some, enableParameter) => {
        const { inputs = {}, command = {} } = scene({ env: value }, some);
        expect(JSON.stringify(preflight({ inputs, command: { ...command, enableParameter } }))).not.toContain(value);
      }),
    );
  });
});

describe("size", () => {
  const MAX = 24 * 1024;
  const tooLong = (bytes: number) =>
    refuses(
      "commandId",
      `must name a command of at most 24576 bytes, once its parameters are put in and it is encoded as Base64: it has ${bytes}; shorten it, or fetch the long part on the machine`,
    );

  it.each([
    [(MAX / 4) * 3, []],
    [(MAX / 4) * 3 + 1, [tooLong(MAX + 4)]],
  ])("%i bytes of content", (bytes, failures) => {
    expect(preflight({ command: { content: "x".repeat(bytes) } }).failures).toEqual(failures);
  });

  it.each([
    [(MAX / 4) * 3, []],
    [(MAX / 4) * 3 + 1, [tooLong(MAX + 4)]],
  ])("%i bytes of parameters put in", (bytes, failures) => {
    const scene: Scene = {
      inputs: { parameters: { text: "é".repeat(Math.floor(bytes / 2)) + "x".repeat(bytes % 2) } },
      command: {
        content: "{{text}}",
        enableParameter: true,
        parameterNames: ["text"],
        parameterDefinitions: [{ name: "text", required: true, possibleValues: [] }],
      },
    };
    expect(preflight(scene).failures).toEqual(failures);
  });
});

describe("bytes that are no text", () => {
  const gbk = (characters: number) => ({ content: "\ufffd".repeat(2 * characters), contentBytes: 2 * characters });

  it("are counted as they came", () => {
    expect(preflight({ command: gbk(6_800) })).toMatchObject({ failures: [], warnings: [] });
    expect(preflight({ command: gbk(9_217) }).failures).toMatchObject([{ property: "commandId" }]);
  });

  it("grow by the parameters that are put in between them", () => {
    const { content, contentBytes } = gbk(9_000);
    const command = {
      content: `${content}{{x}}`,
      contentBytes: contentBytes + 5,
      enableParameter: true,
      parameterNames: ["x"],
    };
    const sized = (bytes: number) => preflight({ command, inputs: { parameters: { x: "y".repeat(bytes) } } }).failures;
    expect(sized(432)).toEqual([]);
    expect(sized(433)).toMatchObject([{ property: "commandId" }]);
  });
});

// [bytes of content, bytes after Base64 in the warning]
it.each([
  [13_824, undefined],
  [13_825, 18_436],
  [18_432, 24_576],
])("%i bytes of content: a warning of %j", (bytes, encoded) => {
  const warnings =
    encoded === undefined
      ? []
      : [
          `command "c-1" has ${encoded} bytes, once its parameters are put in and it is encoded as Base64; above 18432 some regions were seen to refuse it: shorten it, or fetch the long part on the machine`,
        ];
  expect(preflight({ command: { content: "x".repeat(bytes) } })).toMatchObject({ failures: [], warnings });
});

describe("what is not known yet", () => {
  const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const takes = (content: string): Partial<CommandFact> => ({
    content,
    enableParameter: true,
    parameterNames: ["word"],
    parameterDefinitions: [{ name: "word", required: true, possibleValues: ["a"] }],
  });

  it.each<[string, Partial<InvocationInputs>, Partial<CommandFact>]>([
    ["parameters", { parameters: UNKNOWN as never }, takes("{{word}}")],
    ["a value", { parameters: { word: UNKNOWN } }, takes("{{word}}")],
    ["a value in a long command", { parameters: { word: UNKNOWN } }, takes(`${"x".repeat(13_800)}{{word}}`)],
    ["the user", { username: UNKNOWN, instanceIds: ["i-win"] }, { type: "RunBatScript" }],
    ["the password", { windowsPasswordName: UNKNOWN }, {}],
    ["the container", { containerName: UNKNOWN }, { content: "#!/bin/sh\ntrue" }],
    ["the launcher", { launcher: UNKNOWN }, { content: "exit 194" }],
    ["the schedule", { frequency: UNKNOWN }, {}],
    ["the machines", { instanceIds: UNKNOWN as never }, {}],
    ["one of the machines", { instanceIds: ["i-1", UNKNOWN] }, {}],
  ])("%s refuses nothing and warns of nothing", (_, inputs, command) => {
    const windows = { "i-win": { osType: "windows" as const } };
    const agents = { "i-win": { version: "2.1.3.857", osType: "Windows" }, "i-1": { version: "2.2.0.46" } };
    const ids = ["i-1", "i-2", "i-win"];
    const facts = factsOf({ command, instances: windows, agents }, ids);
    expect(checkPreflight({ ...INPUTS, ...inputs }, facts, NOW)).toMatchObject({ failures: [], warnings: [] });
  });

  it("of parameters leaves the names that are known", () => {
    const scene = { inputs: { parameters: { wrod: UNKNOWN } }, command: takes("{{word}}") };
    expect(preflight(scene).failures.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('"wrod" is not among "word"'),
      expect.stringContaining('"word" is missing'),
    ]);
  });

  it("of a timeout leaves the command's", () => {
    expect(effectiveTimeoutSeconds({ ...INPUTS, timeout: UNKNOWN as never }, { ...COMMAND, timeout: 3600 })).toBe(3600);
  });
});

it("warns of what the script hardly means", () => {
  const scene: Scene = { command: { content: "exit 194" } };
  expect(preflight(scene)).toMatchObject({
    failures: [],
    warnings: [
      'command "c-1" exits with code 194 in line 1, at which the agent restarts the instance; use another code unless that is meant',
    ],
  });
  expect(preflight({ ...scene, inputs: { launcher: "python3" } }).warnings).toEqual([]);
});

it.each<[InvocationInputs["timeout"], Partial<CommandFact> | null | undefined, number]>([
  [10, { timeout: 3600 }, 10],
  [undefined, { timeout: 3600 }, 3600],
  [undefined, { timeout: 0 }, 60],
  [undefined, null, 60],
  [undefined, undefined, 60],
])("with timeout %j and command %j a run is ended after %i s", (timeout, command, seconds) => {
  const inputs = timeout === undefined ? INPUTS : { ...INPUTS, timeout };
  expect(effectiveTimeoutSeconds(inputs, command && { ...COMMAND, ...command })).toBe(seconds);
});

it.each<[string, Record<string, string>, string]>([
  ["{{env}} {{ENV}}", { Env: "blue" }, "blue blue"],
  ["{{port}}", {}, "80"],
  ["{{port}}", { port: "" }, ""],
  ["{{gone}} {{ACS::InstanceId}}", {}, "{{gone}} {{ACS::InstanceId}}"],
])("%j with %j runs as %j", (content, given, text) => {
  const definitions = [{ name: "port", required: true, defaultValue: "80", possibleValues: [] }];
  expect(substitute({ ...COMMAND, content, parameterDefinitions: definitions }, given)).toBe(text);
});
