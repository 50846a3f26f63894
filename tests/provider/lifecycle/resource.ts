// One resource through its life, as the engine leads it: which handler is called when, with what, and what is kept. The real
// engine is the referee (tests/e2e); this model is for stories that need many of them.
import type { InvocationInputs } from "../../../provider/rules/inputs";
import type { Limits } from "../../../provider/timeouts";
import type { Service } from "./service";

export type Properties = Record<string, unknown>;

/** The inputs of a program, and what its class adds to them. */
export type Declared = Partial<InvocationInputs> & {
  __customTimeouts?: Limits;
  __secret?: boolean;
  results?: null;
};

export interface State {
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Whether the last step failed after something had begun to run. */
  incomplete: boolean;
}

/** What one operation did, and how it failed. */
export interface Report {
  did: "create" | "update" | "replace" | "delete and create" | "same" | "refused";
  /** The failures of `check`, or the reasons that the engine shows. */
  reasons: string[];
}

export interface Resource {
  readonly urn: string;
  up(declared: Declared): Promise<Report>;
  /** An `up` whose outcome is lost: the engine was killed before it could save it. */
  upAndDie(declared: Declared): Promise<void>;
  /** An `up` whose outcome cannot be saved, and whose engine ends in order all the same. */
  upWithoutSaving(declared: Declared): Promise<void>;
  /** `pulumi state delete`. */
  forget(): void;
  /** `pulumi up --replace`: the engine asks for no comparison, so nobody knows that this is a replacement. */
  upReplace(declared: Declared, options?: { refresh?: boolean }): Promise<Report>;
  /** What an `up` would do. */
  preview(declared: Declared): Promise<Report>;
  refresh(): Promise<void>;
  destroy(): Promise<void>;
  /** What is kept. */
  readonly state: State | undefined;
  readonly results: Record<string, { status: string; invokeId: string; output: string }>;
}

/** What the shim's text would be; it must come back in every state. */
const PROVIDER = "the serialized provider";

let resources = 0;

const makeUrn = () => `urn:pulumi:dev::story::pulumi-nodejs:dynamic/cloudassistant:Invocation::story-${++resources}`;

/** As messages call it. */
export const nameOf = ({ urn }: Pick<Resource, "urn">): string => urn.split("::").at(-1) ?? "";

