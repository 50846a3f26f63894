/** The handlers of the two resources of a `Rollout`, as Pulumi's dynamic host calls them, over the plain ones. */
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from "@pulumi/pulumi/dynamic";
import * as lifecycle from "../../lifecycle/rollout";
import type { Properties } from "../../lifecycle/state";
import type { Call } from "../../runs/call";
import type { Limits } from "../../timeouts";
import { told } from "../failure";
import { type Hidden, isForeign, putFleet, takeFleet, takeFleetInputs } from "../properties";
import type { Secrecy } from "../secrecy";
import { keepBoth, keepNamed } from "./secrecy";

/** The handlers of one type of resource. */
export interface RolloutHandlers {
  check(olds: Properties, news: Properties): Promise<CheckResult>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffResult>;
  create(properties: Properties): Promise<CreateResult>;
  read(id: string, properties: Properties): Promise<ReadResult>;
  update(id: string, olds: Properties, news: Properties): Promise<UpdateResult>;
  delete(id: string, properties: Properties): Promise<void>;
}

type DescribeCall = (hidden: Hidden, secrecy: Secrecy, operation?: keyof Limits) => Call;

export const createRolloutHandlers = (
  describeCall: DescribeCall,
): { fleet: RolloutHandlers; verdict: RolloutHandlers } => ({
  fleet: createFleet(describeCall),
  verdict: createVerdict(describeCall),
});

function createFleet(describeCall: DescribeCall): RolloutHandlers {
  /** What failed machines said may quote what is secret. */
  const put = (outputs: Properties, hidden: Hidden, { say }: Secrecy): Properties =>
    putFleet({ ...outputs, reasons: ((outputs.reasons ?? []) as string[]).map(say) }, hidden);
  return {
    check: async (olds, news) => {
      const { inputs, hidden, seeded } = takeFleetInputs(news);
      const { inputs: before, hidden: kept } = takeFleetInputs(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, before, inputs);
      const checked = await told(secrecy, lifecycle.checkFleet(describeCall(hidden, secrecy), before, inputs));
      return {
        inputs: { ...checked.inputs, ...seeded, ...hidden },
        failures: secrecy.refuse(checked.failures, inputs),
      };
    },
    diff: async (id, olds, news) => {
      const { inputs, hidden } = takeFleetInputs(news);
      const { state, hidden: kept } = takeFleet(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, state, inputs);
      const diffing = lifecycle.diffFleet(describeCall(hidden, secrecy), id, state, inputs);
      const { changed: _, ...difference } = await told(secrecy, diffing);
      return takeOver(difference, kept, hidden);
    },
    create: async (properties) => {
      const { inputs, hidden } = takeFleetInputs(properties);
      const secrecy = keepNamed(hidden.__secret, inputs);
      const step = lifecycle.createFleet(describeCall(hidden, secrecy, "create"), inputs);
      const { id, outputs } = await told(secrecy, step);
      return { id, outs: put(outputs, hidden, secrecy) };
    },
    read: async (id, properties) => {
      const { state, hidden } = takeFleet(properties);
      const secrecy = keepNamed(hidden.__secret, state);
      const { outputs } = await told(secrecy, lifecycle.readFleet(describeCall(hidden, secrecy), id, state));
      return { id, props: putFleet(outputs, hidden) };
    },
    update: async (id, olds, news) => {
      const { inputs, hidden } = takeFleetInputs(news);
      const { state, hidden: kept } = takeFleet(olds);
      const secrecy = keepBoth(hidden.__secret, kept.__secret, state, inputs);
      const call = describeCall(hidden, secrecy, "update");
      if (isForeign(kept, hidden)) {
        const { changes } = await told(secrecy, lifecycle.diffFleet(call, id, state, inputs));
        if (changes === false) return { outs: putFleet(state, hidden) };
      }
      return { outs: put(await told(secrecy, lifecycle.updateFleet(call, state, inputs)), hidden, secrecy) };
    },
    delete: async (_, properties) => {
      const { state, hidden } = takeFleet(properties);
      const secrecy = keepNamed(hidden.__secret, state);
      await told(secrecy, lifecycle.destroyFleet(describeCall(hidden, secrecy, "delete"), state));
    },
  };
}

const takeOver = (difference: DiffResult, kept: Hidden, hidden: Hidden): DiffResult =>
  difference.changes === false && isForeign(kept, hidden) ? { changes: true } : difference;

const PLAIN: Secrecy = keepNamed(undefined);

function createVerdict(describeCall: DescribeCall): RolloutHandlers {
  return {
    check: async (_, news) => {
      const { hidden } = takeFleetInputs(news);
      describeCall(hidden, PLAIN);
      const checked = lifecycle.checkVerdict(news);
      return { ...checked, inputs: { ...checked.inputs, ...hidden } };
    },
    diff: async (_id, olds, news) => {
      const { hidden } = takeFleetInputs(news);
      const { changed: _, ...difference } = lifecycle.diffVerdict(olds, news);
      return takeOver(difference, takeFleetInputs(olds).hidden, hidden);
    },
    create: async (properties) => {
      const { hidden } = takeFleetInputs(properties);
      const { id, outputs } = await told(
        PLAIN,
        attempt(() => lifecycle.createVerdict(properties)),
      );
      return { id, outs: { ...outputs, ...hidden } };
    },
    read: async (id, properties) => ({ id, props: properties }),
    update: async (_, __, news) => ({
      outs: await told(
        PLAIN,
        attempt(() => lifecycle.updateVerdict(news)),
      ),
    }),
    delete: async () => {},
  };
}

const attempt = async <T>(step: () => T): Promise<T> => step();
