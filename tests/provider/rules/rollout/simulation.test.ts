// Rollouts played to their end on random fleets, with random policies, outcomes, lost answers and kills. The laws that hold
// at every moment (no machine twice in an attempt, nothing after a stop, one wave after another, room, the bound of failures)
// are held by `world.ts`.
import fc from "fast-check";
import { next, surveyPlan } from "../../../../provider/rules/rollout";
import { chanceOf, fleetOf, policyOf } from "./fleet";
import { type Chances, type Ended, type Outcome, type Program, type Saved, update, World } from "./world";

const NEVER: Chances = {
  outcome: () => "succeeds",
  durationMs: () => 1_000,
  isReady: () => true,
  answer: () => "given",
  isKilled: () => false,
};

const amount = (min: number) =>
  fc.oneof(
    fc.integer({ min, max: 8 }),
    fc.integer({ min: Math.max(min, 1), max: 100 }).map((n) => `${n}%`),
  );

const waves = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 3 }),
  )
  .map(([numbers, percentages]) => [
    ...numbers.sort((a, b) => a - b),
    ...percentages.sort((a, b) => a - b).map((n) => `${n}%`),
    "100%",
  ]);

const policy = fc
  .record({
    waves,
    maxFailures: amount(0),
    canaryFailures: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    concurrency: fc.option(amount(1), { nil: undefined }),
    strict: fc.boolean(),
    pauseSeconds: fc.constantFrom(0, 60),
    check: fc.constantFrom(undefined, { commandId: "c-check", timeout: 60 }),
    unready: fc.constantFrom("fail", "skip"),
  })
  .map(({ canaryFailures, maxFailures, ...rest }) => ({
    ...rest,
    maxFailures,
    canaryFailures:
      canaryFailures !== undefined && typeof maxFailures === "number"
        ? Math.min(canaryFailures, maxFailures)
        : canaryFailures,
  }));

const story = fc.record({
  seed: fc.integer(),
  size: fc.oneof(
    { weight: 19, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 }) },
  ),
  zones: fc.integer({ min: 1, max: 3 }),
  policy,
  failRate: fc.constantFrom(0, 0.05, 0.3, 0.9),
  otherRate: fc.constantFrom(0, 0, 0.1),
  killRate: fc.constantFrom(0, 0.02, 0.2),
  lostRate: fc.constantFrom(0, 0.1),
  updates: fc.integer({ min: 1, max: 3 }),
});

function chancesOf(
  seed: number,
  {
    failRate,
    otherRate,
    killRate,
    lostRate,
  }: { failRate: number; otherRate: number; killRate: number; lostRate: number },
): Chances {
  const chance = chanceOf(seed);
  return {
    outcome: (_, { kind }): Outcome => {
      if (chance() < failRate) return "fails";
      return kind === "check" && chance() < otherRate * 3 ? "notYet" : "succeeds";
    },
    durationMs: () => [1_000, 60_000][Math.floor(chance() * 2)] ?? 0,
    isReady: () => chance() >= otherRate,
    answer: () => (chance() < lostRate ? (chance() < 0.5 ? "lostAfter" : "lostBefore") : "given"),
    isKilled: () => chance() < killRate,
  };
}

function worldOf(size: number, zones: number, chances: Chances): World {
  const world = new World(chances);
  for (const { instanceId, zoneId = "" } of fleetOf(size, zones)) world.machines.set(instanceId, zoneId);
  return world;
}

/** Updates until nothing can go wrong any more and all is done. */
function heal(world: World, program: Program, state: Saved | undefined): Ended {
  world.chances = NEVER;
  let saved = state;
  for (let i = 0; i < 4; i++) {
    const ended = update(world, program, saved);
    if (ended === undefined) throw new Error("killed by nobody");
    saved = ended.saved;
    if (ended.verdict.status === "Succeeded") return ended;
  }
  throw new Error("the rollout does not come to its end");
}

function expectOnce(world: World, ended: Ended): void {
  const { failures, record } = ended.saved;
  for (const id of world.machines.keys()) {
    const good = world.runsOf(record.generation, id).filter(({ isGood }) => isGood).length;
    const expected = id in failures || ended.facts.machines.get(id)?.run === "notReady" ? 0 : 1;
    if (good !== expected) throw new Error(`${id} has run well ${good} times`);
  }
}

/** Plays some updates one after another; the laws are held while they go. */
function playUpdates(
  world: World,
  count: number,
  programOf: (i: number, saved: Saved | undefined) => Program,
): Saved | undefined {
  let saved: Saved | undefined;
  for (let i = 0; i < count; i++) {
    const program = programOf(i, saved);
    const isAsBefore = saved?.record.status === "Succeeded" && world.isSteady;
    const ended = update(world, program, saved);
    world.nowMs += 60_000;
    if (ended === undefined) continue;
    saved = ended.saved;
    const { total } = surveyPlan(ended.plan, ended.facts);
    const failed = total.failed + total.again;
    const isStopped = ended.verdict.status === "Stopped";
    if (!isStopped && failed > ended.plan.budget.borne)
      throw new Error(`${ended.verdict.status} with ${failed} failed`);
    if (isStopped && failed === 0) throw new Error("stopped without a failure");
    if (ended.verdict.status === "Succeeded") expectOnce(world, ended);
    if (isAsBefore && ended.ran.length + ended.checked.length > 0)
      throw new Error("something runs although nothing has changed");
  }
  return saved;
}

