/**
 * The parts of README.md and docs/*.md that the source already says: `npm run docs` writes them anew, a test fails while they differ.
 * A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import * as actions from "../emulator/actions";
import { CHOICE_VALUES, type Choices } from "../emulator/choices";
import { DELIVERY_FAULTS } from "../emulator/faults";
import { FUNCTIONS } from "../provider/fronts/plugin/functions";
import {
  DEFAULT_WAVES,
  ORDER_RULES,
  PLAN_RULES,
  parsePolicy,
  planRollout,
  RISK_RULES,
  ROUNDING_RULES,
  STANDINGS,
  STATUSES,
  STEP_RULES,
} from "../provider/rules/rollout";
import { ROLLOUT_CHANGES, ROLLOUT_INPUT_NAMES, ROLLOUT_INPUTS } from "../provider/rules/rollout/inputs";
import { DIFFERENCES } from "../tests/e2e/differences";
import { formatPolicy, previewPolicy, updatePolicy } from "./policy";
import { drawRollout } from "./rollout";
import { listClockChanges, listDialects, listReadings, listTraps } from "./schedules";
import { traceLife } from "./trace";

const REPOSITORY = path.resolve(__dirname, "..");

const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), "utf8");

/** The documents that may have parts, by their path from the top. */
export const DOCUMENTS: readonly string[] = [
  "README.md",
  ...readdirSync(path.join(REPOSITORY, "docs"))
    .filter((file) => file.endsWith(".md"))
    .sort()
    .map((file) => path.posix.join("docs", file)),
];

