/**
 * The dynamic host's language: what it has no place for travels among the properties, under names that the engine hides.
 * Here it is taken off and put on again; nobody else knows such a name.
 */
import type { Properties } from "../lifecycle/state";
import { OUTPUT_NAMES } from "../rules/rollout/outputs";
import { isLive } from "../rules/status";
import type { Limits } from "../timeouts";
import type { Secret } from "./dynamic/secrecy";

/** What a resource's properties carry beside its own. */
export interface Hidden {
  /** The resource, as the constructor tells it. */
  __urn?: string;
  /** Which inputs are secret, or outputs beside them, as the constructor tells it; absent where none is. */
  __secret?: Secret;
  /** Seconds that each operation may take, where the program bounds it. */
  __customTimeouts?: Limits;
  /** The serialized provider: the host's own. */
  __provider?: string;
}

/** Outputs that the constructor seeds so that the engine keeps them, and their secrecy. They are no inputs. */
const SEEDED = ["invokeId", "status", "results", "schemaVersion"] as const;

/** What a fleet's state holds and no program declares: the diff display is to leave it out. */
const FLEET_HIDDEN = ["record", "predecessor", "earlier", "absent"] as const;
const FLEET_SEEDED = [...OUTPUT_NAMES, "reasons", "schemaVersion"] as const;

/** The properties of a fleet's state. */
export function takeFleet(properties: Properties): { state: Properties; hidden: Hidden } {
  const { rest, taken } = take(properties, HIDDEN);
  const entries = Object.entries(rest).map(([name, value]) => [name.replace(/^__/, ""), value] as const);
  return { state: Object.fromEntries(entries), hidden: taken };
}

/** The inputs of a fleet. */
export function takeFleetInputs(properties: Properties): { inputs: Properties; hidden: Hidden; seeded: Properties } {
  const { rest, taken: hidden } = take(properties, HIDDEN);
  const { rest: inputs, taken: seeded } = take(rest, FLEET_SEEDED);
  return { inputs, hidden, seeded };
}

/** The outputs of a fleet as the state keeps them. */
export function putFleet(outputs: Properties, hidden: Hidden): Properties {
  const entries = Object.entries(outputs).map(
    ([name, value]) => [FLEET_HIDDEN.some((own) => own === name) ? `__${name}` : name, value] as const,
  );
  return { ...Object.fromEntries(entries), ...hidden };
}

const HIDDEN = ["__urn", "__secret", "__customTimeouts", "__provider"] as const;

/** The properties of a state. `agentVersion` is hidden there, since the program declares no such output. */
export function takeState({ __agentVersion, ...properties }: Properties): { state: Properties; hidden: Hidden } {
  const { rest, taken } = take(properties, HIDDEN);
  return { state: __agentVersion === undefined ? rest : { ...rest, agentVersion: __agentVersion }, hidden: taken };
}

/** The inputs of a program. */
export function takeInputs(properties: Properties): { inputs: Properties; hidden: Hidden; seeded: Properties } {
  const { rest, taken: hidden } = take(properties, HIDDEN);
  const { rest: inputs, taken: seeded } = take(rest, SEEDED);
  return { inputs, hidden, seeded };
}

/** The outputs as the state keeps them. A run that is over has nothing more to say on its row, or to wait for. */
export function putOutputs(
  { agentVersion, ...outputs }: Properties,
  { __urn, __customTimeouts, ...hidden }: Hidden,
): Properties {
  const isOver = outputs.repeatMode === "Once" && !isLive(String(outputs.status)) && outputs.onDelete === undefined;
  return {
    ...outputs,
    ...hidden,
    ...(__urn === undefined || isOver ? {} : { __urn }),
    ...(__customTimeouts === undefined || isOver ? {} : { __customTimeouts }),
    ...(agentVersion === undefined ? {} : { __agentVersion: agentVersion }),
  };
}

function take(properties: Properties, names: readonly string[]): { rest: Properties; taken: Properties } {
  const entries = Object.entries(properties);
  return {
    rest: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    taken: Object.fromEntries(entries.filter(([name]) => names.includes(name))),
  };
}

/** A state that the plugin wrote has no shim, and without it nothing can be deleted. */
export const isForeign = (kept: Hidden, hidden: Hidden): boolean =>
  kept.__provider === undefined && hidden.__provider !== undefined;
