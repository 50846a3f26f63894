import { hold } from "../../../provider/lifecycle/hold";
import type { Call } from "../../../provider/runs/call";
import { openSession } from "../../../provider/runs/session";

test("warns once another resource stands for the same invocation", async () => {
  const clock = { now: () => 0, sleep: async () => {} };
  const session = openSession({
    configuration: () => undefined,
    environment: {},
    clock,
    engine: async () => true,
    backend: "",
  });
  const warnings: string[] = [];
  const callOf = (urn: string): Call => ({
    urn,
    isSecret: false,
    secretInputs: new Set(),
    session,
    progress: { status: () => {}, note: async () => {}, warn: async (text) => void warnings.push(text) },
  });
  await hold(callOf("urn:one"), ["t-1", "t-2"]);
  await hold(callOf("urn:one"), ["t-1"]);
  await hold(callOf("urn:two"), ["t-3"]);
  expect(warnings).toEqual([]);
  await hold(callOf("urn:two"), ["t-3", "t-2"]);
  expect(warnings).toEqual([
    'invocation "t-2" is that of "urn:one" as well: whichever is deleted or replaced first stops it for both; remove one of the two, with the option retainOnDelete',
  ]);
});
