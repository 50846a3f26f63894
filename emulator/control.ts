/** The control API: what the library has as methods, as JSON over HTTP under `/_emulator/`. Not part of the service, and unsigned. */
import type { Emulator } from "./emulator";
import { parseFault } from "./faults";
import type { HttpReply, HttpRequest } from "./gateway/protocol";
import { parseCommandSeed, parseInstancePatch, parseInstanceSeed } from "./seed";

/** @param emulator asked for late, since it and its control API know each other */
export function createControl(emulator: () => Emulator): (request: HttpRequest) => Promise<HttpReply> {
  return async (request) => {
    try {
      return await route(emulator(), request);
    } catch (error) {
      const isExpected = error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError;
      if (!isExpected) throw error;
      return reply(400, { error: error.message });
    }
  };
}

async function route(emulator: Emulator, { method, url, body }: HttpRequest): Promise<HttpReply> {
  const [path = ""] = url.slice("/_emulator".length).split("?", 1);
  const instance = /^\/instances\/(m?i-[A-Za-z0-9]+)$/.exec(path)?.[1];
  if (method === "PATCH" && instance !== undefined) {
    emulator.updateInstance(instance, parseInstancePatch(parseBody(body), "The body"));
    return reply(200, {});
  }
  switch (`${method} ${path}`) {
    case "POST /advance":
      await emulator.advance(parseAdvance(parseBody(body)));
      return reply(200, {});
    case "POST /faults":
      emulator.inject(parseFault(parseBody(body)));
      return reply(200, {});
    case "DELETE /faults":
      emulator.clearFaults();
      return reply(200, {});
    case "GET /journal":
      return reply(200, emulator.journal());
    case "DELETE /journal":
      emulator.clearJournal();
      return reply(200, {});
    case "GET /instances":
      return reply(200, { instanceIds: emulator.instanceIds });
    case "POST /instances":
      return reply(200, { instanceId: emulator.addInstance(parseInstanceSeed(parseBody(body), "The body")) });
    case "POST /commands":
      return reply(200, { commandId: emulator.addCommand(parseCommandSeed(parseBody(body), "The body")) });
    case "POST /expire":
      emulator.expire(String(parseBody(body).invokeId));
      return reply(200, {});
    default:
      return reply(404, { error: `There is no control operation "${method} ${path}"` });
  }
}

function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("The body must be a JSON object");
  }
  return { ...value };
}

function parseAdvance({ ms }: Readonly<Record<string, unknown>>): number {
  if (typeof ms === "number" && ms >= 0 && Number.isFinite(ms)) return ms;
  throw new RangeError(
    `The body must have a number of milliseconds, 0 or more, as "ms": current value is ${JSON.stringify(ms)}`,
  );
}

const reply = (status: number, body: unknown): HttpReply => ({
  status,
  headers: { "content-type": "application/json;charset=utf-8" },
  body: JSON.stringify(body),
  delayMs: 0,
});