/** What stands in each part. */
const PARTS: Readonly<Record<string, () => string>> = {
  inputs: () =>
    formatTable(
      ["input", "type", "meaning"],
      listMembers("provider/rules/inputs.ts", "InvocationInputs").map(({ name, type, text }) => [
        code(name),
        type,
        text,
      ]),
    ),
  "on-delete": () =>
    formatTable(
      ["of `onDelete`", "type", "meaning"],
      listMembers("provider/rules/inputs.ts", "OnDelete").map(({ name, type, text }) => [code(name), type, text]),
    ),
  outputs: () =>
    formatTable(
      ["output", "meaning"],
      listMembers("provider/invocation.ts", "Invocation").map(({ name, text }) => [code(name), text]),
    ),
  results: () =>
    formatTable(
      ["in `results`, by instance id", "meaning"],
      listMembers("provider/rules/results.ts", "InstanceResult").map(({ name, text }) => [code(name), text]),
    ),
  functions: () => formatTable(["function", "what it answers"], listFunctions("schedule/index.ts")),
  settings: () =>
    formatTable(
      ["setting", "meaning"],
      listMembers("provider/fronts/plugin/configuration.ts", "Settings").map(({ name, text }) => [code(name), text]),
    ),
  "package-functions": () =>
    formatTable(
      ["function", "what it answers"],
      Object.entries(FUNCTIONS).map(([name, { summary }]) => [code(name), summary]),
    ),
  programs: () =>
    listPrograms("docs/languages")
      .map(({ title, language, text }) => `${title}\n\n${formatBlock(language, text)}`)
      .join("\n\n"),
  "rollout-programs": () =>
    listPrograms("docs/languages/rollout")
      .map(({ title, language, text }) => `${title}\n\n${formatBlock(language, text)}`)
      .join("\n\n"),
  "registry-programs": formatChooser,
  differences: () =>
    formatTable(
      ["", "the class", "the plugin"],
      Object.entries(DIFFERENCES).map(([what, { dynamic, plugin }]) => [what, dynamic, plugin]),
    ),
  readings: () => formatTable(["frequency", "in words", "its runs after 2030-01-31T00:00Z"], listReadings()),
  traps: () => formatTable(["frequency", "what is said of it"], listTraps()),
  dialects: () => formatTable(["frequency", "what is said of it"], listDialects()),
  "clock-changes": () => formatTable(["frequency", "the change", "what the agent does"], listClockChanges()),
  grammar: () => formatBlock("bnf", read("schedule/grammar.bnf")),
  "run-help": () => formatBlock("text", help("provider/cli.ts", "run")),
  "runs-help": () => formatBlock("text", help("provider/cli.ts", "runs")),
  "schedule-help": () => formatBlock("text", help("provider/cli.ts", "schedule")),
  "emulator-help": () => formatBlock("text", help("emulator/cli.ts")),
  choices: () =>
    formatTable(
      ["choice", "values, the default first", "meaning"],
      listMembers("emulator/choices.ts", "Choices").map(({ name, text }) => [code(name), formatChoice(name), text]),
    ),
  "rollout-arguments": () =>
    formatTable(
      ["argument", "type", "meaning"],
      listMembers("provider/rules/rollout/policy.ts", "RolloutPolicy").map(({ name, type, text }) => [
        code(name),
        type,
        text,
      ]),
    ),
  "rollout-check": () =>
    formatTable(
      ["of `check`", "meaning"],
      listMembers("provider/rules/rollout/policy.ts", "RolloutCheck").map(({ name, text }) => [code(name), text]),
    ),
  "rollout-waves": () =>
    formatTable(
      ["machines", ...DEFAULT_WAVES.map((target, i) => `wave ${i + 1}: ${code(JSON.stringify(target))}`)],
      [1, 7, 100, 1_000].map(countWaves),
    ),
  "rollout-rules": () =>
    [...ORDER_RULES, ...PLAN_RULES, ...ROUNDING_RULES, ...STEP_RULES, ...RISK_RULES]
      .map((rule) => `* ${rule}`)
      .join("\n"),
  "rollout-changes": () =>
    formatTable(
      ["a change of", "what it does"],
      (Object.keys(ROLLOUT_CHANGES) as (keyof typeof ROLLOUT_CHANGES)[]).map((change) => [
        ROLLOUT_INPUT_NAMES.filter((name) => ROLLOUT_INPUTS[name].change === change)
          .map(code)
          .join(", "),
        ROLLOUT_CHANGES[change],
      ]),
    ),
  "rollout-outputs": () =>
    formatTable(
      ["output", "meaning"],
      listMembers("provider/rollout.ts", "Rollout").map(({ name, text }) => [code(name), text]),
    ),
  "rollout-standings": () =>
    formatTable(
      ["a machine is", "when it"],
      Object.entries(STANDINGS).map(([name, text]) => [code(name), text]),
    ),
  "rollout-statuses": () =>
    formatTable(
      ["`status`", "meaning", "the next update"],
      Object.entries(STATUSES).map(([name, { meaning, next }]) => [code(name), meaning, next]),
    ),
  "emulated-actions": () =>
    Object.values(actions)
      .map(({ name }) => code(name))
      .sort()
      .join(", "),
  control: () =>
    formatTable(
      ["operation", "what it does"],
      listEntries("emulator/control/control.ts", "OPERATIONS").map(({ name, text }) => {
        const [method = "", operation = ""] = name.split(" ");
        return [code(`${method} /_emulator/${operation}`), text];
      }),
    ),
  events: () =>
    formatTable(
      ["`kind`", "what happened", "with"],
      EVENTS.map((owner) => {
        const [kind, ...members] = listMembers("emulator/events.ts", owner);
        return [
          (kind?.type ?? "").replaceAll('"', ""),
          describe("emulator/events.ts", owner),
          members.map(({ name }) => code(name)).join(", "),
        ];
      }),
    ),
  faults: () =>
    [
      ...listBullets("emulator/faults.ts", "ANSWER_FAULTS"),
      ...Object.entries(DELIVERY_FAULTS).map(
        ([kind, errorCode]) => `- ${code(kind)}: the run is Aborted with ${code(errorCode)}`,
      ),
    ].join("\n"),
  refusals: () => formatTable(["the service's code", "what it means, and what to do"], listSentences("REFUSALS")),
  "machine-errors": () =>
    formatTable(["a machine's `errorCode`", "what it means, and what to do"], listSentences("INSTANCE_ERRORS")),
};

/**
 * A document with each of its parts as the source has it now.
 * @throws {RangeError} when it has a part that nobody writes, or one without an end.
 */
