/** One provider of the engine's, default or explicit: its configuration, its session, and what it does under way. */
import { setMaxListeners } from "node:events";
import type { Clock } from "../../cloud/clock";
import type { Properties } from "../../lifecycle/state";
import { type Call, limitCall } from "../../runs/call";
import { CLOSE_MS, closeSession } from "../../runs/close";
import { Interruption } from "../../runs/failure";
import { type EngineProbe, openSession, type Session } from "../../runs/session";
import { createProgress, type Tell } from "../engine";
import { told } from "../failure";
import type { Secrecy } from "../secrecy";
import { createConfiguration } from "./configuration";
import { type Answer, callFunction } from "./functions";
import { createInvocation, INVOCATION } from "./invocation";
import type { Resource, Step } from "./resource";
import { createFleet, createVerdict, FLEET, VERDICT } from "./rollout";
import { keepArguments } from "./secrecy";
import type { Marks, Opened } from "./secrets";

/** What a provider takes from the process that it runs in, and from the engine that it works for. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  tell: Tell;
  engine: EngineProbe;
  /** Names what holds the states of this engine. */
  backend: string;
}

export interface Provider {
  /**
   * Opens a session; what the one before knew is forgotten.
   *
   * @param reference what names this provider to the engine; "" where that does not tell
   */
  configure(settings: Properties, reference?: string): void;
  reference(): string;
  /** Aborted when the engine is done, or interrupted while nothing is under way. */
  ended(): AbortSignal;
  /** The handlers of a type; undefined where the package has none such. */
  find(type: string): Resource | undefined;
  invoke(name: string, args: Opened): Promise<Answer>;
  /** The region of what names none. */
  defaultRegionId(): string | undefined;
  /**
   * The engine is interrupted, or done: it says the same. What is under way ends its waits and answers with what it has; where
   * nothing is, the session is closed.
   */
  cancel(): Promise<void>;
}

export function createProvider({ tell, ...surroundings }: Surroundings): Provider {
  const { clock } = surroundings;
  let interrupter = new AbortController();
  let ending = new AbortController();
  let session = open({});
  let reference = "";
  let underWay = 0;
  /** Any resource of the session: they are all of one stack. */
  let someUrn = "";

  function open(settings: Properties): Session {
    interrupter = new AbortController();
    ending = new AbortController();
    const { signal } = interrupter;
    // Each wait listens to it, and a stack may have thousands.
    setMaxListeners(0, signal, ending.signal);
    return openSession({ ...surroundings, configuration: createConfiguration(settings), signal });
  }

  async function during<T>(step: Promise<T>): Promise<T> {
    underWay++;
    try {
      return await step;
    } finally {
      underWay--;
    }
  }

  function describeCall(
    { urn, timeoutSeconds = 0 }: Step,
    { isSecret, secretInputs, say }: Secrecy,
    operation?: string,
  ): Call {
    if (urn !== "") someUrn = urn;
    const isBounded = operation !== undefined && timeoutSeconds > 0;
    return {
      urn,
      isSecret,
      secretInputs,
      progress: createProgress(tell, session.said, urn, say),
      session,
      signal: interrupter.signal,
      ...(isBounded ? { limit: limitCall(clock, timeoutSeconds, `customTimeouts.${operation}`) } : {}),
    };
  }

  async function invoke(name: string, args: Opened): Promise<Answer> {
    const secrecy = keepArguments(args);
    const step = callFunction(name, args.value, describeCall({ urn: "" }, secrecy));
    const { result, failures } = await told(secrecy, step);
    if (failures !== undefined) return { failures: secrecy.refuse(failures) };
    return { result: secrecy.isSecret ? { value: result.value, marks: markAll(result.value) } : result };
  }

  const watch = (resource: Resource): Resource => ({
    check: (...args) => during(resource.check(...args)),
    diff: (...args) => during(resource.diff(...args)),
    create: (...args) => during(resource.create(...args)),
    read: (...args) => during(resource.read(...args)),
    update: (...args) => during(resource.update(...args)),
    delete: (...args) => during(resource.delete(...args)),
  });

  const resources = new Map([
    [INVOCATION, watch(createInvocation(describeCall))],
    [FLEET, watch(createFleet(describeCall))],
    [VERDICT, watch(createVerdict())],
  ]);

  return {
    configure: (settings, named = "") => {
      session = open(settings);
      reference = named;
    },
    reference: () => reference,
    ended: () => ending.signal,
    find: (type) => resources.get(type),
    invoke: (name, args) => during(invoke(name, args)),
    defaultRegionId: () => session.defaultRegionId(),
    cancel: async () => {
      if (underWay > 0) return interrupter.abort(new Interruption());
      ending.abort();
      const closing = closeSession(session, someUrn, (text) => tell("warning", text, "", false));
      await Promise.race([closing, clock.sleep(CLOSE_MS)]);
    },
  };
}

/** What comes of a secret argument is as secret. */
const markAll = (value: Properties): Marks => Object.fromEntries(Object.keys(value).map((name) => [name, true]));
