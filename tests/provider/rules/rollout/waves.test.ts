import fc from "fast-check";
import { orderMachines } from "../../../../provider/rules/rollout/order";
import type { RolloutRecord, RolloutStatus } from "../../../../provider/rules/rollout/record";
import { planRollout } from "../../../../provider/rules/rollout/waves";
import { fleetOf, idsOf, policyOf } from "./fleet";

const seed = "urn:pulumi:dev::web::cloudassistant:index:Rollout::deploy";

const plan = (n: number, waves?: unknown) => planRollout({ machines: fleetOf(n), seed, policy: policyOf({ waves }) });
const sizes = (waves: readonly (readonly string[])[]) => waves.map(({ length }) => length);

describe("when a generation begins", () => {
  test.each<[number, unknown, number[]]>([
    [0, undefined, [0, 0, 0, 0]],
    [1, undefined, [1, 0, 0, 0]],
    [2, undefined, [1, 0, 0, 1]],
    [7, undefined, [1, 0, 2, 4]],
    [100, undefined, [1, 9, 40, 50]],
    [1000, undefined, [1, 99, 400, 500]],
    [10_000, undefined, [1, 999, 4000, 5000]],
    [7, ["100%"], [7]],
    [7, ["10%", "20%", "100%"], [0, 1, 6]],
    [5, [1, 3, 10, "100%"], [1, 2, 2, 0]],
    [100, ["1%", 10, "5%", "100%"], [1, 9, 0, 90]],
  ])("%i machines in waves of %j are %j", (n, waves, expected) => {
    expect(sizes(plan(n, waves).waves)).toEqual(expected);
  });

  it("follows the order", () => {
    expect(plan(100).waves.flat()).toEqual(orderMachines(fleetOf(100), seed));
  });

  it("holds what is allowed in machines", () => {
    const { fleet, budget } = planRollout({ machines: fleetOf(1000), seed, policy: policyOf({ maxFailures: "0.5%" }) });
    expect({ fleet, borne: budget.borne }).toEqual({ fleet: 1000, borne: 5 });
  });
});

describe("before anything is saved", () => {
  const whole = plan(100);

  it("is the same after a kill, however much was started", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }),
        fc.integer({ min: 1, max: 4 }),
        (some, last) => {
          // All of the waves before, and some of the one in which it was killed.
          const placed = new Map(
            whole.waves.flatMap((ids, i) =>
              i + 1 > last ? [] : ids.filter((_, n) => i + 1 < last || some[n]).map((id) => [id, i + 1] as const),
            ),
          );
          const again = planRollout({ machines: fleetOf(100), seed, policy: policyOf(), placed });
          expect(again.waves).toEqual(whole.waves);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("keeps the waves of the tags although the program has others now", () => {
    const placed = new Map(whole.waves.slice(0, 2).flatMap((ids, i) => ids.map((id) => [id, i + 1] as const)));
    const { waves } = planRollout({
      machines: fleetOf(100),
      seed,
      policy: policyOf({ waves: ["30%", "100%"] }),
      placed,
    });
    expect(sizes(waves)).toEqual([1, 99]);
    expect(waves[1]).toEqual(expect.arrayContaining([...(whole.waves[1] ?? [])]));
  });

  it("lets a machine that joined into no wave before the one that has begun", () => {
    const placed = new Map(whole.waves.slice(0, 3).flatMap((ids, i) => ids.map((id) => [id, i + 1] as const)));
    const { waves } = planRollout({ machines: fleetOf(150), seed, policy: policyOf(), placed });
    expect(sizes(waves)).toEqual([1, 9, 65, 75]);
  });
});

/** What the state holds: waves of ids, and where each machine stands. */
const recordOf = (
  waves: string[][],
  standings: string,
  status: RolloutStatus = "Stopped",
  targets: RolloutRecord["targets"] = [1, "10%", "50%", "100%"],
): RolloutRecord => ({
  generation: "g",
  status,
  attempt: 1,
  fleet: waves.flat().length,
  targets,
  machines: waves.flat(),
  sizes: sizes(waves),
  standings,
});

