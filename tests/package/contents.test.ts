// What is published: what it holds, and whether every way of importing it finds code and types.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Packed, pack, unpack } from "../../tools/pack";

jest.setTimeout(120_000);

const REPOSITORY = path.resolve(__dirname, "../..");

let directory: string;
let packed: Packed;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "contents-"));
  packed = pack(directory);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (tool: string, ...args: string[]) =>
  execFileSync(path.join(REPOSITORY, "node_modules/.bin", tool), args, { encoding: "utf8" });

/** The plugin, whose parts are in it and not beside it. */
const PLUGIN = "dist/pulumi-resource-cloudassistant.js";

test("the plugin is one file of at most 2 MB, which runs without the package", () => {
  expect(packed.files.filter((file) => /plugin/.test(file))).toEqual([]);
  unpack(packed.archive, path.join(directory, "package"));
  const alone = path.join(directory, "alone.js");
  cpSync(path.join(directory, "package", PLUGIN), alone);
  expect(statSync(alone).size).toBeLessThan(2_000_000);
  const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
  expect(execFileSync(process.execPath, [alone, "--version"], { encoding: "utf8" })).toBe(`${version}\n`);
});

test("it holds what is built, three texts and its manifest", () => {
  const others = packed.files.filter((file) => !file.startsWith("dist/"));
  expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
});

test("all that is built has a source of today", () => {
  const built = packed.files.filter((file) => file.startsWith("dist/"));
  const sourceOf = (file: string) =>
    file === PLUGIN ? "provider/fronts/plugin/index.ts" : file.replace(/^dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts");
  expect(built.length).toBeGreaterThan(0);
  expect(built.filter((file) => !existsSync(path.join(REPOSITORY, sourceOf(file))))).toEqual([]);
});

test("publint has nothing against it", () => {
  expect(run("publint", "run", packed.archive, "--strict")).toContain("All good!");
});

test("its types are right under every way of resolving them", () => {
  expect(run("attw", packed.archive, "--no-emoji", "--no-color")).toContain("No problems found");
});
