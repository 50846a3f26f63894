/**
 * The inputs of an `Invocation`: type and words of each in {@link InvocationInputs}, everything else in its entry of
 * {@link INPUTS}. Checking, comparing, identity, the request, observing and the documents derive from these two.
 */
import {
  MAX_CONTAINER_NAME_CHARACTERS,
  MAX_FREQUENCY_CHARACTERS,
  MAX_OUTPUT_BYTES,
  MAX_USERNAME_CHARACTERS,
  MAX_WORKING_DIR_CHARACTERS,
  MIN_TIMEOUT_SECONDS,
} from "./limits";
import {
  anyList,
  flag,
  idList,
  integer,
  launcher,
  oneOf,
  ownTagMap,
  parameterMap,
  type Rule,
  resourceTagMap,
  text,
} from "./values";

const REPEAT_MODES = ["Once", "Period", "NextRebootOnly", "EveryReboot"] as const;
/** When a command runs: once and now, by a schedule, at the next boot of each machine, or at every boot. */
export type RepeatMode = (typeof REPEAT_MODES)[number];
/** What a stop or a time-out ends: the process of the script alone, or all that it started as well. */
export type TerminationMode = "Process" | "ProcessTree";
/** Whether a machine on which a command fails fails the update, or only warns. */
export type OnFailure = "fail" | "warn";

/**
 * The inputs of an `Invocation` once they are known and normalized: ids sorted and distinct, region and repeat mode settled.
 * Names are those of the API's parameters. A value that is out of range fails the preview, and the message names the input.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-invokecommand
 */
export interface InvocationInputs {
  /** The command to run: a `c-…` id, or the name of a public command; at most 255 characters. */
  commandId: string;
  /**
   * 1 to 100 distinct ids (`i-…` or managed `mi-…`); order and repetition mean nothing. Give this or `resourceTags`.
   * Of a live schedule they are changed in place; a one-shot runs on those that join, alone, and the others keep their results.
   */
  instanceIds?: string[];
  /**
   * 1 to 10 tags that the instances carry, instead of `instanceIds`; keys of 1 to 64 characters, values of at most 128.
   * The service picks the instances when the run starts. Of a one-shot, `pulumi refresh` sees instances that carry the tags since,
   * and the next update runs there.
   */
  resourceTags?: Record<string, string>;
  /**
   * Region of command and instances. Default: that of the stack's configuration (`alicloud:region`; of the plugin,
   * `cloudassistant:region`), then `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION`.
   */
  regionId: string;
  /**
   * `Once`, `Period`, `NextRebootOnly` or `EveryReboot`. Default: `Period` when `frequency` is given (and then the only one),
   * else `Once`.
   */
  repeatMode: RepeatMode;
  /**
   * When it runs: a cron expression of 6 fields with year and zone after them or not (`0 0 2 * * ? Asia/Shanghai`),
   * `rate(5m)` from 60 s to 7 d, or `at(2030-01-31 13:15:30)`. Two runs must be at least `timeout` (and 10 s) apart.
   * A change of a live schedule is made in place.
   */
  frequency?: string;
  /** The older switch of the API: `true` demands `frequency`, `false` forbids it. Needed for nothing. */
  timed?: boolean;
  /**
   * 0 to 10 values for the `{{names}}` of a command with `enableParameter`; names of 1 to 64 characters, values may be
   * empty. Together with the command at most 24 KB after Base64. A secret one makes `results` secret, as any secret input does.
   * A change of a live schedule is made in place.
   */
  parameters?: Record<string, string>;
  /** Seconds after which a run is ended, from 10. Default: the command's own, which defaults to 60. */
  timeout?: number;
  /** User that runs it, at most 255 characters. Default: `root`, or `System` on Windows. */
  username?: string;
  /** Name of the encrypted OOS parameter with the password of `username` on Windows, at most 255 characters. */
  windowsPasswordName?: string;
  /** Directory it runs in, at most 200 characters. Default: the command's own, else the home of the user. */
  workingDir?: string;
  /** Container it runs in: 64 hexadecimal digits, with `docker://`, `containerd://` or `cri-o://` before them or not. Linux only. */
  containerId?: string;
  /** Name of the container it runs in, at most 255 characters. Linux only. */
  containerName?: string;
  /** What starts the script, at most 1,024 bytes, such as `python3 -u {{ACS::ScriptFileName|Ext(".py")}}`. */
  launcher?: string;
  /** What a stop or a time-out ends: `Process`, or `ProcessTree` with all that it started. Default: the service's. */
  terminationMode?: TerminationMode;
  /** Where the service puts the whole output, such as `oss://bucket/prefix`; at most 1,024 characters. */
  ossOutputDelivery?: string;
  /** Resource group of the invocation, an `rg-…` id. Default: the account's default group. */
  resourceGroupId?: string;
  /** Up to 18 tags of the invocation itself (two more are the resource's own); a change is made without a run. */
  tags?: Record<string, string>;
  /** Any values: when one of them changes, the command runs again on all its instances. */
  triggers?: unknown[];
  /** Whether to ask the service before a run whether it can work. Default `true`; `false` leaves only the local rules. */
  preflight?: boolean;
  /**
   * Whether preflight also has the service itself try it (`RepeatMode=DryRun`), which runs nothing. Needs
   * `ecs:InvokeCommand` at preview. Default `false`.
   */
  dryRun?: boolean;
  /** Seconds that an update waits for a starting machine or its agent, 0 to 86,400. Default 300. */
  agentTimeout?: number;
  /**
   * Seconds that an update waits for the end of a one-shot, or until every machine has taken a schedule; 1 to 604,800.
   * Default: the effective `timeout` + 90.
   */
  waitTimeout?: number;
  /** What a machine on which it fails means for the update. Default `fail`; `warn` lets it go on and does not run again. */
  onFailure?: OnFailure;
  /** Bytes of each machine's output (its tail) that are kept in the state, 0 to 24,576. Default 4096. */
  maxOutputBytes?: number;
  /** Id of a live invocation, started by hand or by another tool, to take over instead of running anything. */
  adopt?: string;
}

