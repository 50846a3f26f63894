// A way to the service on which an operation can be stopped at a chosen moment: before or after one of its calls, before or
// after one of its saves.
import { type FSWatcher, watch } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Boundary } from "./plan";

export interface Gate {
  /** Where the service is reached through it. */
  readonly url: string;
  /**
   * Waits for a moment of the operation that begins now.
   * @param act runs once, when it has come; answers whether whoever called the service is still there
   */
  arm(boundary: Boundary, act: () => boolean): void;
  disarm(): void;
  stop(): Promise<void>;
}

interface Armed {
  boundary: Boundary;
  act: () => boolean;
  calls: number;
  saves: number;
}

export interface GateOptions {
  /** The service's address. */
  serviceUrl: string;
  /** The folder in which the engine keeps the state. */
  stateDirectory: string;
  /** Told of each call that the service has answered, before the answer goes on its way. */
  onAnswer: (action: string) => Promise<void>;
}

export async function openGate({ serviceUrl, stateDirectory, onAnswer }: GateOptions): Promise<Gate> {
  let armed: Armed | undefined;

  /** Whether whoever waits for it is still there. */
  function strike({ act }: Armed): boolean {
    armed = undefined;
    return act();
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const action = String(incoming.headers["x-acs-action"] ?? "");
    const mine = armed;
    let isHere = false;
    if (mine?.boundary.of === "call" && (mine.boundary.action ?? action) === action)
      isHere = ++mine.calls === mine.boundary.nth;
    const body = await readAll(incoming);
    if (isHere && mine && mine === armed && mine.boundary.side === "before" && !strike(mine))
      return void incoming.destroy();
    const answer = await forward(serviceUrl, incoming, body);
    await onAnswer(action);
    if (isHere && mine && mine === armed && mine.boundary.side === "after" && !strike(mine))
      return void incoming.destroy();
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const watcher = watchSaves(stateDirectory, (side) => {
    if (armed?.boundary.of !== "save" || armed.boundary.side !== side) return;
    if (++armed.saves === armed.boundary.nth) strike(armed);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm: (boundary, act) => {
      armed = { boundary, act, calls: 0, saves: 0 };
    },
    disarm: () => {
      armed = undefined;
    },
    stop: async () => {
      watcher.close();
      await close(server);
    },
  };
}

/** The engine writes the state beside the old one, and then puts it in its place. */
function watchSaves(directory: string, happens: (side: Boundary["side"]) => void): FSWatcher {
  let begun: string | undefined;
  return watch(directory, (event, name) => {
    if (event !== "rename" || name === null) return;
    if (/^dev\.json\.[0-9a-f]+\.tmp$/.test(name) && name !== begun) {
      begun = name;
      happens("before");
    } else if (name === "dev.json") {
      happens("after");
    }
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** The very request, so that it is signed for the gate's address and still is for the service's. */
function forward(serviceUrl: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const passed = request(
      serviceUrl,
      { path: url, ...(method ? { method } : {}), headers, agent: false },
      (answer) => {
        readAll(answer).then(
          (read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
          reject,
        );
      },
    );
    passed.on("error", reject);
    passed.end(body);
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
