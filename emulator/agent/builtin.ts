/**
 * The built-in parameters, `{{ACS::InstanceId}}`, as the agent reads them (aliyun_assist_client, agent/taskengine/parameters/environment.go):
 * prefix and name as they are spelled, blanks anywhere but within them. Content is bytes, in whatever encoding.
 */

const BUILT_IN = /\{\{[\t\n\f\r ]*ACS[\t\n\f\r ]*::[\t\n\f\r ]*([\w.-]+)[\t\n\f\r ]*\}\}/g;

/** Values by name; names are case-sensitive. */
export type BuiltIns = Readonly<Record<string, string>>;

/** The names that the content asks for, as often as it does. */
export const findBuiltIns = (content: Buffer): readonly string[] =>
  [...content.toString("latin1").matchAll(BUILT_IN)].map(([, name = ""]) => name);

/** The content with the values put in; or the first name that is no built-in parameter's, for which the agent runs nothing. */
export function resolveBuiltIns(content: Buffer, values: BuiltIns): { content: Buffer } | { unknownName: string } {
  const unknownName = findBuiltIns(content).find((name) => !Object.hasOwn(values, name));
  if (unknownName !== undefined) return { unknownName };
  const resolved = content
    .toString("latin1")
    .replace(BUILT_IN, (_, name: string) => Buffer.from(values[name] ?? "").toString("latin1"));
  return { content: Buffer.from(resolved, "latin1") };
}
