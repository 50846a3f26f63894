/**
 * The inputs of a `Rollout`: what runs, which are an `Invocation`'s, and how it goes over the fleet. Checking, comparing and the
 * documents derive from this table; an input that `Invocation` gets is one here as well.
 */
import { formatCanonical } from "../canonical";
import { INPUT_NAMES, INPUTS, type InputName, type InvocationInputs, isInputName } from "../inputs";
import { meaningOf } from "../same";
import { containsUnknown } from "../unknown";
import { fleetIdList, type Rule } from "../values";
import { DEFAULT_POLICY, POLICY_NAMES, POLICY_RULES, type RolloutCheck, type RolloutPolicy } from "./policy";

/** What an `Invocation` takes and a rollout does not. */
const LEFT_OUT = {
  adopt: "a rollout takes nothing over; remove it",
  onFailure: "give maxFailures, the failures that are borne",
  onDelete: "declare an Invocation with it; remove it",
} as const;

type LeftOut = keyof typeof LEFT_OUT;

/** How a program says it: everything has a default. */
export type GivenPolicy = Partial<Omit<RolloutPolicy, "check">> & {
  /** See {@link RolloutPolicy.check}. */
  check?: Partial<RolloutCheck>;
};

/** What an `Invocation` takes as well, and means otherwise. */
interface Fleet {
  /**
   * Any number of distinct ids (`i-…` or managed `mi-…`); order and repetition mean nothing. Give this or `resourceTags`.
   * It runs on those that join, and what runs on those that leave is stopped.
   */
  instanceIds?: string[];
  /**
   * 1 to 10 tags that the instances carry, instead of `instanceIds`; keys of 1 to 64 characters, values of at most 128.
   * They are resolved to instances when a generation begins, and at a refresh.
   */
  resourceTags?: Record<string, string>;
}

/** The inputs of a `Rollout`: those of an `Invocation` but `adopt`, `onFailure` and `onDelete`, and {@link RolloutPolicy}. */
export interface RolloutInputs extends Omit<InvocationInputs, LeftOut | keyof Fleet>, Fleet, GivenPolicy {}

type SharedName = Exclude<InputName, LeftOut>;
export type RolloutInputName = SharedName | keyof RolloutPolicy;

/** What a change of an input does, for the docs. */
export const ROLLOUT_CHANGES = {
  generation: "a new generation begins: it runs on the whole fleet again, wave by wave",
  machines: "it runs on the machines that join, and nowhere again; what runs on those that leave is stopped",
  how: "the same generation goes on by it; nothing runs again",
  later: "counts from the next invocation on; nothing runs again",
  replace: "another rollout, in another region",
} as const;

type RolloutChange = keyof typeof ROLLOUT_CHANGES;

interface RolloutInput {
  rule: Rule;
  /** What holds where the program says nothing; undefined where stack, command or service decide. */
  default: unknown;
  change: RolloutChange;
}

/** Machines are chosen by both, and are no part of what runs. */
const CHANGES: Partial<Record<SharedName, RolloutChange>> = {
  instanceIds: "machines",
  resourceTags: "machines",
  regionId: "replace",
};

const SHARED_NAMES = INPUT_NAMES.filter((name): name is SharedName => !isLeftOut(name));

/** One entry for each input. */
export const ROLLOUT_INPUTS = Object.fromEntries([
  ...SHARED_NAMES.map((name) => [name, share(name)]),
  ...POLICY_NAMES.map((name) => [
    name,
    { rule: POLICY_RULES[name], default: DEFAULT_POLICY[name as keyof typeof DEFAULT_POLICY], change: "how" },
  ]),
]) as Readonly<Record<RolloutInputName, RolloutInput>>;

export const ROLLOUT_INPUT_NAMES = Object.keys(ROLLOUT_INPUTS) as RolloutInputName[];

export const isPolicyName = (name: string): name is keyof RolloutPolicy => POLICY_NAMES.some((known) => known === name);

function isLeftOut(name: string): name is LeftOut {
  return Object.hasOwn(LEFT_OUT, name);
}

function share(name: SharedName): RolloutInput {
  const { rule, default: value, identifies } = INPUTS[name];
  return {
    rule: name === "instanceIds" ? fleetIdList : rule,
    default: value,
    change: CHANGES[name] ?? (identifies ? "generation" : "later"),
  };
}

/** Says what is wrong with one input that is not of the policy, or nothing. */
export function checkSharedInput(name: string, value: unknown): string | undefined {
  if (isLeftOut(name)) return `is not an input of Rollout: ${LEFT_OUT[name]}`;
  if (isInputName(name)) return ROLLOUT_INPUTS[name as SharedName].rule(value);
  const likely = ROLLOUT_INPUT_NAMES.find((known) => plain(known) === plain(name));
  return `is not an input of Rollout; ${likely ? `write "${likely}"` : "remove it"}`;
}

const plain = (name: string): string => name.toLowerCase().replace(/s$/, "");

/** The inputs among an object's properties. */
export function pickRolloutInputs(properties: Readonly<Record<string, unknown>>): Partial<RolloutInputs> {
  const names = ROLLOUT_INPUT_NAMES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, properties[name]]));
}

/** The inputs of which something is not known before the update. */
export const listUnknown = (properties: Readonly<Record<string, unknown>>): RolloutInputName[] =>
  ROLLOUT_INPUT_NAMES.filter((name) => containsUnknown(properties[name]));

/** What runs, by meaning: what names a generation. */
export function whatRuns(inputs: Partial<RolloutInputs>): Record<string, unknown> {
  const names = SHARED_NAMES.filter((name) => ROLLOUT_INPUTS[name].change === "generation");
  const meanings = names.map((name) => [name, meaningOf(name, inputs[name])] as const);
  return Object.fromEntries(meanings.filter(([, meaning]) => meaning !== undefined));
}

/** The inputs that mean something else before and after; one that is not known yet counts as another. */
export function changedRolloutInputs(
  before: Partial<RolloutInputs>,
  after: Partial<RolloutInputs>,
): RolloutInputName[] {
  return ROLLOUT_INPUT_NAMES.filter((name) => {
    if (name === "timed" || name === "instanceIds") return false;
    if (containsUnknown(after[name])) return true;
    return meaning(name, before[name]) !== meaning(name, after[name]);
  });
}

const meaning = (name: RolloutInputName, value: unknown): string =>
  formatCanonical(isPolicyName(name) ? (value ?? ROLLOUT_INPUTS[name].default) : meaningOf(name, value));
