/** A rollout as a Pulumi program sees it: a component over the resource that holds the fleet and the one that fails the update. */
import * as pulumi from "@pulumi/pulumi";
import { BUNDLED, refuseDeclaration } from "./arguments";
import * as fleetShim from "./fleetShim";
import { declarationError, formatUrn, IS_BUNDLED, IS_NESTED, markSecret, type Optional } from "./invocation";
import type { Failure, RolloutInputs } from "./rules/rollout";
import { OUTPUT_NAMES, SECRET_OUTPUT_NAMES, type WaveResult } from "./rules/rollout/outputs";
import type { RolloutStatus } from "./rules/rollout/record";
import { parseTimeouts } from "./timeouts";
import * as verdictShim from "./verdictShim";

/** The arguments of a {@link Rollout}: those of an `Invocation`, and how it goes over the fleet. */
export interface RolloutArgs extends Optional<RolloutInputs> {}

/** What Pulumi serializes; below another package it is the functions themselves, see `invocation.ts`. */
const FLEET_PROVIDER = IS_NESTED ? { ...fleetShim } : fleetShim;
const VERDICT_PROVIDER = IS_NESTED ? { ...verdictShim } : verdictShim;

/**
 * One ECS Cloud Assistant command over any number of machines, in waves: one machine first, then more, and no further when too many
 * fail.
 *
 * A preview says the plan and the risk, `up` rolls out and waits, `destroy` stops what is still live. When more fail than is borne
 * the update fails with the reasons, resources that depend on the rollout's outputs are held back, and the next `up` runs again
 * where it failed, then goes on with what was held.
 *
 * @example One machine, a tenth, half, all; at most one in a hundred may fail
 * ```ts
 * const rollout = new Rollout("agent", { commandId: install.id, instanceIds, maxFailures: "1%" });
 * export const failed = rollout.failures;
 * ```
 *
 * @throws {TypeError} when it is declared with arguments or options that cannot work.
 */
export class Rollout extends pulumi.ComponentResource {
  /** `Succeeded`, `Paused` after the wave in `through`, or `Stopped`; then the update has failed, and nobody gets to read it. */
  declare readonly status: pulumi.Output<RolloutStatus>;
  /** Names what runs, and after what: another one begins when what runs changes. */
  declare readonly generation: pulumi.Output<string>;
  /** How many machines of each wave succeeded, failed or were skipped, and where it stands. */
  declare readonly waveResults: pulumi.Output<WaveResult[]>;
  /** Machines on which it ran well. */
  declare readonly succeeded: pulumi.Output<number>;
  /** Machines of the fleet. */
  declare readonly total: pulumi.Output<number>;
  /** By instance id, the machines that failed: why, and what the service reported. Secret exactly when an input is. */
  declare readonly failures: pulumi.Output<Record<string, Failure>>;
  /** Machines that have not been started. */
  declare readonly held: pulumi.Output<number>;
  /** Ids of the invocations of this generation, in the order in which they started. */
  declare readonly invokeIds: pulumi.Output<string[]>;

  /**
   * The type that states hold; it never changes.
   * @internal
   */
  static readonly __pulumiType = "cloudassistant:index:Rollout";

  /** Whether the object is a `Rollout`, whichever copy of this package or of Pulumi's SDK made it. */
  static override isInstance(obj: unknown): obj is Rollout {
    return (obj as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === Rollout.__pulumiType;
  }

  constructor(name: string, args: RolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    const refused = IS_BUNDLED ? [BUNDLED] : refuseDeclaration(name, args, opts, "Rollout");
    if (refused.length > 0) throw declarationError(name, refused, new.target, "Rollout");
    super(Rollout.__pulumiType, name, {}, opts);
    const fleet = new Fleet(`${name}-fleet`, args, { parent: this, ...pickFleetOptions(opts) });
    const verdict = new Verdict(`${name}-verdict`, fleet, { parent: this });
    // They come with the verdict, so that whatever depends on them is held back when it fails.
    for (const output of OUTPUT_NAMES) {
      const value = (fleet as unknown as Record<string, pulumi.Output<unknown>>)[output];
      Object.assign(this, { [output]: pulumi.all([verdict.status, value]).apply(([, told]) => told) });
    }
    this.registerOutputs({ status: this.status });
  }
}

/** What Pulumi hands no component on to its children, and means the resource that holds the inputs. */
const FLEET_OPTIONS = [
  "additionalSecretOutputs",
  "customTimeouts",
  "deleteBeforeReplace",
  "ignoreChanges",
  "replaceOnChanges",
] as const satisfies (keyof pulumi.CustomResourceOptions)[];

function pickFleetOptions(options: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
  return Object.fromEntries(FLEET_OPTIONS.flatMap((name) => (options[name] ? [[name, options[name]]] : [])));
}

const seed = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, undefined]));

/** The same resource of the plugin, whose component registers it: a stack moves back from there. */
const fromPlugin = (type: string): pulumi.Alias[] => [{ type: `cloudassistant:index:${type}` }];

/** Holds the fleet. It never fails over machines: what a step that fails may keep is less than a fleet needs. */
class Fleet extends pulumi.dynamic.Resource {
  declare readonly status: pulumi.Output<RolloutStatus>;
  declare readonly generation: pulumi.Output<string>;
  declare readonly reasons: pulumi.Output<string[]>;

  /** The type that states hold; it never changes. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/cloudassistant:RolloutFleet";

  constructor(name: string, args: RolloutArgs, opts: pulumi.CustomResourceOptions) {
    const limits = parseTimeouts(opts.customTimeouts);
    super(
      FLEET_PROVIDER,
      name,
      {
        ...args,
        ...seed([...OUTPUT_NAMES, "reasons", "schemaVersion"]),
        ...markSecret(args, opts, SECRET_OUTPUT_NAMES),
        __urn: formatUrn(name, Fleet.__pulumiType, opts.parent),
        ...(limits && { __customTimeouts: limits }),
      },
      { ...opts, aliases: fromPlugin("RolloutFleet") },
      "cloudassistant",
      "RolloutFleet",
    );
  }
}

/** Fails the update where the fleet's rollout stopped. */
class Verdict extends pulumi.dynamic.Resource {
  declare readonly status: pulumi.Output<RolloutStatus>;

  /** The type that states hold; it never changes. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/cloudassistant:RolloutVerdict";

  constructor(name: string, { status, generation, reasons }: Fleet, opts: pulumi.CustomResourceOptions) {
    super(
      VERDICT_PROVIDER,
      name,
      { status, generation, reasons, __urn: formatUrn(name, Verdict.__pulumiType, opts.parent) },
      { ...opts, aliases: fromPlugin("RolloutVerdict") },
      "cloudassistant",
      "RolloutVerdict",
    );
  }
}
