/** Properties as the protocol carries them. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../lifecycle/state";

type Json = Parameters<typeof Struct.fromJavaScript>[0];

export const readStruct = (struct: Struct | undefined): Properties => struct?.toJavaScript() ?? {};

/** What is undefined is left out, as in JSON. */
export const writeStruct = (properties: Properties): Struct => Struct.fromJavaScript(omitUndefined(properties) as Json);

function omitUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => omitUndefined(element) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, omitUndefined(member)]));
}
