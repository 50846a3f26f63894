// What the compiler has against programs, as a user of the package writes them.
import path from "node:path";
import ts from "typescript";

const REPOSITORY = path.resolve(__dirname, "..");

/**
 * What it has against each of the programs, by their text; all at once, since most of the work is to read the libraries.
 *
 * @param more compiler options beside those of this repository
 */
export function checkTypes(programs: readonly string[], more: ts.CompilerOptions = {}): Map<string, string[]> {
  // Files at the top of this repository, where the package finds itself by its name.
  const files = new Map(programs.map((code, i) => [path.join(REPOSITORY, `program${i}.ts`), code]));
  const { config } = ts.readConfigFile(path.join(REPOSITORY, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  const compilation = ts.createProgram([...files.keys()], { ...options, ...more }, host);
  const problemsOf = (file: string) =>
    ts
      .getPreEmitDiagnostics(compilation, compilation.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  return new Map([...files].map(([file, program]) => [program, problemsOf(file)]));
}
