/** The plugin as one file, `dist/pulumi-resource-cloudassistant.js`: it runs wherever Node does, with no package beside it. */
import { chmodSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { build, type Plugin } from "esbuild";

const REPOSITORY = path.resolve(__dirname, "..");

export const BUNDLE = path.join(REPOSITORY, "dist", "pulumi-resource-cloudassistant.js");

const SDK = path.dirname(require.resolve("@pulumi/pulumi/package.json"));

/** Where the package runs gRPC is looked for beside Pulumi's SDK; in the bundle it is the copy that the SDK has here. */
const ownGrpc: Plugin = {
  name: "own-grpc",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]fronts[\\/]grpc\.ts$/ }, () => ({
      contents: 'export const loadGrpc = () => require("@grpc/grpc-js");',
      resolveDir: SDK,
      loader: "js",
    }));
  },
};

/** What the protocol's messages can do that nobody here asks of them, a fifth of all: to turn into objects for a debugger. */
const plainMessages: Plugin = {
  name: "plain-messages",
  setup: ({ onLoad }) => {
    onLoad({ filter: /_pb\.js$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replaceAll("jspb.Message.GENERATE_TO_OBJECT", "false"),
      loader: "js",
    }));
  },
};

/** @throws when it cannot be bundled; esbuild says why */
export async function bundle(outfile: string = BUNDLE): Promise<void> {
  await build({
    entryPoints: [path.join(REPOSITORY, "provider/fronts/plugin/index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    // Small, since every user of the npm package has it; functions keep their names, so that a stack trace can be read.
    minify: true,
    keepNames: true,
    legalComments: "none",
    // The programs of the schema would stand in the file as lines of code, which publint takes it for.
    supported: { "template-literal": false },
    logLevel: "warning",
    // Else it is in it twice, as an ES module too.
    alias: { luxon: require.resolve("luxon") },
    plugins: [ownGrpc, plainMessages],
  });
  chmodSync(outfile, 0o755);
}

if (require.main === module) void bundle();