const fail = (reason: string): never => {
  throw new Error(reason);
};

test("whatever fails, is lost or is killed: no machine twice in an attempt, failures bounded, every machine once by the end", () => {
  fc.assert(
    fc.property(story, ({ seed, size, zones, policy: raw, updates, ...rates }) => {
      const world = worldOf(size, zones, chancesOf(seed, rates));
      const program: Program = { version: 1, policy: policyOf(raw) };
      const saved = playUpdates(world, updates, () => program);
      if (saved?.record.status !== "Succeeded") expectOnce(world, heal(world, program, saved));
    }),
    { numRuns: 10_000 },
  );
});

const change = fc.record({
  kind: fc.constantFrom("join", "leave", "policy", "through", "version", "none"),
  count: fc.integer({ min: 1, max: 4 }),
  policy,
  through: fc.integer({ min: 1, max: 6 }),
});

test("whatever changes between updates: machines that join run once, those that leave are let go, the rest goes on", () => {
  fc.assert(
    fc.property(
      story,
      fc.array(change, { minLength: 3, maxLength: 5 }),
      ({ seed, size, zones, policy: raw, ...rates }, changes) => {
        const world = worldOf(size, zones, chancesOf(seed, rates));
        world.isSteady = false;
        let program: Program = { version: 1, policy: policyOf(raw) };
        let joined = size;
        const saved = playUpdates(world, changes.length, (i) => {
          const { kind, count, policy: other, through } = changes[i] ?? fail("no change");
          if (kind === "join") for (let n = 0; n < count; n++) world.machines.set(`i-${++joined}`, "zone-9");
          if (kind === "leave") for (const id of [...world.machines.keys()].slice(0, count)) world.machines.delete(id);
          if (kind === "version") program = { ...program, version: i + 2 };
          if (kind === "policy") program = { ...program, policy: policyOf(other) };
          if (kind === "through")
            program = {
              ...program,
              policy: { ...program.policy, through: Math.min(through, program.policy.waves.length) },
            };
          return program;
        });
        const { through: _, ...policyToEnd } = program.policy;
        expectOnce(world, heal(world, { ...program, policy: policyToEnd }, saved));
      },
    ),
    { numRuns: 2_000 },
  );
});

/** Chances of which only these come about. */
const chances = (some: Partial<Chances>): Chances => ({ ...NEVER, ...some });

const failsOn = (...ids: string[]) => chances({ outcome: (id) => (ids.includes(id) ? "fails" : "succeeds") });

function go(world: World, program: Program, saved?: Saved): Ended {
  return update(world, program, saved) ?? fail("killed");
}

describe("a rollout that stops", () => {
  const world = worldOf(100, 2, NEVER);
  const program = { version: 1, policy: policyOf({ maxFailures: 2 }) };
  const inWave = (ended: Ended, wave: number, count: number) => [...(ended.plan.waves[wave - 1] ?? [])].slice(0, count);
  const plan = go(worldOf(100, 2, NEVER), program);
  const bad = inWave(plan, 3, 3);

  it("holds the rest, and the next update runs where it failed, then on the rest, and nowhere twice", () => {
    world.chances = failsOn(...bad);
    const stopped = go(world, program);
    expect(stopped.verdict).toEqual({ status: "Stopped" });
    expect(Object.keys(stopped.saved.failures).sort()).toEqual([...bad].sort());
    expect(stopped.ran).toHaveLength(50);
    world.chances = NEVER;
    const healed = go(world, program, stopped.saved);
    expect(healed.verdict).toEqual({ status: "Succeeded" });
    expect(healed.ran).toEqual([...bad, ...inWave(plan, 4, 50)]);
    expectOnce(world, healed);
  });

  it("stops again where it fails again, before anything that was held", () => {
    const other = worldOf(100, 2, failsOn(...bad));
    const stopped = go(other, program);
    const again = go(other, program, stopped.saved);
    expect([again.verdict.status, again.ran]).toEqual(["Stopped", bad]);
    expect(again.saved.record.attempt).toBe(2);
  });

  it("goes on with what failed also when more is borne now", () => {
    const other = worldOf(100, 2, failsOn(...bad));
    const stopped = go(other, program);
    const ended = go(other, { version: 1, policy: policyOf({ maxFailures: 3 }) }, stopped.saved);
    expect([ended.verdict.status, ended.ran.slice(0, 3), ended.ran.length]).toEqual(["Succeeded", bad, 53]);
  });
});

