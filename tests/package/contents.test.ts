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

test("it holds what is built, documents and examples, three texts and its manifest, in at most 1 MB", () => {
  const others = packed.files.filter((file) => !/^(dist|docs|examples)\//.test(file));
  expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  expect(packed.files.filter((file) => /^docs.*\.(png|svg)$|_index\.md$|tsconfig|tour/.test(file))).toEqual([]);
  expect(statSync(packed.archive).size).toBeLessThan(1_000_000);
});

/** For those who have the repository. */
const LEFT_OUT = [
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "docs/demo.svg",
  "docs/page-dark.png",
  "docs/page-light.png",
  "docs/rollout.svg",
  "tests/e2e",
];

test("what its documents link to is in it", () => {
  const documents = packed.files.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");
  const isThere = (target: string) =>
    LEFT_OUT.includes(target) || packed.files.some((file) => file === target || file.startsWith(`${target}/`));
  const broken = documents.flatMap((document) =>
    [...readFileSync(path.join(REPOSITORY, document), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].flatMap(
      ([, link = ""]) => {
        const target = path.posix.join(path.posix.dirname(document), link);
        return isThere(target) ? [] : [`${document}: ${link}`];
      },
    ),
  );
  expect(documents.length).toBeGreaterThan(15);
  expect(broken).toEqual([]);
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