export function fillParts(document: string): string {
  return document.replace(/<!-- begin (\S+) -->\n(?:(?!<!-- begin )[\s\S])*?<!-- end (\S+) -->/g, (_, name, end) => {
    const format = PARTS[name];
    if (format === undefined || end !== name)
      throw new RangeError(
        `Cannot write part "${name}": it must be one of ${Object.keys(PARTS).join(", ")} and end as such, and it ends as "${end}"`,
      );
    return `<!-- begin ${name} -->\n${format()}\n<!-- end ${name} -->`;
  });
}

/** How many machines of a fleet have their turn in each wave by default. */
function countWaves(fleet: number): string[] {
  const { policy } = parsePolicy({});
  if (policy === undefined) throw new RangeError("Cannot count the waves: the default policy is refused");
  const machines = Array.from({ length: fleet }, (_, i) => ({ instanceId: `i-${i}` }));
  return [String(fleet), ...planRollout({ machines, seed: "", policy }).waves.map(({ length }) => String(length))];
}
/** Every member of the union `EmulatorEvent`. */
const EVENTS = ["MachineChange", "RunChange", "AnswerChange", "TimeChange", "FaultChange", "MissedChange"];

export interface Member {
  name: string;
  isOptional: boolean;
  /** Its type, as Markdown. */
  type: string;
  /** The docstring on one line. */
  text: string;
}

/** The documented properties of an interface or a class. */
export function listMembers(file: string, owner: string): Member[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const declarations = source.statements.filter(
    (node): node is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name?.text === owner,
  );
  const members: readonly ts.Node[] = declarations.flatMap(({ members }) => [...members]);
  return members.filter(isProperty).flatMap((member) => {
    const text = formatComment(member);
    const isOptional = member.questionToken !== undefined;
    return text === ""
      ? []
      : [{ name: member.name.getText(), isOptional, type: code(member.type?.getText() ?? ""), text }];
  });
}

/** The values of a choice, the default first. */
function formatChoice(name: string): string {
  const values = CHOICE_VALUES[name as keyof Choices];
  return typeof values === "string" ? values : code(values.map((value) => JSON.stringify(value)).join(" | "));
}

const isProperty = (node: ts.Node): node is ts.PropertySignature | ts.PropertyDeclaration =>
  ts.isPropertySignature(node) || (ts.isPropertyDeclaration(node) && !isOwn(node));

/** Not part of an object that a program holds. */
const isOwn = ({ modifiers = [] }: { modifiers?: Iterable<ts.ModifierLike> }): boolean =>
  [...modifiers].some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.StaticKeyword);

/** The documented entries of a constant's object. */
function listEntries(file: string, constant: string): { name: string; text: string }[] {
  const value = findConstant(file, constant)?.initializer;
  if (value === undefined || !ts.isObjectLiteralExpression(value)) return [];
  return value.properties.flatMap((entry) => {
    const name = entry.name !== undefined && ts.isStringLiteral(entry.name) ? entry.name.text : entry.name?.getText();
    return name === undefined ? [] : [{ name, text: formatComment(entry) }];
  });
}

/** The list in a constant's docstring. */
function listBullets(file: string, constant: string): string[] {
  const declaration = findConstant(file, constant);
  const [comment] = declaration === undefined ? [] : ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(comment?.comment) ?? "";
  return text.split("\n").filter((line) => line.startsWith("- "));
}

function findConstant(file: string, name: string): ts.VariableDeclaration | undefined {
  return ts
    .createSourceFile(file, read(file), ts.ScriptTarget.Latest, true)
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((declaration) => declaration.name.getText() === name);
}

/** The docstring of an interface. */
function describe(file: string, owner: string): string {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === owner);
  return found === undefined ? "" : formatComment(found);
}

export function formatComment(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const parts = comments.flatMap(({ comment, tags = [] }) => [
    ts.getTextOfJSDocComment(comment),
    ...tags
      .filter(({ tagName }) => tagName.text === "default")
      .map(({ comment }) => `Default: ${ts.getTextOfJSDocComment(comment)}.`),
  ]);
  return parts.filter(Boolean).join(" ").replace(/\s+/g, " ");
}

