/** The seven handlers as Pulumi's dynamic host calls them, over the plain ones. */
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";
import type { Clock } from "../../cloud/clock";
import type { Configuration } from "../../cloud/configuration";
import * as lifecycle from "../../lifecycle";
import { InvocationFailed, type Properties } from "../../lifecycle/state";
import { isLive } from "../../rules/status";
import type { Call, Limit } from "../../runs/call";
import { unmarkSaved } from "../../runs/mark";
import { openSession, type Session } from "../../runs/session";
import type { Limits } from "../../timeouts";
import { createProgress, type Tell } from "./engine";
import { FailedStep } from "./frame";
import { type Hidden, putOutputs, takeInputs, takeState } from "./properties";

/** What the handlers take from the process that they run in. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  tell: Tell;
}

export interface Handlers {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(properties: Properties): Promise<CreateResult>;
  read(id: string, properties: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<UpdateResult>;
  delete(id: string, properties: Properties): Promise<void>;
  /** The engine is done: it interrupts its plugins once it has saved everything that they did. */
  close(): Promise<void>;
}

/** The host hands later calls nothing of the first one, so the session of a run of the engine is kept here. */
export function createHandlers({ tell, ...surroundings }: Surroundings): Handlers {
  const open = (configuration: Configuration): Session => openSession({ ...surroundings, configuration });
  let session = open(() => undefined);

  function describeCall({ __urn: urn = "", __secret, __customTimeouts }: Hidden, operation?: keyof Limits): Call {
    const seconds = operation && __customTimeouts?.[operation];
    return {
      urn,
      isSecret: __secret === true,
      progress: createProgress(tell, session.said, urn),
      session,
      ...(seconds === undefined ? {} : { limit: limitCall(session, seconds, `customTimeouts.${operation}`) }),
    };
  }

  return {
    // The host lets a second call in while this one still runs.
    configure: async ({ config }) => {
      session = open((key) => config.get(key));
    },
    check: async (olds, news) => {
      const { inputs, hidden, seeded } = takeInputs(news);
      const checked = await lifecycle.check(describeCall(hidden), takeInputs(olds).inputs, inputs);
      return { ...checked, inputs: { ...checked.inputs, ...seeded, ...hidden } };
    },
    diff: async (_id, olds, news) => {
      const { inputs, hidden } = takeInputs(news);
      const { state, hidden: kept } = takeState(olds);
      const difference = await lifecycle.diff(describeCall(hidden), state, inputs);
      // A delete is told of the outputs alone, which an update brings up to date.
      const isStale = kept.__customTimeouts?.delete !== hidden.__customTimeouts?.delete && isLive(String(state.status));
      return difference.changes === false && isStale ? { changes: true } : difference;
    },
    create: async (properties) => {
      const { inputs, hidden } = takeInputs(properties);
      const { id, outputs } = await framed(hidden, lifecycle.create(describeCall(hidden, "create"), inputs));
      return { id, outs: putOutputs(outputs, hidden) };
    },
    read: async (id, properties) => {
      const { state, hidden } = takeState(properties);
      const call = describeCall(hidden);
      // The engine passes a user's `get` what the constructor adds and no output.
      const found =
        state.schemaVersion === undefined
          ? await lifecycle.readExisting(call, id, state.regionId as string | undefined)
          : await lifecycle.read(call, id, state);
      if (found === undefined) return { id: "", props: {} };
      const { outputs, inputs } = found;
      const { __provider: _, ...declared } = hidden;
      // Where results are secret they are declared as well, without a value: the engine marks what it returns by name.
      const marked = hidden.__secret === true ? { results: null } : {};
      return {
        id,
        props: putOutputs(outputs, hidden),
        ...(inputs ? { inputs: { ...inputs, ...marked, ...declared } } : {}),
      };
    },
    update: async (id, olds, news) => {
      const { inputs, hidden } = takeInputs(news);
      const outputs = await framed(
        hidden,
        lifecycle.update(describeCall(hidden, "update"), id, takeState(olds).state, inputs),
      );
      return { outs: putOutputs(outputs, hidden) };
    },
    delete: async (id, properties) => {
      const { state, hidden } = takeState(properties);
      await lifecycle.destroy(describeCall(hidden, "delete"), id, state);
    },
    close: () => unmarkSaved(session),
  };
}

const limitCall = ({ clock }: Session, seconds: number, setting: string): Limit => ({
  seconds,
  deadline: clock.now() + seconds * 1000,
  setting,
});

async function framed<T>(hidden: Hidden, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw error instanceof InvocationFailed ? new FailedStep(error, putOutputs(error.outputs, hidden)) : error;
  }
}
