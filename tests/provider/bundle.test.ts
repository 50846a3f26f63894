// A program that is bundled, as people do who deploy one file. Pulumi runs a resource in another process, which loads its code
// by the name of the package: what is in the bundle is not to be had there.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, buildSync } from "esbuild";

const REPOSITORY = path.resolve(__dirname, "../..");

const PROGRAM = `
  import { runtime } from "@pulumi/pulumi";
  import { Invocation } from "pulumi-cloud-assistant";
  runtime.setMocks({
    newResource: ({ inputs }) => {
      process.stdout.write(inputs.__provider);
      return { id: "t-1", state: inputs };
    },
    call: () => ({}),
  });
  new Invocation("run", { commandId: "c-1", instanceIds: ["i-1"] });`;

/** Bundles the program and runs it; answers with what it says, or how it fails. */
function runBundled(options: BuildOptions): string {
  // Inside the repository, where what stays outside of the bundle is found.
  const directory = mkdtempSync(path.join(REPOSITORY, "dist", "bundle-"));
  const outfile = path.join(directory, options.format === "esm" ? "program.mjs" : "program.cjs");
  try {
    buildSync({
      stdin: { contents: PROGRAM, resolveDir: REPOSITORY },
      outfile,
      bundle: true,
      platform: "node",
      logLevel: "error",
      ...options,
    });
    return execFileSync(process.execPath, ["--no-warnings", outfile], { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { stderr?: string }).stderr ?? String(error);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What an ES module needs to load Pulumi's SDK, which is none. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const PULUMI = ["@pulumi/pulumi"];

test.each<[title: string, options: BuildOptions]>([
  ["small", { external: PULUMI, minify: true }],
  ["an ES module", { external: PULUMI, format: "esm", banner: { js: REQUIRE } }],
])("a bundle with the package inside, %s, is told what to leave out", (_, options) => {
  expect(runBundled(options)).toContain(
    'TypeError: Cannot declare Invocation "run": a bundler has put pulumi-cloud-assistant into the program, and Pulumi loads it from node_modules by its name; leave it out of the bundle (with esbuild: --packages=external, or --external:pulumi-cloud-assistant) and install it where the program runs\n',
  );
});

test("a bundle without it works", () => {
  const text = runBundled({ packages: "external", format: "esm" });
  expect(text).toMatch(/^exports\.handler = /);
  expect(text).toContain('import("pulumi-cloud-assistant/provider")');
});
