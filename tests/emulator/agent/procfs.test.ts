import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { hasRunnable, isCrowded, listProcesses, readHome } from "../../../emulator/agent/procfs";

const onLinux = process.platform === "linux" ? describe : describe.skip;

const children: ChildProcess[] = [];
afterEach(async () => {
  const ends = children.map((child) => once(child, "exit"));
  // Each leads a group of its own, with what its shell has started.
  for (const { pid = 0 } of children.splice(0)) process.kill(-pid, "SIGKILL");
  await Promise.all(ends);
});

async function start(command: string, env: Record<string, string>): Promise<number> {
  const child = spawn("/bin/sh", ["-c", command], { env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  // It has said something, so it is itself by now.
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

const SLEEPS = "echo; sleep 60";

onLinux("another process", () => {
  // [environment, HOME]
  test.each<[Record<string, string>, string | undefined]>([
    [{ HOME: "/sandbox/root" }, "/sandbox/root"],
    [{ A: "HOME=/no", HOME: "/sandbox", Z: "" }, "/sandbox"],
    [{ OLDHOME: "/no" }, undefined],
    [{ HOME: "" }, undefined],
  ])("with %j has the HOME %j", async (env, home) => {
    expect(readHome(await start(SLEEPS, env))).toBe(home);
  });

  test("that is there is listed, this one is not", async () => {
    const pid = await start(SLEEPS, {});
    expect([listProcesses().includes(pid), listProcesses().includes(process.pid)]).toEqual([true, false]);
  });

  test("that is gone has no HOME", () => {
    expect(readHome(2 ** 30)).toBeUndefined();
  });

  test("without an environment cannot be told from one that is about to run another program", async () => {
    expect(readHome(await start("exec env -i sh -c 'echo; sleep 60; :'", { HOME: "/sandbox" }))).toBe("");
  });

  test("that works is runnable, in its group; one that sleeps is not", async () => {
    const busy = await start("echo; while :; do :; done", {});
    const idle = await start(SLEEPS, {});
    // It says something before it sleeps.
    while (hasRunnable(idle)) await new Promise(setImmediate);
    expect([hasRunnable(busy), hasRunnable(idle), hasRunnable(2 ** 30)]).toEqual([true, false, false]);
  });

  test("beyond those that the processors can take makes the machine crowded", async () => {
    for (let n = 0; n <= cpus().length; n++) await start("echo; while :; do :; done", {});
    expect(isCrowded()).toBe(true);
  });
});