/** Parameters of a request as the API spells them; a list stands for `Name.1`, …, a map for `Name.1.Key` and `.Value`. */
export type RequestParameters = Record<string, string | readonly string[] | Readonly<Record<string, string>>>;

/** The record of an invocation as far as it shows inputs. */
export interface RecordedInputs {
  /** Texts of the record, as the API spells their names; one that the service leaves out is absent or "". */
  texts: Readonly<Record<string, string>>;
  parameters: Readonly<Record<string, string>>;
  instances: readonly { instanceId: string }[];
}

/**
 * How a change is made: by a new invocation, on a live one, in its tags, or in this tool alone. `none` says how an
 * invocation came about, so a change of it is none.
 */
export type Change = "replace" | "inPlace" | "tags" | "settings" | "none";

/** What makes two values the same: the value itself, when a schedule runs, or the members of a list in any order. */
export type Meaning = "value" | "schedule" | "members";

/** All that is known of one input beside its type and its words; every column is to be thought of. */
export interface Input<T> {
  /** What a value must be. */
  rule: Rule;
  /** What holds where the program says nothing; undefined where stack, command or service decide. Never stored. */
  default: T | undefined;
  change: Change;
  /** Whether another value is another intention: something else runs. */
  identifies: boolean;
  /** Its part of the request that runs the command. */
  request: ((value: T) => RequestParameters) | undefined;
  /** Its value in the service's record, where that shows it. */
  observe: ((record: RecordedInputs) => T | string | undefined) | undefined;
  /** What of a value is compared. */
  meaning: Meaning;
}

/** A text that the request and the record call by the same name. */
const named = (name: string) => ({
  request: (value: string): RequestParameters => ({ [name]: value }),
  observe: ({ texts }: RecordedInputs) => texts[name] || undefined,
  meaning: "value" as const,
});

/** What a run is told, and a live one cannot be told anew. */
const fixed = { default: undefined, change: "replace", identifies: true } as const;

/** What steers this tool: a change of it runs nothing, and the service hears nothing of it. */
const setting = {
  change: "settings",
  identifies: false,
  request: undefined,
  observe: undefined,
  meaning: "value",
} as const;

const unobserved = { observe: undefined, meaning: "value" } as const;

const DAY_SECONDS = 24 * 60 * 60;

