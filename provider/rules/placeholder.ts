/** Finds and replaces what stands in double braces in a command's content: the one place that knows how it is written. */

/** `{{name}}`, which the service replaces. */
const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g;

/** `{{ACS::InstanceId}}`, which the agent replaces; the prefix is capital, and blanks may stand around it. */
const BUILT_IN = /\{\{\s*ACS\s*::\s*(\w+)/g;

/** Whatever stands in double braces. */
const BRACED = /\{\{([^{}]*)\}\}/g;

/** What may: a name, and what the agent reads, as references to the parameter store. */
const READABLE = /^\s*(?:[A-Za-z0-9_-]+\s*$|ACS\s*::|oos:|oos-secret:)/i;

/** Places in the content where something stands in double braces that the service takes for a name and refuses, `{{.Names}}`. */
export const findMalformed = (content: string): number[] =>
  [...content.matchAll(BRACED)].filter(([, inner = ""]) => !READABLE.test(inner)).map(({ index }) => index);

/** Names are not case-sensitive for the service. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The distinct names, as they are spelled where they first stand. */
export function findPlaceholders(content: string): string[] {
  const names = [...content.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return names.filter((name, i) => names.findIndex((other) => isSameName(name, other)) === i);
}

/** The distinct names of built-in parameters. */
export const findBuiltIns = (content: string): string[] => [
  ...new Set([...content.matchAll(BUILT_IN)].map(([, name = ""]) => name)),
];

/** The content with every placeholder replaced that has a value; the others stay as they are. */
export function replacePlaceholders(content: string, findValue: (name: string) => string | undefined): string {
  return content.replace(PLACEHOLDER, (whole, name: string) => findValue(name) ?? whole);
}

/** Double braces that are no placeholder's: `{{.Names}}`, `{{ user.name }}`, `{{- if x }}`, but not `{{oos:name}}` or `{{ACS::InstanceId}}`. */
const FOREIGN = /\{\{(?![\s\w-]{0,200}\}\}|\s{0,20}(?:ACS\s{0,20}::|oos:|oos-secret:))[^{}\n]{1,200}\}\}/i;

/** Signs that a script holds, or writes, the text of a language in which double braces mean something. */
const TEMPLATES: readonly RegExp[] = [
  FOREIGN,
  // Jinja and its like
  /\{%|\.(?:j2|jinja2?|tmpl|tpl|gotmpl|hbs|mustache)\b|\b(?:jinja2?|ansible|helm|consul-template|gomplate)\b/i,
  // Go
  /\{\{\s{0,20}(?:end|else|break|continue)\s{0,20}\}\}/,
  // GitHub Actions
  /\$\{\{/,
  // Python, where double braces are single ones
  /\b(?:f|fr|rf)(?:"[^"\n]{0,400}\{\{|'[^'\n]{0,400}\{\{|"""|''')/i,
  /["']\.format(?:_map)?\(/,
];

/** Whether double braces in a command without parameters are likely to be meant for somebody else than the service. */
export const isTemplate = (content: string): boolean => TEMPLATES.some((pattern) => pattern.test(content));