const W = [["a"], [], ["b", "c"], ["d", "e", "f", "g"]];
const machines = (ids: string) => ids.split("").map((instanceId) => ({ instanceId }));

describe("when a generation goes on", () => {
  // [what, standings, status, fleet now, waves]
  test.each<[string, string, RolloutStatus, string, string[]]>([
    ["the plan stays", "1s1f1s4h", "Stopped", "gfedcba", ["a", "", "bc", "defg"]],
    ["a machine that leaves is dropped", "1s1f1s4h", "Stopped", "acdfg", ["a", "", "c", "dfg"]],
    ["a wave may be left without a machine", "1s1f1s4h", "Stopped", "bcdefg", ["", "", "bc", "defg"]],
    ["one that joins goes into the last wave that is held", "1s2s4h", "Paused", "abcdefgx", ["a", "", "bc", "defgx"]],
    ["into the last wave that is not finished", "1s2s2s1h1s", "Stopped", "abcdefgx", ["a", "", "bc", "defgx"]],
    ["also if only failures are left there", "3s3s1f", "Stopped", "abcdefgx", ["a", "", "bc", "defgx"]],
    ["or an earlier one", "1s1s1f4s", "Stopped", "abcdefgx", ["a", "", "bcx", "defg"]],
    ["else into a wave of its own", "7s", "Succeeded", "abcdefgx", ["a", "", "bc", "defg", "x"]],
    ["failures that are borne leave nothing to do", "3s3s1f", "Succeeded", "abcdefgx", ["a", "", "bc", "defg", "x"]],
    ["nor do machines that were skipped", "3s3s1k", "Succeeded", "abcdefgx", ["a", "", "bc", "defg", "x"]],
    ["one that is not checked yet does", "3s3s1c", "Paused", "abcdefgx", ["a", "", "bc", "defgx"]],
  ])("%s", (_, standings, status, fleet, waves) => {
    const { waves: planned, fleet: counted } = planRollout({
      machines: machines(fleet),
      seed,
      policy: policyOf(),
      record: recordOf(W, standings, status),
    });
    const joinedWave = (ids: readonly string[]) => ids.join("");
    expect(planned.map(joinedWave)).toEqual(waves);
    expect(counted).toBe(7);
  });

  it("a fleet of one gives a machine that joins the last of its empty waves", () => {
    const record = recordOf([["a"], [], [], []], "1s", "Succeeded");
    const { waves } = planRollout({ machines: machines("ax"), seed, policy: policyOf(), record });
    expect(waves).toEqual([["a"], [], [], ["x"]]);
  });

  it("a fleet that had no machines begins when it has some", () => {
    const record = recordOf([[], [], [], []], "", "Succeeded");
    const { waves, fleet } = planRollout({ machines: fleetOf(100), seed, policy: policyOf(), record });
    expect({ fleet, sizes: sizes(waves) }).toEqual({ fleet: 100, sizes: [1, 9, 40, 50] });
  });

  it("machines that join a second time go into another wave, and an added wave that all have left is dropped", () => {
    const record = recordOf([...W, ["x"]], "8s", "Succeeded");
    const request = { seed, policy: policyOf(), record };
    expect(planRollout({ ...request, machines: machines("abcdefgxy") }).waves).toEqual([...W, ["x"], ["y"]]);
    expect(planRollout({ ...request, machines: machines("abcdefg") }).waves).toEqual(W);
  });

  it("machines that join keep the wave in which an update that was cut off had started them", () => {
    const record = recordOf(W, "7s", "Succeeded");
    const placed = new Map([["x", 5]]);
    const { waves } = planRollout({ machines: machines("abcdefgx"), seed, policy: policyOf(), record, placed });
    expect(waves).toEqual([...W, ["x"]]);
  });

  // [waves now, standings, waves]
  test.each<[unknown, string, string[]]>([
    [["50%", "100%"], "1s6h", ["a", "bcdefg"]],
    [[1, 2, 3, "100%"], "1s6h", ["a", "b", "c", "defg"]],
    [[1, "100%"], "1s2s4h", ["a", "", "bc", "defg"]],
    [["100%"], "1s2s4h", ["a", "", "bc", "defg"]],
    [["100%"], "1s1f1h4h", ["a", "", "bc", "defg"]],
    [[1, 2, 3, 5, "100%"], "1s2s4h", ["a", "", "bc", "de", "fg"]],
    [[1, 2, 3, 4, 5, 6, "100%"], "7h", ["a", "b", "c", "d", "e", "f", "g"]],
  ])("waves that are %j now count where none has begun: %s", (waves, standings, expected) => {
    const policy = policyOf({ waves });
    const { waves: planned } = planRollout({
      machines: machines("abcdefg"),
      seed,
      policy,
      record: recordOf(W, standings),
    });
    expect(planned.map((ids) => ids.join(""))).toEqual(expected);
  });

  // [first, as it was, standings, waves]
  test.each<[string, string, string, string[]]>([
    ["fb", "", "7h", ["f", "", "ba", "cdeg"]],
    ["fb", "", "1s6h", ["a", "", "fb", "cdeg"]],
    ["fb", "", "1s2s4h", ["a", "", "bc", "fdeg"]],
    ["fb", "", "7s", ["a", "", "bc", "defg"]],
    ["fb", "fb", "1s6h", ["a", "", "bc", "defg"]],
    ["", "fb", "1s6h", ["a", "", "bc", "defg"]],
    ["fx", "", "1s6h", ["a", "", "fb", "cdeg"]],
  ])("first that is %j after %j counts where none has begun: %s", (first, before, standings, expected) => {
    const policy = policyOf({ first: [...first] });
    const request = { machines: machines("abcdefg"), seed, policy, record: recordOf(W, standings) };
    const { waves } = planRollout({ ...request, first: [...before] });
    expect(waves.map((ids) => ids.join(""))).toEqual(expected);
    // In another generation, whose waves its live schedules keep, it is not compared.
    expect(planRollout(request).waves.map((ids) => ids.join(""))).toEqual(["a", "", "bc", "defg"]);
  });

  it("other waves, begun by an update that was cut off, keep what it started", () => {
    const policy = policyOf({ waves: [1, 4, 5, "100%"] });
    const placed = new Map([
      ["b", 2],
      ["e", 3],
    ]);
    const record = recordOf(W, "1s6h");
    const { waves } = planRollout({ machines: machines("abcdefg"), seed, policy, record, placed });
    // Wave 2 has room for more, but wave 3 has begun.
    expect(waves.map((ids) => ids.join(""))).toEqual(["a", "b", "ecd", "fg"]);
  });
});

