// The types of the class, as the compiler holds a program to them: what Pulumi's own packages take, an Invocation takes.
import { checkTypes } from "../compiler";

const HEAD = `import * as pulumi from "@pulumi/pulumi";
import { Invocation, type InvocationArgs, type InvocationInputs } from "pulumi-cloud-assistant";
const smallest = { commandId: "c-1", instanceIds: ["i-1"] };
`;

const declare = (inputs: string) => `new Invocation("run", { ...smallest, ${inputs} });`;

const RIGHT: [title: string, program: string][] = [
  [
    "every input takes an Output of its type",
    `declare const every: { [K in keyof Required<InvocationInputs>]: pulumi.Output<Required<InvocationInputs>[K]> };
    new Invocation("run", every);`,
  ],
  [
    "every input takes a Promise of its type",
    `declare const every: { [K in keyof Required<InvocationInputs>]: Promise<Required<InvocationInputs>[K]> };
    new Invocation("run", every);`,
  ],
  ["a script", 'new Invocation("run", { commandContent: "echo", instanceIds: ["i-1"] });'],
  [
    "a script from elsewhere, of a type",
    'new Invocation("run", { commandContent: pulumi.output("dir"), type: pulumi.output("RunBatScript" as const), instanceIds: ["i-1"] });',
  ],
  [
    "a script that is put together",
    'const args: InvocationArgs = { commandContent: "echo" }; args.instanceIds = ["i-1"]; args.type = "RunShellScript"; new Invocation("run", args);',
  ],
  [
    "arguments of one's own",
    'interface Own extends InvocationArgs { script: string } const run = ({ script, ...rest }: Own) => new Invocation("run", { ...rest, commandContent: script }); run({ script: "echo" });',
  ],
  [
    "what runs on delete",
    declare('onDelete: { commandContent: pulumi.interpolate`echo`, parameters: { a: pulumi.output("b") } }'),
  ],
  ["every output is an input of another", 'declare const first: Invocation; new Invocation("second", { ...first });'],
  ["one output is an input of another", `declare const first: Invocation; ${declare("timeout: first.timeout")}`],
  [
    "a value that may be missing",
    `declare const some: { tags?: Record<string, string> }; ${declare("tags: some.tags")}`,
  ],
  [
    "an Output that may be missing",
    `declare const user: pulumi.Output<string | undefined>; ${declare("username: user")}`,
  ],
  ["undefined", declare("frequency: undefined")],
  [
    "an Output of a boolean",
    declare("preflight: pulumi.output(true), dryRun: pulumi.output(false), timed: pulumi.output(true)"),
  ],
  [
    "an Output of a union",
    declare('repeatMode: pulumi.output("Once" as const), onFailure: pulumi.output("warn" as const)'),
  ],
  ["an Output of a secret", declare('username: pulumi.secret("root")')],
  [
    "configuration",
    declare('preflight: new pulumi.Config().getBoolean("preflight"), timeout: new pulumi.Config().getNumber("t")'),
  ],
  ["Outputs in a list", declare('instanceIds: [pulumi.output("i-1"), "i-2", Promise.resolve("i-3")]')],
  ["an Output of a list", declare('instanceIds: pulumi.output(["i-1"])')],
  ["an Output of a list of Outputs", declare('instanceIds: pulumi.output([pulumi.output("i-1")])')],
  ["all of several Outputs", declare('instanceIds: pulumi.all([pulumi.output("i-1"), "i-2"])')],
  ["Outputs in a map", declare('parameters: { a: pulumi.output("x"), b: "y", c: pulumi.secret("z") }')],
  ["an Output of a map", declare('parameters: pulumi.output({ a: "x" }), tags: pulumi.output({ a: "x" })')],
  [
    "a map of any names",
    'declare const map: Record<string, pulumi.Input<string>>; new Invocation("run", { commandId: "c", resourceTags: map, tags: map });',
  ],
  ["triggers of any kind", declare('triggers: [1, "a", { a: [pulumi.output(1)] }, pulumi.output("b"), null]')],
  ["an Output of triggers", declare("triggers: pulumi.output([1, 2])")],
  [
    "arguments that are put together",
    'const args: InvocationArgs = { commandId: "c" }; args.instanceIds = ["i-1"]; args.timeout = 60; new Invocation("run", args);',
  ],
  ["an existing one", 'Invocation.get("run", "t-1", { regionId: pulumi.output("cn-beijing") }, { protect: true });'],
  [
    "a class of one's own",
    'class Nightly extends Invocation { constructor(name: string) { super(name, { commandId: "c", instanceIds: ["i"] }); } } new Nightly("run").status.apply((s) => s.length);',
  ],
  [
    "a policy",
    `import { validateResourceOfType } from "@pulumi/policy";
    validateResourceOfType(Invocation, ({ frequency, tags }, _, report) => {
      if (frequency?.startsWith("rate") && tags?.owner === undefined) report(frequency);
    });`,
  ],
  [
    "what isInstance tells",
    "declare const some: unknown; if (Invocation.isInstance(some)) some.invokeId.apply((id) => id.length);",
  ],
];

