/**
 * The `{{name}}` of a command's content, as the service reads them where parameters are enabled (CreateCommand's page: letters, digits, `-` and `_`,
 * blanks around the name ignored, any case). Content is bytes, in whatever encoding: only ASCII is looked at, and everything else passes untouched.
 */

/** Whatever stands between two pairs of braces; most of it is none of the service's business. */
const BRACED = /\{\{([^{}]*)\}\}/g;
const NAME = /^[\t\n\f\r ]*([A-Za-z0-9_-]+)[\t\n\f\r ]*$/;
const BLANK = /^[\t\n\f\r ]*$/;
/** Built-in parameters, and references to the parameter store: the agent's to read. */
const FOREIGN = /^[\t\n\f\r ]*(?:acs[\t\n\f\r ]*::|oos:|oos-secret:)/i;

/** Bytes as text in which each byte is one character, and back. */
const toText = (content: Buffer): string => content.toString("latin1");

const listBraced = (content: Buffer): string[] => [...toText(content).matchAll(BRACED)].map(([, inner = ""]) => inner);

const readName = (inner: string): string | undefined => NAME.exec(inner)?.[1];

/** Each name once, whatever its case, as it is spelled where it first stands. A Go template's `{{.Names}}` is none. */
export function findParameterNames(content: Buffer): readonly string[] {
  const names = new Map<string, string>();
  for (const name of listBraced(content).map(readName)) {
    if (name !== undefined && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}

/** Whether `{{}}` stands in the content. */
export const hasEmptyName = (content: Buffer): boolean => listBraced(content).some((inner) => BLANK.test(inner));

/** Whether something that can be no name stands in braces, such as `{{a b}}`; where parameters are enabled, the service takes it for one. */
export const hasMalformedName = (content: Buffer): boolean =>
  listBraced(content).some((inner) => !BLANK.test(inner) && !FOREIGN.test(inner) && readName(inner) === undefined);

export const isParameterName = (name: string): boolean => /^[A-Za-z0-9_-]+$/.test(name);

/** The content with every parameter replaced, whatever stands in for it; nothing that it brings is looked at again. */
export function replaceParameters(content: Buffer, findValue: (name: string) => string): Buffer {
  const replaced = toText(content).replace(BRACED, (whole, inner: string) => {
    const name = readName(inner);
    return name === undefined ? whole : toText(Buffer.from(findValue(name)));
  });
  return Buffer.from(replaced, "latin1");
}
