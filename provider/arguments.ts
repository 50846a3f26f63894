/**
 * Says what is wrong with how a program declares an `Invocation`, before Pulumi gets to see it: arguments that are none, and
 * options that Pulumi would pass over in silence or fail on in its own words.
 */
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import { refuseTimeouts } from "./timeouts";

/** Pulumi runs a resource in another process, which loads its code by the name of the package. */
export const BUNDLED =
  "a bundler has put pulumi-cloud-assistant into the program, and Pulumi loads it from node_modules by its name; leave it out of the bundle (with esbuild: --packages=external, or --external:pulumi-cloud-assistant) and install it where the program runs";

/**
 * Every reason why it cannot be declared so. A JavaScript program may pass anything.
 *
 * @param name the first argument of the constructor
 * @param args the second; without it a resource that exists is read by its id or URN
 * @param options the third
 * @param what the class
 */
export function refuseDeclaration(
  name: unknown,
  args: unknown,
  options: unknown,
  what: Declared = "Invocation",
): string[] {
  if (typeof name !== "string") return [`the first argument must be its name: current value is ${describe(name)}`];
  if (isResource(options) || isOutput(options))
    return [
      `the third argument must be an object of options, such as { parent }: current value is ${describe(options)}`,
    ];
  const opts = (options ?? {}) as CustomResourceOptions;
  const given = args ?? (what === "Invocation" && (opts.id || opts.urn) ? {} : args);
  if (!isInputs(given))
    return [
      `the second argument must be an object of inputs, such as { commandContent, instanceIds }: current value is ${describe(args)}${isOutput(args) ? "; give each input an Output of its own" : ""}`,
    ];
  return [...refuseInputs(given), ...refuseOptions(given, opts, what), ...refuseTimeouts(opts.customTimeouts)];
}

/** Options that a program may put among the inputs by mistake. As an input, `parent` would have the resource wait for itself. */
const OPTIONS = [
  "additionalSecretOutputs",
  "aliases",
  "customTimeouts",
  "deleteBeforeReplace",
  "deletedWith",
  "dependsOn",
  "ignoreChanges",
  "import",
  "parent",
  "protect",
  "provider",
  "providers",
  "replaceOnChanges",
  "retainOnDelete",
  "transformations",
  "transforms",
];

const refuseInputs = (args: object): string[] =>
  OPTIONS.filter((option) => option in args).map(
    (option) => `${option} is an option of Pulumi, not an input; write it in the third argument`,
  );

type Declared = "Invocation" | "Rollout";

/** What the engine would read an explicit provider for, and neither of them can. */
const SETTINGS: Readonly<Record<Declared, string>> = {
  Invocation: "an Invocation takes region and keys from the configuration of the stack",
  Rollout: "a Rollout takes region and keys from the configuration of the stack",
};
const REMEDY = "give regionId for another region, and declare it in a stack of its own for another account";

/** The package of dynamic resources, whose own provider may be passed. */
const OWN_PACKAGE = "pulumi-nodejs";
/** A member of the package whose providers know a region and an account. */
const CLOUD = "alicloud:index:Provider";

/** What Pulumi keeps out of its types, and what a JavaScript program may pass. */
interface Passed {
  id?: unknown;
  urn?: unknown;
  import?: unknown;
  provider?: { getPackage?(): string };
  providers?: unknown;
  parent?: unknown;
}

function refuseOptions(args: { regionId?: unknown }, options: object, what: Declared): string[] {
  const { id, urn, import: imported, provider, providers, parent }: Passed = options;
  const refused: string[] = [];
  if (what === "Rollout" && (id || urn || imported))
    refused.push(
      `option ${imported ? "import" : id ? "id" : "urn"} cannot be used, since a Rollout takes nothing over: what has run stands in the state of the stack that ran it; remove the option`,
    );
  else if (imported)
    refused.push(
      `option import cannot be used, since Pulumi cannot read a dynamic resource by its id alone; give adopt: ${typeof imported === "string" ? JSON.stringify(imported) : "its id"} as an input to take over what is live, or call Invocation.get to read what is over`,
    );
  const isForeign = provider && provider.getPackage?.() !== OWN_PACKAGE;
  if (isForeign || providers)
    refused.push(`option ${isForeign ? "provider" : "providers"} cannot be used, since ${SETTINGS[what]}; ${REMEDY}`);
  else if (isResource(parent) && parent.getProvider(CLOUD) && args.regionId === undefined)
    refused.push(
      `regionId must be given below a parent that has a provider "alicloud", since ${SETTINGS[what]} and would not follow that provider; give the region of that provider, and mind that the keys are those of the stack`,
    );
  return refused;
}

function isInputs(args: unknown): args is { regionId?: unknown } {
  return (
    typeof args === "object" &&
    args !== null &&
    ![Array.isArray, isResource, isOutput, isPromise].some((is) => is(args))
  );
}

/** The marks by which Pulumi tells its objects, whichever copy of the SDK made them. */
const isResource = (value: unknown): value is Resource => isMarked(value, "__pulumiResource");
const isOutput = (value: unknown): boolean => isMarked(value, "__pulumiOutput");
const isMarked = (value: unknown, mark: string): boolean =>
  typeof value === "object" && value !== null && (value as Record<string, unknown>)[mark] === true;
const isPromise = (value: unknown): boolean => typeof value === "object" && value !== null && "then" in value;

/** A value by its kind alone: it may be a secret. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (isOutput(value)) return "an Output";
  if (isResource(value)) return "a resource";
  if (Array.isArray(value)) return "an array";
  return isPromise(value) ? "a Promise" : `of type ${typeof value}`;
}
