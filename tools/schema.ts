/**
 * `schema.json`, from which Pulumi makes the package's SDKs and its pages in the registry: `npm run schema` writes it from the
 * source, a test fails while it differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { SETTINGS } from "../provider/fronts/plugin/configuration";
import { ROLLOUT } from "../provider/fronts/plugin/construct";
import { FUNCTIONS } from "../provider/fronts/plugin/functions";
import { INVOCATION } from "../provider/fronts/plugin/invocation";
import { INPUT_NAMES, INPUTS, type InputName } from "../provider/rules/inputs";
import { ROLLOUT_INPUT_NAMES, ROLLOUT_INPUTS } from "../provider/rules/rollout/inputs";
import { formatComment, listMembers, listPrograms, type Member } from "./docs";

const REPOSITORY = path.resolve(__dirname, "..");

export const SCHEMA_FILE = path.join(REPOSITORY, "schema.json");

const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), "utf8");

const SOURCES = {
  inputs: "provider/rules/inputs.ts",
  results: "provider/rules/results.ts",
  invocation: "provider/invocation.ts",
  rollout: "provider/rollout.ts",
  fleet: "provider/rules/rollout/inputs.ts",
  policy: "provider/rules/rollout/policy.ts",
  waves: "provider/rules/rollout/outputs.ts",
  failures: "provider/rules/rollout/facts.ts",
  summary: "provider/lifecycle/list.ts",
  settings: "provider/fronts/plugin/configuration.ts",
  functions: "provider/fronts/plugin/functions.ts",
} as const;

interface Type {
  type?: string;
  items?: Type;
  additionalProperties?: Type;
  $ref?: string;
  oneOf?: Type[];
}

interface Property extends Type {
  description: string;
  secret?: true;
  willReplaceOnChanges?: true;
}

const token = (name: string): string => `cloudassistant:index:${name}`;
const reference = (name: string): Type => ({ $ref: `#/types/${token(name)}` });

/** Enums of inputs: the file by the name of the type. */
const ENUMS: Readonly<Record<string, string>> = {
  CommandType: SOURCES.inputs,
  RepeatMode: SOURCES.inputs,
  TerminationMode: SOURCES.inputs,
  OnFailure: SOURCES.inputs,
  Unready: SOURCES.policy,
};

/** Types of objects, in and out. */
const OBJECTS = ["OnDelete", "InstanceResult", "InvocationSummary", "RolloutCheck", "WaveResult", "Failure"];

/** The type as TypeScript writes it, in the words of a schema. Every number of ours is whole. */
function formatType(text: string): Type {
  const [, element] = /^(.*)\[\]$/.exec(text) ?? [];
  if (element !== undefined) return { type: "array", items: formatType(element) };
  const [, value] = /^Record<string, (\w+)>$/.exec(text) ?? [];
  if (value !== undefined) return { type: "object", additionalProperties: formatType(value) };
  if (text === "Results") return formatType("Record<string, InstanceResult>");
  if (text === "Amount") return { oneOf: [{ type: "integer" }, { type: "string" }] };
  if (text === "RolloutStatus") return { type: "string" };
  if (text === "unknown") return { $ref: "pulumi.json#/Any" };
  if (text === "number") return { type: "integer" };
  if (text === "string" || text === "boolean") return { type: text };
  // Of what comes out the words are in the description.
  if (/^"\w+"( \| "\w+")*$/.test(text)) return { type: "string" };
  if (Object.hasOwn(ENUMS, text) || OBJECTS.includes(text)) return reference(text);
  throw new RangeError(`Cannot write the type "${text}" into the schema: nobody has said what it is there`);
}

/** Its type without the marks of Markdown, and of an output what comes out. */
const typeOf = ({ type }: Member): string => type.replaceAll("`", "").replace(/^pulumi\.Output<(.*)>$/, "$1");

const toProperty = (member: Member): Property => ({ ...formatType(typeOf(member)), description: member.text });

type Properties = Record<string, Property>;

const toProperties = (members: readonly Member[]): Properties =>
  Object.fromEntries(members.map((member) => [member.name, toProperty(member)]));

const listRequired = (members: readonly Member[]): string[] =>
  members.filter(({ isOptional }) => !isOptional).map(({ name }) => name);