/** The type of each output, as a program reads it. */
const OUTPUTS: [output: string, type: string][] = [
  ["commandContent", "string | undefined"],
  ["type", '"RunShellScript" | "RunBatScript" | "RunPowerShellScript" | undefined'],
  ["commandId", "string | undefined"],
  ["instanceIds", "string[] | undefined"],
  ["resourceTags", "Record<string, string> | undefined"],
  ["regionId", "string"],
  ["repeatMode", '"Once" | "Period" | "NextRebootOnly" | "EveryReboot"'],
  ["frequency", "string | undefined"],
  ["timed", "boolean | undefined"],
  ["parameters", "Record<string, string> | undefined"],
  ["timeout", "number | undefined"],
  ["terminationMode", '"Process" | "ProcessTree" | undefined'],
  ["triggers", "unknown[] | undefined"],
  ["onFailure", '"fail" | "warn" | undefined'],
  ["invokeId", "string"],
  ["status", "string"],
  ["results", 'import("pulumi-cloud-assistant").Results'],
  ["schemaVersion", "number"],
];

const isExactly = ([output, type]: (typeof OUTPUTS)[number]) => `
  type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
  declare const run: Invocation;
  export const same: Same<typeof run.${output}, pulumi.Output<${type}>> = true;`;

const WRONG: [title: string, program: string, problem: RegExp][] = [
  ["no arguments", 'new Invocation("run");', /^Expected 2-3 arguments, but got 1\.$/],
  [
    "an unknown type",
    'new Invocation("run", { commandContent: "x", type: "RunPython", instanceIds: ["i-1"] });',
    /"RunPython"' is not assignable/,
  ],
  ["another word", declare('repeatMode: "Weekly"'), /"Weekly"' is not assignable/],
  ["an Output of another word", declare('onFailure: pulumi.output("ignore")'), /is not assignable/],
  ["a text for a number", declare('timeout: "60"'), /'string' is not assignable/],
  ["a number in a map", declare("parameters: { port: 80 }"), /'number' is not assignable/],
  ["an input that it does not have", declare("command: 1"), /'command' does not exist/],
  ["one id for a list", 'new Invocation("run", { commandId: "c", instanceIds: "i-1" });', /'string' is not assignable/],
];

const problems = checkTypes(
  [...RIGHT, ...OUTPUTS.map((output) => ["", isExactly(output)]), ...WRONG].map(([, program]) => HEAD + program),
  { noUnusedLocals: false },
);

test.each(RIGHT)("%s: compiles", (_, program) => {
  expect(problems.get(HEAD + program)).toEqual([]);
});

test.each(OUTPUTS)("%s is an Output of %s", (...output) => {
  expect(problems.get(HEAD + isExactly(output))).toEqual([]);
});

test.each(WRONG)("%s: does not compile", (_, program, problem) => {
  expect(problems.get(HEAD + program)).toEqual([expect.stringMatching(problem)]);
});
