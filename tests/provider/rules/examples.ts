// Every input with two values of different meaning and what is expected of it: the rows from which the tests of the rules are
// made. The compiler holds the table complete.
import type { Change, InvocationInputs, RequestParameters } from "../../../provider/rules/inputs";

interface Example<T> {
  one: T;
  other: T;
  /** How a change from one to the other is made. */
  change: Change;
  /** Whether they are different runs. */
  identifies: boolean;
  /** What the request holds for `one`. */
  request?: RequestParameters;
  /** What the service's record holds for `one`, where it shows it. */
  record?: Record<string, string>;
}

const replaced = { change: "replace", identifies: true } as const;
const inPlace = { change: "inPlace", identifies: true } as const;
const setting = { change: "settings", identifies: false } as const;

/** A text that request and record call by the same name. */
const named = <T extends string>(name: string, one: T, other: T) => ({
  ...replaced,
  one,
  other,
  request: { [name]: one },
  record: { [name]: one },
});

export const EXAMPLES: { [K in keyof Required<InvocationInputs>]: Example<Required<InvocationInputs>[K]> } = {
  commandContent: {
    ...inPlace,
    one: "echo {{env}}\n",
    other: "echo other",
    request: {
      CommandContent: "ZWNobyB7e2Vudn19Cg==",
      ContentEncoding: "Base64",
      KeepCommand: "false",
      EnableParameter: "false",
    },
    record: { CommandContent: "ZWNobyB7e2Vudn19Cg==" },
  },
  type: {
    ...replaced,
    one: "RunPowerShellScript",
    other: "RunShellScript",
    request: { Type: "RunPowerShellScript" },
    record: { CommandType: "RunPowerShellScript" },
  },
  commandId: named("CommandId", "c-1", "c-2"),
  instanceIds: {
    ...inPlace,
    identifies: false,
    one: ["i-1", "i-2"],
    other: ["i-2", "i-3"],
    request: { InstanceId: ["i-1", "i-2"] },
  },
  resourceTags: { ...replaced, one: { role: "web" }, other: { role: "db" }, request: { ResourceTag: { role: "web" } } },
  regionId: { ...replaced, one: "cn-hangzhou", other: "cn-beijing" },
  repeatMode: named("RepeatMode", "Period", "EveryReboot"),
  frequency: {
    ...named("Frequency", "0 0 2 * * ? Asia/Shanghai", "0 0 3 * * ? Asia/Shanghai"),
    ...inPlace,
  },
  timed: { change: "none", identifies: false, one: true, other: false },
  parameters: {
    ...inPlace,
    one: { env: "blue", empty: "" },
    other: { env: "green" },
    request: { Parameters: '{"env":"blue","empty":""}' },
  },
  timeout: { ...replaced, one: 60, other: 61, request: { Timeout: "60" }, record: { Timeout: "60" } },
  username: named("Username", "admin", "deploy"),
  windowsPasswordName: {
    ...replaced,
    one: "password",
    other: "other",
    request: { WindowsPasswordName: "password" },
  },
  workingDir: named("WorkingDir", "/srv", "/tmp"),
  containerId: named("ContainerId", `docker://${"1".repeat(64)}`, "2".repeat(64)),
  containerName: named("ContainerName", "web", "db"),
  launcher: named("Launcher", "sh", "bash"),
  terminationMode: named("TerminationMode", "Process", "ProcessTree"),
  ossOutputDelivery: named("OssOutputDelivery", "oss://bucket", "oss://other"),
  resourceGroupId: { ...replaced, one: "rg-1", other: "rg-2", request: { ResourceGroupId: "rg-1" } },
  tags: {
    change: "tags",
    identifies: false,
    one: { owner: "ops", empty: "" },
    other: { owner: "dev" },
    request: { Tag: { owner: "ops", empty: "" } },
  },
  triggers: { ...replaced, one: [1], other: [2] },
  preflight: { ...setting, one: true, other: false },
  dryRun: { ...setting, one: false, other: true },
  agentTimeout: { ...setting, one: 300, other: 301 },
  waitTimeout: { ...setting, one: 100, other: 101 },
  onFailure: { ...setting, one: "fail", other: "warn" },
  maxOutputBytes: { ...setting, one: 4096, other: 0 },
  onDelete: { ...setting, one: { commandContent: "echo gone" }, other: { commandId: "c-1", timeout: 10 } },
  adopt: { change: "none", identifies: false, one: "t-1", other: "t-2" },
};

const pick = (column: "one" | "other") =>
  Object.fromEntries(Object.entries(EXAMPLES).map(([name, example]) => [name, example[column]]));

/** Everything given, so that each input can change and vanish; some stand beside others here only. */
export const ONE = pick("one") as unknown as Required<InvocationInputs>;
export const OTHER = pick("other") as unknown as Required<InvocationInputs>;
