// The pipeline's files: who may do what is what the code calls; a pull request only looks.
import { readFileSync } from "node:fs";
import path from "node:path";
import { listActions, previewPolicy, updatePolicy } from "../../tools/policy";

const read = (file: string) => readFileSync(path.resolve(__dirname, "../../examples/pipeline", file), "utf8");

test.each([
  ["policy.json", updatePolicy()],
  ["preview.json", previewPolicy()],
])("%s allows what the provider calls", (file, policy) => {
  expect(JSON.parse(read(file))).toEqual(policy);
});

test("an update is allowed every action, each once", () => {
  const allowed = updatePolicy().Statement.flatMap(({ Action }) => Action);
  expect(allowed.sort()).toEqual(listActions().map((action) => `ecs:${action}`));
  expect(allowed).toContain("ecs:InvokeCommand");
});

test("a preview may run, change and stop nothing", () => {
  const allowed = previewPolicy().Statement.flatMap(({ Action }) => Action);
  expect(allowed.length).toBeGreaterThan(0);
  expect(allowed.filter((action) => !action.startsWith("ecs:Describe"))).toEqual([]);
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
