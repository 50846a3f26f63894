/** The resource as a Pulumi program sees it: its arguments, its outputs, and nothing of how they come about. */
import * as pulumi from "@pulumi/pulumi";
import { INPUT_NAMES, type InvocationInputs } from "./rules/inputs";
import type { Results } from "./rules/results";
import * as shim from "./shim";

/** A value that may come from another resource, at any depth that a program uses. */
type Deep<T> = T extends readonly (infer E)[]
  ? pulumi.Input<pulumi.Input<E>[]>
  : T extends Record<string, string>
    ? pulumi.Input<Record<string, pulumi.Input<string>>>
    : pulumi.Input<T>;

type Wrapped<T> = { [K in keyof T]: Deep<Exclude<T[K], undefined>> };

/** The arguments of an {@link Invocation}: the API's parameters in lowerCamel, and what steers this tool. */
export interface InvocationArgs
  extends Wrapped<Pick<InvocationInputs, "commandId">>,
    Wrapped<Partial<Omit<InvocationInputs, "commandId">>> {}

type Outputs = { [K in keyof Required<InvocationInputs>]: pulumi.Output<InvocationInputs[K]> };

/** What `check` fills in where the program says nothing. */
const DEFAULTED = ["regionId", "repeatMode"] as const;

/**
 * What Pulumi serializes: the shim's module, which becomes a `require` of its name. Of a package that lies below another one,
 * as in pnpm's store, SDKs up to 3.249 at least make up the name of the outer path and then find no such export; there it is
 * the shim's functions themselves.
 */
const PROVIDER = /node_modules[\\/].*[\\/]node_modules[\\/]/.test(__filename) ? { ...shim } : shim;

/** The output of an input that nobody gave: one for all, since each that the engine is told of costs four promises. */
const NONE = pulumi.output(undefined);

/** The inputs are outputs too, as the update settled them. */
export interface Invocation extends Outputs {}

/**
 * One run, or one schedule of runs, of an ECS Cloud Assistant command on machines: one call of the API's `InvokeCommand`.
 *
 * A preview checks that it will work, `up` runs it and waits, `destroy` stops what is still live. What would not work fails
 * the preview and names the input at fault; a machine on which it fails fails the update (`onFailure`), with its reason.
 *
 * @example Run a command once and export what it printed
 * ```ts
 * const setup = new Invocation("setup", { commandId: command.id, instanceIds: [instance.id] });
 * export const output = setup.results.apply((results) => Object.values(results).map(({ output }) => output));
 * ```
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor of Pulumi's resource sets every input as an output
export class Invocation extends pulumi.dynamic.Resource {
  /** The service's id of the invocation (`t-…`), and this resource's id. */
  declare readonly invokeId: pulumi.Output<string>;
  /** The service's `InvocationStatus`, such as `Success` or, for a live schedule, `Scheduled`. */
  declare readonly status: pulumi.Output<string>;
  /** What happened on each machine, by instance id. Secret exactly when a parameter is. */
  declare readonly results: pulumi.Output<Results>;
  /** Version of the state's shape; handlers read every one that was ever written. */
  declare readonly schemaVersion: pulumi.Output<number>;

  /** The type that states hold; it never changes. */
  private static readonly type = "pulumi-nodejs:dynamic/cloudassistant:Invocation";

  /**
   * Reads an existing invocation, whoever started it. It is not managed: nothing stops or changes it.
   * The update fails when the service has no record of it.
   *
   * @param id its `t-…` id; the service forgets finished ones after 30 days
   * @param state where to look for it; its region defaults as for `regionId` of the arguments
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Pick<InvocationArgs, "regionId"> = {},
    opts?: pulumi.CustomResourceOptions,
  ): Invocation {
    return new Invocation(name, state as InvocationArgs, { ...opts, id });
  }

  constructor(name: string, args: InvocationArgs, opts?: pulumi.CustomResourceOptions) {
    const parameters = args.parameters === undefined ? undefined : pulumi.output(args.parameters);
    // Only of these the engine may know a value that the program did not give.
    const seeded = opts?.id === undefined && opts?.ignoreChanges === undefined ? DEFAULTED : INPUT_NAMES;
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
          // As secret as the parameters: the engine marks a returned property by its name.
          results: parameters?.apply(() => ""),
          schemaVersion: undefined,
          // Handlers are told neither, and need them to speak on the resource's row and to keep secrets out of messages.
          __urn: formatUrn(name, Invocation.type, opts?.parent),
          ...(parameters && {
            __secret: pulumi.output(pulumi.isSecret(parameters)).apply((secret) => secret || undefined),
          }),
        },
        opts,
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

/** Plain text where no parent makes it an output: a program may declare thousands. */
const formatUrn = (name: string, type: string, parent: pulumi.Resource | undefined): pulumi.Input<string> =>
  parent === undefined
    ? `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`
    : pulumi.createUrn(name, type, parent);
