/**
 * `schema.json`, from which Pulumi makes the package's SDKs and its pages in the registry: `npm run schema` writes it from the
 * source, a test fails while it differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { SETTINGS } from "../provider/fronts/plugin/configuration";
import { FUNCTIONS } from "../provider/fronts/plugin/functions";
import { TYPE } from "../provider/fronts/plugin/resource";
import { INPUT_NAMES, INPUTS, type InputName } from "../provider/rules/inputs";
import { formatComment, listMembers, type Member, PROGRAMS } from "./docs";

const REPOSITORY = path.resolve(__dirname, "..");

export const SCHEMA_FILE = path.join(REPOSITORY, "schema.json");

const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), "utf8");

const SOURCES = {
  inputs: "provider/rules/inputs.ts",
  results: "provider/rules/results.ts",
  resource: "provider/invocation.ts",
  summary: "provider/lifecycle/list.ts",
  settings: "provider/fronts/plugin/configuration.ts",
  functions: "provider/fronts/plugin/functions.ts",
} as const;

interface Type {
  type?: string;
  items?: Type;
  additionalProperties?: Type;
  $ref?: string;
}

interface Property extends Type {
  description: string;
  secret?: true;
  willReplaceOnChanges?: true;
}

const token = (name: string): string => `cloudassistant:index:${name}`;
const reference = (name: string): Type => ({ $ref: `#/types/${token(name)}` });

/** Enums of inputs, by the name of their type. */
const ENUMS = ["RepeatMode", "TerminationMode", "OnFailure"];

/** The type as TypeScript writes it, in the words of a schema. Every number of ours is whole. */
function formatType(text: string): Type {
  const [, element] = /^(.*)\[\]$/.exec(text) ?? [];
  if (element !== undefined) return { type: "array", items: formatType(element) };
  if (text === "Record<string, string>") return { type: "object", additionalProperties: { type: "string" } };
  if (text === "Results") return { type: "object", additionalProperties: reference("InstanceResult") };
  if (text === "unknown") return { $ref: "pulumi.json#/Any" };
  if (text === "number") return { type: "integer" };
  if (text === "string" || text === "boolean") return { type: text };
  // Of what comes out the words are in the description.
  if (/^"\w+"( \| "\w+")*$/.test(text)) return { type: "string" };
  if (ENUMS.includes(text) || text === "InvocationSummary") return reference(text);
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
function formatEnum(name: string): object {
  const source = ts.createSourceFile(SOURCES.inputs, read(SOURCES.inputs), ts.ScriptTarget.Latest, true);
  const alias = source.statements.find(
    (node): node is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(node) && node.name.text === name,
  );
  if (alias === undefined) throw new RangeError(`Cannot find the type "${name}" in ${SOURCES.inputs}`);
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
const SETTLED: readonly InputName[] = ["commandId", "regionId", "repeatMode"];

function formatResource(): object {
  const outputs = listMembers(SOURCES.resource, "Invocation");
  const inputProperties = formatInputs();
  return {
    description: formatDescription(),
    inputProperties,
    requiredInputs: ["commandId"],
    properties: { ...toProperties(inputs()), ...toProperties(outputs) },
    required: [...SETTLED, ...outputs.map(({ name }) => name)],
    stateInputs: {
      description: "Where to look for the invocation.",
      type: "object",
      properties: { regionId: pick(inputProperties, "regionId") },
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

function formatDescription(): string {
  const source = ts.createSourceFile(SOURCES.resource, read(SOURCES.resource), ts.ScriptTarget.Latest, true);
  const declared = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === "Invocation");
  const words = ts.getJSDocCommentsAndTags(declared as ts.Node).filter(ts.isJSDoc);
  const text = words.map(({ comment }) => ts.getTextOfJSDocComment(comment)).join("\n\n");
  const programs = PROGRAMS.map(({ language, file }) => `\`\`\`${language}\n${read(file).trimEnd()}\n\`\`\``).join(
    "\n",
  );
  return `${text}

{{% examples %}}
## Example Usage
{{% example %}}
### Once, and every night

${programs}
{{% /example %}}
{{% /examples %}}

## Import

An invocation that exists, whoever started it, is imported by its id; from another region than the provider's with that before it:

\`\`\`sh
$ pulumi import ${TYPE} nightly t-hz0jdfwd9f
$ pulumi import ${TYPE} nightly cn-beijing/t-hz0jdfwd9f
\`\`\`
`;
}

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
  const outputs = listMembers(SOURCES.resource, "Invocation").filter(({ name }) => name !== "schemaVersion");
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
      ...Object.fromEntries(ENUMS.map((name) => [token(name), formatEnum(name)])),
      [token("InstanceResult")]: formatObject(
        SOURCES.results,
        "InstanceResult",
        "What happened on one machine. Times are the service's UTC texts; what the service left empty is absent.",
      ),
      [token("InvocationSummary")]: formatObject(
        SOURCES.summary,
        "InvocationSummary",
        "What a listing tells of an invocation: neither parameters nor outputs.",
      ),
    },
    provider: {
      description: "One account, and one region of what names none. Several of them make several.",
      inputProperties: settings,
    },
    resources: { [TYPE]: formatResource() },
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
