/**
 * Reads the content of a command for what the service takes and a person hardly means. All of it is a warning: a lint
 * reads a script with patterns, not as a shell does. What looks like a key is never repeated in a message. The patterns
 * look a bounded way ahead, so that no script takes long.
 */
import { listForeign, nameCharacter } from "../../schedule/characters";
import { SHELL_EXITS } from "./exits";
import { findBuiltIns, findPlaceholders, isSameName, isTemplate } from "./placeholder";
import { agree, listIds } from "./words";

/** What a lint has to know of a command. */
export interface Script {
  /** "" of a script that is no command. */
  commandId: string;
  type: string;
  content: string;
  enableParameter: boolean;
  parameterNames: readonly string[];
}

/** As messages call it. */
export const nameOf = ({ commandId }: Pick<Script, "commandId">): string =>
  commandId === "" ? "the script" : `command "${commandId}"`;

/** Whether a line holds what looks like a key or a password, which no message repeats. */
export const holdsKey = (line: string): boolean => KEYS.some(([, pattern]) => pattern.test(line));

/**
 * Warnings about a command's content, each with a remedy.
 *
 * @param launcher what starts the script instead of a shell, if anything
 */
export function lintScript(given: Script, launcher: string | undefined): string[] {
  const lost = lintLost(given);
  if (lost.length > 0) return lost;
  if (UTF_16.test(given.content)) return lintUtf16(given);
  const script = { ...given, content: given.content.replace(BYTE_ORDER_MARK, "") };
  return [
    ...lintByteOrderMark(given),
    ...lintNul(given),
    ...lintIdle(script, launcher),
    ...(script.type === "RunShellScript" ? lintShell(script, launcher) : []),
    ...lintPlaceholders(script),
    ...lintBuiltIns(script),
    ...lintKeys(script),
  ];
}

const BYTE_ORDER_MARK = /^\ufeff/;
/** What is left of the one of UTF-16, and of what comes after it, once it is read as UTF-8. */
const UTF_16 = /^\ufffd\ufffd[^\0]?\0/;

// Windows PowerShell reads UTF-16, and needs the mark of UTF-8, or it takes the script for one of the system's code page.
const lintUtf16 = (script: Script): string[] =>
  script.type === "RunPowerShellScript"
    ? []
    : [`${nameOf(script)} is in UTF-16, which no shell reads; save it as UTF-8 without a byte order mark`];

/** A program has read its script by now, and runs what it read; of a command the bytes are those that somebody gave. */
function lintLost(script: Script): string[] {
  const line = script.commandId === "" ? findLine(script.content, /\ufffd/) : undefined;
  return line === undefined
    ? []
    : [
        `${nameOf(script)} holds ${nameCharacter("\ufffd")} in line ${line}, which stands where something else than UTF-8 was read, such as UTF-16 or GBK; save its file as UTF-8`,
      ];
}

/** With what is not UTF-8 beside it, it is a payload. */
function lintNul(script: Script): string[] {
  const line = script.content.includes("\ufffd") ? undefined : findLine(script.content, /\0/);
  return line === undefined
    ? []
    : [
        `${nameOf(script)} holds NUL in line ${line}, as text in UTF-16 does where it is read as UTF-8, and Linux takes it for no script; save its file as UTF-8`,
      ];
}

function lintIdle(script: Script, launcher: string | undefined): string[] {
  const { type, content } = script;
  const isShell = type === "RunShellScript" && launcher === undefined && SHELLS.has(findInterpreter(content));
  if (content === "" || (isShell ? blankText(content) : content).trim() !== "") return [];
  return [
    `${nameOf(script)} runs nothing: it holds blanks${isShell ? " and comments" : ""} alone; write what is to run`,
  ];
}

function lintByteOrderMark(script: Script): string[] {
  const { type, content } = script;
  if (type === "RunPowerShellScript" || !BYTE_ORDER_MARK.test(content)) return [];
  const consequence = content.startsWith("\ufeff#!") ? ", so that its #! line is none" : "";
  return [
    `${nameOf(script)} begins with ${nameCharacter("\ufeff")}, which cannot be seen and is taken for a part of its first word${consequence}; save it as UTF-8 without one`,
  ];
}

