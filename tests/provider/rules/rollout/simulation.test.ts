// Rollouts played to their end on random fleets, with random policies, outcomes, lost answers and kills. The laws that hold
// at every moment (no machine twice in an attempt, nothing after a stop, one wave after another, room, the bound of failures)
// are held by `world.ts`.
import fc from "fast-check";
import { surveyPlan } from "../../../../provider/rules/rollout";
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
    { weight: 9, arbitrary: fc.integer({ min: 0, max: 10 }) },
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

test("whatever fails, is lost or is killed: no machine twice in an attempt, failures bounded, every machine once by the end", () => {
  fc.assert(
    fc.property(story, ({ seed, size, zones, policy: raw, updates, ...rates }) => {
      const world = worldOf(size, zones, chancesOf(seed, rates));
      const program: Program = { version: 1, policy: policyOf(raw) };
      const saved = playUpdates(world, updates, () => program);
      expectOnce(world, heal(world, program, saved));
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
    { numRuns: 3_000 },
  );
});

const fail = (reason: string): never => {
  throw new Error(reason);
};