/** @param urn the same for one that is declared elsewhere, or again after its state was lost */
export function declareResource(service: Service, kept?: State, urn: string = makeUrn()): Resource {
  let state: State | undefined = kept;
  const { check, create, delete: destroy, diff, read, update } = service.handlers;

  const complete = (declared: Declared): Properties => ({ ...declared, __urn: urn, __provider: PROVIDER });

  async function runCreate(inputs: Properties): Promise<Outcome> {
    return outcomeOf(create(inputs).then(({ id, outs }) => ({ id, outputs: outs ?? {} })));
  }

  async function plan(declared: Declared): Promise<Report & { inputs: Properties }> {
    await service.begin();
    const news = complete(declared);
    const { inputs: checked, failures } = await check(state?.inputs ?? {}, news);
    const inputs = roundTrip({ ...(checked as Properties), __provider: PROVIDER });
    if (failures && failures.length > 0)
      return { did: "refused", reasons: failures.map(({ reason }) => reason), inputs };
    if (!state) return { did: "create", reasons: [], inputs };
    const { changes, replaces = [], deleteBeforeReplace } = await diff(state.id, state.outputs, inputs);
    if (replaces.length > 0) {
      const again = await check({}, news);
      const fresh = roundTrip({ ...(again.inputs as Properties), __provider: PROVIDER });
      const reasons = (again.failures ?? []).map(({ reason }) => reason);
      if (reasons.length > 0) return { did: "refused", reasons, inputs: fresh };
      return { did: deleteBeforeReplace ? "delete and create" : "replace", reasons, inputs: fresh };
    }
    const differ = changes ?? JSON.stringify(state.inputs) !== JSON.stringify(inputs);
    return { did: differ || state.incomplete ? "update" : "same", reasons: [], inputs };
  }

  async function carryOut({ did, inputs, reasons }: Awaited<ReturnType<typeof plan>>): Promise<Outcome> {
    switch (did) {
      case "refused":
        return { reasons };
      case "same":
        return { reasons: [], ...(state ? { state: { ...state, inputs } } : {}) };
      case "create":
        return runCreate(inputs);
      case "update": {
        if (!state) throw new Error("There is nothing to update");
        const { id, outputs } = state;
        return outcomeOf(update(id, outputs, inputs).then(({ outs }) => ({ id, outputs: outs ?? {} })));
      }
      case "replace": {
        const old = state;
        const created = await runCreate(inputs);
        if (created.state && !created.state.incomplete && old) await destroy(old.id, old.outputs);
        return created;
      }
      case "delete and create":
        if (state) await destroy(state.id, state.outputs);
        state = undefined;
        return runCreate(inputs);
      default:
        return did satisfies never;
    }
  }

  const keep = (inputs: Properties, outcome: Outcome): void => {
    if (outcome.state) state = roundTrip({ ...outcome.state, inputs });
  };

  return {
    urn,
    up: async (declared) => {
      const planned = await plan(declared);
      const outcome = await carryOut(planned);
      keep(planned.inputs, outcome);
      await service.end();
      return { did: planned.did, reasons: service.plain(outcome.reasons) };
    },
    upAndDie: async (declared) => {
      const before = state;
      await carryOut(await plan(declared));
      state = before;
    },
    upWithoutSaving: async (declared) => {
      const before = state;
      await carryOut(await plan(declared));
      state = before;
      await service.end();
    },
    forget: () => {
      state = undefined;
    },
    upReplace: async (declared, { refresh = false } = {}) => {
      await service.begin();
      // With --refresh the state is read, and compared, in the same process.
      if (refresh && state) {
        await read(state.id, state.outputs);
        await diff(state.id, state.outputs, state.inputs);
      }
      const { inputs: checked } = await check({}, complete(declared));
      const inputs = roundTrip({ ...(checked as Properties), __provider: PROVIDER });
      const outcome = await carryOut({ did: "replace", inputs, reasons: [] });
      keep(inputs, outcome);
      await service.end();
      return { did: "replace", reasons: service.plain(outcome.reasons) };
    },
    preview: async (declared) => {
      const { did, reasons } = await plan(declared);
      await service.end();
      return { did, reasons: service.plain(reasons) };
    },
    refresh: async () => {
      if (!state) return;
      await service.begin();
      const { id, props, inputs } = await read(state.id, state.outputs);
      state = id
        ? roundTrip({
            id,
            // The engine keeps its inputs where it is given none.
            inputs: inputs === undefined ? state.inputs : { ...(inputs as Properties), __provider: PROVIDER },
            outputs: { ...(props as Properties), __provider: PROVIDER },
            incomplete: state.incomplete,
          })
        : undefined;
      await service.end();
    },
    destroy: async () => {
      if (!state) return;
      await service.begin();
      await destroy(state.id, state.outputs);
      state = undefined;
      await service.end();
    },
    get state() {
      return state;
    },
    get results() {
      return service.plain((state?.outputs.results ?? {}) as Resource["results"]);
    },
  };
}

interface Outcome {
  reasons: string[];
  /** What is to be kept; absent when nothing has begun. */
  state?: State;
}

/** As the host does: a failure that carries an id is a resource that exists and is not complete. */
async function outcomeOf(step: Promise<{ id: string; outputs: Properties }>): Promise<Outcome> {
  return step.then(
    ({ id, outputs }) => ({
      reasons: [],
      state: { id, inputs: {}, outputs: { ...outputs, __provider: PROVIDER }, incomplete: false },
    }),
    (error: Error & { id?: string; properties?: Properties; reasons?: string[] }) => {
      const { id, properties = {}, reasons = [] } = error;
      if (id === undefined) return { reasons: [error.message] };
      const lines = reasons.flatMap((reason) =>
        reason.split(/\n {4}(?! )/).map((line) => line.replace(/\n {4}/g, "\n")),
      );
      return { reasons: lines, state: { id, inputs: {}, outputs: properties, incomplete: true } };
    },
  );
}

/** State travels as text, and comes back in another order. */
function roundTrip<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? 1 : -1)))
      : part,
  );
}
