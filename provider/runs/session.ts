/** What one run of the engine knows. A front makes it and hands it to every handler; there is nothing beside it. */
import { type Calls, createCalls } from "../cloud/calls";
import { createClient } from "../cloud/client";
import type { Clock } from "../cloud/clock";
import type { Configuration } from "../cloud/configuration";
import { findRegionId, resolveSettings } from "../cloud/credentials";
import { collectGarbage } from "../cloud/garbage";
import { createInventory, type Inventory } from "../cloud/inventory";
import { createTaggedInvocations, type TaggedInvocations } from "../cloud/tagged";
import { createInvocationWatch, type InvocationWatch } from "../cloud/watch";
import { RUN_TAG_KEY, UNSAVED_TAG } from "../rules/tags";

/** The service of one region, shared by all resources of one run of the engine. */
export interface Region {
  regionId: string;
  calls: Calls;
  inventory: Inventory;
  watch: InvocationWatch;
  tagged: TaggedInvocations;
  /** Runs whose tags have done their work once the engine has saved this update. */
  ending: Set<string>;
  /** Invocations that a resource of this update went on with or took over: a predecessor does not stop them. */
  resumed: Set<string>;
}

export interface Session {
  /** The time that every handler goes by. */
  readonly clock: Clock;
  /** The region that a resource runs in when it names none. */
  defaultRegionId(): string | undefined;
  /** The connection to a region's service, made once, when a handler first needs it. */
  connect(regionId: string): Region;
  /** The regions that were connected to. */
  readonly regions: ReadonlyMap<string, Region>;
  /** What was said already, since the engine runs `check` twice for a replacement. */
  readonly said: Set<string>;
  /**
   * Resources that came about by the `adopt` that their program still has. A replacement of such a one runs anew, and
   * `create` is not told that it replaces: `check` is, since the engine calls it with the old inputs first.
   */
  readonly adopted: Set<string>;
  /**
   * Invocations that were read, and resources that were checked since: a refresh has the engine compare as well, to show what it
   * found, and does nothing about it. A run that is over does not know its resource.
   */
  readonly refreshed: Set<string>;
  readonly checked: Set<string>;
  /** The resource that stands for an invocation, by its id. */
  readonly held: Map<string, string>;
}

export interface SessionOptions {
  /** The stack's configuration. */
  configuration: Configuration;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
}

/** Opens a session. Nothing is resolved before it is needed: a failure here would be taken for the first resource's alone. */
export function openSession({ configuration, environment, clock }: SessionOptions): Session {
  const regions = new Map<string, Region>();

  function connect(regionId: string): Region {
    const client = createClient(resolveSettings(regionId, configuration, environment));
    const calls = createCalls(collectGarbage(client), { clock });
    const region = {
      regionId,
      calls,
      inventory: createInventory(calls),
      watch: createInvocationWatch(calls, clock),
      tagged: createTaggedInvocations(calls, RUN_TAG_KEY, UNSAVED_TAG),
      ending: new Set<string>(),
      resumed: new Set<string>(),
    };
    regions.set(regionId, region);
    return region;
  }

  return {
    clock,
    defaultRegionId: () => findRegionId(configuration, environment),
    connect: (regionId) => regions.get(regionId) ?? connect(regionId),
    regions,
    said: new Set(),
    adopted: new Set(),
    held: new Map(),
    refreshed: new Set(),
    checked: new Set(),
  };
}
