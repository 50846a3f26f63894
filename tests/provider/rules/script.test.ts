import type { InvocationInputs } from "../../../provider/rules/inputs";
import { checkPreflight } from "../../../provider/rules/preflight";
import { formatRequest, makeRun, nameCommand } from "../../../provider/rules/run";
import { describeScript, enablesParameters } from "../../../provider/rules/script";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const script = (commandContent: string, more: Partial<InvocationInputs> = {}): InvocationInputs => ({
  commandContent,
  type: "RunShellScript",
  instanceIds: ["i-1"],
  regionId: "cn-hangzhou",
  repeatMode: "Once",
  ...more,
});

const judge = (inputs: InvocationInputs) => {
  const command = describeScript(inputs);
  return checkPreflight(inputs, command === undefined ? {} : { command }, 0);
};

describe("parameters are enabled", () => {
  it.each<[string, Record<string, string> | undefined, boolean]>([
    ["echo hello", undefined, false],
    ["docker ps --format '{{.Names}} {{name}}'", undefined, false],
    ["docker ps --format '{{.Names}}'", {}, false],
    ["echo {{name}}", { name: "" }, true],
    ["echo {{ACS::InstanceId}}", undefined, true],
    ["echo {{ ACS::InstanceId }}", undefined, true],
    ["echo {{acs::InstanceId}}", undefined, false],
  ])("%s with %j: %s", (commandContent, parameters, enabled) => {
    expect(enablesParameters({ commandContent, ...(parameters ? { parameters } : {}) })).toBe(enabled);
    const request = formatRequest(makeRun(script(commandContent, parameters ? { parameters } : {})));
    expect(request.EnableParameter).toBe(String(enabled));
  });
});

it("is sent as the bytes that were given, and no command is kept", () => {
  const content = "\ufeff#!/bin/sh\r\necho 'ü\u0000'\n";
  const { CommandContent, ...request } = formatRequest(makeRun(script(content)));
  expect(Buffer.from(String(CommandContent), "base64")).toEqual(Buffer.from(content));
  expect(request).toEqual({
    ContentEncoding: "Base64",
    Type: "RunShellScript",
    KeepCommand: "false",
    EnableParameter: "false",
    InstanceId: ["i-1"],
    RepeatMode: "Once",
  });
});

it("is called the script", () => {
  expect([nameCommand(script("echo")), nameCommand({ commandId: "c-1" })]).toEqual(["the script", 'command "c-1"']);
});

it.each<[string, Partial<InvocationInputs>]>([
  ["its text", { commandContent: UNKNOWN }],
  ["its type", { type: UNKNOWN as never }],
])("says nothing as long as %s is not known", (_, inputs) => {
  expect(judge(script("echo {{.a}}", { parameters: { b: "" }, ...inputs }))).toMatchObject({
    failures: [],
    warnings: [],
  });
});

it("says nothing of parameters that are not known yet", () => {
  expect(judge(script("echo {{a}}", { parameters: UNKNOWN as never }))).toMatchObject({ failures: [], warnings: [] });
});

// [script, the other inputs, refusals, warnings]
it.each<[string, Partial<InvocationInputs>, string[], string[]]>([
  ["echo {{name}}", { parameters: { name: "a" } }, [], []],
  ["echo {{ACS::InstanceId}} {{oos-secret:key}}", {}, [], []],
  [
    "echo {{name}}",
    {},
    [],
    [
      "the script holds {{name}}, but parameters hold no value, so nothing is put in there; add values unless it is meant as it stands",
    ],
  ],
  [
    "echo {{name}} {{other}}",
    { parameters: { name: "a" } },
    [],
    [
      'parameters lack "other", for which the script has no default: it runs without a value there; add it unless that is meant',
    ],
  ],
  [
    "echo {{name}}",
    { parameters: { nam: "a" } },
    [
      'parameters must hold only what stands in {{…}} in the script: "nam" is not among "name"; correct the spelling, or remove it',
    ],
    [
      'parameters lack "name", for which the script has no default: it runs without a value there; add it unless that is meant',
    ],
  ],
  [
    "echo",
    { parameters: { name: "a" } },
    [
      'parameters must hold only what stands in {{…}} in the script: "name" is not among its parameters, as it has none; correct the spelling, or remove it',
    ],
    [],
  ],
  [
    "echo {{name}}\ndocker ps --format '{{.Names}}'\necho {{}}",
    { parameters: { name: "a" } },
    [
      `commandContent must hold nothing in double braces but names of parameters, since parameters are given or a built-in one is used: lines 2, 3 do; part the braces there, as a shell puts them together again: '{''{.Names}''}' for '{{.Names}}', and "{""{.Names}""}" for "{{.Names}}"`,
    ],
    [],
  ],
  [
    `echo {{${"n".repeat(65)}}} {{ACS::InstanceId}}`,
    {},
    ["commandContent must hold names of parameters of at most 64 characters: 1 is longer; shorten it"],
    [
      `parameters lack "${"n".repeat(65)}", for which the script has no default: it runs without a value there; add it unless that is meant`,
    ],
  ],
  [
    `${Array.from({ length: 21 }, (_, i) => `{{p${i}}}`).join("")}{{ACS::InstanceId}}`,
    {},
    ["commandContent must hold at most 20 names of parameters: current count is 21; put several values into one"],
    [expect.stringMatching(/^parameters lack "p0"/)],
  ],
  [
    `{{a}}${"x".repeat(18_000)}`,
    { parameters: { a: "y".repeat(500) } },
    [
      "commandContent must have at most 24576 bytes, once its parameters are put in and it is encoded as Base64: it has 24668; shorten it, or fetch the long part on the machine",
    ],
    [],
  ],
  [
    "#!/bin/sh\necho",
    { containerName: "web" },
    [
      'containerName must not be given for a command that starts with "#!", as the script does: the service runs no such script in a container; remove that line, or remove containerName',
    ],
    [],
  ],
  [
    "echo\r\n",
    {},
    [],
    [
      "the script has Windows line ends (CRLF, first in line 1), which Linux takes for a part of the last word of each line; save it with LF",
    ],
  ],
  [
    "\ufeff#!/bin/bash\n[[ a ]]",
    {},
    [],
    [
      "the script begins with U+FEFF (byte order mark), which cannot be seen and is taken for a part of its first word, so that its #! line is none; save it as UTF-8 without one",
    ],
  ],
  [
    "\n  #!/usr/bin/env python3\nprint(1)",
    {},
    [],
    [
      "the script has its #! in line 2, and Linux looks for it at the very beginning alone: it runs under sh; remove the blanks before it",
    ],
  ],
])("%j with %j", (content, more, refusals, warnings) => {
  const { failures, warnings: said } = judge(script(content, more));
  expect(failures.map(({ reason }) => reason)).toEqual(refusals);
  expect(failures.every(({ property, reason }) => reason.startsWith(`${property} `))).toBe(true);
  expect(said).toEqual(warnings);
});

it("is held against the systems of the machines by its type", () => {
  const inputs = script("dir", { type: "RunBatScript" });
  const command = describeScript(inputs);
  const linux = {
    instanceId: "i-1",
    status: "Running",
    osType: "linux" as const,
    networkType: "vpc" as const,
    startTime: "",
  };
  const facts = { instances: new Map([["i-1", linux]]), ...(command ? { command } : {}) };
  expect(checkPreflight(inputs, facts, 0).failures).toEqual([
    {
      property: "instanceIds",
      reason:
        'instanceIds must name instances that can run the command, but 1 of 1 cannot: "i-1" runs Linux, and the command is a RunBatScript; use a RunShellScript there',
    },
  ]);
});
