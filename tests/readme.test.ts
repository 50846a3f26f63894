// What the documents show is true: programs compile as a user of the package would write them, those marked "run" run, and
// what the source already says stands there as the source has it now.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { DOCUMENTS as FILLED, fillParts } from "../tools/docs";
import { checkTypes } from "./compiler";

const REPOSITORY = path.resolve(__dirname, "..");

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), "utf8");

const DOCUMENTS = [...FILLED, "ARCHITECTURE.md", "CONTRIBUTING.md", ...listReadmes()];

function listReadmes(): string[] {
  const files = readdirSync(path.join(REPOSITORY, "examples"), { recursive: true, encoding: "utf8" });
  return files.filter((file) => path.basename(file) === "README.md").map((file) => path.posix.join("examples", file));
}

interface Program {
  title: string;
  code: string;
  isRun: boolean;
}

const programs = DOCUMENTS.flatMap((document) =>
  [...read(document).matchAll(/^( *)```ts( run)?\n(.*?)^ *```$/gms)].map(
    ([, indent = "", run, code = ""], i): Program => ({
      title: `${document}, program ${i + 1}`,
      code: code.replace(new RegExp(`^${indent}`, "gm"), ""),
      isRun: run !== undefined,
    }),
  ),
);
const wrong =
  'import { Invocation } from "pulumi-cloud-assistant";\nnew Invocation("x", { instanceIds: "i-1", commandId: "c-1" });\n';

const problems = checkTypes([...programs.map(({ code }) => code), wrong]);

test("there are programs, and one that is run", () => {
  expect(programs.length).toBeGreaterThan(3);
  expect(programs.filter(({ isRun }) => isRun).length).toBeGreaterThan(0);
});

test.each(programs)("$title compiles", ({ code }) => {
  expect(problems.get(code)).toEqual([]);
});

test("a program that is wrong does not compile", () => {
  expect(problems.get(wrong)).toEqual([
    "Type 'string' is not assignable to type 'Input<Input<string>[] | undefined>'.",
  ]);
});

/** Runs a program with plain Node in this repository; throws what it says when it fails. */
function run(code: string): string {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  return execFileSync(process.execPath, ["--input-type=commonjs", "--eval", outputText], {
    cwd: REPOSITORY,
    encoding: "utf8",
    stdio: "pipe",
  });
}

test.each(programs.filter(({ isRun }) => isRun))("$title runs", ({ code }) => {
  expect(run(code)).toBe("");
});

test("a program that fails is noticed", () => {
  expect(() => run('import assert from "node:assert";\nassert.equal(1, 2);')).toThrow("AssertionError");
});

test.each(FILLED)("tables, grammar and help texts in %s are the source's own", (document) => {
  expect(read(document)).toBe(fillParts(read(document)));
});

const links = DOCUMENTS.flatMap((document) =>
  [...read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = ""]) => [document, target] as const),
);

test.each(links)("%s links to %s, which exists", (document, target) => {
  // A page of the registry is a folder there.
  const file = target.replace(/^\.\/(.*)\/$/, "$1.md");
  expect(existsSync(path.join(REPOSITORY, path.dirname(document), file))).toBe(true);
});

const commands = DOCUMENTS.flatMap((document) =>
  [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, script = ""]) => [document, script] as const),
);

test.each(commands)("%s names npm run %s, which exists", (_, script) => {
  expect(Object.keys(JSON.parse(read("package.json")).scripts)).toContain(script);
});

const [told = ""] = read("docs/troubleshooting.md").split("<details>");
const troubles = [...told.matchAll(/^\| `([^`]+)` \|/gm)];
/** Messages of others: Pulumi's, Node's. */
const FOREIGN = [
  "pulumi-resource-cloudassistant exited prematurely",
  "could not find latest version for provider cloudassistant",
  "download and install resource plugin 'pulumi-resource-cloudassistant'",
  "parsing plugin options for 'cloudassistant': no folder at path",
  "code must be a string, not undefined",
  "reading 'toJavaScript'",
  "Cannot find module 'pulumi-cloud-assistant",
  "Cannot find package 'pulumi-cloud-assistant",
];
const sources = listSources();

function listSources(): string {
  const listEntries = (folder: string) =>
    readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" }).map((entry) =>
      path.join(folder, entry),
    );
  return ["provider", "schedule"]
    .flatMap(listEntries)
    .filter((entry) => entry.endsWith(".ts"))
    .map(read)
    .join("\n");
}

test.each(troubles.map(([, message = ""]) => message).filter((message) => !FOREIGN.includes(message)))(
  "the message %s is one that is said",
  (message) => {
    expect(sources.replace(/\\`/g, "`")).toContain(message);
  },
);
