/** The handlers of an `Invocation` as the protocol calls them, over the plain ones: secrets by their places, previews, imports. */
import * as lifecycle from "../../lifecycle";
import type { Properties } from "../../lifecycle/state";
import type { Call } from "../../runs/call";
import { ExpectedFailure } from "../../runs/failure";
import { told } from "../failure";
import { FailedStep } from "../frame";
import { putOutputs, takeInputs, takeState } from "../properties";
import { describeChanged } from "./detail";
import { markRead } from "./functions";
import { type DescribeCall, type Found, KeptFailure, type Resource } from "./resource";
import { keepMarked } from "./secrecy";
import { isMarked, joinMarks, type Marks, type Opened } from "./secrets";

/** The type, as states hold it. */
export const INVOCATION = "cloudassistant:index:Invocation";

export function createInvocation(describeCall: DescribeCall): Resource {
  return {
    check: async (step, olds, news) => {
      const { inputs } = takeInputs(news.value);
      const secrecy = keepMarked(news, olds);
      const checking = lifecycle.check(describeCall(step, secrecy), takeInputs(olds.value).inputs, inputs);
      const checked = await told(secrecy, checking);
      return {
        inputs: { value: checked.inputs, marks: news.marks },
        failures: secrecy.refuse(checked.failures, inputs),
      };
    },
    diff: async (step, id, olds, news) => {
      const { state } = takeState(olds.value);
      const { inputs } = takeInputs(news.value);
      const secrecy = keepMarked(news, olds);
      const difference = await told(secrecy, lifecycle.diff(describeCall(step, secrecy), id, state, inputs));
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
      const secrecy = keepMarked(inputs);
      const seal = sealWith(inputs.marks, secrecy.isSecret);
      if (isPreview) return { id: "", outputs: seal(lifecycle.foreseeCreate(declared)) };
      const creating = lifecycle.create(describeCall(step, secrecy, "create"), declared);
      const { id, outputs } = await kept(seal, told(secrecy, creating));
      return { id, outputs: seal(outputs) };
    },
    read: async (step, id, state, inputs) => {
      const known = takeState(state.value).state;
      const marks = joinMarks(state.marks, inputs.marks);
      const secrecy = keepMarked(inputs, state);
      if (known.schemaVersion === undefined)
        return told(secrecy, readStranger(describeCall(step, secrecy), id, known, step.isImport));
      const found = await told(secrecy, lifecycle.read(describeCall(step, secrecy), id, known));
      if (found === undefined) return undefined;
      return {
        id,
        outputs: sealWith(marks, secrecy.isSecret)(found.outputs),
        inputs: found.inputs === undefined ? inputs : { value: found.inputs, marks },
      };
    },
    update: async (step, id, olds, news, isPreview) => {
      const { state } = takeState(olds.value);
      const declared = takeInputs(news.value).inputs;
      const secrecy = keepMarked(news, olds);
      // What ran with a secret stays as secret as it was.
      const seal = sealWith(news.marks, news.marks !== undefined || isMarked(olds.marks, "results"));
      if (isPreview) return seal(lifecycle.foreseeUpdate(id, state, declared));
      const updating = lifecycle.update(describeCall(step, secrecy, "update"), id, state, declared);
      return seal(await kept(seal, told(secrecy, updating)));
    },
    delete: async (step, id, state) => {
      const secrecy = keepMarked(state);
      await told(secrecy, lifecycle.destroy(describeCall(step, secrecy, "delete"), id, takeState(state.value).state));
    },
  };
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
    if (!(error instanceof FailedStep)) throw error;
    const { id, properties, reasons, message } = error;
    throw new KeptFailure(id, { ...seal({}), value: properties }, reasons, message);
  }
}

/** What was imported, or is only read: `t-…`, or `REGION/t-…` for another region than the provider's; a program says what is plain. */
async function readStranger(
  call: Call,
  id: string,
  { regionId: named, plain }: Properties,
  isImport = false,
): Promise<Found> {
  const { regionId = named as string | undefined, invokeId } = parseImportId(id);
  if (regionId === undefined && call.session.defaultRegionId() === undefined)
    throw new ExpectedFailure(
      `Cannot read invocation "${invokeId}": its region must be known; write the id as "REGION/${invokeId}", or set "${call.session.nameSetting("region")}" in the stack configuration`,
    );
  const { outputs, inputs = {} } = await lifecycle.readExisting(call, invokeId, regionId, isImport);
  const { marks } = plain === true ? {} : markRead(outputs);
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
