/** Takes the stack's configuration, and connects to the service of a region when a handler first needs it. */
import { type Calls, createCalls } from "../cloud/calls";
import { createClient } from "../cloud/client";
import { type Clock, systemClock } from "../cloud/clock";
import { type Configuration, findRegionId, resolveSettings } from "../cloud/credentials";
import { createFacts, type Facts } from "../cloud/facts";
import { collectGarbage } from "../cloud/garbage";
import { createTaggedInvocations, type TaggedInvocations } from "../cloud/tagged";
import { createInvocationWatch, type InvocationWatch } from "../cloud/watch";
import { RUN_TAG_KEY, UNSAVED_TAG } from "../rules/run";
import { unmarkSaved } from "./mark";

/** The service of one region, shared by all resources of one run of the engine. */
export interface Region {
  regionId: string;
  calls: Calls;
  facts: Facts;
  watch: InvocationWatch;
  marked: TaggedInvocations;
  /** Runs whose mark has done its work once the engine has saved this update. */
  ending: Set<string>;
  /** Invocations that a resource of this update went on with or took over: a predecessor does not stop them. */
  resumed: Set<string>;
}

/** The time that every handler goes by. */
export let clock: Clock = systemClock;

/** Has another clock drive the waits, as a test does; connections that exist keep the old one. */
export function driveBy(other: Clock): void {
  clock = other;
}

let configuration: Configuration = () => undefined;
const regions = new Map<string, Region>();
let isListening = false;

/**
 * Keeps the configuration and returns at once: the host lets a second call in while this one still runs, and takes a
 * failure here for the first resource's alone. So nothing is resolved before it is needed.
 */
export async function configure(request: { config: { get(key: string): string | undefined } }): Promise<void> {
  configuration = (key) => request.config.get(key);
  regions.clear();
  if (!isListening) process.once("SIGINT", () => void close().finally(() => process.kill(process.pid, "SIGINT")));
  isListening = true;
}

/** The engine interrupts its plugins once it has saved everything that they did. */
export const close = (): Promise<void> => unmarkSaved(regions.values());

/** The region that a resource runs in when it names none. */
export const defaultRegionId = (): string | undefined => findRegionId(configuration, process.env);

/** The connection to a region's service, made once. */
export function connect(regionId: string): Region {
  const connected = regions.get(regionId);
  if (connected) return connected;
  const client = createClient(resolveSettings(regionId, configuration, process.env));
  const calls = createCalls(collectGarbage(client), { clock });
  const region = {
    regionId,
    calls,
    facts: createFacts(calls),
    watch: createInvocationWatch(calls, clock),
    marked: createTaggedInvocations(calls, RUN_TAG_KEY, UNSAVED_TAG),
    ending: new Set<string>(),
    resumed: new Set<string>(),
  };
  regions.set(regionId, region);
  return region;
}