const formatObject = (file: string, owner: string, description?: string) => {
  const members = listMembers(file, owner);
  return {
    ...(description === undefined ? {} : { description }),
    type: "object",
    properties: toProperties(members),
    required: listRequired(members),
  };
};

/** A type of texts that an input may have, with its words. */
function formatEnum(name: string, file: string): object {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const alias = source.statements.find(
    (node): node is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(node) && node.name.text === name,
  );
  if (alias === undefined) throw new RangeError(`Cannot find the type "${name}" in ${file}`);
  // A union of texts, or the elements of a list of them.
  const list = /typeof (\w+)/.exec(alias.type.getText())?.[1];
  const spelled =
    list === undefined
      ? alias.type.getText()
      : (new RegExp(`const ${list} = \\[(.*?)\\]`, "s").exec(source.text)?.[1] ?? "");
  const values = [...spelled.matchAll(/"(\w+)"/g)].map(([, value = ""]) => value);
  return {
    description: formatComment(alias),
    type: "string",
    enum: values.map((value) => ({ name: `${value[0]?.toUpperCase()}${value.slice(1)}`, value })),
  };
}

const inputs = () => listMembers(SOURCES.inputs, "InvocationInputs");

function formatInputs(): Properties {
  const properties = toProperties(inputs());
  for (const name of INPUT_NAMES) {
    const property = properties[name];
    if (property !== undefined && INPUTS[name].change === "replace") property.willReplaceOnChanges = true;
  }
  return properties;
}

/** What `check` settles where the program says nothing. */
const SETTLED: readonly InputName[] = ["regionId", "repeatMode"];

function formatResource(): object {
  const outputs = listMembers(SOURCES.invocation, "Invocation");
  const inputProperties = formatInputs();
  return {
    description: `${describeClass(SOURCES.invocation, "Invocation")}

${formatExample("Once, and every night", "docs/languages")}
${IMPORT}`,
    inputProperties,
    properties: { ...toProperties(inputs()), ...toProperties(outputs) },
    required: [...SETTLED, ...outputs.map(({ name }) => name)],
    stateInputs: {
      description: "Where to look for the invocation.",
      type: "object",
      properties: {
        regionId: pick(inputProperties, "regionId"),
        plain: {
          type: "boolean",
          description:
            "Whether its `commandContent`, `parameters` and `results` are no secrets. Default: false, since nobody tells.",
        },
      },
    },
    listInputs: formatObject(SOURCES.functions, "GetInvocationsArgs"),
    // A stack of the dynamic resource moves over, and nothing runs.
    aliases: [{ type: "pulumi-nodejs:dynamic/cloudassistant:Invocation" }],
  };
}

function pick(properties: Properties, name: string): Property {
  const { description = "", willReplaceOnChanges: _, ...type } = properties[name] ?? {};
  return { ...type, description };
}

/** Its two resources are none that a program declares. */
function formatComponent(): object {
  const outputs = listMembers(SOURCES.rollout, "Rollout");
  const all = toProperties([
    ...inputs(),
    ...listMembers(SOURCES.fleet, "Fleet"),
    ...listMembers(SOURCES.policy, "RolloutPolicy"),
  ]);
  const inputProperties = Object.fromEntries(
    ROLLOUT_INPUT_NAMES.map((name) => {
      const property = pick(all, name);
      return [name, ROLLOUT_INPUTS[name].change === "replace" ? { ...property, willReplaceOnChanges: true } : property];
    }),
  );
  return {
    isComponent: true,
    description: `${describeClass(SOURCES.rollout, "Rollout")}

${formatExample("The machines that carry a tag; at most one in a hundred may fail", "docs/languages/rollout")}`,
    inputProperties,
    properties: toProperties(outputs),
    required: outputs.map(({ name }) => name),
  };
}

/** Its words, without the example in TypeScript. */
function describeClass(file: string, name: string): string {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const declared = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === name);
  const words = ts.getJSDocCommentsAndTags(declared as ts.Node).filter(ts.isJSDoc);
  return words.map(({ comment }) => ts.getTextOfJSDocComment(comment)).join("\n\n");
}

function formatExample(title: string, folder: string): string {
  const programs = listPrograms(folder).map(({ language, text }) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``);
  return `{{% examples %}}
## Example Usage
{{% example %}}
### ${title}

${programs.join("\n")}
{{% /example %}}
{{% /examples %}}
`;
}

