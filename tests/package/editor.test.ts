// What an editor shows on each input, output and method: the docstrings, through the types as they are published.
import path from "node:path";
import ts from "typescript";
import { INPUT_NAMES } from "../../provider/rules/inputs";

jest.setTimeout(120_000);

const REPOSITORY = path.resolve(__dirname, "../..");

const OUTPUTS = ["invokeId", "status", "results", "schemaVersion"];
const FILE = path.join(REPOSITORY, "editor.ts");
const PROGRAM = [
  'import { Invocation } from "pulumi-cloud-assistant";',
  `const x = new Invocation("x", {${INPUT_NAMES.map((name) => `${name}: undefined as never`).join(", ")}});`,
  ...[...INPUT_NAMES, ...OUTPUTS].map((name) => `x.${name};`),
].join("\n");

/** Opens the program in an editor. */
function open(): ts.LanguageService {
  const { config } = ts.readConfigFile(path.join(REPOSITORY, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  const readFile = (file: string) => (file === FILE ? PROGRAM : ts.sys.readFile(file));
  const snapshot = (text: string | undefined) => (text === undefined ? undefined : ts.ScriptSnapshot.fromString(text));
  return ts.createLanguageService({
    getScriptFileNames: () => [FILE],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => snapshot(readFile(file)),
    getCurrentDirectory: () => REPOSITORY,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => file === FILE || ts.sys.fileExists(file),
    readFile,
    directoryExists: ts.sys.directoryExists,
  });
}

const editor = open();

const hover = (text: string) =>
  ts.displayPartsToString(editor.getQuickInfoAtPosition(FILE, PROGRAM.indexOf(text))?.documentation);

test.each(INPUT_NAMES)("%s is explained where it is given, and where it is read", (name) => {
  expect(hover(`${name}: undefined`)).not.toBe("");
  expect(hover(`${name};`)).toBe(hover(`${name}: undefined`));
});

test.each(OUTPUTS)("%s is explained", (name) => {
  expect(hover(`${name};`)).not.toBe("");
});

test("the class leads to the API's page", () => {
  const tags = editor.getQuickInfoAtPosition(FILE, PROGRAM.indexOf('Invocation("x"'))?.tags ?? [];
  expect(tags.map(({ name }) => name)).toContain("see");
});
