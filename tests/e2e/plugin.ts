/** The resource of the plugin as a generated SDK declares it, in the place of the package's class. */
import { CustomResource, type CustomResourceOptions, type ID, type Input, mergeOptions } from "@pulumi/pulumi";
import type { InvocationArgs } from "pulumi-cloud-assistant";
import { INPUT_NAMES } from "../../provider/rules/inputs";

const TYPE = "cloudassistant:index:Invocation";

/** The engine keeps no output that it has not been told of. */
const SEEDED = Object.fromEntries(
  [...INPUT_NAMES, "invokeId", "status", "results", "schemaVersion"].map((name) => [name, undefined]),
);

export class Invocation extends CustomResource {
  static get(
    name: string,
    id: Input<ID>,
    state: Pick<InvocationArgs, "regionId"> = {},
    opts?: CustomResourceOptions,
  ): Invocation {
    return new Invocation(name, state as InvocationArgs, { ...opts, id });
  }

  constructor(name: string, args: InvocationArgs, opts: CustomResourceOptions = {}) {
    const aliases = [{ type: "pulumi-nodejs:dynamic/cloudassistant:Invocation" }];
    super(TYPE, name, { ...SEEDED, ...args }, mergeOptions(opts, { aliases }));
  }
}
