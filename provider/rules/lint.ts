/**
 * Reads the content of a command for what the service takes and a person hardly means. All of it is a warning: a lint
 * reads a script with patterns, not as a shell does. What looks like a key is never repeated in a message. The patterns
 * look a bounded way ahead, so that no script takes long.
 */
import { SHELL_EXITS } from "./exits";
import { findBuiltIns, findPlaceholders, isSameName } from "./placeholder";
import { agree, listIds } from "./words";

/** What a lint has to know of a command. */
export interface Script {
  commandId: string;
  type: string;
  content: string;
  enableParameter: boolean;
  parameterNames: readonly string[];
}

/**
 * Warnings about a command's content, each with a remedy.
 *
 * @param launcher what starts the script instead of a shell, if anything
 */
export function lintScript(script: Script, launcher: string | undefined): string[] {
  return [
    ...(script.type === "RunShellScript" ? lintShell(script, launcher) : []),
    ...lintPlaceholders(script),
    ...lintBuiltIns(script),
    ...lintKeys(script),
  ];
}

function lintShell(script: Script, launcher: string | undefined): string[] {
  // What a launcher reads is its own business.
  const interpreter = launcher === undefined ? findInterpreter(script.content) : "";
  if (!SHELLS.has(interpreter)) return lintLineEnds(script);
  const code = blankText(script.content);
  return [
    ...lintLineEnds(script),
    ...lintExitCodes(script, code),
    ...(POSIX_SHELLS.has(interpreter) ? lintBashisms(script, code) : []),
  ];
}

const POSIX_SHELLS = new Set(["sh", "dash", "ash"]);
const SHELLS = new Set([...POSIX_SHELLS, "bash", "zsh", "ksh"]);

/** Name of the program in the first line, past its path and `env`; the agent starts a script without one with `sh`. */
function findInterpreter(content: string): string {
  const [, words] = /^#!([^\r\n]*)/.exec(content) ?? [];
  if (words === undefined) return "sh";
  const names = words
    .trim()
    .split(/\s+/)
    .map((word) => word.slice(word.lastIndexOf("/") + 1));
  return names.find((name) => name !== "env" && !name.startsWith("-")) ?? "";
}

