/** The resource as a Pulumi program sees it: its arguments, its outputs, and nothing of how they come about. */
import * as pulumi from "@pulumi/pulumi";
import { BUNDLED, refuseDeclaration } from "./arguments";
import { type CommandType, INPUT_NAMES, type InvocationInputs } from "./rules/inputs";
import type { Results } from "./rules/results";
import * as shim from "./shim";
import { parseTimeouts } from "./timeouts";

/** A value that may come from another resource, at any depth. In brackets, since a union must stay whole. */
type Deep<T, None = never> = [T] extends [readonly (infer E)[]]
  ? pulumi.Input<Deep<E>[] | None>
  : [T] extends [object]
    ? pulumi.Input<{ [K in keyof T]: Deep<Exclude<T[K], undefined>, Extract<T[K], undefined>> } | None>
    : pulumi.Input<T | None>;

type Given<T> = { [K in keyof T]: Deep<T[K]> };
type Optional<T> = { [K in keyof T]?: Deep<Exclude<T[K], undefined>, undefined> | undefined };

/** What an {@link Invocation} may be given beside what runs: the API's parameters in lowerCamel, and what steers this tool. */
export interface InvocationSettings extends Optional<Omit<InvocationInputs, Running>> {}

/** The inputs that say what runs. */
type Running = "commandContent" | "type" | "commandId";

/** A script. */
interface ScriptArgs extends InvocationSettings, Given<Required<Pick<InvocationInputs, "commandContent">>> {
  type?: Deep<CommandType, undefined> | undefined;
  commandId?: undefined;
}

/** A command that exists. */
interface CommandArgs extends InvocationSettings, Given<Required<Pick<InvocationInputs, "commandId">>> {
  commandContent?: undefined;
  type?: undefined;
}

/** One of them, which no compiler can tell: the outputs of another `Invocation`. By this name it says what is missing. */
interface CommandContentOrCommandId
  extends InvocationSettings,
    Pick<Outputs, "commandContent" | "commandId">,
    Partial<Pick<Outputs, "type">> {}

/** The arguments of an {@link Invocation}: what runs, either `commandContent` or `commandId`, and its settings. */
export type InvocationArgs = ScriptArgs | CommandArgs | CommandContentOrCommandId;

type Outputs = { [K in keyof Required<InvocationInputs>]: pulumi.Output<InvocationInputs[K]> };

/** What `check` fills in where the program says nothing. */
const DEFAULTED = ["regionId", "repeatMode", "type"] as const;

