/** What the life of one stack goes through, made of a seed alone. */
import fc from "fast-check";

/** What a program declares at one time. */
export interface Goal {
  once?: OneShot;
  /** Runs anew in updates that must ask the service something. */
  beat: OneShot;
  nightly?: Schedule;
}

/** Each word is one intention: it runs on each of its machines exactly once, whatever is cut off. */
export interface OneShot {
  word: string;
  instanceIds: string[];
}

export interface Schedule {
  frequency: string;
  word: string;
  /** Seconds. A change of it replaces. */
  timeout: number;
  tags: Record<string, string>;
  instanceIds: string[];
}

/** A moment of an operation: before or after its n-th call of the service, or its n-th save of the state. */
export interface Boundary {
  of: "call" | "save";
  /** Which calls count. Default: all. */
  action?: string;
  nth: number;
  side: "before" | "after";
}

/** What is killed; `saves`: nothing is, but from then on nothing can be saved. */
export const VICTIMS = ["provider", "engine", "both", "saves"] as const;
export type Victim = (typeof VICTIMS)[number];

export interface Cut {
  boundary: Boundary;
  victim: Victim;
  /** Whether the state is saved at the very end alone. */
  skipsCheckpoints: boolean;
}

/** One `up`, which is cut off unless it ends before the boundary. */
export interface Attempt {
  /** What was edited in the program before it. */
  edits: Edit[];
  goal: Goal;
  refreshes: boolean;
  cut?: Cut;
}

/** Some attempts, and then an `up` that nothing disturbs. */
export interface Step {
  attempts: Attempt[];
  goal: Goal;
}

export interface Life {
  steps: Step[];
  /** How the first `destroy` is cut off, if it is. */
  destroyed: Cut[];
}

export const INSTANCE_IDS = ["i-a", "i-b", "i-c", "i-d", "i-e"];

/** A word that begins so fails on one of the machines the first time; one that begins so takes a second. */
export const FLAKY = "flaky";
export const SLOW = "slow";
export const FLAKY_INSTANCE_ID = "i-b";

const ONCE_EDITS = ["rerun", "flaky", "slow", "join", "leave", "remove once"] as const;
const NIGHTLY_EDITS = [
  "frequency",
  "respell",
  "parameters",
  "tags",
  "timeout",
  "nightly join",
  "nightly leave",
  "remove nightly",
] as const;
const EDITS = [...ONCE_EDITS, ...NIGHTLY_EDITS] as const;
export type Edit = (typeof EDITS)[number];

/** A program as it is written on: the next word is one that was never used. */
interface Draft {
  goal: Goal;
  words: number;
  /** Machines on which the word of the one-shot has ever been wanted: none of them joins it again. */
  used: string[];
}

const START: Draft = { goal: { beat: { word: "beat-0", instanceIds: ["i-a"] } }, words: 0, used: [] };

const SPELLINGS = [(minute: number) => `0 ${minute} 2 * * ?`, (minute: number) => `0 ${minute} 2 ? * *`];
const spell = (minute: number, spelling: number) => `${SPELLINGS[spelling % 2]?.(minute)} Asia/Shanghai`;

/** @throws when the draft has no such edit */
export function applyEdit(draft: Draft, edit: Edit): Draft {
  const { goal } = draft;
  const words = draft.words + 1;
  const { once, nightly, ...rest } = goal;
  const start = (prefix: string): Draft => {
    const instanceIds = once?.instanceIds ?? ["i-a", "i-b"];
    return { goal: { ...goal, once: { word: `${prefix}-${words}`, instanceIds } }, words, used: instanceIds };
  };
  const schedule = (change: Partial<Schedule>): Draft => {
    const declared = {
      frequency: spell(0, 0),
      word: "every",
      timeout: 60,
      tags: {},
      instanceIds: ["i-a", "i-b"],
      ...nightly,
    };
    return { ...draft, words, goal: { ...goal, nightly: { ...declared, ...change } } };
  };
  const without = (ids: readonly string[]) => INSTANCE_IDS.find((id) => !ids.includes(id));
  switch (edit) {
    case "rerun":
      return start("run");
    case "flaky":
      return start(FLAKY);
    case "slow":
      return start(SLOW);
    case "join": {
      const joining = without(draft.used);
      if (once === undefined || joining === undefined) return start("run");
      const instanceIds = [...once.instanceIds, joining];
      return { goal: { ...goal, once: { ...once, instanceIds } }, words, used: [...draft.used, joining] };
    }
    case "leave":
      if (once === undefined || once.instanceIds.length < 2) return start("run");
      return { ...draft, words, goal: { ...goal, once: { ...once, instanceIds: once.instanceIds.slice(1) } } };
    case "remove once":
      return { words, used: [], goal: { ...rest, ...(nightly ? { nightly } : {}) } };
    case "frequency":
      return schedule({ frequency: spell(words % 60, 0) });
    case "respell":
      return schedule(nightly ? { frequency: respell(nightly.frequency) } : {});
    case "parameters":
      return schedule({ word: `every-${words}` });
    case "tags":
      return schedule({ tags: { version: String(words) } });
    case "timeout":
      return schedule({ timeout: 60 + words });
    case "nightly join": {
      const joining = nightly && without(nightly.instanceIds);
      return schedule(nightly && joining ? { instanceIds: [...nightly.instanceIds, joining] } : {});
    }
    case "nightly leave":
      return schedule(
        nightly && nightly.instanceIds.length > 1 ? { instanceIds: nightly.instanceIds.slice(0, -1) } : {},
      );
    case "remove nightly":
      return { ...draft, words, goal: { ...rest, ...(once ? { once } : {}) } };
    default:
      return edit satisfies never;
  }
}

