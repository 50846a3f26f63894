// Who may import whom. Read from the source's import lines, so a boundary holds because it is kept, not because it is meant.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const REPOSITORY = path.resolve(__dirname, "..");

interface Import {
  /** What the line names: a file of this repository by its path from the top, or a package. */
  target: string;
  /** Gone after compilation. */
  isType: boolean;
}

function listSources(folder: string): string[] {
  const entries = readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => path.posix.join(folder, entry));
}

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), "utf8");

function parseImports(file: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) imports.push({ target: resolve(file, node.text), isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return imports;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  const { namedBindings } = clause;
  if (clause.isTypeOnly) return true;
  if (clause.name !== undefined || namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text === "resolve" && isLoader(callee.expression);
  return ts.isIdentifier(callee) && callee.text === "require";
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith(".") ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}

const isIn = (folder: string) => (target: string) => target === folder || target.startsWith(`${folder}/`);
const isOwnPackage = isIn("pulumi-cloud-assistant");
const isPulumi = (target: string) => target.startsWith("@pulumi/");
const isPureLibrary = (target: string) => ["cron-parser", "luxon", "node:crypto"].includes(target);

interface Rule {
  title: string;
  folder: string;
  allows: (imported: Import, file: string) => boolean;
}

const RULES: Rule[] = [
  {
    title: "schedule/ imports itself and pure libraries alone",
    folder: "schedule",
    allows: ({ target }) => isIn("schedule")(target) || isPureLibrary(target),
  },
  {
    title: "provider/rules/ imports itself, schedule/ and pure libraries alone",
    folder: "provider/rules",
    allows: ({ target }) => isIn("provider/rules")(target) || isIn("schedule")(target) || isPureLibrary(target),
  },
  {
    title: "provider/cloud/ knows nothing of the rest of the provider, nor of Pulumi",
    folder: "provider/cloud",
    allows: ({ target }) =>
      isIn("provider/cloud")(target) || !(isIn("provider")(target) || isOwnPackage(target) || isPulumi(target)),
  },
  {
    title: "provider/ does not import emulator/",
    folder: "provider",
    allows: ({ target }) => !isIn("emulator")(target) && !isIn("pulumi-cloud-assistant/emulator")(target),
  },
  {
    title: "emulator/ imports neither provider/ nor schedule/ nor Pulumi",
    folder: "emulator",
    allows: ({ target }) =>
      !isIn("provider")(target) && !isIn("schedule")(target) && !isOwnPackage(target) && !isPulumi(target),
  },
  {
    title: "Pulumi is loaded by provider/invocation.ts alone, and its engine's protocol by provider/progress.ts",
    folder: "provider",
    allows: ({ target, isType }, file) =>
      isType ||
      !isPulumi(target) ||
      file === "provider/invocation.ts" ||
      (file === "provider/progress.ts" && /^@pulumi\/pulumi\/(proto\/.*|package\.json)$/.test(target)),
  },
  {
    title: "provider/shim.ts loads its own package's handlers and nothing else",
    folder: "provider/shim.ts",
    allows: ({ target, isType }) => isType || target === "pulumi-cloud-assistant/provider",
  },
];

test.each(RULES)("$title", ({ folder, allows }) => {
  const files = folder.endsWith(".ts") ? [folder] : listSources(folder);
  const imports = files.flatMap((file) => parseImports(file, read(file)).map((imported) => ({ file, ...imported })));
  const crossings = imports.filter((imported) => !allows(imported, imported.file));
  expect(imports.length).toBeGreaterThan(0);
  expect(crossings.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

test.each([
  ["the clock", /\bDate\.now\(|\bnew Date\(\)|\bperformance\b/],
  ["the environment", /\bprocess\./],
  ["chance", /\brandom[A-Z]|\.random\(/],
])("schedule/ and provider/rules/ do not read %s", (_, pattern) => {
  expect(["schedule", "provider/rules"].flatMap(listSources).filter((file) => pattern.test(read(file)))).toEqual([]);
});

test("nothing is exported by a star", () => {
  const files = ["schedule", "provider", "emulator"].flatMap(listSources);
  expect(files.filter((file) => /^export \*/m.test(read(file)))).toEqual([]);
});

const LINES: [line: string, imports: Import[]][] = [
  ['import { x } from "../cloud/y";', [{ target: "provider/cloud/y", isType: false }]],
  ['import x from "luxon";', [{ target: "luxon", isType: false }]],
  ['import * as x from "luxon";', [{ target: "luxon", isType: false }]],
  ['import "luxon";', [{ target: "luxon", isType: false }]],
  ['import x = require("luxon");', [{ target: "luxon", isType: false }]],
  ['import type { x } from "luxon";', [{ target: "luxon", isType: true }]],
  ['import { type x, type y } from "luxon";', [{ target: "luxon", isType: true }]],
  ['import { type x, y } from "luxon";', [{ target: "luxon", isType: false }]],
  ['export { x } from "./y";', [{ target: "provider/rules/y", isType: false }]],
  ['export type { x } from "./y";', [{ target: "provider/rules/y", isType: true }]],
  ['const x = require("luxon");', [{ target: "luxon", isType: false }]],
  ['const x = require.resolve("luxon");', [{ target: "luxon", isType: false }]],
  ['const x = await import("luxon");', [{ target: "luxon", isType: false }]],
  ['let x: import("luxon").DateTime;', [{ target: "luxon", isType: true }]],
  ['// import { x } from "luxon";', []],
];

test.each(LINES)("reads %s", (line, imports) => {
  expect(parseImports("provider/rules/x.ts", line)).toEqual(imports);
});
