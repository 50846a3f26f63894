// The emulator's process dies in every way there is; what its scripts had started must be gone.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { appears, isGone } from "../alive";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "guard-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/**
 * A process with one agent whose script has a child in its group, one in a session of its own, and itself; a script before it has ended and left
 * two daemons that log to its output. `last` is what the process then does.
 */
async function startEmulator(last: string): Promise<ChildProcess> {
  const daemons = `
    (while :; do echo log; sleep 0.05; done) & echo $! > daemon
    setsid sh -c 'while :; do echo log; sleep 0.05; done' & echo $! > part
    mv part loose`;
  const script = `
    until [ -e loose ]; do sleep 0.01; done
    sleep 1000 & echo $! > child
    setsid sleep 1000 & echo $! > escaped
    echo $$ > part; mv part itself
    wait`;
  const program = `
    const { createAgent } = require("./emulator/agent/agent");
    const { systemClock } = require("./emulator/clock");
    const agent = createAgent({ instanceId: "i-1", directory: ${JSON.stringify(directory)}, clock: systemClock, timeZone: "UTC", onPower() {} });
    const submit = (invokeId, content, report) => agent.submit({
      invokeId, repeatMode: "Once", creationTime: Date.now(), type: "RunShellScript", content: Buffer.from(content),
      timeoutSeconds: 1000, workingDir: "", username: "", launcher: "", terminationMode: "Process",
    }, report);
    submit("t-1", ${JSON.stringify(daemons)}, ({ final }) => final && submit("t-2", ${JSON.stringify(script)}, () => {}));
    process.stdin.on("data", () => { ${last} });`;
  const emulator = spawn(process.execPath, ["-r", "tsx/cjs", "-e", program], {
    cwd: resolve(__dirname, "../../.."),
    stdio: ["pipe", "ignore", "ignore"],
  });
  await appears(join(directory, "root/itself"));
  return emulator;
}

const started = (): number[] =>
  ["itself", "child", "escaped", "daemon", "loose"].map((name) =>
    Number(readFileSync(join(directory, "root", name), "utf8")),
  );

const kill = (signal: NodeJS.Signals) => (emulator: ChildProcess) => void emulator.kill(signal);
const tell = (emulator: ChildProcess) => void emulator.stdin?.write("now");

// [how the emulator's process ends, what it does when told, how it is ended]
const endings: [string, string, (emulator: ChildProcess) => void][] = [
  ["is killed by SIGKILL", "", kill("SIGKILL")],
  ["is killed by SIGTERM", "", kill("SIGTERM")],
  ["is killed by SIGINT", "", kill("SIGINT")],
  ["closes its agent", "agent.close().then(() => process.stdin.destroy())", tell],
  ["exits without a word", "process.exit()", tell],
  ["throws", "throw new Error('unforeseen')", tell],
];

test.each(endings)(
  "nothing survives when the emulator %s",
  async (_, last, end) => {
    const emulator = await startEmulator(last);
    const pids = started();
    const exited = once(emulator, "exit");
    end(emulator);
    await exited;
    expect(pids.map(Number.isInteger)).toEqual(pids.map(() => true));
    expect(await Promise.all(pids.map(isGone))).toEqual(pids.map(() => true));
  },
  30_000,
);