const HERE_DOCUMENT = /(?<!<)<<-?[ \t]*(["']?)(\w+)\1(?!<)/;
const QUOTED_OR_COMMENT = /\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|(?<=^|[\s;&|(])#[^\n]*/gm;

const spaces = (text: string): string => text.replace(/[^\n]/g, " ");

/** The script with comments, here-documents and the text between quotes as spaces; every line stays where it is. */
const blankText = (content: string): string =>
  blankHereDocuments(content).replace(QUOTED_OR_COMMENT, (whole) => {
    if (whole.startsWith("'")) return `'${spaces(whole.slice(1, -1))}'`;
    if (whole.startsWith('"')) return blankAroundExpansions(whole);
    // What is escaped is part of a word, but for the end of a line.
    return whole.startsWith("\\") && whole !== "\\\n" ? "__" : spaces(whole);
  });

function blankHereDocuments(content: string): string {
  const lines = content.split("\n");
  const lastLines = new Map(lines.map((line, i) => [line.trim(), i]));
  let end: string | undefined;
  const blanked = lines.map((line, i) => {
    if (end !== undefined) {
      if (line.trim() === end) end = undefined;
      return spaces(line);
    }
    const [, , name] = HERE_DOCUMENT.exec(line) ?? [];
    // Without its end it is no here-document, but stands in a comment or a text.
    if (name !== undefined && (lastLines.get(name) ?? 0) > i) end = name;
    return line;
  });
  return blanked.join("\n");
}

/** A shell expands `${…}` within double quotes. */
const blankAroundExpansions = (quoted: string): string =>
  quoted.replace(/(\$\{[^}\n]*\}?)|[^"\n]/g, (_, expansion?: string) => expansion ?? " ");

/** Line of the first match, from 1. */
function findLine(text: string, pattern: RegExp): number | undefined {
  const at = text.search(pattern);
  return at < 0 ? undefined : text.slice(0, at).split("\n").length;
}

function lintLineEnds({ commandId, content }: Script): string[] {
  const line = findLine(content, /\r\n/);
  return line === undefined
    ? []
    : [
        `command "${commandId}" has Windows line ends (CRLF, first in line ${line}), which Linux takes for a part of the last word of each line; save it with LF`,
      ];
}

function lintExitCodes({ commandId }: Script, code: string): string[] {
  return SHELL_EXITS.flatMap(([exitCode, words]) => {
    const line = findLine(code, new RegExp(`(?<![\\w.$-])exit[ \\t]+${exitCode}(?!\\w)`));
    return line === undefined
      ? []
      : [
          `command "${commandId}" exits with code ${exitCode} in line ${line}, at which ${words}; use another code unless that is meant`,
        ];
  });
}

/** Words where a command may stand. */
const command = (words: string) =>
  new RegExp(`(?:^|[;&|({!]|\\b(?:then|do|else|if|while))[ \\t]*(?:${words})(?=[ \\t])`, "m");

/** What bash knows and a POSIX shell such as dash, the `sh` of Debian and Ubuntu, does not. */
const BASHISMS: readonly [what: string, pattern: RegExp][] = [
  ["[[ ]]", /(?<=^|[\s;&|(!])\[\[\s/],
  ["== in [ ]", /(?<=^|[\s;&|(!])\[\s[^\]\n]{0,200}\s==\s/],
  ["(( ))", /(?<=^|[\s;&|])\(\(/],
  ["<<<", /<<</],
  ["<( )", /[<>]\((?!\()/],
  ["&>", /&>/],
  ["|&", /\|&/],
  ["function", command("function")],
  ["source", command("source")],
  ["declare", command("declare|typeset")],
  ["let", command("let")],
  ["shopt", command("shopt")],
  ["pushd", command("pushd")],
  ["mapfile", command("mapfile|readarray")],
  ["echo -e", command("echo[ \\t]+-[neE]*e[neE]*")],
  ["set -o pipefail", /(?<![-\w])set[ \t]+(?:-\w+[ \t]+)*-\w*o[ \t]+pipefail\b/],
  ["arrays", /(?<=^|[\s;])\w+\+?=\(|\$\{[#!]?\w+\[/],
  ["+=", /\b(?=\w+\+=)(?<=(?:^|[;&|])[ \t]*)\w+\+=(?!\()/m],
  ["{a..b}", /\{\w+\.\.\w+(?:\.\.\w+)?\}/],
  ["$' '", /\$'/],
  [`\${a,,}`, /\$\{\w+(?:,|\^)/],
  [`\${a/b/c}`, /\$\{\w+\//],
  [`\${a:1:2}`, /\$\{\w+:(?![-=?+])/],
  [`\${!a}`, /\$\{!\w/],
  ["$BASH_SOURCE", /\$\{?BASH_SOURCE\b/],
  ["$RANDOM", /\$\{?RANDOM\b/],
];

const MAX_NAMED_BASHISMS = 4;

function lintBashisms({ commandId }: Script, code: string): string[] {
  const found = BASHISMS.flatMap(([what, pattern]) => {
    const line = findLine(code, pattern);
    return line === undefined ? [] : [`${what} (line ${line})`];
  });
  if (found.length === 0) return [];
  const named = found.slice(0, MAX_NAMED_BASHISMS).join(", ");
  const more = found.length > MAX_NAMED_BASHISMS ? ` and ${found.length - MAX_NAMED_BASHISMS} more` : "";
  return [
    `command "${commandId}" runs under sh and uses what only bash knows: ${named}${more}; begin it with #!/bin/bash`,
  ];
}

const braced = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(", ");

function lintPlaceholders({ commandId, content, enableParameter, parameterNames }: Script): string[] {
  const used = findPlaceholders(content);
  if (!enableParameter)
    return used.length === 0
      ? []
      : [
          `command "${commandId}" holds ${braced(used)}, but enableParameter is not set on it, so nothing is put in there; set it, or write the values themselves`,
        ];
  const undefinedNames = used.filter((name) => !parameterNames.some((defined) => isSameName(name, defined)));
  const unusedNames = parameterNames.filter((name) => !used.some((other) => isSameName(name, other)));
  return [
    ...(undefinedNames.length > 0
      ? [
          `command "${commandId}" holds ${braced(undefinedNames)}, which it does not define as ${agree(undefinedNames.length, "a parameter", "parameters")}; correct the spelling, or define ${agree(undefinedNames.length, "it", "them")}`,
        ]
      : []),
    ...(unusedNames.length > 0
      ? [
          `command "${commandId}" defines ${listIds(unusedNames)} and does not use ${agree(unusedNames.length, "it", "them")}; write ${braced(unusedNames)} where the value belongs, or remove the parameter`,
        ]
      : []),
  ];
}

/** Built-in parameters (API page InvokeCommand), and the one of launchers. */
const BUILT_INS = ["RegionId", "AccountId", "InstanceId", "InstanceName", "InvokeId", "CommandId", "ScriptFileName"];

function lintBuiltIns({ commandId, content }: Script): string[] {
  const strange = findBuiltIns(content).filter((name) => !BUILT_INS.includes(name));
  return strange.length === 0
    ? []
    : [
        `command "${commandId}" holds ${braced(strange.map((name) => `ACS::${name}`))}, which the service does not build in; use one of ${BUILT_INS.slice(0, -1).join(", ")}`,
      ];
}

const KEYS: readonly [what: string, pattern: RegExp][] = [
  ["an access key id", /\bLTAI[A-Za-z0-9]{12,}\b|\bAKIA[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/],
  [
    "a token",
    /\bgh[a-z]_[A-Za-z0-9]{36}|\bgithub_pat_\w{40}|\bxox[a-z]-[\w-]{20}|(?<![-\w])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
  ],
  [
    "a password or key",
    /(?:passw(?:or)?d|secret|token|api_?key|access_?key)\w{0,40}["']?[ \t]*[=:][ \t]*["']?(?=[^\s"']{0,100}\d)(?=[^\s"']{0,100}[A-Za-z])[\w+!@#%^*.~=-]{10,}(?![\w/:({<$])/i,
  ],
];

function lintKeys({ commandId, content }: Script): string[] {
  const found = KEYS.flatMap(([what, pattern]) => {
    const line = findLine(content, pattern);
    return line === undefined ? [] : [{ what, line }];
  });
  // A token that is assigned is one finding, not two.
  const distinct = found.filter(({ line }, i) => found.findIndex((other) => other.line === line) === i);
  return distinct.map(
    ({ what, line }) =>
      `command "${commandId}" holds in line ${line} what looks like ${what}, for everybody to read who may see the command; keep it in OOS Parameter Store and write {{oos-secret:name}}`,
  );
}