test("a rollout that pauses goes on when through is raised, in the same generation", () => {
  const world = worldOf(100, 1, NEVER);
  const first = go(world, { version: 1, policy: policyOf({ through: 2 }) });
  expect(first.verdict).toEqual({ status: "Paused", wave: 2, because: "through" });
  const same = go(world, { version: 1, policy: policyOf({ through: 2 }) }, first.saved);
  expect([same.verdict.status, same.ran]).toEqual(["Paused", []]);
  const second = go(world, { version: 1, policy: policyOf({ through: 3 }) }, same.saved);
  expect(second.ran).toEqual(second.plan.waves[2]);
  const last = go(world, { version: 1, policy: policyOf() }, second.saved);
  expect([last.verdict.status, last.ran.length]).toEqual(["Succeeded", 50]);
  expect(last.saved.record.generation).toBe(first.saved.record.generation);
});

test("failures that are borne run nowhere again until they are borne no more", () => {
  const ids = go(worldOf(10, 1, NEVER), { version: 1, policy: policyOf() }).plan.waves.flat();
  const bad = ids[9] ?? fail("no machine");
  const world = worldOf(10, 1, failsOn(bad));
  const borne = { version: 1, policy: policyOf({ maxFailures: 1 }) };
  const first = go(world, borne);
  expect([first.verdict.status, Object.keys(first.saved.failures)]).toEqual(["Succeeded", [bad]]);
  world.machines.set("i-new", "zone-0");
  const joined = go(world, borne, first.saved);
  expect([joined.verdict.status, joined.ran]).toEqual(["Succeeded", ["i-new"]]);
  const strict = go(world, { version: 1, policy: policyOf() }, joined.saved);
  expect([strict.verdict.status, strict.ran]).toEqual(["Stopped", [bad]]);
});

test("what runs on a machine that has left is stopped", () => {
  const world = worldOf(4, 1, chances({ isKilled: () => world.invocations.length > 0 }));
  const program = { version: 1, policy: policyOf({ waves: ["100%"] }) };
  expect(update(world, program, undefined)).toBeUndefined();
  world.chances = NEVER;
  world.machines.delete("i-2");
  const without = go(world, program);
  expect(without.verdict).toEqual({ status: "Succeeded" });
  expect(world.invocations.flatMap(({ runs }) => runs.filter(({ stoppedAtMs }) => stoppedAtMs !== undefined))).toEqual([
    expect.objectContaining({ instanceId: "i-2" }),
  ]);
});

test("a check that does not come to an end pauses, and is what the next update begins with", () => {
  let isUp = false;
  const world = worldOf(
    100,
    1,
    chances({ outcome: (_, { kind }) => (kind === "run" || isUp ? "succeeds" : "notYet") }),
  );
  const program = { version: 1, policy: policyOf({ check: { commandId: "c-1", timeout: 60 } }) };
  const paused = go(world, program);
  expect(paused.verdict).toEqual({ status: "Paused", wave: 1, because: "check" });
  // At 0, 15, 30, 45 and 60 seconds, as long as a run takes included.
  expect(paused.checked).toHaveLength(5);
  isUp = true;
  const ended = go(world, program, paused.saved);
  expect([ended.verdict.status, ended.ran.length, ended.checked.length]).toEqual(["Succeeded", 99, 100]);
});

test("killed at every boundary of 250 machines in 4 waves, the next update goes on and each machine has run once", () => {
  const program = { version: 1, policy: policyOf({ check: { commandId: "c-1" } }) };
  const countBoundaries = () => {
    let boundaries = 0;
    go(worldOf(250, 3, chances({ isKilled: () => ++boundaries < 0 })), program);
    return boundaries;
  };
  const boundaries = countBoundaries();
  expect(boundaries).toBe(2 * (2 * (1 + 1 + 1 + 2)) + 1);
  for (let at = 1; at <= boundaries; at++) {
    let boundary = 0;
    const world = worldOf(250, 3, chances({ isKilled: () => ++boundary === at }));
    expect(update(world, program, undefined)).toBeUndefined();
    const ended = go(world, program);
    expect(ended.verdict).toEqual({ status: "Succeeded" });
    expectOnce(world, ended);
  }
});

describe("what it costs", () => {
  it("1,000 machines are 11 invocations", () => {
    const ended = go(worldOf(1000, 3, NEVER), { version: 1, policy: policyOf() });
    expect([ended.verdict.status, ended.calls]).toEqual(["Succeeded", 11]);
  });

  it("10,000 machines are looked at once for each wave and its end, and each a few times at a look", () => {
    const world = worldOf(10_000, 3, NEVER);
    const policy = policyOf();
    const ended = go(world, { version: 1, policy });
    expect([ended.verdict.status, ended.calls, ended.looks]).toEqual(["Succeeded", 101, 9]);
    let lookups = 0;
    const machines = new Map(ended.facts.machines);
    const get = machines.get.bind(machines);
    machines.get = (id) => {
      lookups++;
      return get(id);
    };
    next(ended.plan, { ...ended.facts, machines }, 0);
    expect(lookups).toBeLessThanOrEqual(2 * 10_000);
  });
});
