/** Holds what was observed of command, machines and agents against the inputs: refusals, warnings, and what is worth waiting for. */
import { AGENT_REQUIREMENTS, type AgentRequirement, compareVersions } from "./agents";
import { listIds } from "./failures";
import type { InputFailure, InvocationInputs } from "./inputs";
import { DEFAULT_TIMEOUT_SECONDS, MAX_CONTENT_BASE64_BYTES } from "./limits";

/** An ECS instance as `DescribeInstances` shows it. */
export interface InstanceFact {
  instanceId: string;
  status: string;
  osType: "linux" | "windows";
  networkType: "vpc" | "classic";
  startTime: string;
}

/** An agent as `DescribeCloudAssistantStatus` shows it. */
export interface AgentFact {
  instanceId: string;
  online: boolean;
  version: string;
  lastHeartbeatTime: string;
  osType: string;
}

/** A parameter as the command defines it. */
export interface ParameterFact {
  name: string;
  defaultValue?: string;
  required: boolean;
  patternRegex?: string;
  possibleValues: string[];
}

/** A command as `DescribeCommands` shows it, its content decoded. */
export interface CommandFact {
  commandId: string;
  type: string;
  content: string;
  timeout: number;
  enableParameter: boolean;
  parameterNames: string[];
  parameterDefinitions: ParameterFact[];
}

/** What was observed. A part is undefined when the question was not permitted: no rule that needs it is applied. */
export interface Facts {
  /** null when there is no such command. */
  command?: CommandFact | null;
  instances?: ReadonlyMap<string, InstanceFact>;
  agents?: ReadonlyMap<string, AgentFact>;
}

export interface Preflight {
  failures: InputFailure[];
  warnings: string[];
  /** Machines that are about to be ready, with what they wait for: create waits for them. */
  notReady: { instanceId: string; reason: string }[];
  /** Lowest agent version among the machines, when it is known of all. */
  lowestAgentVersion?: string;
}

/** An agent that has not reported so long after its machine's start will not report by itself. */
const AGENT_START_MS = 10 * 60 * 1000;

/**
 * Checks inputs against facts.
 *
 * @param now the present in ms since the epoch, to tell a machine that just started from one whose agent is gone
 */
export function checkPreflight(inputs: InvocationInputs, facts: Facts, now: number): Preflight {
  const failures: InputFailure[] = [];
  const warnings: string[] = [];
  if (facts.command === null) {
    failures.push({
      property: "commandId",
      reason: `commandId must name a command that exists: there is no "${inputs.commandId}" in region "${inputs.regionId}"; create it there first, or correct the id`,
    });
  } else if (facts.command) {
    const parameters = checkParameters(inputs, facts.command);
    failures.push(...parameters.failures);
    warnings.push(...parameters.warnings);
  }
  const machines = checkMachines(inputs, facts, now);
  return { ...machines, failures: [...failures, ...machines.failures], warnings };
}

/** Seconds after which a run is ended: the invocation's own, else the command's. */
export function effectiveTimeoutSeconds(inputs: InvocationInputs, command: CommandFact | null | undefined): number {
  return inputs.timeout ?? (command?.timeout || DEFAULT_TIMEOUT_SECONDS);
}

/** Names are not case-sensitive for the service. */
const sameName = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase();

