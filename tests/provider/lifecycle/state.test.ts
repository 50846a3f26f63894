import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openService, type Service } from "./service";

const STATES = join(__dirname, "../../fixtures/states");

interface Recorded {
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  /** What `diff` says while the program stays as it was. */
  unchanged: boolean;
  /** The invocations that `read` asks for: none of a run that is over. */
  invokeIds: string[];
}

const recorded = readdirSync(STATES).map((file): [string, Recorded] => [
  file,
  JSON.parse(readFileSync(join(STATES, file), "utf8")),
]);

describe.each(recorded)("a recorded state, %s,", (_, { id, inputs, outputs, unchanged, invokeIds }) => {
  let service: Service;

  beforeEach(async () => {
    service = await openService({ instances: [{ instanceId: "i-a" }, { instanceId: "i-b" }] });
    service.emulator.addCommand({ commandId: "c-hz0recorded", name: "recorded", content: "echo {{word}}" });
  });

  afterEach(() => service.stop());

  test("is compared", async () => {
    const verdict = await service.handlers.diff(id, outputs, inputs);
    expect([verdict.changes === false, verdict.replaces ?? []]).toEqual([unchanged, []]);
  });

  test("is read", async () => {
    await service.handlers.read(id, outputs);
    const asked = service.emulator.journal().map(({ parameters }) => parameters.InvokeId);
    // What seems to be gone is looked at twice.
    expect([...new Set(asked)].sort()).toEqual(invokeIds);
  });

  test("is updated in its settings", async () => {
    const news = { ...inputs, onFailure: "warn", waitTimeout: 1 };
    const { outs } = await service.handlers.update(id, outputs, news);
    expect(outs).toMatchObject({ invokeId: id, schemaVersion: 1, waitTimeout: 1 });
  });

  test("is deleted", async () => {
    await expect(service.handlers.delete(id, outputs)).resolves.toBeUndefined();
  });
});