const respell = (frequency: string): string =>
  frequency.includes("* * ?") ? frequency.replace("* * ?", "? * *") : frequency.replace("? * *", "* * ?");

/** The calls that an update makes for an edit, those with an effect first: that is where a cut hurts. */
const CALLS: Record<Edit, readonly string[]> = {
  rerun: ["InvokeCommand", "DescribeInvocations", "UntagResources"],
  flaky: ["InvokeCommand", "DescribeInvocations", "UntagResources"],
  slow: ["InvokeCommand", "DescribeInvocations", "StopInvocation"],
  join: ["InvokeCommand", "DescribeInvocations", "UntagResources"],
  leave: ["UntagResources"],
  "remove once": ["UntagResources"],
  frequency: ["ModifyInvocationAttribute", "InvokeCommand"],
  respell: ["DescribeInvocations"],
  parameters: ["ModifyInvocationAttribute", "InvokeCommand"],
  tags: ["TagResources"],
  timeout: ["StopInvocation", "InvokeCommand", "DescribeInvocations"],
  "nightly join": ["ModifyInvocationAttribute"],
  "nightly leave": ["StopInvocation"],
  "remove nightly": ["StopInvocation", "DescribeInvocations"],
};

/** What is drawn of a cut; which calls there are to choose from is known when the program is. */
interface Stroke {
  at: "any call" | "its call" | "save";
  which: number;
  nth: number;
  side: Boundary["side"];
  victim: Victim;
  skipsCheckpoints: boolean;
}

const stroke: fc.Arbitrary<Stroke> = fc.record({
  at: fc.constantFrom("any call", "its call", "its call", "its call", "save", "save"),
  which: fc.nat(),
  nth: fc.nat(),
  side: fc.constantFrom("before", "after"),
  victim: fc.constantFrom<Victim[]>("provider", "engine", "both", "provider", "engine", "both", "saves"),
  skipsCheckpoints: fc.nat(2).map((n) => n === 0),
});

function aim({ at, which, nth, side, victim, skipsCheckpoints }: Stroke, pending: readonly Edit[]): Cut {
  const calls = pending.flatMap((edit) => CALLS[edit]);
  const action = at === "its call" ? calls[which % calls.length] : undefined;
  const from = (most: number) => 1 + (nth % most);
  const boundary: Boundary =
    at === "save"
      ? { of: "save", nth: skipsCheckpoints ? 1 : from(5), side }
      : action === undefined
        ? { of: "call", nth: from(8), side }
        : { of: "call", action, nth: action === "DescribeInvocations" ? from(5) : 1, side };
  return { boundary, victim, skipsCheckpoints };
}

interface Sketch {
  edits: Edit[];
  refreshes: boolean;
  /** One in ten is left alone. */
  stroke: Stroke | undefined;
}

const sketch = (edits: fc.Arbitrary<Edit[]>): fc.Arbitrary<Sketch> =>
  fc.record({
    edits,
    refreshes: fc.nat(5).map((n) => n === 0),
    stroke: fc.option(stroke, { nil: undefined, freq: 9 }),
  });

const anEdit = fc.constantFrom(...EDITS);

/** The first attempt of a step changes something; the later ones go on, or edit in between. */
const attempts: fc.Arbitrary<Sketch[]> = fc
  .tuple(
    sketch(fc.array(anEdit, { minLength: 1, maxLength: 3 })),
    fc.array(sketch(fc.array(anEdit, { maxLength: 1 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([first, rest]) => [first, ...rest]);

interface Plot {
  steps: { attempts: Sketch[]; beats: boolean }[];
  destroyed: Stroke[];
}

const plot: fc.Arbitrary<Plot> = fc.record({
  steps: fc.array(fc.record({ attempts, beats: fc.boolean() }), { minLength: 3, maxLength: 4 }),
  destroyed: fc.array(stroke, { maxLength: 1 }),
});

function write({ steps, destroyed }: Plot): Life {
  let draft = START;
  const written = steps.map(({ attempts, beats }, index): Step => {
    const pending: Edit[] = [];
    const all = attempts.map(({ edits, refreshes, stroke }, at): Attempt => {
      const made: Edit[] = index === 0 && at === 0 ? ["rerun", "frequency", ...edits] : edits;
      draft = made.reduce(applyEdit, draft);
      pending.push(...made);
      return { edits: made, goal: draft.goal, refreshes, ...(stroke ? { cut: aim(stroke, pending) } : {}) };
    });
    // What may live on unseen is said by the next update that asks the service.
    if (beats || draft.goal.nightly === undefined || draft.goal.once === undefined)
      draft = { ...draft, goal: { ...draft.goal, beat: { word: `beat-${index + 1}`, instanceIds: ["i-a"] } } };
    return { attempts: all, goal: draft.goal };
  });
  return { steps: written, destroyed: destroyed.map((each) => aim(each, ["remove nightly"])) };
}

/** The life with this number of all that the seed makes. */
export function planLife(seed: number, number: number): Life {
  const [drawn] = fc.sample(fc.noBias(plot), { seed: Math.imul(seed, 7919) + number, numRuns: 1 });
  if (drawn === undefined) throw new RangeError("Cannot plan a life: nothing was drawn");
  return write(drawn);
}
