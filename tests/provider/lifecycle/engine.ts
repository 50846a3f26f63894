// Hears what the provider says to the engine: a gRPC server in the engine's place.
import type * as Grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { createTell, type Tell } from "../../../provider/fronts/engine";
import { loadGrpc } from "../../../provider/fronts/grpc";

export interface Message {
  severity: "info" | "warning" | "other";
  text: string;
  /** Whether it only replaces the text on the resource's row. */
  ephemeral: boolean;
}

export interface Ear {
  address: string;
  /** What speaks to it. */
  tell: Tell;
  /** What was said since this was last asked: `warning: …` lines that stay, in order. */
  notes(): string[];
  /** The texts that stood on the resource's row since this was last asked. */
  statuses(): string[];
  /** Waits until all that was said has been heard. */
  catchUp(): Promise<void>;
}

const CATCH_UP = "urn of nobody";

const grpc = loadGrpc();
let ear: Promise<Ear> | undefined;
let server: Grpc.Server | undefined;

afterAll(() => server?.forceShutdown());

/** The ear of this process. */
export function lendEar(): Promise<Ear> {
  ear ??= openEar();
  return ear;
}

async function openEar(): Promise<Ear> {
  let heard: Message[] = [];
  const opened = new grpc.Server();
  server = opened;
  opened.addService(EngineService as unknown as Grpc.ServiceDefinition, {
    log: ({ request }: { request: LogRequest }, answer: (error: null, empty: Empty) => void) => {
      if (request.getUrn() === CATCH_UP) return answer(null, new Empty());
      heard.push({
        severity: nameSeverity(request.getSeverity()),
        text: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      answer(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    opened.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const address = `127.0.0.1:${port}`;
  const tell = createTell(address);
  const take = (ephemeral: boolean): Message[] => {
    const taken = heard.filter((message) => message.ephemeral === ephemeral);
    heard = heard.filter((message) => message.ephemeral !== ephemeral);
    return taken;
  };
  return {
    address,
    tell,
    notes: () => take(false).map(({ severity, text }) => (severity === "info" ? text : `${severity}: ${text}`)),
    statuses: () => take(true).map(({ text }) => text),
    catchUp: () => tell("info", "", CATCH_UP, false),
  };
}

function nameSeverity(severity: number): Message["severity"] {
  if (severity === LogSeverity.INFO) return "info";
  return severity === LogSeverity.WARNING ? "warning" : "other";
}
