/** Messages to the engine about one resource: on its row, or under it by severity. Silent where there is no engine. */
import { createRequire } from "node:module";
import { escapeControls } from "../../rules/printed";
import type { Progress } from "../../runs/call";

/** Sends one message; never fails. An ephemeral one replaces the text on the resource's row. */
export type Tell = (severity: "info" | "warning", text: string, urn: string, ephemeral: boolean) => Promise<void>;

const ENGINE_ADDRESS = /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/;

/**
 * The progress of the resource with this URN; without one, a message goes to the stack.
 *
 * @param said what was said already in this run of the engine
 */
export function createProgress(tell: Tell, said: Set<string>, urn: string): Progress {
  const name = nameOf(urn);
  const once = async (severity: "info" | "warning", text: string) => {
    const key = `${severity} ${urn} ${text}`;
    if (said.has(key)) return;
    said.add(key);
    // The engine puts no heading over messages that it shows beside a diff.
    await tell(severity, escapeControls(name === "" ? text : `${name}: ${text}`), urn, false);
  };
  let shown = "";
  return {
    status: (text) => {
      if (text === shown) return;
      shown = text;
      void tell("info", escapeControls(text), urn, true);
    },
    note: (text) => once("info", text),
    warn: (text) => once("warning", text),
  };
}

/** Counted from the front, since a name may itself hold "::". */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** Connects to the engine at this address, when there is first something to say. */
export function createTell(address: string): Tell {
  let connected: Tell | undefined;
  return (...message) => {
    connected ??= connectEngine(address);
    return connected(...message);
  };
}

function connectEngine(address: string): Tell {
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
