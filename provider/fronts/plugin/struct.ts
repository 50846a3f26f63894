/** Properties as the protocol carries them. */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Properties } from "../../lifecycle/state";

/** As large as the engine's own. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export const MESSAGE_LIMITS = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};

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
