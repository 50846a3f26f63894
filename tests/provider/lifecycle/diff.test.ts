import { openService, type Service } from "./service";

let service: Service;

beforeEach(async () => {
  service = await openService({ instances: 0 });
});

afterEach(async () => {
  // It is pure, whatever it is asked.
  expect(service.calls()).toEqual([]);
  await service.stop();
});

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const HOURLY = "0 0 * * * ? UTC";

const result = (status: string) => ({ status, output: "", dropped: 0, repeats: 0, invokeId: "t-1" });
const inputs = { commandId: "c-1", instanceIds: ["i-a", "i-b"], regionId: "cn-hangzhou" };
const once = { ...inputs, repeatMode: "Once" };
const nightly = { ...inputs, repeatMode: "Period", frequency: "0 0 2 * * ? UTC", parameters: { word: "one" } };

const stateOf = (of: object, status: string, ...statuses: string[]) => ({
  ...of,
  invokeId: "t-1",
  status,
  schemaVersion: 1,
  results: Object.fromEntries(statuses.map((each, i) => [`i-${"abcd"[i]}`, result(each)])),
});
const FINISHED = stateOf(once, "Success", "Success", "Success");
const LIVE = stateOf(nightly, "Scheduled", "Scheduled", "Scheduled");

let stories = 0;
const compare = async (state: object, news: object) => {
  const verdict = await service.handlers.diff("t-1", { ...state }, { ...news, __urn: `urn-of-diff-${++stories}` });
  await service.end();
  return { ...verdict, said: service.said() };
};

test.each([
  ["the same", FINISHED, once],
  ["another order of the same", FINISHED, { ...once, instanceIds: ["i-a", "i-b"], parameters: {} }],
  ["another way to write the same schedule", LIVE, { ...nightly, frequency: "0 0 2 * * * UTC" }],
  ["the switch that says nothing", LIVE, { ...nightly, timed: true }],
  ["an invocation that was adopted, once it is", LIVE, { ...nightly, adopt: "t-1" }],
])("sees no difference in %s", async (_, state, news) => {
  expect(await compare(state, news)).toEqual({ changes: false, said: [] });
});

test.each([
  ["the schedule", { frequency: HOURLY }, /^schedule can change in place, next run \d{4}-\d\d-\d\d \d\d:00 UTC$/],
  ["parameters", { parameters: { word: "two" } }, /^parameters can change in place$/],
  ["machines", { instanceIds: ["i-b", "i-c", "i-d"] }, /^2 instances added, 1 removed, which stops it there$/],
  ["machines that are not known yet", { instanceIds: ["i-a", UNKNOWN] }, /^instances not known before the update$/],
])("leaves a change in place of %s to the engine, which then shows it", async (_, change, said) => {
  const verdict = await compare(LIVE, { ...nightly, ...change });
  expect(verdict).toEqual({ deleteBeforeReplace: true, said: [expect.stringMatching(said)] });
});

test.each([
  ["of a live schedule, which is stopped first", LIVE, { ...nightly, timeout: 30 }, ["timeout"], true],
  ["of a finished run, which is not", FINISHED, { ...once, timeout: 30 }, ["timeout"], undefined],
  ["for other triggers", FINISHED, { ...once, triggers: [UNKNOWN] }, ["triggers"], undefined],
  [
    "where an agent is too old",
    { ...LIVE, __agentVersion: "2.2.3.540" },
    { ...nightly, frequency: HOURLY },
    ["frequency"],
    true,
  ],
])("demands a replacement %s", async (_, state, news, replaces, deleteBeforeReplace) => {
  const verdict = await compare(state, news);
  expect([verdict.changes, verdict.replaces, verdict.deleteBeforeReplace]).toEqual([
    undefined,
    replaces,
    deleteBeforeReplace,
  ]);
  expect(verdict.said).toEqual([expect.stringMatching(/^replaced(: | if they differ: triggers are not known)/)]);
});

test("a schedule that was stopped from outside is drift, which inputs do not show", async () => {
  const stopped = stateOf(nightly, "Stopped", "Cancelled", "Cancelled");
  expect(await compare(stopped, nightly)).toEqual({
    changes: true,
    replaces: ["status"],
    said: ['replaced: invocation "#1" was stopped from outside: a new one is started'],
  });
});

test.each([
  ["a failure", stateOf(once, "PartialFailed", "Success", "Failed"), "runs again on 1 of 2 instances that failed"],
  ["an expired wait", stateOf(once, "Running", "Success", "Running"), "1 still running"],
])("%s is gone on with, which inputs do not show", async (_, state, said) => {
  expect(await compare(state, once)).toMatchObject({ changes: true, said: [said] });
});

test("in a refresh it says what differs, and nothing of what an update would do", async () => {
  const { read, check, diff } = service.handlers;
  const urn = "urn:pulumi:dev::p::t::refreshed";
  const failed = stateOf(once, "Failed", "Failed", "Failed");
  // The record of a run that is over is not asked for.
  const finished = Object.fromEntries(
    Object.entries(failed.results).map(([id, of]) => [id, { ...of, finishTime: "2026-01-01T00:00:00Z" }]),
  );
  const state = { ...failed, results: finished };
  await service.begin();
  await read("t-1", state);
  await diff("t-1", state, { ...once, __urn: urn });
  await service.end();
  expect(service.said()).toEqual(["refreshed: failed on 2 of 2 instances"]);
  await check({ ...once }, { ...once, preflight: false, __urn: urn });
  await diff("t-1", state, { ...once, __urn: urn });
  await service.end();
  expect(service.said()).toEqual(["refreshed: runs again on 2 of 2 instances that failed"]);
});
