/** The handlers of an `Invocation` as the protocol calls them, over the plain ones: secrets by their places, previews, imports. */
import * as lifecycle from "../../lifecycle";
import { InvocationFailed, type Properties } from "../../lifecycle/state";
import type { InputFailure } from "../../rules/declaration";
import type { Call } from "../../runs/call";
import { ExpectedFailure } from "../../runs/failure";
import type { Limits } from "../../timeouts";
import { FailedStep } from "../frame";
import { putOutputs, takeInputs, takeState } from "../properties";
import { type ChangedProperties, describeChanged } from "./detail";
import { markRead } from "./functions";
import {
  isMarked,
  joinMarks,
  listSecretParts,
  type Marks,
  maskSecrets,
  type Opened,
  type SecretParts,
} from "./secrets";

/** The resource's type. */
export const TYPE = "cloudassistant:index:Invocation";

/** What every request tells. */
export interface Step {
  urn: string;
  /** Seconds that the program gives it; absent where it does not bound it. */
  timeoutSeconds?: number | undefined;
}

export interface Checked {
  inputs: Opened;
  failures: InputFailure[];
}

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  changed: ChangedProperties;
}

export interface Made {
  /** "" in a preview. */
  id: string;
  outputs: Opened;
}

export interface Found {
  id: string;
  outputs: Opened;
  inputs: Opened;
}

/** A failed step, whose state is to be kept. */
export class KeptFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Opened,
    readonly reasons: readonly string[],
    message: string,
  ) {
    super(message);
    this.name = "KeptFailure";
  }
}

export interface Resource {
  check(step: Step, olds: Opened, news: Opened): Promise<Checked>;
  diff(step: Step, id: string, olds: Opened, news: Opened): Promise<Difference>;
  create(step: Step, inputs: Opened, isPreview: boolean): Promise<Made>;
  /** @returns undefined for what is gone */
  read(step: Step, id: string, state: Opened, inputs: Opened): Promise<Found | undefined>;
  update(step: Step, id: string, olds: Opened, news: Opened, isPreview: boolean): Promise<Opened>;
  delete(step: Step, id: string, state: Opened): Promise<void>;
}

type DescribeCall = (step: Step, secret: SecretParts, operation?: keyof Limits) => Call;

export function createResource(describeCall: DescribeCall): Resource {
  return {
    check: async (step, olds, news) => {
      const { inputs } = takeInputs(news.value);
      const checked = await lifecycle.check(
        describeCall(step, listSecretParts(news.marks)),
        takeInputs(olds.value).inputs,
        inputs,
      );
      return {
        inputs: { value: checked.inputs, marks: news.marks },
        failures: checked.failures.map((failure) => hideSecrets(failure, news)),
      };
    },
    diff: async (step, id, olds, news) => {
      const { state } = takeState(olds.value);
      const { inputs } = takeInputs(news.value);
      const difference = await lifecycle.diff(describeCall(step, listSecretParts(news.marks)), id, state, inputs);
      const { replaces = [], deleteBeforeReplace = false, changed = [] } = difference;
      return {
        changes: difference.changes !== false,
        replaces,
        deleteBeforeReplace,
        changed: describeChanged(changed, replaces, state, inputs),
      };
    },
    create: async (step, inputs, isPreview) => {
      const declared = takeInputs(inputs.value).inputs;
      const seal = sealWith(inputs.marks, isSecret(inputs));
      if (isPreview) return { id: "", outputs: seal(lifecycle.foreseeCreate(declared)) };
      const call = describeCall(step, listSecretParts(inputs.marks), "create");
      const { id, outputs } = await kept(seal, lifecycle.create(call, declared));
      return { id, outputs: seal(outputs) };
    },
    read: async (step, id, state, inputs) => {
      const known = takeState(state.value).state;
      if (known.schemaVersion === undefined)
        return readStranger(describeCall(step, listSecretParts(undefined)), id, known);
      const wasSecret = isMarked(state.marks, "results") || isSecret(inputs);
      const found = await lifecycle.read(
        describeCall(step, { ...listSecretParts(inputs.marks), isSecret: wasSecret }),
        id,
        known,
      );
      if (found === undefined) return undefined;
      const seal = sealWith(joinMarks(state.marks, inputs.marks), wasSecret);
      return {
        id,
        outputs: seal(found.outputs),
        inputs:
          found.inputs === undefined ? inputs : { value: found.inputs, marks: joinMarks(state.marks, inputs.marks) },
      };
    },
    update: async (step, id, olds, news, isPreview) => {
      const { state } = takeState(olds.value);
      const declared = takeInputs(news.value).inputs;
      // What ran with a secret stays as secret as it was.
      const secret = isSecret(news) || isMarked(olds.marks, "results");
      const seal = sealWith(news.marks, secret);
      if (isPreview) return seal(lifecycle.foreseeUpdate(id, state, declared));
      const call = describeCall(step, { ...listSecretParts(news.marks), isSecret: secret }, "update");
      return seal(await kept(seal, lifecycle.update(call, id, state, declared)));
    },
    delete: async (step, id, state) => {
      await lifecycle.destroy(
        describeCall(step, listSecretParts(state.marks), "delete"),
        id,
        takeState(state.value).state,
      );
    },
  };
}

/** Whether anything is: then whatever comes of it is. */
const isSecret = ({ marks }: Opened): boolean => marks !== undefined;

/** The engine quotes the value of the property that a failure names, secret or not. */
function hideSecrets({ property, reason }: InputFailure, news: Opened): InputFailure {
  return { property: isMarked(news.marks, property) ? "" : property, reason: maskSecrets(reason, news) };
}

const sealWith =
  (marks: Marks | undefined, areResultsSecret: boolean) =>
  (outputs: Properties): Opened => ({
    value: putOutputs(outputs, {}),
    marks: joinMarks(marks, areResultsSecret ? { results: true } : undefined),
  });

async function kept<T>(seal: (outputs: Properties) => Opened, step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof InvocationFailed)) throw error;
    const { id, properties, reasons, message } = new FailedStep(error, putOutputs(error.outputs, {}), (text) => text);
    throw new KeptFailure(id, { ...seal({}), value: properties }, reasons, message);
  }
}

/** What was imported, or is only read: `t-…`, or `REGION/t-…` for another region than the provider's. */
async function readStranger(call: Call, id: string, { regionId: named }: Properties): Promise<Found> {
  const { regionId = named as string | undefined, invokeId } = parseImportId(id);
  if (regionId === undefined && call.session.defaultRegionId() === undefined)
    throw new ExpectedFailure(
      `Cannot read invocation "${invokeId}": its region must be known; write the id as "REGION/${invokeId}", or set "${call.session.nameSetting("region")}" in the stack configuration`,
    );
  const { outputs, inputs = {} } = await lifecycle.readExisting(call, invokeId, regionId);
  const { marks } = markRead(outputs);
  return { id: invokeId, outputs: { value: putOutputs(outputs, {}), marks }, inputs: { value: inputs, marks } };
}

function parseImportId(id: string): { regionId?: string; invokeId: string } {
  const { regionId, invokeId } = /^(?:(?<regionId>[a-z0-9-]+)\/)?(?<invokeId>t-[^/]+)$/.exec(id)?.groups ?? {};
  if (invokeId === undefined)
    throw new ExpectedFailure(
      `Cannot read an invocation by "${id}": the id must be that of an invocation, such as "t-hz0jdfwd9f", or with its region before it, such as "cn-beijing/t-hz0jdfwd9f"`,
    );
  return regionId === undefined ? { invokeId } : { regionId, invokeId };
}
