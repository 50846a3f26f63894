/** The engine that this process works for: messages about one resource, and whether it is still there. */
import { escapeControls } from "../rules/printed";
import type { Progress } from "../runs/call";
import type { EngineProbe } from "../runs/session";
import { loadGrpc } from "./grpc";

/** Sends one message; never fails. An ephemeral one replaces the text on the resource's row. */
export type Tell = (severity: "info" | "warning", text: string, urn: string, ephemeral: boolean) => Promise<void>;

/** What listens on this machine: gRPC for Node looks for it behind a proxy that the environment names, as no other gRPC does. */
export const NEAR = { "grpc.enable_http_proxy": 0 };

export const isEngineAddress = (text: string): boolean => /^(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(text);

/**
 * The progress of the resource with this URN; without one, a message goes to the stack.
 *
 * @param said what was said already in this run of the engine
 * @param say makes a text of what may be shown
 */
export function createProgress(tell: Tell, said: Set<string>, urn: string, say = escapeControls): Progress {
  const name = nameOf(urn);
  const once = async (severity: "info" | "warning", text: string) => {
    const key = `${severity} ${urn} ${text}`;
    if (said.has(key)) return;
    said.add(key);
    // The engine puts no heading over messages that it shows beside a diff.
    await tell(severity, say(name === "" ? text : `${name}: ${text}`), urn, false);
  };
  let shown = "";
  return {
    status: (text) => {
      if (text === shown) return;
      shown = text;
      void tell("info", say(text), urn, true);
    },
    note: (text) => once("info", text),
    warn: (text) => once("warning", text),
  };
}

/** Counted from the front, since a name may itself hold "::". */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

/** Connects to the engine at this address, when there is first something to say. Silent where there is none. */
export function createTell(address: string): Tell {
  let connected: Tell | undefined;
  return (...message) => {
    connected ??= connectTell(address);
    return connected(...message);
  };
}

function connectTell(address: string): Tell {
  const engine = connectEngine(address);
  if (engine === undefined) return async () => {};
  const { LogRequest, LogSeverity } =
    require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
  return (severity, text, urn, ephemeral) => {
    const request = new LogRequest();
    request.setSeverity(severity === "info" ? LogSeverity.INFO : LogSeverity.WARNING);
    request.setMessage(text);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    return new Promise((resolve) => engine.log(request, () => resolve()));
  };
}

/** gRPC's code for a peer that cannot be reached. */
const UNAVAILABLE = 14;

const PROBE_MS = 3_000;

/** Asks the engine at this address something small. Where there is none, nobody can be gone. */
export function createProbe(address: string): EngineProbe {
  let engine: ReturnType<typeof connectEngine>;
  return () => {
    engine ??= connectEngine(address);
    if (engine === undefined) return Promise.resolve(true);
    const { Metadata } = loadGrpc();
    const { GetRootResourceRequest } =
      require("@pulumi/pulumi/proto/engine_pb") as typeof import("@pulumi/pulumi/proto/engine_pb");
    const asked = engine;
    const options = { deadline: new Date(Date.now() + PROBE_MS) };
    return new Promise((resolve) =>
      // An engine that is slow, or that does not know the question, is there.
      asked.getRootResource(new GetRootResourceRequest(), new Metadata(), options, (error: { code?: number } | null) =>
        resolve(error?.code !== UNAVAILABLE),
      ),
    );
  };
}

/** The engine is asked so often whether it is still there; the process outlives one that was killed by two questions. */
const WATCH_MS = 15_000;

/** Ends this process when the engine that started it is gone. */
export function watchEngine(engine: EngineProbe): void {
  let misses = 0;
  const ask = async () => {
    misses = (await engine()) ? 0 : misses + 1;
    if (misses === 2) process.exit(1);
  };
  setInterval(() => void ask(), WATCH_MS).unref();
}

function connectEngine(address: string): import("@pulumi/pulumi/proto/engine_grpc_pb").EngineClient | undefined {
  if (!isEngineAddress(address)) return undefined;
  const { EngineClient } =
    require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  return new EngineClient(address, loadGrpc().credentials.createInsecure(), NEAR);
}
