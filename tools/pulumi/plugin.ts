/** The resources of the plugin as a generated SDK declares them, in the place of the package's classes. */
import {
  ComponentResource,
  type ComponentResourceOptions,
  CustomResource,
  type CustomResourceOptions,
  type ID,
  type Input,
  mergeOptions,
  type Output,
} from "@pulumi/pulumi";
import type { Failure, InvocationArgs, RolloutArgs } from "pulumi-cloud-assistant";
import { INPUT_NAMES } from "../../provider/rules/inputs";
import { OUTPUT_NAMES } from "../../provider/rules/rollout/outputs";

const TYPE = "cloudassistant:index:Invocation";

/** The engine keeps no output that it has not been told of. */
const SEEDED = Object.fromEntries(
  [...INPUT_NAMES, "invokeId", "status", "results", "schemaVersion"].map((name) => [name, undefined]),
);

export class Invocation extends CustomResource {
  static get(
    name: string,
    id: Input<ID>,
    state: Pick<InvocationArgs, "regionId"> & { plain?: boolean } = {},
    opts?: CustomResourceOptions,
  ): Invocation {
    return new Invocation(name, state as InvocationArgs, { ...opts, id });
  }

  constructor(name: string, args: InvocationArgs, opts: CustomResourceOptions = {}) {
    const aliases = [{ type: "pulumi-nodejs:dynamic/cloudassistant:Invocation" }];
    super(TYPE, name, { ...SEEDED, ...args }, mergeOptions(opts, { aliases }));
  }
}

export class Rollout extends ComponentResource {
  declare readonly status: Output<string>;
  declare readonly generation: Output<string>;
  declare readonly succeeded: Output<number>;
  declare readonly failures: Output<Record<string, Failure>>;

  constructor(name: string, args: RolloutArgs, opts: ComponentResourceOptions = {}) {
    const seeded = Object.fromEntries(OUTPUT_NAMES.map((output) => [output, undefined]));
    super("cloudassistant:index:Rollout", name, { ...args, ...seeded }, opts, true);
  }
}
