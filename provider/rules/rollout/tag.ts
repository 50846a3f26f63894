/**
 * The text by which an invocation of a rollout is known again at the service: whose it is, of which generation, and which
 * part of the fleet it runs on. An update that was cut off leaves nothing else.
 */
import { MAX_TAG_VALUE_CHARACTERS } from "../limits";

/** What an invocation of a rollout is for: what is rolled out, or the check of the machines that have it. */
export type ShardKind = "run" | "check";

/** Which invocation of a generation: no two of one kind, wave and attempt have the same shard. */
export interface Shard {
  kind: ShardKind;
  /** From 1, as the program counts its `waves`. */
  wave: number;
  /** From 1, in the order in which the invocations of the wave started; a check that is asked again is another shard. */
  shard: number;
  /** From 1; the update after one that was stopped begins another attempt. */
  attempt: number;
}

export interface RolloutTag extends Shard {
  /** Digest or name of the resource: letters, digits, "_" and "-". */
  resource: string;
  /** Digest of what runs and of what ran before it: {@link nameGeneration}. */
  generation: string;
  /** `project/stack/name`, for people; cut where there is no room. */
  name?: string;
}

const TAG =
  /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.(run|check)\.w([1-9]\d{0,8})\.s([1-9]\d{0,8})\.a([1-9]\d{0,8})(?: (.*))?$/s;

/**
 * `<resource>.<generation>.run.w2.s1.a1 <name>`, at most 128 characters.
 *
 * @throws {RangeError} when it would not be read back as it was written, or is longer than a tag's value may be
 */
export function formatRolloutTag(tag: RolloutTag): string {
  const { resource, generation, kind, wave, shard, attempt, name } = tag;
  const text = `${resource}.${generation}.${kind}.w${wave}.s${shard}.a${attempt}`;
  if (!TAG.test(text) || text.length > MAX_TAG_VALUE_CHARACTERS)
    throw new RangeError(
      `Cannot format the tag of a rollout: it must have two names of letters, digits, "_" and "-" and numbers from 1, and at most ${MAX_TAG_VALUE_CHARACTERS} characters: it is ${JSON.stringify(text)}`,
    );
  // The service takes no value with an address in it.
  return name === undefined ? text : `${text} ${name.replaceAll("://", ":")}`.slice(0, MAX_TAG_VALUE_CHARACTERS);
}

/** What a tag's value says; undefined when it is not that of a rollout. */
export function parseRolloutTag(text: string): RolloutTag | undefined {
  const [, resource, generation, kind, wave, shard, attempt, name] = TAG.exec(text) ?? [];
  if (resource === undefined || generation === undefined || (kind !== "run" && kind !== "check")) return undefined;
  const numbers = { wave: Number(wave), shard: Number(shard), attempt: Number(attempt) };
  return { resource, generation, kind, ...numbers, ...(name === undefined ? {} : { name }) };
}

/** Invocations that are counted together: those of one kind, wave and attempt. */
export const formatSeries = ({ kind, wave, attempt }: Omit<Shard, "shard">): string => `${kind}.w${wave}.a${attempt}`;
