/** Finds and replaces the `{{name}}` of a command's content. Built-in ones (`{{ACS::InstanceId}}`) are the agent's. */

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g;

/** Names are not case-sensitive for the service. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The distinct names, as they are spelled where they first stand. */
export function findPlaceholders(content: string): string[] {
  const names = [...content.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  return names.filter((name, i) => names.findIndex((other) => isSameName(name, other)) === i);
}

/** The content with every placeholder replaced that has a value; the others stay as they are. */
export function replacePlaceholders(content: string, findValue: (name: string) => string | undefined): string {
  return content.replace(PLACEHOLDER, (whole, name: string) => findValue(name) ?? whole);
}
