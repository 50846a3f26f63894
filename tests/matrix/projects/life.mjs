// Takes this folder's program through one operation of the real engine, with the SDK that is installed here, and prints
// what came of it: node life.mjs ./program.js up '{"frequency":"rate(2h)"}'
import path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";

const [file, operation, config] = process.argv.slice(2);
const { default: program } = await import(file);
const projectName = "life";
const stack = await LocalWorkspace.createOrSelectStack(
  { stackName: "dev", projectName, program },
  { workDir: path.resolve("settings"), projectSettings: { name: projectName, runtime: "nodejs", main: process.cwd() } },
);
const values = Object.entries(JSON.parse(config ?? "{}")).map(([key, value]) => [key, { value }]);
await stack.setAllConfig(Object.fromEntries(values));

const { changeSummary, summary, outputs = {} } = await stack[operation]();
const { deployment } = await stack.exportStack();
const resources = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":Invocation"));
console.log(
  JSON.stringify({
    changes: changeSummary ?? summary.resourceChanges,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    providers: resources.map(({ outputs }) => outputs.__provider.plaintext ?? outputs.__provider),
  }),
);
