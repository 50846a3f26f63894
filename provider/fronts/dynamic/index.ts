/** What states of every version of this package import: the seven handlers, in the process that Pulumi starts for them. */
import { systemClock } from "../../cloud/clock";
import { hush } from "./console";
import { createTell } from "./engine";
import { createHandlers, type Handlers } from "./handlers";

const handlers: Handlers = createHandlers({
  environment: process.env,
  clock: systemClock,
  // Pulumi gives the engine's address as the last argument.
  tell: createTell(process.argv.at(-1) ?? ""),
});

let isListening = false;

export const configure: Handlers["configure"] = (request) => {
  if (!isListening) {
    process.once("SIGINT", () => void handlers.close().finally(() => process.kill(process.pid, "SIGINT")));
    hush(console);
  }
  isListening = true;
  return handlers.configure(request);
};

export const { check, create, diff, read, update } = handlers;
const { delete: destroy } = handlers;

export { destroy as delete };
