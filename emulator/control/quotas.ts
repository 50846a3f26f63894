/** What is used up of what an account may do, and how much there is, as the control API shows and changes it. */
import type { Rate } from "../gateway/protocol";
import { countOwnCommands } from "../region/command";
import type { Store } from "../region/store";
import { countSpentInvocations } from "../requests/invocation";

export interface QuotasView {
  readonly commands: { readonly used: number; readonly limit: number };
  readonly invocationsPerDay: { readonly used: number; readonly limit: number };
  /** Of each action; null: no limit. */
  readonly callsPerMinute: { readonly limit: number | null };
}

export function formatQuotas(store: Store, { callsPerMinute }: Rate): QuotasView {
  return {
    commands: { used: countOwnCommands(store), limit: store.quotas.commands },
    invocationsPerDay: { used: countSpentInvocations(store), limit: store.quotas.invocationsPerDay },
    callsPerMinute: { limit: callsPerMinute ?? null },
  };
}

/**
 * Changes what is given and leaves the rest.
 * @throws RangeError that says what cannot be, and nothing is changed
 */
export function changeQuotas(store: Store, rate: Rate, body: Readonly<Record<string, unknown>>): void {
  const { commands, invocationsPerDay, callsPerMinute, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new RangeError(
      `The body must have no property "${unknown}": known are commands, invocationsPerDay, callsPerMinute`,
    );
  }
  const next = {
    commands: parseLimit(body, "commands") ?? store.quotas.commands,
    invocationsPerDay: parseLimit(body, "invocationsPerDay") ?? store.quotas.invocationsPerDay,
  };
  if (callsPerMinute === null) rate.callsPerMinute = undefined;
  else rate.callsPerMinute = parseLimit(body, "callsPerMinute") ?? rate.callsPerMinute;
  Object.assign(store.quotas, next);
}

function parseLimit(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000) return Number(value);
  throw new RangeError(
    `The body must have a whole number from 0 to 1000000 as "${name}": current value is ${JSON.stringify(value)}`,
  );
}