test("10,000 fleets that go on: each machine once, and nobody moves", () => {
  const story = fc.record({
    n: fc.integer({ min: 1, max: 15 }),
    left: fc.integer({ min: 0, max: 4 }),
    joined: fc.integer({ min: 0, max: 4 }),
    letters: fc.array(fc.constantFrom("s", "f", "h", "h", "c", "k"), { minLength: 15, maxLength: 15 }),
    status: fc.constantFrom<RolloutStatus>("Stopped", "Paused", "Succeeded"),
  });
  fc.assert(
    fc.property(story, ({ n, left, joined, letters, status }) => {
      const before = plan(n);
      const record = recordOf(
        before.waves.map((ids) => [...ids]),
        letters
          .slice(0, n)
          .map((letter) => `1${letter}`)
          .join(""),
        status,
      );
      const now = [...fleetOf(n).slice(left), ...idsOf(joined).map((id) => ({ instanceId: `${id}-new` }))];
      const { waves } = planRollout({ machines: now, seed, policy: policyOf(), record });
      const waveOf = new Map(waves.flatMap((ids, i) => ids.map((id) => [id, i] as const)));
      if (waves.flat().length !== now.length || waveOf.size !== now.length) throw new Error("not each machine once");
      for (const [i, ids] of before.waves.entries())
        for (const id of ids) if (waveOf.has(id) && waveOf.get(id) !== i) throw new Error(`${id} moved`);
      const added = now.slice(Math.max(n - left, 0)).map(({ instanceId }) => waveOf.get(instanceId));
      if (new Set(added).size > 1) throw new Error("machines that join are scattered");
    }),
    { numRuns: 10_000 },
  );
});
