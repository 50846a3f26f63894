import { carryRecord, formatRecord, listRecorded, type RolloutRecord } from "../../../../provider/rules/rollout/record";
import { factsOf, idsOf, planOf } from "./fleet";

const plan = planOf([["a"], [], ["b", "c", "d"], ["e", "f", "g", "h", "i"]], {
  check: { commandId: "c-1" },
  unready: "skip",
});
const facts = factsOf(
  {
    a: { check: "healthy", endedAtMs: 5_000 },
    b: { run: "failed" },
    c: { run: "failed", attempt: 1 },
    d: { run: "gone" },
    e: { run: "running" },
    f: { check: "notYet", endedAtMs: 7_000 },
    g: { check: "running" },
    h: { run: "notReady" },
  },
  { attempt: 2 },
);

const record: RolloutRecord = {
  generation: "g-1",
  status: "Stopped",
  attempt: 2,
  fleet: 9,
  targets: [1, 2, 3, "100%"],
  machines: ["a", "b", "c", "e", "f", "g", "h", "i"],
  sizes: [1, 0, 2, 5],
  standings: "1s1f1a1r2c1k1h",
  endedAtMs: 7_000,
};

test("a record holds where each machine stands; one that is gone is not kept", () => {
  expect(formatRecord("g-1", "Stopped", plan, facts)).toEqual(record);
});

test("and is read back", () => {
  expect(listRecorded(record)).toEqual([
    { instanceId: "a", wave: 1, standing: "succeeded" },
    { instanceId: "b", wave: 3, standing: "failed" },
    { instanceId: "c", wave: 3, standing: "again" },
    { instanceId: "e", wave: 4, standing: "running" },
    { instanceId: "f", wave: 4, standing: "unchecked" },
    { instanceId: "g", wave: 4, standing: "unchecked" },
    { instanceId: "h", wave: 4, standing: "skipped" },
    { instanceId: "i", wave: 4, standing: "held" },
  ]);
});

test("nothing that ran has no end", () => {
  expect(formatRecord("g-1", "Stopped", planOf([["a"]]), factsOf({}))).toEqual({
    generation: "g-1",
    status: "Stopped",
    attempt: 1,
    fleet: 1,
    targets: ["100%"],
    machines: ["a"],
    sizes: [1],
    standings: "1h",
  });
});

test("10,000 machines that succeeded take their ids and some bytes", () => {
  const ids = idsOf(10_000);
  const large = planOf([ids.slice(0, 1), ids.slice(1, 1000), ids.slice(1000, 5000), ids.slice(5000)]);
  const saved = formatRecord("g-1", "Succeeded", large, factsOf(Object.fromEntries(ids.map((id) => [id, {}]))));
  expect(saved.standings).toBe("10000s");
  expect(JSON.stringify(saved).length - JSON.stringify(ids).length).toBeLessThan(250);
});

test.each<[string, Partial<RolloutRecord>, string]>([
  ["a machine without a standing", { standings: "7h" }, "it has 8 and 7"],
  ["a machine without a wave", { sizes: [1, 2, 3] }, "it has 6 and 8"],
  ["a letter that means nothing", { standings: "1s1f1a1r2c1k1z" }, "it has 8 and 8"],
])("refuses a state with %s", (_, part, end) => {
  expect(() => listRecorded({ ...record, ...part })).toThrow(
    new RangeError(
      `Cannot read the state of a rollout: it must have a wave and a standing for each of its 8 machines: ${end}`,
    ),
  );
});

test("a generation that changes live schedules in place keeps the waves, and begins anew in each of them", () => {
  expect(carryRecord(record, "g-2")).toEqual({
    generation: "g-2",
    status: "Paused",
    attempt: 1,
    fleet: 8,
    targets: [1, 2, 3, "100%"],
    machines: record.machines,
    sizes: record.sizes,
    standings: "8h",
  });
});
