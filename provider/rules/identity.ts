/**
 * Whose run is this? A run is known again by its resource and by its intention: what runs, by meaning. Instances are no part of
 * it, since what is found counts instance by instance.
 */
import { createHash } from "node:crypto";
import { formatCanonical } from "./canonical";
import { INPUTS, type InputName } from "./inputs";
import { MAX_TAG_VALUE_CHARACTERS } from "./limits";
import { parseRolloutTag, type RolloutTag } from "./rollout/tag";
import type { Run } from "./run";
import { meaningOf } from "./same";

/** Which resource a run belongs to. */
export interface Identity {
  /** Digest of backend, stack and resource, without the resource's own type: another front's token is the same resource. */
  resource: string;
  /** Digest of backend and stack. */
  stack: string;
  /** `project/stack/name`, for people. */
  name: string;
}

/** What is to run, as two digests. */
export interface Intention {
  /** What no live schedule can be changed to. */
  fixed: string;
  whole: string;
}

/** What the owner tag of an invocation says. */
export interface Owner extends Intention, Pick<Identity, "resource" | "name"> {
  /** What it is of a rollout, if it is of one. */
  shard?: RolloutTag;
}

const digest = (value: unknown, characters: number): string =>
  createHash("sha256").update(formatCanonical(value)).digest("hex").slice(0, characters);

const RESOURCE_CHARACTERS = 24;
const INTENTION_CHARACTERS = 16;

/**
 * @param urn the resource; a text of another form is a resource of no stack
 * @param backend what holds the states, so that the same names in two of them are two resources
 */
export function identify(urn: string, backend: string): Identity {
  const { stack, project, types, name } = parseUrn(urn);
  const parents = types.split("$").slice(0, -1);
  return {
    resource: digest([backend, project, stack, parents, name], RESOURCE_CHARACTERS),
    stack: digest([backend, project, stack], RESOURCE_CHARACTERS),
    name: `${project}/${stack}/${name}`,
  };
}

/** `urn:pulumi:STACK::PROJECT::TYPES::NAME`, where the name may hold "::" itself. */
function parseUrn(urn: string): { stack: string; project: string; types: string; name: string } {
  const [stack = "", project = "", types = "", ...name] = urn.startsWith(URN) ? urn.slice(URN.length).split("::") : [];
  if (name.length === 0) return { stack: "", project: "", types: "", name: urn };
  return { stack, project, types, name: name.join("::") };
}

const URN = "urn:pulumi:";

export function intend(run: Run): Intention {
  const parts = (Object.keys(run) as InputName[]).filter((name) => INPUTS[name].identifies);
  const meanings = (names: readonly InputName[]) =>
    digest(
      Object.fromEntries(names.map((name) => [name, meaningOf(name, run[name as keyof Run])])),
      INTENTION_CHARACTERS,
    );
  return { fixed: meanings(parts.filter((name) => INPUTS[name].change === "replace")), whole: meanings(parts) };
}

/** The value of the owner tag: three digests, and the name as far as there is room. */
export function formatOwner({ resource, name }: Identity, { fixed, whole }: Intention): string {
  // The service takes no value with an address in it.
  const readable = name.replaceAll("://", ":");
  return `${resource}.${fixed}.${whole} ${readable}`.slice(0, MAX_TAG_VALUE_CHARACTERS);
}

/** What an owner tag says; undefined when it is not one of this version. */
export function parseOwner(text: string | undefined): Owner | undefined {
  const { resource, fixed, whole, name } =
    /^(?<resource>[0-9a-f]{24})\.(?<fixed>[0-9a-f]{16})\.(?<whole>[0-9a-f]{16}) (?<name>.*)$/s.exec(text ?? "")
      ?.groups ?? {};
  if (resource === undefined || fixed === undefined || whole === undefined || name === undefined)
    return parseShardOwner(text);
  return { resource, fixed, whole, name };
}

/** An invocation of a rollout is known by its generation. */
function parseShardOwner(text: string | undefined): Owner | undefined {
  const shard = parseRolloutTag(text ?? "");
  if (shard === undefined) return undefined;
  const { resource, generation, name = "" } = shard;
  return { resource, fixed: generation, whole: generation, name, shard };
}

/**
 * The ClientToken of one intended run: the same in every retry and for whoever asks for it, so that the service answers the
 * first run again.
 *
 * @param predecessors ids of the runs that it follows on
 */
export function formatToken(
  { resource }: Pick<Identity, "resource">,
  { whole }: Intention,
  instanceIds: readonly string[] | undefined,
  predecessors: readonly string[],
): string {
  return digest([resource, whole, [...(instanceIds ?? [])].sort(), [...predecessors].sort()], 48);
}