const IMPORT = `## Import

An invocation that exists, whoever started it, is imported by its id; from another region than the provider's with that before it:

\`\`\`sh
$ pulumi import ${INVOCATION} nightly t-hz0jdfwd9f
$ pulumi import ${INVOCATION} nightly cn-beijing/t-hz0jdfwd9f
\`\`\`
`;

function formatFunctions(): object {
  return Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, { summary }]) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      return [
        token(name),
        {
          description: summary,
          inputs: formatObject(SOURCES.functions, `${type}Args`),
          outputs: name === "getInvocation" ? formatObserved() : formatObject(SOURCES.functions, `${type}Result`),
        },
      ];
    }),
  );
}

/** What the service tells of an invocation: the inputs that it shows, and what came of them. */
function formatObserved(): object {
  const all = formatInputs();
  const shown = INPUT_NAMES.filter((name) => name === "regionId" || INPUTS[name].observe !== undefined);
  const outputs = listMembers(SOURCES.invocation, "Invocation").filter(({ name }) => name !== "schemaVersion");
  const required = [...SETTLED, "instanceIds", ...outputs.map(({ name }) => name)];
  return {
    type: "object",
    properties: { ...Object.fromEntries(shown.map((name) => [name, pick(all, name)])), ...toProperties(outputs) },
    required,
  };
}

function formatSettings(): Properties {
  const properties = toProperties(listMembers(SOURCES.settings, "Settings"));
  for (const [name, { isSecret }] of Object.entries(SETTINGS)) {
    const property = properties[name];
    if (property !== undefined && isSecret) property.secret = true;
  }
  return properties;
}

/** The schema as the source has it now. */
export function formatSchema(): string {
  const { version, description, license, keywords } = JSON.parse(read("package.json"));
  const settings = formatSettings();
  const schema = {
    name: "cloudassistant",
    displayName: "Alibaba Cloud Assistant",
    version,
    description,
    keywords: [...keywords, "category/cloud", "kind/native"],
    license,
    // Without one, the generator of the C# SDK fetches another from the net.
    logoUrl: "https://www.pulumi.com/logos/pkg/alicloud.svg",
    config: { variables: settings },
    types: {
      ...Object.fromEntries(Object.entries(ENUMS).map(([name, file]) => [token(name), formatEnum(name, file)])),
      [token("InstanceResult")]: formatObject(
        SOURCES.results,
        "InstanceResult",
        "What happened on one machine. Times are the service's UTC texts; what the service left empty is absent.",
      ),
      [token("OnDelete")]: formatObject(
        SOURCES.inputs,
        "OnDelete",
        "What runs on the machines before a resource is deleted: a script or a command, one of them.",
      ),
      [token("InvocationSummary")]: formatObject(
        SOURCES.summary,
        "InvocationSummary",
        "What a listing tells of an invocation: neither parameters nor outputs.",
      ),
      [token("RolloutCheck")]: {
        ...formatObject(SOURCES.policy, "RolloutCheck", "What runs on the machines of a wave after the wave."),
        required: [],
      },
      [token("WaveResult")]: formatObject(SOURCES.waves, "WaveResult", "How one wave of a rollout stands."),
      [token("Failure")]: formatObject(SOURCES.failures, "Failure", "Why a machine of a rollout counts as failed."),
    },
    provider: {
      description: "One account, and one region of what names none. Several of them make several.",
      inputProperties: settings,
    },
    resources: { [INVOCATION]: formatResource(), [ROLLOUT]: formatComponent() },
    functions: formatFunctions(),
    language: {
      csharp: { namespaces: { cloudassistant: "CloudAssistant" }, respectSchemaVersion: true },
      go: {
        // None is published: `pulumi package add` makes it in the program's folder, where go.mod points to it.
        importBasePath: "example.com/pulumi-cloudassistant/sdk/go/cloudassistant",
        respectSchemaVersion: true,
        generateResourceContainerTypes: true,
      },
      nodejs: { respectSchemaVersion: true },
      python: { respectSchemaVersion: true, pyproject: { enabled: true } },
    },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

if (require.main === module) writeFileSync(SCHEMA_FILE, formatSchema());
