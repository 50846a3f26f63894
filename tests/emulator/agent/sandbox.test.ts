import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox } from "../../../emulator/agent/sandbox";

const directory = mkdtempSync(join(tmpdir(), "sandbox-"));
const sandbox = createSandbox(directory);
mkdirSync(join(directory, "opt/app"));

afterAll(() => rmSync(directory, { recursive: true }));

// [path of the machine, where it lies in the sandbox]
const directories: [string, string | undefined][] = [
  ["/root", "root"],
  ["/", ""],
  ["/tmp", "tmp"],
  ["/opt/app", "opt/app"],
  ["/opt/app/", "opt/app"],
  ["/opt/../opt/app", "opt/app"],
  ["opt/app", "opt/app"],
  ["/../../../../root", "root"],
  ["C:\\Windows\\System32", "c/windows/system32"],
  ["c:\\windows\\..\\Windows", "c/windows"],
  ["/opt/nothing", undefined],
  ["D:\\", undefined],
  [`/${"x".repeat(300)}`, undefined],
  ["/root\0", undefined],
];

test.each(directories)("directory %j", (path, inside) => {
  expect(sandbox.findDirectory(path)).toBe(inside === undefined ? undefined : join(directory, inside));
});

// [user, home]
const homes: [string, string][] = [
  ["root", "root"],
  ["admin", "home/admin"],
  ["../../escape", "home/..%2F..%2Fescape"],
];

test.each(homes)("the home of %j is %j and is there", (username, inside) => {
  const home = sandbox.home(username);
  expect(home).toBe(join(directory, inside));
  expect(existsSync(home)).toBe(true);
});

test("the environment is small and the machine's own", () => {
  expect(sandbox.environment("admin")).toEqual({
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    HOME: join(directory, "home/admin"),
  });
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("finds the processes that were started in it, and no others", async () => {
  const inside = spawn("/bin/sleep", ["60"], { env: sandbox.environment("root"), detached: true });
  const outside = spawn("/bin/sleep", ["60"], { env: { HOME: `${directory}-of-another/root` }, detached: true });
  await Promise.all([once(inside, "spawn"), once(outside, "spawn")]);
  expect(sandbox.findProcesses()).toEqual([inside.pid]);
  for (const child of [inside, outside]) child.kill("SIGKILL");
  await Promise.all([once(inside, "exit"), once(outside, "exit")]);
});
