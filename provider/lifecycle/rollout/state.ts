/** The outputs of a fleet: what the next update goes by, in a few bytes for each machine. */
import { cutResults, fitResults, type InstanceResult, type Results } from "../../rules/results";
import type { Facts, Failure, FleetState, Plan, RolloutRecord } from "../../rules/rollout";
import { formatRolloutOutputs } from "../../rules/rollout";
import type { Earlier } from "../../rules/rollout/changes";
import { type Properties, SCHEMA_VERSION } from "../state";

/** Bytes of all that the failed machines printed. */
const MAX_FAILURES_BYTES = 512 * 1024;

export interface FleetOutcome {
  record: RolloutRecord;
  plan: Plan;
  facts: Facts;
  predecessor: string | undefined;
  invokeIds: readonly string[];
  earlier: Earlier | undefined;
  absent: readonly string[];
  /** Why the update fails; empty when it does not. */
  reasons: readonly string[];
}

/**
 * The inputs but the machines, and what came of it. The record has the machines, as one text: a list takes a line of the state
 * for each.
 */
export function formatFleet(inputs: Properties, outcome: FleetOutcome): Properties {
  const { instanceIds: _, ...declared } = inputs;
  const { record, plan, facts, predecessor, invokeIds, earlier, absent, reasons } = outcome;
  const { failures, ...outputs } = formatRolloutOutputs(plan, facts);
  const { machines, ...rest } = record;
  const state = {
    ...declared,
    ...outputs,
    failures: cutFailures(failures, Number(inputs.maxOutputBytes ?? 4096)),
    status: record.status,
    generation: record.generation,
    invokeIds,
    reasons,
    record: { ...rest, machines: machines.join(" ") },
    predecessor,
    earlier,
    absent: absent.length > 0 ? absent : undefined,
    schemaVersion: SCHEMA_VERSION,
  };
  return JSON.parse(JSON.stringify(state));
}

/** The state that an earlier run of any version of this package saved. */
export function parseFleet(properties: Properties): FleetState {
  const { record, ...rest } = properties as unknown as FleetState;
  const machines: unknown = record.machines;
  return {
    ...rest,
    record: {
      ...record,
      machines: typeof machines === "string" ? machines.split(" ").filter(Boolean) : record.machines,
    },
  };
}

/** Each output is cut to its last bytes, and all of them together evenly. */
function cutFailures(failures: Readonly<Record<string, Failure>>, maxOutputBytes: number): Record<string, Failure> {
  const results: Results = {};
  for (const [id, { result }] of Object.entries(failures)) if (result) results[id] = result;
  const cut = fitResults(cutResults(results, maxOutputBytes), MAX_FAILURES_BYTES);
  return Object.fromEntries(Object.entries(failures).map(([id, failure]) => [id, withResult(failure, cut[id])]));
}

const withResult = (failure: Failure, result: InstanceResult | undefined): Failure =>
  result ? { ...failure, result } : failure;
