/** What states of every version of this package import: the seven handlers, in the process that Pulumi starts for them. */
import { systemClock } from "../../cloud/clock";
import { CLOSE_MS } from "../../runs/close";
import { findBackend } from "../backend";
import { createProbe, createTell, watchEngine } from "../engine";
import { hush } from "./console";
import { createHandlers, type Handlers } from "./handlers";

/** Pulumi gives the engine's address as the last argument. */
const address = process.argv.at(-1) ?? "";
const engine = createProbe(address);

const handlers: Handlers = createHandlers({
  environment: process.env,
  clock: systemClock,
  tell: createTell(address),
  engine,
  backend: findBackend(process.env, process.cwd()),
});

const close = () => Promise.race([handlers.close(), systemClock.sleep(CLOSE_MS)]);

let isListening = false;

/** The host asks once for each type of resource; they share one session. */
let configured: Promise<void> | undefined;

export const configure: Handlers["configure"] = (request) => {
  if (!isListening) {
    process.once("SIGINT", () => void close().finally(() => process.kill(process.pid, "SIGINT")));
    watchEngine(engine);
    hush(console);
  }
  isListening = true;
  configured ??= handlers.configure(request);
  return configured;
};

export const { check, create, diff, read, update, fleet, verdict } = handlers;
const { delete: destroy } = handlers;

export { destroy as delete };
