// Every source file has its test: `provider/rules/x.ts` -> `tests/provider/rules/x.test.ts`.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

const REPOSITORY = path.resolve(__dirname, "..");

/** Files without a test of their own, and the test that tells what they do. */
const TOLD_ELSEWHERE: Record<string, string> = {
  // Steps of a run and parts of the handlers: what they do shows only in the life of a resource.
  "provider/lifecycle/conclude.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/lifecycle/rollout/check.ts": "tests/provider/lifecycle/rollout/preview.test.ts",
  "provider/lifecycle/rollout/diff.ts": "tests/provider/lifecycle/rollout/preview.test.ts",
  "provider/lifecycle/rollout/delete.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/lifecycle/rollout/plan.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/lifecycle/rollout/read.ts": "tests/provider/lifecycle/rollout/preview.test.ts",
  "provider/lifecycle/rollout/roll.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/lifecycle/rollout/state.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/lifecycle/rollout/verdict.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/runs/fleet.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/runs/shards.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/fronts/dynamic/rollout.ts": "tests/provider/lifecycle/rollout/update.test.ts",
  "provider/fleetShim.ts": "tests/provider/shim.test.ts",
  "provider/verdictShim.ts": "tests/provider/shim.test.ts",
  "provider/runs/call.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/runs/change.ts": "tests/provider/lifecycle/update.test.ts",
  "provider/runs/claim.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/failure.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/runs/close.ts": "tests/provider/lifecycle/delete.test.ts",
  "provider/runs/engine.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/hook.ts": "tests/provider/lifecycle/hook.test.ts",
  "provider/runs/lead.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/ours.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/own.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/predecessor.ts": "tests/provider/lifecycle/once.test.ts",
  "provider/runs/observe.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/runs/ready.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/runs/request.ts": "tests/provider/lifecycle/script.test.ts",
  "provider/runs/session.ts": "tests/provider/fronts/dynamic/handlers.test.ts",
  "provider/runs/start.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/runs/stop.ts": "tests/provider/lifecycle/delete.test.ts",
  "provider/runs/wait.ts": "tests/provider/lifecycle/create.test.ts",
  "provider/rules/facts.ts": "tests/provider/rules/preflight.test.ts",
  "provider/rules/values.ts": "tests/provider/rules/declaration.test.ts",
  // What the emulator's actions share: each action's test asks for it over HTTP.
  "emulator/gateway/action.ts": "tests/emulator/actions/index.test.ts",
  "emulator/requests/command.ts": "tests/emulator/actions/createCommand.test.ts",
  "emulator/errors.ts": "tests/emulator/gateway/protocol.test.ts",
  "emulator/requests/invocation.ts": "tests/emulator/actions/invokeCommand.test.ts",
  "emulator/requests/region.ts": "tests/emulator/actions/describeRegions.test.ts",
  "emulator/region/result.ts": "tests/emulator/actions/describeInvocationResults.test.ts",
  "emulator/region/store.ts": "tests/emulator/emulator.test.ts",
  "emulator/region/records.ts": "tests/emulator/emulator.test.ts",
  "emulator/start.ts": "tests/emulator/emulator.test.ts",
  "emulator/requests/resources.ts": "tests/emulator/actions/tagResources.test.ts",
  // What is drawn, clicked and asked for shows in a browser.
  "emulator/page/connection.ts": "tests/page/page.test.ts",
  "emulator/page/execution.ts": "tests/emulator/page/bars.test.ts",
  "emulator/page/draw.ts": "tests/page/page.test.ts",
  "emulator/page/page.ts": "tests/page/page.test.ts",
  "emulator/page/session.ts": "tests/page/page.test.ts",
  "emulator/page/stage.ts": "tests/page/page.test.ts",
  "provider/fronts/grpc.ts": "tests/provider/fronts/engine.test.ts",
  "provider/fronts/plugin/invocation.ts": "tests/provider/fronts/plugin/server.test.ts",
  "provider/fronts/plugin/resource.ts": "tests/provider/fronts/plugin/server.test.ts",
  "provider/fronts/plugin/monitor.ts": "tests/provider/fronts/plugin/construct.test.ts",
  "provider/lifecycle/rollout/foresee.ts": "tests/provider/fronts/plugin/rollout.test.ts",
  // Numbers and names.
  "provider/cloud/configuration.ts": "tests/provider/cloud/credentials.test.ts",
  "provider/rules/tags.ts": "tests/provider/lifecycle/create.test.ts",
  "emulator/limits.ts": "tests/provider/rules/limits.test.ts",
};

function listSources(folder: string): string[] {
  const entries = readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => path.posix.join(folder, entry));
}

const exists = (file: string) => existsSync(path.join(REPOSITORY, file));
const hasTest = (source: string) => exists(`tests/${source.replace(/\.ts$/, ".test.ts")}`);
/** An index holds named re-exports and nothing to test. */
const isIndex = (source: string) => path.basename(source) === "index.ts";

test("every source file has its test", () => {
  const sources = ["schedule", "provider", "emulator"].flatMap(listSources).filter((source) => !isIndex(source));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((source) => !hasTest(source) && !(source in TOLD_ELSEWHERE))).toEqual([]);
});

test.each(Object.entries(TOLD_ELSEWHERE))("%s is told in %s", (source, told) => {
  expect([exists(source), exists(told)]).toEqual([true, true]);
});
