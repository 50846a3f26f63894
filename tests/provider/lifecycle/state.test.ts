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

  test("takes an onDelete, which runs nothing, is kept by a refresh and runs when the resource goes", async () => {
    const { check, delete: destroy, diff, read, update } = service.handlers;
    const onDelete = { commandContent: "echo gone" };
    const runs = () => service.emulator.journal().filter(({ action }) => action === "RunCommand");
    const checked = await check(inputs, { ...inputs, onDelete });
    expect(checked.failures).toEqual([]);
    expect((await diff(id, outputs, { ...inputs, onDelete })).changes).not.toBe(false);
    // It asked whether a run may carry tags, which runs nothing.
    expect(runs().filter(({ parameters }) => parameters.RepeatMode !== "DryRun")).toEqual([]);
    const { outs = {} } = await update(id, outputs, { ...inputs, onDelete, onFailure: "warn", waitTimeout: 1 });
    expect(outs).toMatchObject({ invokeId: id, onDelete, __urn: inputs.__urn });
    const found = await read(id, outs);
    // Of a live schedule nothing is left at this service.
    const kept = found.id ? found.props : outs;
    expect(kept).toMatchObject({ onDelete });
    service.emulator.clearJournal();
    await destroy(id, kept ?? {});
    const machines = Object.keys((outs.results ?? {}) as object);
    expect(runs().map(({ parameters }) => [parameters["InstanceId.1"], parameters["InstanceId.2"]])).toEqual(
      machines.length > 0 ? [machines] : [],
    );
  });

  test("is deleted", async () => {
    await expect(service.handlers.delete(id, outputs)).resolves.toBeUndefined();
  });
});
