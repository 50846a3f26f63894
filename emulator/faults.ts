/** What is made to go wrong: faults of answers, matched by action, machine and count, and faults of a delivery to a machine. */
import { PUBLISHED_ACTIONS } from "./gateway/published";
import { MAX_DELAY_MS } from "./limits";

/**
 * Faults of an answer:
 * - `throttle`: 400 Throttling.User; `throttleRetryAfter`: with the header `x-acs-retry-after`
 * - `errorBefore`, `errorAfter`: 500 InternalError.Dispatch, without or with the effect
 * - `unavailable`: 503 ServiceUnavailable, without the effect
 * - `dropBefore`, `dropAfter`: the connection is cut, without or with the effect
 * - `slow`: the answer comes `ms` later (default 5000); the effect is at once
 * - `html502`: a proxy's page instead of an answer, without the effect
 * - `processing`: 403 IdempotentProcessing
 * - `forbidden`: 403 Forbidden.RAM, as if RAM denied the action
 */
const ANSWER_FAULTS = [
  "throttle",
  "throttleRetryAfter",
  "errorBefore",
  "errorAfter",
  "unavailable",
  "dropBefore",
  "dropAfter",
  "slow",
  "html502",
  "processing",
  "forbidden",
] as const;
/** A fault of an answer. */
export type AnswerFaultKind = (typeof ANSWER_FAULTS)[number];

/** Faults of a delivery, by the ErrorCode that the run gets; the run is Aborted. */
export const DELIVERY_FAULTS = {
  deliveryTimeout: "DeliveryTimeout",
  agentAbsent: "ClientNotRunning",
  agentSilent: "ClientNotResponse",
  agentOld: "ClientNeedUpgrade",
  machineStopped: "InstanceNotRunning",
} as const;
/** A fault of a delivery to a machine. */
export type DeliveryFaultKind = keyof typeof DELIVERY_FAULTS;

/** What goes wrong. */
export type FaultKind = AnswerFaultKind | DeliveryFaultKind;

/** What is made to go wrong, where, and how often. */
export interface Fault {
  /** Only this action. @default every action. Without meaning for a fault of a delivery. */
  readonly action?: string;
  /** What goes wrong. */
  readonly kind: FaultKind;
  /** How often it strikes. @default until it is cleared */
  readonly times?: number;
  /** Strikes each n-th matching call only. @default 1 */
  readonly every?: number;
  /** Only calls that name this machine, or deliveries to it. */
  readonly instanceId?: string;
  /** `slow`: the delay (default 5000). `throttleRetryAfter`: the header's value (default 1000). At most an hour. */
  readonly ms?: number;
}

export interface AnswerFault extends Fault {
  readonly kind: AnswerFaultKind;
}

/** A fault that is switched on. */
export interface ActiveFault {
  /** Its number, by which it is cleared alone. */
  readonly id: number;
  readonly fault: Fault;
  /** How often it will still strike; undefined: until it is cleared. */
  readonly left: number | undefined;
  /** How often it has struck. */
  readonly struck: number;
}

export interface Faults {
  inject(fault: Fault): void;
  clear(): void;
  /** Clears one alone; false when there is none of this number. */
  remove(id: number): boolean;
  /** In the order of their injection. */
  list(): readonly ActiveFault[];
  /** The fault that strikes this call, counted as used. */
  takeAnswer(action: string, instanceIds: readonly string[]): AnswerFault | undefined;
  /** The ErrorCode with which a delivery to this machine fails, counted as used. */
  takeDelivery(instanceId: string): string | undefined;
}

interface ArmedFault {
  readonly id: number;
  readonly fault: Fault;
  left: number;
  seen: number;
  struck: number;
}

const isAnswerFault = (fault: Fault): fault is AnswerFault => (ANSWER_FAULTS as readonly string[]).includes(fault.kind);

const isFaultKind = (kind: unknown): kind is FaultKind =>
  typeof kind === "string" &&
  ((ANSWER_FAULTS as readonly string[]).includes(kind) || Object.hasOwn(DELIVERY_FAULTS, kind));

