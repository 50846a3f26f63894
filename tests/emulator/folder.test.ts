import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openFolder } from "../../emulator/folder";

let parent: string;
let children: ChildProcess[];
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "folder-test-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(parent, { recursive: true });
});

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync("true").pid;

const make = (name: string): string => {
  const path = join(parent, name);
  mkdirSync(join(path, "i-a", "root"), { recursive: true });
  writeFileSync(join(path, "i-a", "root", "script.sh"), "echo secret");
  return path;
};

async function sweep(): Promise<string[]> {
  await openFolder(undefined, parent).close();
  return readdirSync(parent);
}

test("a temporary folder is removed with all that it holds", async () => {
  const folder = openFolder(undefined, parent);
  writeFileSync(join(folder.path, "file"), "");
  expect(readdirSync(parent)).toEqual([basename(folder.path)]);
  expect(basename(folder.path)).toMatch(new RegExp(`^cloud-assistant-emulator-${process.pid}-`));
  await folder.close();
  expect(readdirSync(parent)).toEqual([]);
});

test("a folder of one's own is made and stays, and nothing else is touched", async () => {
  const left = make(`cloud-assistant-emulator-${deadPid()}-abcdef`);
  const path = join(parent, "a", "b");
  const folder = openFolder(path, parent);
  expect([folder.path, existsSync(path)]).toEqual([path, true]);
  await folder.close();
  expect([existsSync(path), existsSync(left)]).toEqual([true, true]);
});

test.each(["a file", "below a file"])("one of one's own that cannot be is refused: %s", (kind) => {
  const file = join(parent, "file");
  writeFileSync(file, "");
  const path = kind === "a file" ? file : join(file, "below");
  const found = kind === "a file" ? "EEXIST: file already exists" : "ENOTDIR: not a directory";
  expect(() => openFolder(path, parent)).toThrow(
    new RangeError(
      `Cannot start: directory must be a folder in which files can be made: "${path}": ${found}, mkdir '${path}'`,
    ),
  );
});

test("what a killed process left is removed by the next", async () => {
  const program = `require("${join(__dirname, "../../emulator/folder.ts")}").openFolder(undefined, ${JSON.stringify(parent)}); console.log("there"); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  const [name = ""] = readdirSync(parent).filter((each) => each.startsWith("cloud-assistant-emulator-"));
  writeFileSync(join(parent, name, "script.sh"), "echo secret");
  expect(await sweep()).toContain(name);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await sweep()).not.toContain(name);
});

describe("beside it", () => {
  const own = /-(\d+)\.(\d+)-/;

  test("what has the number of a process, but of one that started at another time, is removed", async () => {
    const folder = openFolder(undefined, parent);
    const [, namespace] = own.exec(basename(folder.path)) ?? [];
    await folder.close();
    // Systems without /proc do not tell when a process started.
    if (namespace === undefined) return;
    make(`cloud-assistant-emulator-${process.pid}-${namespace}.1-abcdef`);
    expect(await sweep()).toEqual([]);
  });

  test.each<[string, () => string]>([
    ["what belongs to a process that runs", () => `cloud-assistant-emulator-${process.pid}-abcdef`],
    ["what belongs to a process of another container", () => `cloud-assistant-emulator-${deadPid()}-7.1-abcdef`],
    ["what is somebody else's", () => `cloud-assistant-pipes-${deadPid()}-abcdef`],
    ["what only begins like it", () => "cloud-assistant-emulator-abcdef"],
  ])("%s stays", async (_title, name) => {
    const path = make(name());
    expect(await sweep()).toEqual([basename(path)]);
  });

  test("a link stays, and so does what it leads to", async () => {
    const target = make("precious");
    symlinkSync(target, join(parent, `cloud-assistant-emulator-${deadPid()}-abcdef`));
    expect(await sweep()).toHaveLength(2);
    expect(existsSync(join(target, "i-a", "root", "script.sh"))).toBe(true);
  });
});
