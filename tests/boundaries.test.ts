// Who may import whom. Read from the source's import lines, so a boundary holds because it is kept, not because it is meant.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const REPOSITORY = path.resolve(__dirname, "..");

interface Import {
  /** What the line names: a file of this repository by its path from the top, or a package. */
  target: string;
  /** The names that it takes; absent where it takes the whole module. */
  names?: string[];
  /** Gone after compilation. */
  isType: boolean;
}

function listSources(folder: string): string[] {
  const entries = readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => /\.tsx?$/.test(entry)).map((entry) => path.posix.join(folder, entry));
}

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), "utf8");

function parseImports(file: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, isType: boolean, names?: string[]) => {
    if (node !== undefined && ts.isStringLiteralLike(node))
      imports.push({ target: resolve(file, node.text), isType, ...(names ? { names } : {}) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, isTypeOnly(node.importClause), listNames(node.importClause?.namedBindings));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly, listNames(node.exportClause));
    else if (ts.isExternalModuleReference(node)) add(node.expression, false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return imports;
}

function listNames(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): string[] | undefined {
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return undefined;
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
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
const isPureLibrary = (target: string) => ["cron-parser", "luxon", "node:crypto", "node:util"].includes(target);

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
    title: "emulator/page/ is bundled for a browser: of the emulator it knows the types alone",
    folder: "emulator/page",
    allows: ({ target, isType }) =>
      isIn("emulator/page")(target) || isIn("preact")(target) || (isType && isIn("emulator")(target)),
  },
  {
    title: "emulator/ serves its page and imports nothing of it",
    folder: "emulator",
    allows: ({ target }, file) => isIn("emulator/page")(file) || !isIn("emulator/page")(target),
  },
  {
    title: "Pulumi is known to what a program sees, and its engine's protocol to the fronts",
    folder: "provider",
    allows: ({ target, isType }, file) =>
      !isPulumi(target) ||
      ["provider/invocation.ts", "provider/rollout.ts"].includes(file) ||
      (isType &&
        [
          "provider/shim.ts",
          "provider/fleetShim.ts",
          "provider/verdictShim.ts",
          "provider/arguments.ts",
          "provider/timeouts.ts",
        ].includes(file)) ||
      (isIn("provider/fronts")(file) && (isType || /^@pulumi\/pulumi\/(proto\/.*|package\.json)$/.test(target))),
  },
  {
    title: "provider/runs/ knows neither the handlers nor a front",
    folder: "provider/runs",
    allows: ({ target }) =>
      ["provider/runs", "provider/rules", "provider/cloud", "schedule"].some((room) => isIn(room)(target)) ||
      !isIn("provider")(target),
  },
  {
    title: "provider/lifecycle/ knows no front",
    folder: "provider/lifecycle",
    allows: ({ target }) => !isIn("provider/fronts")(target),
  },
  ...["dynamic", "plugin"].map((front, i, fronts) => ({
    title: `provider/fronts/${front}/ does not know the other front`,
    folder: `provider/fronts/${front}`,
    allows: ({ target }: Import) => !isIn(`provider/fronts/${fronts[1 - i]}`)(target),
  })),
  ...["provider/shim.ts", "provider/fleetShim.ts", "provider/verdictShim.ts"].map(
    (file): Rule => ({
      title: `${file} loads its own package's handlers and nothing else`,
      folder: file,
      allows: ({ target, isType }) => isType || target === "pulumi-cloud-assistant/provider",
    }),
  ),
];

test.each(RULES)("$title", ({ folder, allows }) => {
  const files = folder.endsWith(".ts") ? [folder] : listSources(folder);
  const imports = files.flatMap((file) => parseImports(file, read(file)).map((imported) => ({ file, ...imported })));
  const crossings = imports.filter((imported) => !allows(imported, imported.file));
  expect(imports.length).toBeGreaterThan(0);
  expect(crossings.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});

const PRODUCTS = ["schedule", "provider", "emulator"];

test("no import leads back to where it came from, not of a type either", () => {
  const files = PRODUCTS.flatMap(listSources);
  const graph = new Map(
    files.map((file) => [
      file,
      parseImports(file, read(file)).flatMap(({ target }) =>
        [`${target}.ts`, `${target}.tsx`, `${target}/index.ts`].filter((candidate) => files.includes(candidate)),
      ),
    ]),
  );
  const circles = new Set<string>();
  const walk = (file: string, path: string[], done: Set<string>): void => {
    if (path.includes(file)) circles.add([...path.slice(path.indexOf(file)), file].join(" -> "));
    if (path.includes(file) || done.has(file)) return;
    for (const target of graph.get(file) ?? []) walk(target, [...path, file], done);
    done.add(file);
  };
  const done = new Set<string>();
  for (const file of files) walk(file, [], done);
  expect([...circles]).toEqual([]);
});

/** What users of the package import; it needs no importer here. */
const PUBLIC = [
  "provider/index.ts",
  "provider/fronts/dynamic/index.ts",
  "provider/shim.ts",
  "provider/fleetShim.ts",
  "provider/verdictShim.ts",
  "schedule/index.ts",
  "emulator/index.ts",
];

test("whatever is exported is imported somewhere", () => {
  const users = [...PRODUCTS, "tests", "tools", "bench", "examples"].flatMap(listSources);
  const used = new Map<string, Set<string> | "all">();
  for (const user of users)
    for (const { target, names } of parseImports(user, read(user)))
      for (const file of [`${target}.ts`, `${target}.tsx`, `${target}/index.ts`]) {
        const known = used.get(file) ?? new Set();
        used.set(file, names === undefined || known === "all" ? "all" : new Set([...known, ...names]));
      }
  const dead = PRODUCTS.flatMap(listSources)
    .filter((file) => !PUBLIC.includes(file))
    .flatMap((file) => listExports(file).map((name) => ({ file, name })))
    .filter(({ file, name }) => {
      const names = used.get(file);
      return names !== "all" && names?.has(name) !== true;
    });
  expect(dead.map(({ file, name }) => `${file} exports ${name}`)).toEqual([]);
});

function listExports(file: string): string[] {
  const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
  return statements.flatMap((node) => {
    if (ts.isExportDeclaration(node)) {
      const { exportClause } = node;
      return exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [];
    }
    const isExported =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(node))
      return node.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    const { name } = node as ts.DeclarationStatement;
    // The types of what is exported must be nameable, whoever names them.
    return name && !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node) ? [name.text] : [];
  });
}

test.each(["provider/lifecycle", "provider/runs", "provider/rules", "provider/cloud"])(
  "%s knows no hidden property of a front",
  (folder) => {
    const hidden = listSources(folder).filter((file) => /\b__(urn|secret|provider|agentVersion)\b/.test(read(file)));
    expect(hidden).toEqual([]);
  },
);

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
  expect(parseImports("provider/rules/x.ts", line).map(({ target, isType }) => ({ target, isType }))).toEqual(imports);
});