function checkParameters(
  inputs: InvocationInputs,
  command: CommandFact,
): { failures: InputFailure[]; warnings: string[] } {
  const given = inputs.parameters ?? {};
  const names = Object.keys(given);
  const failures: InputFailure[] = [];
  const warnings: string[] = [];
  const refuse = (reason: string) => failures.push({ property: "parameters", reason: `parameters ${reason}` });
  const { parameterDefinitions: definitions } = command;

  if (!command.enableParameter) {
    if (names.length > 0)
      refuse(
        `must not be given for a command that takes none: command "${command.commandId}" was created without EnableParameter; set enableParameter on it, or remove parameters`,
      );
    return { failures: [...failures, ...checkSize(command.content)], warnings };
  }
  const defined = command.parameterNames;
  const surplus = names.filter((name) => !defined.some(sameName(name)));
  if (surplus.length > 0)
    refuse(
      `must hold only what the command defines: ${listIds(surplus)} ${surplus.length === 1 ? "is" : "are"} not among ${defined.length > 0 ? listIds(defined) : "its parameters, as it has none"}; correct the spelling, or remove ${surplus.length === 1 ? "it" : "them"}`,
    );
  for (const name of names) {
    const exact = defined.find(sameName(name));
    if (exact !== undefined && exact !== name)
      warnings.push(`parameter "${name}" is spelled "${exact}" in the command; the service takes both for the same`);
  }
  const missing = defined.filter((name) => {
    const definition = definitions.find((d) => sameName(name)(d.name));
    return !names.some(sameName(name)) && (definition ? definition.required && !definition.defaultValue : true);
  });
  if (missing.length > 0)
    refuse(
      `must hold every parameter that the command requires: ${listIds(missing)} ${missing.length === 1 ? "is" : "are"} missing; add ${missing.length === 1 ? "it" : "them"}`,
    );
  for (const definition of definitions) {
    const name = names.find(sameName(definition.name));
    if (name !== undefined) {
      const reason = checkValue(given[name] ?? "", definition);
      if (reason) refuse(reason);
    }
  }
  failures.push(...checkSize(substitute(command, given)));
  return { failures, warnings };
}

/** Values stay out of the message: a parameter may be a secret. */
function checkValue(value: string, definition: ParameterFact): string | undefined {
  const { name, possibleValues, patternRegex } = definition;
  if (possibleValues.length > 0 && !possibleValues.includes(value))
    return `must hold a value that the command allows for "${name}": it allows ${listIds(possibleValues)}; correct the value`;
  if (patternRegex && !matches(patternRegex, value))
    return `must hold a value for "${name}" that matches the pattern of the command, ${patternRegex}; correct the value`;
  return undefined;
}

/** A pattern in a dialect that JavaScript cannot read is left to the service. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(value);
  } catch {
    return true;
  }
}

/** The text that runs: every `{{name}}` replaced by its value, or by its default. */
export function substitute(command: CommandFact, given: Readonly<Record<string, string>>): string {
  return command.content.replace(/\{\{\s*([A-Za-z0-9_-]+)\s*\}\}/g, (whole, name: string) => {
    const key = Object.keys(given).find(sameName(name));
    if (key !== undefined) return given[key] ?? "";
    return command.parameterDefinitions.find((definition) => sameName(name)(definition.name))?.defaultValue ?? whole;
  });
}

function checkSize(content: string): InputFailure[] {
  const bytes = Math.ceil(Buffer.byteLength(content) / 3) * 4;
  if (bytes <= MAX_CONTENT_BASE64_BYTES) return [];
  return [
    {
      property: "commandId",
      reason: `commandId must name a command of at most ${MAX_CONTENT_BASE64_BYTES} bytes after its parameters are put in and Base64: it has ${bytes}; shorten it, or fetch the long part on the machine`,
    },
  ];
}

function checkMachines(inputs: InvocationInputs, facts: Facts, now: number): Omit<Preflight, "warnings"> {
  const ids = inputs.instanceIds ?? [];
  const refused = new Map<string, string[]>();
  const notReady: Preflight["notReady"] = [];
  const versions: string[] = [];
  const refuse = (reason: string, id: string) => refused.set(reason, [...(refused.get(reason) ?? []), id]);

  for (const id of ids) {
    const instance = facts.instances?.get(id);
    const agent = facts.agents?.get(id);
    const verdict = judgeMachine(id, inputs, facts, instance, agent, now);
    if (verdict?.refusal) refuse(verdict.refusal, id);
    else if (verdict?.wait) notReady.push({ instanceId: id, reason: verdict.wait });
    const version = agent?.version;
    if (version) {
      versions.push(version);
      for (const reason of checkAgentVersion(inputs, facts.command, version, agent)) refuse(reason, id);
    }
  }
  const failures = [...refused].map(([reason, members]) => ({
    property: "instanceIds",
    reason: `instanceIds must name instances that can run the command, but ${members.length} of ${ids.length} cannot: ${listIds(members)} ${reason}`,
  }));
  const [lowestAgentVersion] = versions.sort(compareVersions);
  return {
    failures,
    notReady,
    ...(lowestAgentVersion !== undefined && versions.length === ids.length ? { lowestAgentVersion } : {}),
  };
}

