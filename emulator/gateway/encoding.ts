/** Bodies on the wire: JSON or XML. */
import { XMLBuilder } from "fast-xml-parser";

export type Format = "JSON" | "XML";

const builder = new XMLBuilder({ ignoreAttributes: true, suppressEmptyNode: false, processEntities: true });

/**
 * @param root name of the XML root: `<action>Response`, or `Error`
 */
export function encodeBody(body: Readonly<Record<string, unknown>>, format: Format, root: string): string {
  switch (format) {
    case "JSON":
      return JSON.stringify(body);
    case "XML":
      return `<?xml version="1.0" encoding="UTF-8"?>\n${replaceForbidden(builder.build({ [root]: body }))}`;
    default:
      return format satisfies never;
  }
}

export const formatContentType = (format: Format): string =>
  format === "JSON" ? "application/json;charset=utf-8" : "text/xml;charset=utf-8";

/** Control characters, which a script may well print, cannot be written in XML at all. */
function replaceForbidden(xml: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return xml.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
}
