// An engine that is killed, or cancelled, while its provider waits for a machine; and a provider that nobody needs any more.
import { setTimeout as pause } from "node:timers/promises";
import { Invocation } from "pulumi-cloud-assistant";
import { ENGINE, isAlive } from "../../tools/processes";
import { onEngine } from "./engine";
import { openStage, type Stage } from "./stage";

const BOTH = { commandId: "c-count", instanceIds: ["i-a", "i-b"] };
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";

const program = async () => {
  new Invocation("once", { ...BOTH, parameters: { word: "once" } });
  new Invocation("nightly", { ...BOTH, parameters: { word: "nightly" }, frequency: NIGHTLY });
};

/** A look at the machines that only a wait makes: the first belongs to the preflight. */
const WAITING = 3;

onEngine("while an update waits for a machine that starts", () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await openStage([{ instanceId: "i-a" }, { instanceId: "i-b", status: "Starting" }]);
  });

  afterEach(() => stage.stop());

  async function expectOnceEach(): Promise<void> {
    const { engine } = stage;
    expect(stage.count("once")).toEqual({ "i-a": 1, "i-b": 1 });
    const { nightly } = await engine.resources();
    expect((await stage.live()).map(({ invokeId }) => invokeId)).toEqual([nightly?.id]);
    expect((await engine.up(program)).steps.toSorted()).toEqual(["same nightly", "same once"]);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
    expect(stage.count("once")).toEqual({ "i-a": 1, "i-b": 1 });
  }

  const untilItWaits = (): Promise<void> =>
    new Promise((resolve) => stage.react("DescribeInstances", resolve, WAITING));

  test("its engine is killed, and the provider lives on: only the next update acts", async () => {
    const { engine, emulator } = stage;
    const waits = untilItWaits();
    const cut = engine.up(program);
    await waits;
    const provider = stage.provider();
    stage.kill(ENGINE);
    expect((await cut).succeeded).toBe(false);
    await engine.unlock();
    expect(isAlive(provider)).toBe(true);
    const waitsAgain = untilItWaits();
    const next = engine.up(program);
    await waitsAgain;
    emulator.updateInstance("i-b", { status: "Running" });
    expect((await next).succeeded).toBe(true);
    await expectOnceEach();
  });

  test("it is cancelled, and a second update runs beside it: one of them acts", async () => {
    const { engine, emulator } = stage;
    const waits = untilItWaits();
    const first = engine.up(program);
    await waits;
    await engine.unlock();
    const waitsAgain = untilItWaits();
    const second = engine.up(program);
    await waitsAgain;
    await pause(1_000);
    emulator.updateInstance("i-b", { status: "Running" });
    await Promise.all([first, second]);
    expect((await engine.up(program)).succeeded).toBe(true);
    await expectOnceEach();
  });
});

onEngine("a provider whose engine was killed while nothing was under way", () => {
  test("ends by itself within a minute", async () => {
    const stage = await openStage();
    let reached = () => {};
    const isIdle = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const cut = stage.engine.up(async () => {
      const run = new Invocation("once", { ...BOTH, parameters: { word: "once" } });
      await new Promise<void>((resolve) => run.invokeId.apply(() => resolve()));
      reached();
      // The program goes on with something else, for longer than the engine lives.
      await new Promise(() => {});
    });
    await isIdle;
    const provider = stage.provider();
    stage.kill(ENGINE);
    const killedAt = Date.now();
    expect((await cut).succeeded).toBe(false);
    while (isAlive(provider) && Date.now() - killedAt < 90_000) await pause(500);
    expect(isAlive(provider)).toBe(false);
    expect(Date.now() - killedAt).toBeLessThan(60_000);
    await stage.stop();
  });
});
