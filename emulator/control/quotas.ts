/** What is used up of what an account may do, as the control API shows it. */
import { countOwnCommands } from "../region/command";
import type { Store } from "../region/store";
import { countSpentInvocations } from "../requests/invocation";

/** @param callsPerMinute of each action; undefined: no limit */
export function formatQuotas(store: Store, callsPerMinute: number | undefined): object {
  return {
    commands: { used: countOwnCommands(store), limit: store.quotas.commands },
    invocationsPerDay: { used: countSpentInvocations(store), limit: store.quotas.invocationsPerDay },
    callsPerMinute: { limit: callsPerMinute ?? null },
  };
}
