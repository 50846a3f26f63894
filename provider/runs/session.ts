/** What one run of the engine knows. A front makes it and hands it to every handler; there is nothing beside it. */
import { type Calls, createCalls } from "../cloud/calls";
import { createClient } from "../cloud/client";
import type { Clock } from "../cloud/clock";
import { type Configuration, nameSetting } from "../cloud/configuration";
import { findRegionId, resolveSettings } from "../cloud/credentials";
import { collectGarbage } from "../cloud/garbage";
import { createInventory, type Inventory } from "../cloud/inventory";
import { createInvocationWatch, type InvocationWatch } from "../cloud/watch";
import type { InvocationState } from "../rules/changes";
import type { InvocationInputs } from "../rules/inputs";
import type { FleetState } from "../rules/rollout";
import { createOwnRuns, type OwnRuns } from "./ours";

/** The service of one region, shared by all resources of one run of the engine. */
export interface Region {
  regionId: string;
  calls: Calls;
  inventory: Inventory;
  watch: InvocationWatch;
  ours: OwnRuns;
  /** Invocations that a delete of this session was about. */
  deleted: Set<string>;
  /** Invocations that the unsaved tag has come off before the end of this session. */
  untagged: Set<string>;
  /** Whether that has worked so far. */
  mayUntag: boolean;
}

/** What is known of one resource in this session. */
export interface Known {
  /** The inputs that the state holds, as `check` was given them. */
  inputs?: Partial<InvocationInputs>;
  /** The state, as `diff` was given it. */
  state?: InvocationState;
  /** Whether only a refresh has: the dynamic host names the resource as its state does, by its old name after a new one. */
  isRefreshed?: boolean;
  /** The same of a fleet. */
  fleet?: FleetState;
  /** Whether it has come about in this session: what is deleted of it afterwards is its predecessor. */
  isCreated?: true;
  /** Whether it came about by the `adopt` that its program still has: a replacement of it runs anew. */
  isAdopted?: boolean;
  /** Ends once the engine has had the time to show the resources beside it. */
  shown?: Promise<void>;
}

/** Asks whether the engine that called is still there: a provider outlives one that was killed. */
export type EngineProbe = () => Promise<boolean>;

export interface Session {
  /** The time that every handler goes by. */
  readonly clock: Clock;
  /** The region that a resource runs in when it names none. */
  defaultRegionId(): string | undefined;
  /** How a person names a setting of the front, such as "alicloud:region". */
  nameSetting(setting: string): string;
  /** The connection to a region's service, made once, when a handler first needs it. */
  connect(regionId: string): Region;
  /** The regions that were connected to. */
  readonly regions: ReadonlyMap<string, Region>;
  /** What was said already, since the engine runs `check` twice for a replacement. */
  readonly said: Set<string>;
  /** What handlers were told of a resource, by its URN: `create` is not told that it replaces, and what. */
  known(urn: string): Known;
  /** Ids that a state holds, as handlers were given them. Only that proves that an id was saved. */
  readonly saved: Set<string>;
  /** Ids of runs that this session started, went on with or took over, and whose they are: a predecessor does not stop them. */
  readonly held: Map<string, string>;
  /** Ids of runs that this session has stopped. */
  readonly stopped: Set<string>;
  /** Ids of resources of which this session has run `onDelete`. */
  readonly hooked: Set<string>;
  /** Whether a handler was called that may act: a preview, or an update that was refused, leaves everything as it is. */
  hasActed: boolean;
  readonly engine: EngineProbe;
  /** Names what holds the states of this engine. */
  readonly backend: string;
  /**
   * Invocations that were read, and resources that were checked since: a refresh has the engine compare as well, to show what it
   * found, and does nothing about it. A run that is over does not know its resource.
   */
  readonly refreshed: Set<string>;
  readonly checked: Set<string>;
  /** The resource that stands for an invocation, by its id. */
  readonly holders: Map<string, string>;
}

export interface SessionOptions {
  /** What the front was configured with. */
  configuration: Configuration;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  engine: EngineProbe;
  backend: string;
  /** Aborted when the person interrupts: nothing more is begun or waited for. Its reason is an {@link Interruption}. */
  signal?: AbortSignal;
}

/** Opens a session. Nothing is resolved before it is needed: a failure here would be taken for the first resource's alone. */
export function openSession(options: SessionOptions): Session {
  const { configuration, environment, clock, engine, backend, signal } = options;
  const regions = new Map<string, Region>();
  const known = new Map<string, Known>();

  function connect(regionId: string): Region {
    const client = createClient(resolveSettings(regionId, configuration, environment));
    const calls = createCalls(collectGarbage(client), { clock, ...(signal && { signal }) });
    const region: Region = {
      regionId,
      calls,
      inventory: createInventory(calls),
      watch: createInvocationWatch(calls, clock),
      ours: createOwnRuns(calls, clock),
      deleted: new Set(),
      untagged: new Set(),
      mayUntag: true,
    };
    regions.set(regionId, region);
    return region;
  }

  return {
    clock,
    defaultRegionId: () => findRegionId(configuration, environment),
    nameSetting: (setting) => nameSetting(configuration, setting),
    connect: (regionId) => regions.get(regionId) ?? connect(regionId),
    regions,
    said: new Set(),
    known: (urn) => {
      const resource = known.get(urn) ?? {};
      known.set(urn, resource);
      return resource;
    },
    saved: new Set(),
    held: new Map(),
    hasActed: false,
    stopped: new Set(),
    hooked: new Set(),
    engine,
    backend,
    refreshed: new Set(),
    checked: new Set(),
    holders: new Map(),
  };
}
