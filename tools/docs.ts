/**
 * The parts of the README that the source already says: `npm run docs` writes them anew, a test fails while they differ.
 * A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { formatPolicy, previewPolicy, updatePolicy } from "./policy";
import { traceLife } from "./trace";

const REPOSITORY = path.resolve(__dirname, "..");

const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), "utf8");

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
  grammar: () => formatBlock("bnf", read("schedule/grammar.bnf")),
  "schedule-help": () => formatBlock("text", help("provider/cli.ts")),
  "emulator-help": () => formatBlock("text", help("emulator/cli.ts")),
  choices: () =>
    formatTable(
      ["choice", "values", "meaning"],
      listMembers("emulator/choices.ts", "Choices").map(({ name, type, text }) => [code(name), type, text]),
    ),
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

interface Member {
  name: string;
  /** Its type, as Markdown. */
  type: string;
  /** The docstring on one line. */
  text: string;
}

/** The documented properties of an interface or a class. */
function listMembers(file: string, owner: string): Member[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const declarations = source.statements.filter(
    (node): node is ts.InterfaceDeclaration | ts.ClassDeclaration =>
      (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node)) && node.name?.text === owner,
  );
  const members: readonly ts.Node[] = declarations.flatMap(({ members }) => [...members]);
  return members.filter(isProperty).flatMap((member) => {
    const text = formatComment(member);
    return text === "" ? [] : [{ name: member.name.getText(), type: code(member.type?.getText() ?? ""), text }];
  });
}

const isProperty = (node: ts.Node): node is ts.PropertySignature | ts.PropertyDeclaration =>
  ts.isPropertySignature(node) || (ts.isPropertyDeclaration(node) && !isOwn(node));

/** Not part of an object that a program holds. */
const isOwn = ({ modifiers = [] }: { modifiers?: Iterable<ts.ModifierLike> }): boolean =>
  [...modifiers].some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.StaticKeyword);

function formatComment(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const parts = comments.flatMap(({ comment, tags = [] }) => [
    ts.getTextOfJSDocComment(comment),
    ...tags
      .filter(({ tagName }) => tagName.text === "default")
      .map(({ comment }) => `Default: ${ts.getTextOfJSDocComment(comment)}.`),
  ]);
  return parts.filter(Boolean).join(" ").replace(/\s+/g, " ");
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

const help = (file: string): string =>
  execFileSync(path.join(REPOSITORY, "node_modules/.bin/tsx"), [path.join(REPOSITORY, file), "--help"], {
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
  writeFileSync(path.join(REPOSITORY, "README.md"), fillParts(read("README.md")));
  const trace = await traceLife();
  writeFileSync(path.join(REPOSITORY, "examples/pipeline/policy.json"), formatPolicy(updatePolicy(trace)));
  writeFileSync(path.join(REPOSITORY, "examples/pipeline/preview.json"), formatPolicy(previewPolicy(trace)));
}

if (require.main === module) void main();
