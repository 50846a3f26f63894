/** Messages to the engine about one resource: on its row, or under it by severity. Silent where there is no engine. */
import { createRequire } from "node:module";

/** Where a handler says what it does. Nothing here ever fails: a message that cannot be sent is dropped. */
export interface Progress {
  /** Replaces the text on the resource's row, such as `7 of 12 finished`. */
  status(text: string): void;
  /** Adds a line under the resource. Once per text, since the engine runs `check` twice for a replacement. */
  note(text: string): Promise<void>;
  /** The same as a warning. */
  warn(text: string): Promise<void>;
}

type Send = (severity: "info" | "warning", text: string, urn: string, ephemeral: boolean) => Promise<void>;

const ENGINE_ADDRESS = /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/;
const said = new Set<string>();
let send: Send | undefined;

/** The progress of the resource with this URN; without one, a message goes to the stack. */
export function progressOf(urn: unknown): Progress {
  const name = typeof urn === "string" ? urn : "";
  send ??= connectEngine(process.argv.at(-1) ?? "");
  const deliver = send;
  const once = async (severity: "info" | "warning", text: string) => {
    const key = `${severity} ${name} ${text}`;
    if (said.has(key)) return;
    said.add(key);
    await deliver(severity, text, name, false);
  };
  let shown = "";
  return {
    status: (text) => {
      if (text === shown) return;
      shown = text;
      void deliver("info", text, name, true);
    },
    note: (text) => once("info", text),
    warn: (text) => once("warning", text),
  };
}

/** The engine's address is the last argument of the process that Pulumi starts for dynamic providers. */
function connectEngine(address: string): Send {
  if (!ENGINE_ADDRESS.test(address)) return async () => {};
  const { EngineClient } =
    require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  const { LogRequest, LogSeverity } =
    require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
  // gRPC must be the very copy that Pulumi uses, which a strict package manager does not show to others.
  const grpc = createRequire(require.resolve("@pulumi/pulumi/package.json"))("@grpc/grpc-js");
  const engine = new EngineClient(address, grpc.credentials.createInsecure());
  return (severity, text, urn, ephemeral) => {
    const request = new LogRequest();
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setMessage(text);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    return new Promise((resolve) => engine.log(request, () => resolve()));
  };
}
