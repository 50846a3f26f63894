// The README's programs compile, as a user of the package would write them.
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const REPOSITORY = path.resolve(__dirname, "..");

const readme = readFileSync(path.join(REPOSITORY, "README.md"), "utf8");
const programs = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, program = ""]) => program);
const wrong = 'import { Invocation } from "pulumi-cloud-assistant";\nnew Invocation("x", { instanceIds: ["i-1"] });\n';

/** Files at the top of this repository, where the package finds itself by its name. */
const files = new Map([...programs, wrong].map((program, i) => [path.join(REPOSITORY, `readme${i}.ts`), program]));

/** What the compiler has against each of the programs; all at once, since most of the work is to read the libraries. */
function checkTypes(): Map<string, string[]> {
  const { config } = ts.readConfigFile(path.join(REPOSITORY, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const compilation = ts.createProgram([...files.keys()], options, host);
  const problemsOf = (file: string) =>
    ts
      .getPreEmitDiagnostics(compilation, compilation.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  return new Map([...files].map(([file, program]) => [program, problemsOf(file)]));
}

const problems = checkTypes();

test("the README has programs", () => {
  expect(programs.length).toBeGreaterThan(0);
});

test.each(programs.map((program, i) => [i + 1, program] as const))("program %i compiles", (_, program) => {
  expect(problems.get(program)).toEqual([]);
});

test("a program that is wrong does not compile", () => {
  expect(problems.get(wrong)).toEqual([
    [
      "Argument of type '{ instanceIds: string[]; }' is not assignable to parameter of type 'InvocationArgs'.",
      "  Property 'commandId' is missing in type '{ instanceIds: string[]; }' but required in type 'InvocationArgs'.",
    ].join("\n"),
  ]);
});
