/** What is made to go wrong: faults of answers, matched by action, machine and count, and faults of a delivery to a machine. */

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
export const ANSWER_FAULTS = [
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
export type AnswerFaultKind = (typeof ANSWER_FAULTS)[number];

/** Faults of a delivery, by the ErrorCode that the run gets; the run is Aborted. */
export const DELIVERY_FAULTS = {
  deliveryTimeout: "DeliveryTimeout",
  agentAbsent: "ClientNotRunning",
  agentSilent: "ClientNotResponse",
  agentOld: "ClientNeedUpgrade",
  machineStopped: "InstanceNotRunning",
} as const;
export type DeliveryFaultKind = keyof typeof DELIVERY_FAULTS;

export type FaultKind = AnswerFaultKind | DeliveryFaultKind;

export interface Fault {
  /** Only this action. @default every action. Without meaning for a fault of a delivery. */
  readonly action?: string;
  readonly kind: FaultKind;
  /** How often it strikes. @default until it is cleared */
  readonly times?: number;
  /** Strikes each n-th matching call only. @default 1 */
  readonly every?: number;
  /** Only calls that name this machine, or deliveries to it. */
  readonly instanceId?: string;
  /** `slow`: the delay (default 5000). `throttleRetryAfter`: the header's value (default 1000). */
  readonly ms?: number;
}

export interface AnswerFault extends Fault {
  readonly kind: AnswerFaultKind;
}

export interface Faults {
  inject(fault: Fault): void;
  clear(): void;
  /** The fault that strikes this call, counted as used. */
  takeAnswer(action: string, instanceIds: readonly string[]): AnswerFault | undefined;
  /** The ErrorCode with which a delivery to this machine fails, counted as used. */
  takeDelivery(instanceId: string): string | undefined;
}

interface ArmedFault {
  readonly fault: Fault;
  left: number;
  seen: number;
}

export const isAnswerFault = (fault: Fault): fault is AnswerFault =>
  (ANSWER_FAULTS as readonly string[]).includes(fault.kind);

export const isFaultKind = (kind: unknown): kind is FaultKind =>
  typeof kind === "string" && ((ANSWER_FAULTS as readonly string[]).includes(kind) || kind in DELIVERY_FAULTS);

export function createFaults(): Faults {
  let armed: ArmedFault[] = [];

  const strike = (matches: (fault: Fault) => boolean): Fault | undefined => {
    for (const entry of armed) {
      if (!matches(entry.fault)) continue;
      entry.seen++;
      if (entry.seen % (entry.fault.every ?? 1) !== 0) continue;
      entry.left--;
      if (entry.left === 0) armed = armed.filter((other) => other !== entry);
      return entry.fault;
    }
    return undefined;
  };

  return {
    inject(fault) {
      checkFault(fault);
      armed.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, seen: 0 });
    },
    clear() {
      armed = [];
    },
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

function checkFault(fault: Fault): void {
  if (!isFaultKind(fault.kind)) {
    const kinds = [...ANSWER_FAULTS, ...Object.keys(DELIVERY_FAULTS)].join(", ");
    throw new RangeError(`Cannot inject fault "${String(fault.kind)}": the kind must be one of ${kinds}`);
  }
  for (const name of ["times", "every"] as const) {
    const value = fault[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(
        `Cannot inject fault "${fault.kind}": "${name}" must be 1 or more: current value is ${value}`,
      );
    }
  }
}