/** @param onSwitch told of every fault that is injected, and of every one that is over */
export function createFaults(onSwitch: (fault: Fault, isOn: boolean) => void = () => {}): Faults {
  let armed: ArmedFault[] = [];
  let last = 0;

  const strike = (matches: (fault: Fault) => boolean): Fault | undefined => {
    for (const entry of armed) {
      if (!matches(entry.fault)) continue;
      entry.seen++;
      if (entry.seen % (entry.fault.every ?? 1) !== 0) continue;
      entry.left--;
      entry.struck++;
      if (entry.left === 0) {
        armed = armed.filter((other) => other !== entry);
        onSwitch(entry.fault, false);
      }
      return entry.fault;
    }
    return undefined;
  };

  return {
    inject(fault) {
      const parsed = parseFault({ ...fault });
      armed.push({ id: ++last, fault: parsed, left: parsed.times ?? Number.POSITIVE_INFINITY, seen: 0, struck: 0 });
      onSwitch(parsed, true);
    },
    clear() {
      const over = armed;
      armed = [];
      for (const { fault } of over) onSwitch(fault, false);
    },
    remove(id) {
      const found = armed.find((entry) => entry.id === id);
      armed = armed.filter((entry) => entry !== found);
      if (found !== undefined) onSwitch(found.fault, false);
      return found !== undefined;
    },
    list: () =>
      armed.map(({ id, fault, left, struck }) => ({
        ...{ id, fault, struck },
        left: Number.isFinite(left) ? left : undefined,
      })),
    takeAnswer(action, instanceIds) {
      const fault = strike(
        (candidate) =>
          isAnswerFault(candidate) &&
          (candidate.action ?? action) === action &&
          (candidate.instanceId === undefined || instanceIds.includes(candidate.instanceId)),
      );
      return fault !== undefined && isAnswerFault(fault) ? fault : undefined;
    },
    takeDelivery(instanceId) {
      const fault = strike(
        (candidate) => !isAnswerFault(candidate) && (candidate.instanceId ?? instanceId) === instanceId,
      );
      return fault === undefined || isAnswerFault(fault) ? undefined : DELIVERY_FAULTS[fault.kind as DeliveryFaultKind];
    },
  };
}

/**
 * A fault that makes sense.
 * @throws RangeError that says what does not
 */
export function parseFault(value: Readonly<Record<string, unknown>>): Fault {
  const { action, kind, times, every, instanceId, ms, ...others } = value;
  if (!isFaultKind(kind)) {
    const kinds = [...ANSWER_FAULTS, ...Object.keys(DELIVERY_FAULTS)].join(", ");
    throw new RangeError(`Cannot inject fault "${String(kind)}": the kind must be one of ${kinds}`);
  }
  const refuse = (name: string, expected: string): never => {
    const shown = JSON.stringify(value[name]);
    throw new RangeError(`Cannot inject fault "${kind}": "${name}" must be ${expected}: current value is ${shown}`);
  };
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const known = "action, kind, times, every, instanceId, ms";
    throw new RangeError(`Cannot inject fault "${kind}": it must have no property "${unknown}": known are ${known}`);
  }
  return {
    kind,
    ...(action === undefined ? {} : { action: isAction(action) ? action : refuse("action", "an action of ECS") }),
    ...(instanceId === undefined
      ? {}
      : { instanceId: isText(instanceId) ? instanceId : refuse("instanceId", "a string") }),
    ...(times === undefined ? {} : { times: isCount(times) ? times : refuse("times", "1 or more") }),
    ...(every === undefined ? {} : { every: isCount(every) ? every : refuse("every", "1 or more") }),
    ...(ms === undefined ? {} : { ms: isDuration(ms) ? ms : refuse("ms", `0 to ${MAX_DELAY_MS}`) }),
  };
}

const isAction = (value: unknown): value is string => typeof value === "string" && PUBLISHED_ACTIONS.has(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1;
const isDuration = (value: unknown): value is number =>
  Number.isFinite(value) && Number(value) >= 0 && Number(value) <= MAX_DELAY_MS;