/** One entry for each input; the compiler holds the table, and each entry, complete. */
export const INPUTS: { [K in keyof Required<InvocationInputs>]: Input<Required<InvocationInputs>[K]> } = {
  commandId: {
    ...fixed,
    ...named("CommandId"),
    rule: text(255),
    // A public command is run by its name.
    observe: ({ texts }) => texts.CommandId || texts.CommandName,
  },
  instanceIds: {
    rule: idList,
    default: undefined,
    change: "inPlace",
    // What is found of a run counts instance by instance.
    identifies: false,
    request: (ids) => ({ InstanceId: ids }),
    observe: ({ instances }) => instances.map(({ instanceId }) => instanceId).sort(),
    meaning: "members",
  },
  resourceTags: {
    ...fixed,
    ...unobserved,
    rule: resourceTagMap,
    request: (tags) => ({ ResourceTag: tags }),
  },
  regionId: {
    ...fixed,
    ...unobserved,
    rule: text(64, /^[a-z0-9-]+$/, 'a region id such as "cn-hangzhou"'),
    // Every request names the region that it goes to.
    request: undefined,
  },
  repeatMode: {
    ...fixed,
    ...named("RepeatMode"),
    rule: oneOf(REPEAT_MODES, { DryRun: "set dryRun to true instead" }),
    observe: ({ texts }) => texts.RepeatMode || "Once",
  },
  frequency: {
    ...named("Frequency"),
    rule: text(MAX_FREQUENCY_CHARACTERS),
    default: undefined,
    change: "inPlace",
    identifies: true,
    meaning: "schedule",
  },
  timed: {
    ...unobserved,
    rule: flag,
    default: undefined,
    change: "none",
    identifies: false,
    request: undefined,
  },
  parameters: {
    rule: parameterMap,
    default: undefined,
    change: "inPlace",
    identifies: true,
    request: (parameters) => ({ Parameters: JSON.stringify(parameters) }),
    observe: ({ parameters }) => (Object.keys(parameters).length > 0 ? parameters : undefined),
    meaning: "value",
  },
  timeout: {
    ...fixed,
    rule: integer("seconds", MIN_TIMEOUT_SECONDS),
    request: (seconds) => ({ Timeout: String(seconds) }),
    observe: ({ texts }) => Number(texts.Timeout) || undefined,
    meaning: "value",
  },
  username: { ...fixed, ...named("Username"), rule: text(MAX_USERNAME_CHARACTERS) },
  windowsPasswordName: {
    ...fixed,
    ...named("WindowsPasswordName"),
    rule: text(MAX_USERNAME_CHARACTERS),
    observe: undefined,
  },
  workingDir: { ...fixed, ...named("WorkingDir"), rule: text(MAX_WORKING_DIR_CHARACTERS) },
  containerId: {
    ...fixed,
    ...named("ContainerId"),
    rule: text(
      80,
      /^(docker:\/\/|containerd:\/\/|cri-o:\/\/)?[0-9a-fA-F]{64}$/,
      'a container id of 64 hexadecimal digits, with "docker://", "containerd://" or "cri-o://" before it or not',
    ),
  },
  containerName: {
    ...fixed,
    ...named("ContainerName"),
    rule: text(
      MAX_CONTAINER_NAME_CHARACTERS,
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      'a container name of letters, digits, ".", "_" and "-" that starts with a letter or a digit',
    ),
  },
  launcher: { ...fixed, ...named("Launcher"), rule: launcher },
  terminationMode: { ...fixed, ...named("TerminationMode"), rule: oneOf(["Process", "ProcessTree"]) },
  ossOutputDelivery: {
    ...fixed,
    ...named("OssOutputDelivery"),
    rule: text(1024, /^oss:\/\/[^/]/, 'a place such as "oss://bucket/prefix"'),
  },
  resourceGroupId: {
    ...fixed,
    ...named("ResourceGroupId"),
    rule: text(64, /^rg-/, 'a resource group id such as "rg-123"'),
    observe: undefined,
  },
  tags: {
    ...unobserved,
    rule: ownTagMap,
    default: undefined,
    change: "tags",
    identifies: false,
    request: (tags) => ({ Tag: tags }),
  },
  triggers: { ...fixed, ...unobserved, rule: anyList, request: undefined },
  preflight: { ...setting, rule: flag, default: true },
  dryRun: { ...setting, rule: flag, default: false },
  agentTimeout: { ...setting, rule: integer("seconds", 0, DAY_SECONDS), default: 300 },
  waitTimeout: { ...setting, rule: integer("seconds", 1, 7 * DAY_SECONDS), default: undefined },
  onFailure: { ...setting, rule: oneOf(["fail", "warn"]), default: "fail" },
  maxOutputBytes: { ...setting, rule: integer("bytes", 0, MAX_OUTPUT_BYTES), default: 4096 },
  adopt: {
    ...unobserved,
    rule: text(255, /^t-/, 'the id of an invocation, such as "t-hz0jdfwd9f"'),
    default: undefined,
    change: "none",
    identifies: false,
    request: undefined,
  },
};

export type InputName = keyof InvocationInputs;

/** The name of every input. */
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

export const isInputName = (name: string): name is InputName => Object.hasOwn(INPUTS, name);

/** The inputs among an object's properties, such as those that an older state holds beside the outputs. */
export function pickInputs(properties: Readonly<Record<string, unknown>>): InvocationInputs {
  const names = INPUT_NAMES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, properties[name]])) as unknown as InvocationInputs;
}

/** The inputs that have a default; what a handler reads of them is always there. */
type Defaulted = "preflight" | "dryRun" | "agentTimeout" | "onFailure" | "maxOutputBytes";

/** What a resource declares, its defaults filled in. */
export type Declaration = InvocationInputs & Required<Pick<InvocationInputs, Defaulted>>;

/** Fills the defaults in; what the program said stays. They are never stored, so a later version may have others. */
export function declare(properties: Readonly<Record<string, unknown>>): Declaration {
  const defaults = INPUT_NAMES.flatMap((name) =>
    INPUTS[name].default === undefined ? [] : [[name, INPUTS[name].default]],
  );
  return { ...Object.fromEntries(defaults), ...pickInputs(properties) };
}