function lintShell(script: Script, launcher: string | undefined): string[] {
  // What a launcher reads is its own business.
  const interpreter = launcher === undefined ? findInterpreter(script.content) : "";
  if (!SHELLS.has(interpreter)) return lintLineEnds(script);
  const code = blankText(script.content);
  return [
    ...lintBeginning(script),
    ...lintLineEnds(script),
    ...lintInvisible(script, code),
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

/** What stands before the first line's `#!` hides it from Linux. */
function lintBeginning(script: Script): string[] {
  const [, before = ""] = /^(\s{1,1000})#!/.exec(script.content) ?? [];
  if (before === "") return [];
  return [
    `${nameOf(script)} has its #! in line ${before.split("\n").length}, and Linux looks for it at the very beginning alone: it runs under sh; remove the blanks before it`,
  ];
}

function lintLineEnds(script: Script): string[] {
  const line = findLine(script.content, /\r\n/);
  return line === undefined
    ? []
    : [
        `${nameOf(script)} has Windows line ends (CRLF, first in line ${line}), which Linux takes for a part of the last word of each line; save it with LF`,
      ];
}

/** Between quotes and in comments they may be meant. What is not UTF-8, as a payload, is another's to read. */
function lintInvisible(script: Script, code: string): string[] {
  if (code.includes("\ufffd")) return [];
  const found = code.split("\n").flatMap((text, i) =>
    listForeign(text).flatMap(({ text: character, kind, position }) => {
      if ((kind !== "blank" && kind !== "invisible") || /\p{Cc}/u.test(character)) return [];
      return [{ kind, place: `${nameCharacter(character)} in line ${i + 1} at character ${position}` }];
    }),
  );
  const [first] = found;
  if (first === undefined) return [];
  const more = found.length > 1 ? ` and ${found.length - 1} more` : "";
  return [
    `${nameOf(script)} holds ${first.place}${more}, which a shell takes for a part of a word; ${first.kind === "blank" ? "write a space" : "remove it"}`,
  ];
}

function lintExitCodes(script: Script, code: string): string[] {
  return SHELL_EXITS.flatMap(([exitCode, words]) => {
    const line = findLine(code, new RegExp(`(?<![\\w.$-])exit[ \\t]+${exitCode}(?!\\w)`));
    return line === undefined
      ? []
      : [
          `${nameOf(script)} exits with code ${exitCode} in line ${line}, at which ${words}; use another code unless that is meant`,
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

function lintBashisms(script: Script, code: string): string[] {
  const found = BASHISMS.flatMap(([what, pattern]) => {
    const line = findLine(code, pattern);
    return line === undefined ? [] : [`${what} (line ${line})`];
  });
  if (found.length === 0) return [];
  const named = found.slice(0, MAX_NAMED_BASHISMS).join(", ");
  const more = found.length > MAX_NAMED_BASHISMS ? ` and ${found.length - MAX_NAMED_BASHISMS} more` : "";
  return [`${nameOf(script)} runs under sh and uses what only bash knows: ${named}${more}; begin it with #!/bin/bash`];
}

const braced = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(", ");

function lintPlaceholders(script: Script): string[] {
  const { commandId, content, enableParameter, parameterNames } = script;
  const used = findPlaceholders(content);
  if (!enableParameter)
    return used.length === 0 || isTemplate(content)
      ? []
      : [
          commandId === ""
            ? `${nameOf(script)} holds ${braced(used)}, but parameters hold no value, so nothing is put in there; add values unless it is meant as it stands`
            : `${nameOf(script)} holds ${braced(used)}, but enableParameter is not set on it, so nothing is put in there; set it, or write the values themselves`,
        ];
  const undefinedNames = used.filter((name) => !parameterNames.some((defined) => isSameName(name, defined)));
  const unusedNames = parameterNames.filter((name) => !used.some((other) => isSameName(name, other)));
  return [
    ...(undefinedNames.length > 0
      ? [
          `${nameOf(script)} holds ${braced(undefinedNames)}, which it does not define as ${agree(undefinedNames.length, "a parameter", "parameters")}; correct the spelling, or define ${agree(undefinedNames.length, "it", "them")}`,
        ]
      : []),
    ...(unusedNames.length > 0
      ? [
          `${nameOf(script)} defines ${listIds(unusedNames)} and does not use ${agree(unusedNames.length, "it", "them")}; write ${braced(unusedNames)} where the value belongs, or remove the parameter`,
        ]
      : []),
  ];
}

/** Built-in parameters (API page InvokeCommand), and the one of launchers. */
const BUILT_INS = ["RegionId", "AccountId", "InstanceId", "InstanceName", "InvokeId", "CommandId", "ScriptFileName"];

function lintBuiltIns(script: Script): string[] {
  const used = findBuiltIns(script.content);
  const strange = used.filter((name) => !BUILT_INS.includes(name));
  const built = used.filter((name) => BUILT_INS.includes(name));
  const format = (names: readonly string[]) => braced(names.map((name) => `ACS::${name}`));
  return [
    ...(strange.length > 0
      ? [
          `${nameOf(script)} holds ${format(strange)}, which the service does not build in; use one of ${BUILT_INS.slice(0, -1).join(", ")}`,
        ]
      : []),
    ...(built.length > 0 && !script.enableParameter
      ? [
          `${nameOf(script)} holds ${format(built)}, but enableParameter is not set on it, and the agent leaves ${agree(built.length, "it", "them")} as text then; set it`,
        ]
      : []),
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

function lintKeys(script: Script): string[] {
  const { content } = script;
  const found = KEYS.flatMap(([what, pattern]) => {
    const line = findLine(content, pattern);
    return line === undefined ? [] : [{ what, line }];
  });
  // A token that is assigned is one finding, not two.
  const distinct = found.filter(({ line }, i) => found.findIndex((other) => other.line === line) === i);
  return distinct.map(
    ({ what, line }) =>
      `${nameOf(script)} holds in line ${line} what looks like ${what}, for everybody to read who may see the command; keep it in OOS Parameter Store and write {{oos-secret:name}}`,
  );
}
