// The provider's text as it stands in every state ever written. It must never change: old states run it, and a change of
// a single byte shows as a difference of every resource.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const REPOSITORY = path.resolve(__dirname, "../..");

/** What each resource hands to the engine as its provider, in a program that lives in `directory`. */
function serializeProviders(directory: string): Record<string, string> {
  const program = `
    const { runtime } = require("@pulumi/pulumi");
    const { Invocation, Rollout } = require("pulumi-cloud-assistant");
    const texts = {};
    runtime.setMocks({
      newResource: ({ type, inputs }) => {
        if (inputs.__provider) texts[type.split(":").pop()] = inputs.__provider;
        return { id: "t-1", state: inputs };
      },
      call: () => ({}),
    });
    process.once("beforeExit", () => process.stdout.write(JSON.stringify(texts)));
    new Invocation("x", { commandId: "c-1", instanceIds: ["i-1"] });
    new Rollout("y", { commandId: "c-1", instanceIds: ["i-1"] });`;
  const told = execFileSync(process.execPath, ["--no-warnings", "-e", program], { cwd: directory, encoding: "utf8" });
  return JSON.parse(told);
}

const golden = (name: string) => {
  const read = (folder: string) => readFileSync(path.join(REPOSITORY, "tests/fixtures/shim", folder, name), "utf8");
  return { Invocation: read("."), RolloutFleet: read("fleet"), RolloutVerdict: read("verdict") };
};

/** A project that has installed the package, as it is built, at this path below its `node_modules`. */
function install(place: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), "installed-"));
  const modules = path.join(directory, "node_modules");
  const installed = path.join(modules, place);
  mkdirSync(path.join(modules, "@pulumi"), { recursive: true });
  symlinkSync(path.join(REPOSITORY, "node_modules/@pulumi/pulumi"), path.join(modules, "@pulumi/pulumi"));
  cpSync(path.join(REPOSITORY, "package.json"), path.join(installed, "package.json"));
  cpSync(path.join(REPOSITORY, "dist"), path.join(installed, "dist"), { recursive: true });
  if (place !== "pulumi-cloud-assistant") symlinkSync(installed, path.join(modules, "pulumi-cloud-assistant"));
  return directory;
}

test.each([
  ["it names the shim's module", "pulumi-cloud-assistant", "installed.txt"],
  [
    "from a store such as pnpm's, it is the seven functions",
    ".pnpm/pulumi-cloud-assistant@0.1.0/node_modules/pulumi-cloud-assistant",
    "nested.txt",
  ],
])("seen from a program that has installed the package, %s", (_, place, expected) => {
  const directory = install(place);
  const texts = serializeProviders(directory);
  rmSync(directory, { recursive: true });
  expect(texts).toEqual(golden(expected));
});

test("seen from this repository, it is the seven functions themselves", () => {
  expect(serializeProviders(REPOSITORY)).toEqual(golden("repository.txt"));
});