/** The functions that an index exports, each with the first sentence of its docstring. */
function listFunctions(index: string): string[][] {
  const source = ts.createSourceFile(index, read(index), ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isExportDeclaration).flatMap((line) => {
    const { exportClause: names, moduleSpecifier: from } = line;
    if (line.isTypeOnly || names === undefined || !ts.isNamedExports(names)) return [];
    if (from === undefined || !ts.isStringLiteral(from)) return [];
    const file = `${path.posix.join(path.posix.dirname(index), from.text)}.ts`;
    return names.elements.flatMap(({ name, isTypeOnly }) => {
      const text = isTypeOnly ? "" : findFunctionComment(file, name.text);
      return text === "" ? [] : [[code(name.text), text.replace(/\. .*$/, ".")]];
    });
  });
}

function findFunctionComment(file: string, name: string): string {
  const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found = statements.find((node) =>
    ts.isVariableStatement(node)
      ? node.declarationList.declarations.some((declaration) => declaration.name.getText() === name)
      : ts.isFunctionDeclaration(node) && node.name?.text === name,
  );
  return found === undefined ? "" : formatComment(found);
}

/** The entries of a table of `provider/rules/codes.ts`. */
function listSentences(table: string): string[][] {
  const file = "provider/rules/codes.ts";
  const rows: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === table && node.initializer !== undefined)
      ts.forEachChild(node.initializer, (entry) => {
        if (!ts.isPropertyAssignment(entry) || !ts.isStringLiteralLike(entry.initializer)) return;
        const name = ts.isStringLiteralLike(entry.name) ? entry.name.text : entry.name.getText();
        rows.push([code(name), entry.initializer.text]);
      });
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return rows;
}

/** The same program in each language. */
const LANGUAGES = [
  { title: "YAML", language: "yaml", file: "program.yaml" },
  { title: "TypeScript", language: "typescript", file: "program.ts" },
  { title: "Python", language: "python", file: "program.py" },
  { title: "Go", language: "go", file: "program.go" },
  { title: "C#", language: "csharp", file: "Program.cs" },
  { title: "Java", language: "java", file: "App.java" },
] as const;

/** The program in each language, from its folder. */
export const listPrograms = (folder: string): { title: string; language: string; text: string }[] =>
  LANGUAGES.map(({ title, language, file }) => ({ title, language, text: read(path.posix.join(folder, file)) }));

/** As the registry shows them, one at a time. */
function formatChooser(): string {
  const programs = listPrograms("docs/languages");
  const choices = programs.map(
    ({ language, text }) =>
      `{{% choosable language ${language} %}}\n\n${formatBlock(language, text)}\n\n{{% /choosable %}}\n`,
  );
  const languages = programs.map(({ language }) => language).join(",");
  return `{{< chooser language "${languages}" >}}\n${choices.join("")}\n{{< /chooser >}}`;
}

const help = (file: string, ...command: string[]): string =>
  execFileSync(path.join(REPOSITORY, "node_modules/.bin/tsx"), [path.join(REPOSITORY, file), ...command, "--help"], {
    encoding: "utf8",
  });

const code = (text: string): string => `\`${text}\``;

const formatBlock = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** A bar would end the cell, in code as well. */
const formatRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;

function formatTable(heading: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) throw new RangeError(`Cannot write the table of "${heading[0]}": its source has no rows`);
  return [formatRow(heading), `|${heading.map(() => "---|").join("")}`, ...rows.map(formatRow)].join("\n");
}

async function main(): Promise<void> {
  for (const document of DOCUMENTS) writeFileSync(path.join(REPOSITORY, document), fillParts(read(document)));
  writeFileSync(path.join(REPOSITORY, "docs/rollout.svg"), drawRollout());
  const trace = await traceLife();
  writeFileSync(path.join(REPOSITORY, "examples/pipeline/policy.json"), formatPolicy(updatePolicy(trace)));
  writeFileSync(path.join(REPOSITORY, "examples/pipeline/preview.json"), formatPolicy(previewPolicy(trace)));
}

if (require.main === module) void main();
