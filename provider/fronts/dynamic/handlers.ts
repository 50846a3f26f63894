/** The seven handlers as Pulumi's dynamic host calls them, over the plain ones. */
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";
import type { Clock } from "../../cloud/clock";
import type { Configuration } from "../../cloud/configuration";
import * as lifecycle from "../../lifecycle";
import type { Properties } from "../../lifecycle/state";
import { isLive } from "../../rules/status";
import { type Call, limitCall } from "../../runs/call";
import { closeSession } from "../../runs/close";
import { type EngineProbe, openSession, type Session } from "../../runs/session";
import type { Limits } from "../../timeouts";
import { createProgress, type Tell } from "../engine";
import { told } from "../failure";
import { type Hidden, isForeign, putOutputs, takeInputs, takeState } from "../properties";
import type { Secrecy } from "../secrecy";
import { createRolloutHandlers, type RolloutHandlers } from "./rollout";
import { keepBoth, keepNamed } from "./secrecy";

/** What the handlers take from the process that they run in. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  tell: Tell;
  engine: EngineProbe;
  /** Names what holds the states of this engine. */
  backend: string;
}

export interface Handlers {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(properties: Properties): Promise<CreateResult>;
  read(id: string, properties: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<UpdateResult>;
  delete(id: string, properties: Properties): Promise<void>;
  /** Those of the two resources of a `Rollout`. */
  fleet: RolloutHandlers;
  verdict: RolloutHandlers;
  /** The engine is done: it interrupts its plugins once it has saved everything that they did. */
  close(): Promise<void>;
}

/** The host hands later calls nothing of the first one, so the session of a run of the engine is kept here. */
export function createHandlers({ tell, ...surroundings }: Surroundings): Handlers {
  const open = (configuration: Configuration): Session => openSession({ ...surroundings, configuration });
  let session = open(() => undefined);

  /** Any resource of the session: they are all of one stack. */
  let someUrn = "";

  function describeCall(
    { __urn: urn = "", __customTimeouts }: Hidden,
    { isSecret, secretInputs, say }: Secrecy,
    operation?: keyof Limits,
  ): Call {
    if (urn !== "") someUrn = urn;
    const seconds = operation && __customTimeouts?.[operation];
    return {
      urn,
      isSecret,
      secretInputs,
      progress: createProgress(tell, session.said, urn, say),
      session,
      ...(seconds === undefined ? {} : { limit: limitCall(session.clock, seconds, `customTimeouts.${operation}`) }),
    };
  }

  return {
    // The host lets a second call in while this one still runs.
    configure: async ({ config }) => {
      session = open((key) => config.get(key));
    },
    check: async (olds, news) => {
      const { inputs, hidden, seeded } = takeInputs(news);
      const { inputs: before, hidden: kept } = takeInputs(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, before, inputs);
      const checked = await told(secrecy, lifecycle.check(describeCall(hidden, secrecy), before, inputs));
      return {
        inputs: { ...checked.inputs, ...seeded, ...hidden },
        failures: secrecy.refuse(checked.failures, inputs),
      };
    },
    diff: async (id, olds, news) => {
      const { inputs, hidden } = takeInputs(news);
      const { state, hidden: kept } = takeState(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, state, inputs);
      const { changed: _, ...difference } = await told(
        secrecy,
        lifecycle.diff(describeCall(hidden, secrecy), id, state, inputs),
      );
      // A delete is told of the outputs alone, which an update brings up to date.
      const isStale =
        kept.__customTimeouts?.delete !== hidden.__customTimeouts?.delete &&
        (isLive(String(state.status)) || inputs.onDelete !== undefined);
      return difference.changes === false && (isStale || isForeign(kept, hidden)) ? { changes: true } : difference;
    },
    create: async (properties) => {
      const { inputs, hidden } = takeInputs(properties);
      const secrecy = keepNamed(hidden.__secret, inputs);
      const step = lifecycle.create(describeCall(hidden, secrecy, "create"), inputs);
      const { id, outputs } = await told(secrecy, step, hidden);
      return { id, outs: putOutputs(outputs, hidden) };
    },
    read: async (id, properties) => {
      const { state, hidden } = takeState(properties);
      const secrecy = keepNamed(hidden.__secret, state);
      const call = describeCall(hidden, secrecy);
      // The engine passes a user's `get` what the constructor adds and no output.
      const reading =
        state.schemaVersion === undefined
          ? lifecycle.readExisting(call, id, state.regionId as string | undefined)
          : lifecycle.read(call, id, state);
      const found = await told<lifecycle.Read | undefined>(secrecy, reading);
      if (found === undefined) return { id: "", props: {} };
      const { outputs, inputs } = found;
      const { __provider: _, ...declared } = hidden;
      // Where results are secret they are declared as well, without a value: the engine marks what it returns by name.
      const marked = secrecy.isSecret ? { results: null } : {};
      return {
        id,
        props: putOutputs(outputs, hidden),
        ...(inputs ? { inputs: { ...inputs, ...marked, ...declared } } : {}),
      };
    },
    update: async (id, olds, news) => {
      const { inputs, hidden } = takeInputs(news);
      const { state, hidden: kept } = takeState(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, state, inputs);
      const step = lifecycle.update(describeCall(hidden, secrecy, "update"), id, state, inputs);
      return { outs: putOutputs(await told(secrecy, step, hidden), hidden) };
    },
    delete: async (id, properties) => {
      const { state, hidden } = takeState(properties);
      const secrecy = keepNamed(hidden.__secret, state);
      await told(secrecy, lifecycle.destroy(describeCall(hidden, secrecy, "delete"), id, state));
    },
    ...createRolloutHandlers(describeCall),
    close: () => closeSession(session, someUrn, (text) => tell("warning", text, "", false)),
  };
}
