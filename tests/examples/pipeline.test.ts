// The pipeline's files: who may do what is what the code calls; a pull request only looks.
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Policy, previewPolicy, updatePolicy } from "../../tools/policy";
import { type Trace, traceLife } from "../../tools/trace";

const read = (file: string) => readFileSync(path.resolve(__dirname, "../../examples/pipeline", file), "utf8");

let trace: Trace;

beforeAll(async () => {
  trace = await traceLife();
});

test.each<[string, (trace: Trace) => Policy]>([
  ["policy.json", updatePolicy],
  ["preview.json", previewPolicy],
])("%s allows what a life of the provider calls", (file, policyOf) => {
  expect(JSON.parse(read(file))).toEqual(policyOf(trace));
});

test("a preview may run, change and stop nothing", () => {
  expect(trace.preview).toContain("DescribeInvocations");
  expect(trace.preview.filter((action) => !action.startsWith("Describe"))).toEqual([]);
});

/** Every action that the source names; a life that misses one is no whole life. */
function listNamed(): string[] {
  const source = readFileSync(path.resolve(__dirname, "../../provider/cloud/actions.ts"), "utf8");
  const named = source.matchAll(/\bclient\.call\(\s*"(\w+)"/g);
  return [...new Set([...named].map(([, action = ""]) => action))].sort();
}

test("the life that was traced is a whole one: every action that the source names was called", () => {
  expect([...trace.preview, ...trace.dryRun, ...trace.update].sort()).toEqual(listNamed());
});

test("the workflow leaves pull requests from forks alone, which get no token", () => {
  expect(read("workflow.yml")).toContain(
    "    if: github.event_name == 'push' || github.event.pull_request.head.repo.full_name == github.repository\n",
  );
});

test("the workflow fails where it gets no token, and says why", () => {
  const [, step = ""] = /- name: Ask GitHub for a token(.*?)\n {6}- /s.exec(read("workflow.yml")) ?? [];
  expect(step).toMatch(/shell: bash\b.*curl --fail --silent --show-error .*\| jq --exit-status /s);
});

test("the workflow previews on a pull request, and applies on a merge into main", () => {
  const workflow = read("workflow.yml");
  const commands = workflow.matchAll(/- if: (.*)\n\s+uses: pulumi\/actions@v\d+\n\s+with:\n\s+command: (\w+)/g);
  expect(workflow).toContain("on:\n  pull_request:\n  push:\n    branches: [main]\n");
  expect([...commands].map(([, condition, command]) => [condition, command])).toEqual([
    ["github.event_name == 'pull_request'", "preview"],
    ["github.event_name == 'push'", "up"],
  ]);
});
