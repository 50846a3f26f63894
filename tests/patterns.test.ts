// No text, however hostile, keeps a regular expression of either product busy: the time grows with the length alone.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";
import ts from "typescript";
import { isBusy, measure, type Work } from "./growth";
import { type Hostile, listHostile } from "./hostile";

// Where other processes take the machine, times tell nothing: what is meant must show in one of three rounds.
jest.retryTimes(2);

const REPOSITORY = path.resolve(__dirname, "..");
const FOLDERS = ["provider", "emulator", "schedule"];

interface Literal {
  readonly place: string;
  readonly pattern: RegExp;
}

const sources = FOLDERS.filter((folder) => existsSync(path.join(REPOSITORY, folder))).flatMap(listSources);

function listSources(folder: string): string[] {
  const entries = readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => /\.tsx?$/.test(entry)).map((entry) => path.posix.join(folder, entry));
}

/** The literals of a file, and the patterns that it puts together from text, with `x` for what is put in. */
function listLiterals(file: string): Literal[] {
  const literals: Literal[] = [];
  const source = ts.createSourceFile(file, readFileSync(path.join(REPOSITORY, file), "utf8"), ts.ScriptTarget.Latest);
  const add = (text: string, flags: string): void => {
    literals.push({ place: `${file} /${text}/${flags}`, pattern: new RegExp(text, flags) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add(node.text.slice(1, end), node.text.slice(end + 1));
    } else if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "RegExp") {
      const [text, flags] = node.arguments ?? [];
      add(formatTemplate(text), flags !== undefined && ts.isStringLiteral(flags) ? flags.text : "");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return literals;
}

function formatTemplate(text: ts.Expression | undefined): string {
  if (text !== undefined && ts.isStringLiteralLike(text)) return text.text;
  if (text === undefined || !ts.isTemplateExpression(text)) return "x";
  return text.head.text + text.templateSpans.map(({ literal }) => `x${literal.text}`).join("");
}

/** Beyond it a search is given up, in the middle of it. */
const GIVE_UP_MS = 1_000;
const CHARACTERS = 100_000;

/** Searches as the source does: a global pattern is one that looks for every match. */
const search = new vm.Script("pattern.global ? text.replace(pattern, '') : pattern.exec(text)");
const context = vm.createContext({});

const searchIn =
  (pattern: RegExp, make: Hostile): Work =>
  (characters) => {
    Object.assign(context, { pattern, text: make(characters) });
    try {
      search.runInContext(context, { timeout: GIVE_UP_MS });
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
      throw error;
    }
  };

/** The beginning of a text on which the pattern is busy. */
function findBusy(pattern: RegExp): string | undefined {
  const tried: { make: Hostile; ms: number }[] = [];
  for (const make of listHostile(pattern)) {
    const { ms, isOver } = measure(searchIn(pattern, make), CHARACTERS / 10);
    if (!isOver && isBusy(searchIn(pattern, make), CHARACTERS / 10)) return make(40);
    tried.push({ make, ms });
  }
  const worst = tried.sort((a, b) => b.ms - a.ms).slice(0, 5);
  return worst.find(({ make }) => isBusy(searchIn(pattern, make), CHARACTERS))?.make(40);
}

const literals = [...new Map(sources.flatMap(listLiterals).map((literal) => [literal.place, literal])).values()];

test("there are patterns in both products", () => {
  for (const folder of ["provider", "emulator"])
    expect(literals.filter(({ place }) => place.startsWith(`${folder}/`)).length).toBeGreaterThan(10);
});

test.each(literals)("$place", ({ pattern }) => {
  expect(findBusy(pattern)).toBeUndefined();
});

test.each([
  /\{\{\s*([^{}]*?)\s*\}\}/g,
  /T.*(Z|[+-]\d\d:\d\d)$/,
  /[.\s]+$/,
  /("(?:[^"\\]|\\.)*")/gs,
  /\beyJ[\w-]{10,}\.eyJ/,
  /\bset[ \t]+(?:-\w+[ \t]+)*-\w*o[ \t]+pipefail\b/,
  /^(\w+\s?)*$/,
])("one that is busy is found: %s", (pattern) => {
  expect(findBusy(pattern)).toBeDefined();
});