type Verdict = { refusal: string; wait?: never } | { wait: string; refusal?: never } | undefined;

function judgeMachine(
  id: string,
  inputs: InvocationInputs,
  facts: Facts,
  instance: InstanceFact | undefined,
  agent: AgentFact | undefined,
  now: number,
): Verdict {
  // Managed instances (mi-) are not ECS instances: only their agent can be asked about.
  const managed = id.startsWith("mi-");
  if (!managed && facts.instances) {
    if (!instance) return { refusal: `does not exist in region "${inputs.regionId}"; correct the id or the region` };
    if (instance.networkType === "classic")
      return { refusal: "is in the classic network, and Cloud Assistant needs a VPC; move it" };
    const unsuitable = facts.command ? checkSystem(facts.command.type, instance.osType) : undefined;
    if (unsuitable) return { refusal: unsuitable };
    if (instance.status === "Pending" || instance.status === "Starting") return { wait: `is ${instance.status}` };
    if (instance.status !== "Running") return { refusal: `is ${instance.status}, not Running; start it first` };
  }
  if (!facts.agents || agent?.online) return undefined;
  const startedMs = instance ? Date.parse(instance.startTime) : Number.NaN;
  if (now - startedMs < AGENT_START_MS)
    return { wait: "has started, but its Cloud Assistant agent has not reported yet" };
  if (!agent?.version)
    return { refusal: "has no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it" };
  const since = agent.lastHeartbeatTime ? ` since ${agent.lastHeartbeatTime}` : "";
  return {
    refusal: `has a Cloud Assistant agent without a heartbeat${since}; restart the agent, and check the network of the instance`,
  };
}

function checkSystem(commandType: string, osType: "linux" | "windows"): string | undefined {
  if (commandType === "RunShellScript" && osType === "windows")
    return "runs Windows, and the command is a RunShellScript; use a PowerShell or Bat command there";
  if ((commandType === "RunPowerShellScript" || commandType === "RunBatScript") && osType === "linux")
    return `runs Linux, and the command is a ${commandType}; use a RunShellScript there`;
  return undefined;
}

const EXTENDED_SCHEDULE = /^(rate|at)\s*\(|^\s*(\S+\s+){6,}\S/i;
const BUILT_IN_PARAMETER = /\{\{\s*ACS::/;

function checkAgentVersion(
  inputs: InvocationInputs,
  command: CommandFact | null | undefined,
  version: string,
  agent: AgentFact | undefined,
): string[] {
  const windows = agent?.osType.toLowerCase() === "windows";
  const needed: AgentRequirement[] = [];
  if (inputs.repeatMode === "NextRebootOnly" || inputs.repeatMode === "EveryReboot")
    needed.push(AGENT_REQUIREMENTS.reboot);
  if (inputs.username) needed.push(AGENT_REQUIREMENTS.username);
  if (inputs.frequency && EXTENDED_SCHEDULE.test(inputs.frequency)) needed.push(AGENT_REQUIREMENTS.extendedSchedule);
  if (command && BUILT_IN_PARAMETER.test(command.content)) needed.push(AGENT_REQUIREMENTS.builtInParameters);
  if (inputs.containerId || inputs.containerName) needed.push(AGENT_REQUIREMENTS.container);
  return needed.flatMap((requirement) => {
    const minimum = windows ? requirement.windows : requirement.linux;
    if (minimum === undefined) return [`runs Windows, where Cloud Assistant has no ${requirement.feature}; remove it`];
    if (compareVersions(version, minimum) >= 0) return [];
    return [`has agent ${version}, and ${requirement.feature} needs ${minimum}; upgrade the agent`];
  });
}
