// An update whose engine cannot save what was done: nothing but the run itself tells of it, and the next update goes on with it.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Invocation } from "pulumi-cloud-assistant";
import { onEngine } from "./engine";
import { openStage, type Stage } from "./stage";

const BOTH = { commandId: "c-count", instanceIds: ["i-a", "i-b"] };
const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";

const program = async () => {
  new Invocation("once", { ...BOTH, parameters: { word: "once" } });
  new Invocation("nightly", { ...BOTH, parameters: { word: "nightly" }, frequency: NIGHTLY });
};

const FILLER = "filler";
const BYTES = 1024 * 1024;

interface Disk {
  fill(): void;
  /** Makes room, and puts back what was there before: the engine leaves half a state behind. */
  repair(): void;
  unmount(): void;
}

/** A disk of its own for the folder, which is kept beside it; undefined where this machine does not let us. */
function mountDisk(directory: string): Disk | undefined {
  const aside = `${directory}.aside`;
  renameSync(directory, aside);
  mkdirSync(directory);
  const unmount = () => {
    execFileSync("umount", [directory]);
    rmdirSync(directory);
  };
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${BYTES}`, "tmpfs", directory], { stdio: "ignore" });
  } catch {
    rmdirSync(directory);
    renameSync(aside, directory);
    return undefined;
  }
  const copy = () => execFileSync("cp", ["-a", `${aside}/.`, directory]);
  copy();
  return {
    fill: () => {
      try {
        writeFileSync(path.join(directory, FILLER), Buffer.alloc(2 * BYTES));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    },
    repair: () => {
      rmSync(path.join(directory, FILLER), { force: true });
      copy();
    },
    unmount,
  };
}

onEngine("a state that cannot be saved after the runs have begun", () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await openStage();
  });

  afterEach(() => stage.stop());

  async function expectOnceEach(failed: boolean): Promise<void> {
    const { engine } = stage;
    // An engine that fails to save the first stops, and may not have begun the second.
    const begun = await stage.countInvocations();
    expect(begun).toBeGreaterThan(0);
    const next = await engine.up(program);
    expect(next.succeeded).toBe(true);
    const wentOn = next.diagnostics.filter((line) => line.includes("goes on with invocation"));
    expect(wentOn).toHaveLength(failed ? begun : 0);
    expect(stage.count("once")).toEqual({ "i-a": 1, "i-b": 1 });
    const { nightly } = await engine.resources();
    const live = await stage.live();
    expect(live.map(({ invokeId, instanceIds }) => ({ invokeId, instanceIds }))).toEqual([
      { invokeId: nightly?.id, instanceIds: ["i-a", "i-b"] },
    ]);
    expect((await engine.up(program)).steps.toSorted()).toEqual(["same nightly", "same once"]);
    await engine.destroy();
    expect(await stage.live()).toEqual([]);
    expect(stage.count("once")).toEqual({ "i-a": 1, "i-b": 1 });
  }

  test("its folder cannot be written", async () => {
    const { engine } = stage;
    let restore = () => {};
    stage.react("InvokeCommand", () => {
      restore = engine.loseSaves();
    });
    expect((await engine.up(program)).succeeded).toBe(false);
    restore();
    expect(await engine.resources()).toEqual({});
    await expectOnceEach(true);
  });

  test("its folder is removed: the engine makes it anew, or the next update goes on", async () => {
    const { engine } = stage;
    stage.react("InvokeCommand", () => rmSync(engine.stateDirectory, { recursive: true }));
    const { succeeded } = await engine.up(program);
    await expectOnceEach(!succeeded);
  });

  test("the disk is full", async () => {
    const { engine } = stage;
    const disk = mountDisk(engine.stateDirectory);
    if (disk === undefined) return console.warn("Not tried: this machine mounts no disk for a test");
    try {
      stage.react("InvokeCommand", disk.fill);
      expect((await engine.up(program)).succeeded).toBe(false);
      disk.repair();
      await expectOnceEach(true);
    } finally {
      disk.unmount();
    }
  });
});