/** Whether a bundler has made this package part of the program: then the shim names the package no longer. */
const IS_BUNDLED = !/\b(import|require)\(["'`]pulumi-cloud-assistant\/provider["'`]\)/.test(String(shim.check));

/** Whether the package lies below another one, as in pnpm's store. A bundle for ES modules knows no such name. */
const IS_NESTED =
  typeof __filename === "string" && __filename.split(/[\\/]/).filter((part) => part === "node_modules").length > 1;

/**
 * What Pulumi serializes: the shim's module, which becomes a `require` of its name. Of a package that lies below another one,
 * SDKs up to 3.249 at least make up the name of the outer path and then find no such export; there it is the shim's functions
 * themselves.
 */
const PROVIDER = IS_NESTED ? { ...shim } : shim;

/** The output of an input that nobody gave: one for all, since each that the engine is told of costs four promises. */
const NONE = pulumi.output(undefined);

/** The inputs are outputs too, as the update settled them. */
export interface Invocation extends Outputs {}

/**
 * One run, or one schedule of runs, of a script or a command on machines: one call of ECS Cloud Assistant's `RunCommand` or
 * `InvokeCommand`.
 *
 * A preview checks that it will work, `up` runs it and waits, `destroy` stops what is still live. What would not work fails
 * the preview and names the input at fault; a machine on which it fails fails the update (`onFailure`), with its reason.
 *
 * @example Run a script once and export what it printed
 * ```ts
 * const setup = new Invocation("setup", { commandContent: "yum install -y nginx", instanceIds: [web.id] });
 * export const output = setup.results.apply((results) => Object.values(results).map(({ output }) => output));
 * ```
 *
 * @throws {TypeError} when it is declared with arguments or options that cannot work.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runcommand
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor of Pulumi's resource sets every input as an output
export class Invocation extends pulumi.dynamic.Resource {
  /** The service's id of the invocation (`t-…`), and this resource's id. */
  declare readonly invokeId: pulumi.Output<string>;
  /** The service's `InvocationStatus`, such as `Success` or, for a live schedule, `Scheduled`. */
  declare readonly status: pulumi.Output<string>;
  /** What happened on each machine, by instance id. Secret exactly when an input is. */
  declare readonly results: pulumi.Output<Results>;
  /** Version of the state's shape; handlers read every one that was ever written. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /**
   * The type that states hold; it never changes. Policy packs find the resource by it.
   * @internal
   */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/cloudassistant:Invocation";

  /** Whether the object is an `Invocation`, whichever copy of this package or of Pulumi's SDK made it. */
  static override isInstance(obj: unknown): obj is Invocation {
    return (obj as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === Invocation.__pulumiType;
  }

  /**
   * Reads an existing invocation, whoever started it. It is not managed: nothing stops or changes it.
   * The update fails when the service has no record of it. Its `commandContent`, `parameters` and `results` are secret, since nobody tells whether
   * whoever started it meant them to be, unless `plain` says that they are not.
   *
   * @param id its `t-…` id; the service forgets finished ones after 30 days
   * @param state where to look for it; its region defaults as for `regionId` of the arguments
   * @throws {TypeError} when it is declared without an id, or with options that cannot work.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<InvocationArgs, "regionId"> & { plain?: boolean } = {},
    opts?: pulumi.CustomResourceOptions,
  ): Invocation {
    if (!id)
      throw declarationError(
        name,
        ['get must be given the id of an invocation, such as "t-hz0jdfwd9f"'],
        Invocation.get,
      );
    const { plain = false, ...place } = state;
    // The engine marks what is read by the names of what it was asked for.
    const secrets = plain ? {} : { commandContent: pulumi.secret(null), parameters: pulumi.secret(null) };
    return new Invocation(name, { ...place, ...secrets } as object as InvocationArgs, { ...opts, id });
  }

  constructor(name: string, args: InvocationArgs, opts?: pulumi.CustomResourceOptions) {
    const refused = IS_BUNDLED ? [BUNDLED] : refuseDeclaration(name, args, opts);
    if (refused.length > 0) throw declarationError(name, refused, new.target);
    const options = opts ?? {};
    const limits = parseTimeouts(options.customTimeouts);
    // Only of these the engine may know a value that the program did not give.
    const isDeclared = options.id === undefined && options.urn === undefined && options.ignoreChanges === undefined;
    const seeded = isDeclared ? DEFAULTED : INPUT_NAMES;
    const { stackTraceLimit } = Error;
    // Pulumi takes four stacks for each output, to name promises that never end, and of a thousand resources they cost more
    // than all the rest. Where it shows the place of a declaration it sets the limit itself.
    if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) Error.stackTraceLimit = 0;
    try {
      super(
        PROVIDER,
        name,
        {
          // Seeded, since the engine keeps no output that it has not been told of.
          ...Object.fromEntries(seeded.map((input) => [input, undefined])),
          ...args,
          status: undefined,
          results: undefined,
          schemaVersion: undefined,
          ...markSecret(args ?? {}, options),
          // Handlers are told neither, and need them to speak on the resource's row and to end their waits.
          __urn: formatUrn(name, Invocation.__pulumiType, options.parent),
          ...(limits && { __customTimeouts: limits }),
        },
        options,
        "cloudassistant",
        "Invocation",
      );
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error, Invocation);
      throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    this.invokeId = this.id;
    for (const input of INPUT_NAMES) if (!Object.hasOwn(this, input)) Object.assign(this, { [input]: NONE });
  }
}

/** With the place of the declaration, and nothing of what lies below it. */
function declarationError(
  name: unknown,
  reasons: readonly string[],
  declared: NewableFunction | CallableFunction,
): TypeError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  const error = new TypeError(
    `Cannot declare Invocation${typeof name === "string" ? ` ${JSON.stringify(name)}` : ""}: ${reasons.join("; ")}`,
  );
  Error.captureStackTrace(error, declared);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/**
 * Where an input is secret, or an output that the program names, so are the results: the engine marks a returned property by
 * the name of one that it was told of. What it is told is what a preview takes them for, so it must be unknown there; what is
 * read by its id is read in a preview as well. Handlers get everything in the clear, and are told what is secret.
 */
function markSecret(args: object, { additionalSecretOutputs = [], id }: pulumi.CustomResourceOptions): object {
  // A plain value is no secret, and a program may declare thousands.
  const inputs = Object.entries(args).filter(([, value]) => hasOutput(value));
  if (inputs.length === 0 && additionalSecretOutputs.length === 0) return {};
  const names = Promise.all(
    inputs.map(async ([name, value]) => ((await pulumi.isSecret(pulumi.output(value))) ? [name] : [])),
  ).then((found) => [...found.flat(), ...additionalSecretOutputs]);
  const untold = id === undefined && pulumi.runtime.isDryRun() ? pulumi.unknown : null;
  return {
    results: names.then(({ length }) => (length > 0 ? pulumi.secret(untold) : undefined)),
    __secret: names.then((secret) => (secret.length > 0 ? secret : undefined)),
  };
}

/** Whether any part of a value comes from elsewhere. */
function hasOutput(value: unknown): boolean {
  // A resource is no input, and may hold anything.
  if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) return false;
  return pulumi.Output.isInstance(value) || value instanceof Promise || Object.values(value).some(hasOutput);
}

const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * Plain text where no parent makes it a promise: a program may declare thousands. Never an output of the parent's, which
 * would have the resource wait for all of the parent's children, and so for itself.
 */
function formatUrn(name: string, type: string, parent: pulumi.Resource | undefined): string | Promise<string> {
  const format = (prefix: string) =>
    `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${prefix}${type}::${name}`;
  if (!pulumi.Resource.isInstance(parent)) return format("");
  return new Promise((resolve) => {
    parent.urn.apply((urn) => {
      // Counted from the front, since the name at the end may itself hold "::".
      const [, , parentType] = urn.split("::");
      resolve(format(parentType === STACK_TYPE ? "" : `${parentType}$`));
    });
  });
}
