/**
 * Holds what was observed of command, machines and agents against the inputs: refusals, warnings, and what is worth waiting for.
 * What is not known yet, of the inputs or of the facts, refuses nothing.
 */
import { isExtended } from "../../schedule/extended";
import { AGENT_REQUIREMENTS, type AgentRequirement, compareVersions, findLowestVersion } from "./agents";
import { type InputFailure, isSystemUser } from "./declaration";
import type { AgentFact, CommandFact, Facts, InstanceFact, ParameterFact } from "./facts";
import type { InvocationInputs } from "./inputs";
import {
  DEFAULT_TIMEOUT_SECONDS,
  MAX_CONTENT_BASE64_BYTES,
  MAX_INSTANCES_PER_INVOCATION,
  MAX_SAFE_CONTENT_BASE64_BYTES,
} from "./limits";
import { lintScript, nameOf } from "./lint";
import { findBuiltIns, isSameName, replacePlaceholders } from "./placeholder";
import { checkScript } from "./script";
import { isUnknown, known } from "./unknown";
import { agree, countInstances, listIds } from "./words";

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
 * @param inputs values that are not known yet as the engine's sentinels
 * @param now the present in ms since the epoch, to tell a machine that just started from one whose agent is gone
 * @param listed machines that the program lists, where these are some of them
 */
export function checkPreflight(
  inputs: InvocationInputs,
  facts: Facts,
  now: number,
  listed: number = idsOf(inputs).length,
): Preflight {
  const failures: InputFailure[] = [];
  const warnings: string[] = [];
  if (facts.command === null) {
    failures.push({
      property: "commandId",
      reason: `commandId must name a command that exists: there is no "${inputs.commandId}" in region "${inputs.regionId}"; create it there first, or correct the id`,
    });
  } else if (facts.command) {
    const parameters = checkParameters(inputs, facts.command);
    const size = checkSize(inputs, facts.command);
    // Parameters that are not known yet may turn out to be none, and then braces mean nothing.
    const isSettled = !isUnknown(inputs.parameters) || findBuiltIns(facts.command.content).length > 0;
    if (facts.command.commandId === "" && isSettled) failures.push(...checkScript(facts.command));
    failures.push(...parameters.failures, ...size.failures);
    warnings.push(...parameters.warnings, ...size.warnings, ...lintScript(facts.command, inputs.launcher));
  }
  const instances = checkInstances(inputs, facts, now, listed);
  return {
    ...instances,
    failures: [...failures, ...checkContainer(inputs, facts), ...instances.failures, ...checkPassword(inputs, facts)],
    warnings: [...warnings, ...checkFolder(inputs), ...checkUnusedPassword(inputs, facts)],
  };
}

/** The agent looks for the folder by its name as it stands: no shell reads `~` and `$HOME`, and a relative one has no beginning. */
function checkFolder({ workingDir }: InvocationInputs): string[] {
  if (workingDir === undefined || isUnknown(workingDir) || /^(?:[/\\]|[a-z]:)/i.test(workingDir)) return [];
  return [
    `workingDir must begin at the root, since the agent takes it as it stands and expands neither ~ nor variables: current value is ${JSON.stringify(workingDir)}; write the whole path, or use cd in the script`,
  ];
}

/** Seconds after which a run is ended: the invocation's own, else the command's. */
export function effectiveTimeoutSeconds(inputs: InvocationInputs, command: CommandFact | null | undefined): number {
  return known(inputs.timeout) ?? (command?.timeout || DEFAULT_TIMEOUT_SECONDS);
}

const sameName = (a: string) => (b: string) => isSameName(a, b);

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

  if (isUnknown(inputs.parameters)) return { failures, warnings };
  if (!command.enableParameter) {
    if (names.length > 0)
      refuse(
        `must not be given for a command that takes none: ${nameOf(command)} was created without EnableParameter; set enableParameter on it, or remove parameters`,
      );
    return { failures, warnings };
  }
  const defined = command.parameterNames;
  const surplus = names.filter((name) => !defined.some(sameName(name)));
  if (surplus.length > 0)
    refuse(
      `must hold only what ${command.commandId === "" ? "stands in {{…}} in the script" : "the command defines"}: ${listIds(surplus)} ${agree(surplus.length, "is", "are")} not among ${defined.length > 0 ? listIds(defined) : "its parameters, as it has none"}; correct the spelling, or remove ${agree(surplus.length, "it", "them")}`,
    );
  for (const name of names) {
    const exact = defined.find(sameName(name));
    if (exact !== undefined && exact !== name)
      warnings.push(
        `parameter "${name}" is spelled "${exact}" in ${nameOf(command)}, which the service takes for the same; spell it that way`,
      );
  }
  const absent = defined.filter((name) => !names.some(sameName(name)) && !findDefinition(command, name)?.defaultValue);
  const missing = absent.filter((name) => findDefinition(command, name)?.required);
  // The default of one that need not be given may be empty.
  const empty = absent.filter(
    (name) => !missing.includes(name) && findDefinition(command, name)?.defaultValue === undefined,
  );
  if (empty.length > 0)
    warnings.push(
      `parameters lack ${listIds(empty)}, for which ${nameOf(command)} has no default: it runs without ${agree(empty.length, "a value", "values")} there; add ${agree(empty.length, "it", "them")} unless that is meant`,
    );
  if (missing.length > 0)
    refuse(
      `must hold every parameter that the command requires: ${listIds(missing)} ${agree(missing.length, "is", "are")} missing; add ${agree(missing.length, "it", "them")}`,
    );
  for (const definition of definitions) {
    const name = names.find(sameName(definition.name));
    if (name !== undefined) {
      const value = known(given[name]);
      const reason = value === undefined ? undefined : checkValue(value, definition);
      if (reason) refuse(reason);
    }
  }
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

const findDefinition = ({ parameterDefinitions }: CommandFact, name: string): ParameterFact | undefined =>
  parameterDefinitions.find((definition) => isSameName(definition.name, name));

/** The text that runs: every `{{name}}` replaced by its value, or by its default; a value that is not known yet may be empty. */
export function substitute(command: CommandFact, given: Readonly<Record<string, string>>): string {
  return replacePlaceholders(command.content, (name) => {
    if (isUnknown(given)) return "";
    const key = Object.keys(given).find(sameName(name));
    return key === undefined ? findDefinition(command, name)?.defaultValue : (known(given[key]) ?? "");
  });
}

function checkSize(
  { parameters = {} }: InvocationInputs,
  command: CommandFact,
): Pick<Preflight, "failures" | "warnings"> {
  const { content, contentBytes, enableParameter } = command;
  // The content is bytes, of which only what stands in braces is sure to be text.
  const grown = enableParameter ? Buffer.byteLength(substitute(command, parameters)) - Buffer.byteLength(content) : 0;
  const bytes = Math.ceil((contentBytes + grown) / 3) * 4;
  if (bytes > MAX_CONTENT_BASE64_BYTES)
    return {
      failures: [
        {
          property: command.commandId === "" ? "commandContent" : "commandId",
          reason: `${command.commandId === "" ? "commandContent must have" : "commandId must name a command of"} at most ${MAX_CONTENT_BASE64_BYTES} bytes, once its parameters are put in and it is encoded as Base64: it has ${bytes}; shorten it, or fetch the long part on the machine`,
        },
      ],
      warnings: [],
    };
  if (bytes <= MAX_SAFE_CONTENT_BASE64_BYTES) return { failures: [], warnings: [] };
  return {
    failures: [],
    warnings: [
      `${nameOf(command)} has ${bytes} bytes, once its parameters are put in and it is encoded as Base64; above ${MAX_SAFE_CONTENT_BASE64_BYTES} some regions were seen to refuse it: shorten it, or fetch the long part on the machine`,
    ],
  };
}

function checkContainer(inputs: InvocationInputs, facts: Facts): InputFailure[] {
  const type = findType(inputs, facts);
  const property = inputs.containerName === undefined ? "containerId" : "containerName";
  if (known(inputs[property]) === undefined || type === undefined) return [];
  const { commandId = "", content = "" } = facts.command ?? {};
  const refuse = (reason: string) => [{ property, reason: `${property} ${reason}` }];
  if (type !== "RunShellScript")
    return refuse(
      `must not be given for a ${type}, which ${nameOf({ commandId })} is: only a RunShellScript runs in a container; use one, or remove ${property}`,
    );
  if (content.startsWith("#!"))
    return refuse(
      `must not be given for a command that starts with "#!", as ${nameOf({ commandId })} does: the service runs no such script in a container; remove that line, or remove ${property}`,
    );
  return [];
}

/** What the command is written in; a program tells it of a script that is not known yet. */
const findType = ({ commandId, type }: InvocationInputs, { command }: Facts): string | undefined =>
  command ? command.type : commandId === undefined ? known(type) : undefined;

function checkPassword(inputs: InvocationInputs, facts: Facts): InputFailure[] {
  const { windowsPasswordName } = inputs;
  const username = known(inputs.username);
  if (username === undefined || windowsPasswordName !== undefined || isSystemUser(username)) return [];
  const ids = idsOf(inputs).filter((id) => findSystem(facts.instances?.get(id), facts.agents?.get(id)) === "windows");
  if (ids.length === 0) return [];
  return [
    {
      property: "windowsPasswordName",
      reason: `windowsPasswordName must be given for a user on Windows: ${listIds(ids)} ${agree(ids.length, "runs", "run")} Windows, where user "${username}" needs a password; name the encrypted OOS parameter that holds it, or remove username`,
    },
  ];
}

function checkUnusedPassword(inputs: InvocationInputs, facts: Facts): string[] {
  const systems = idsOf(inputs).map((id) => findSystem(facts.instances?.get(id), facts.agents?.get(id)));
  if (
    known(inputs.windowsPasswordName) === undefined ||
    systems.length === 0 ||
    !systems.every((system) => system === "linux")
  )
    return [];
  return ["windowsPasswordName is not used, since every instance runs Linux; remove it"];
}

/** Those that are known, and those that are not, each by its sentinel. */
const idsOf = ({ instanceIds }: InvocationInputs): readonly string[] => known(instanceIds) ?? [];

type System = InstanceFact["osType"];

/** The operating system of a machine. Of a managed one only the agent tells. */
function findSystem(instance: InstanceFact | undefined, agent: AgentFact | undefined): System | undefined {
  if (instance) return instance.osType;
  const told = agent?.osType.toLowerCase();
  return told === "linux" || told === "windows" ? told : undefined;
}

/** Says of so many instances why they cannot run the command: `is Stopped`, `are Stopped`. */
type Reason = (n: number) => string;

/** Why a machine cannot take a command now. */
export interface Unfitness {
  /**
   * `absent`: there is none. `unfit`: it never will, as it is. `notReady`: it does not run, or its agent does not report.
   * `starting`: it is about to be ready.
   */
  kind: "absent" | "unfit" | "notReady" | "starting";
  /** In a person's words, without the machine. */
  reason: string;
}

/** The machines that cannot take the command now; what is not known refuses none. */
export function findUnfit(inputs: InvocationInputs, facts: Facts, now: number): Map<string, Unfitness> {
  const unfit = new Map<string, Unfitness>();
  for (const id of idsOf(inputs)) {
    if (isUnknown(id)) continue;
    const instance = facts.instances?.get(id);
    const agent = facts.agents?.get(id);
    const judged = judgeInstance(id, inputs, facts, instance, agent, now);
    const tooOld = agent?.version
      ? checkAgentVersion(inputs, facts.command, agent.version, findSystem(instance, agent))
      : [];
    if (judged?.kind === "starting") unfit.set(id, { kind: "starting", reason: judged.wait });
    else if (judged?.refusal) unfit.set(id, { kind: judged.kind, reason: judged.refusal(1) });
    else if (tooOld[0]) unfit.set(id, { kind: "unfit", reason: tooOld.map((reason) => reason(1)).join("; ") });
  }
  return unfit;
}

function checkInstances(
  inputs: InvocationInputs,
  facts: Facts,
  now: number,
  listed: number,
): Omit<Preflight, "warnings"> {
  const { refused, ...judged } = judgeInstances(inputs, facts, now);
  const failures = refused.map(({ reason, members }) => ({
    property: "instanceIds",
    reason: `instanceIds must name instances that can run the command, but ${members.length} of ${listed} cannot: ${listIds(members)} ${reason(members.length)}`,
  }));
  return { failures, ...judged };
}

interface Judged extends Pick<Preflight, "notReady" | "lowestAgentVersion"> {
  refused: { reason: Reason; members: string[] }[];
}

function judgeInstances(inputs: InvocationInputs, facts: Facts, now: number): Judged {
  const ids = idsOf(inputs);
  const refused = new Map<string, { reason: Reason; members: string[] }>();
  const notReady: Preflight["notReady"] = [];
  const versions: string[] = [];
  const refuse = (reason: Reason, id: string) => {
    const key = reason(1);
    refused.set(key, { reason, members: [...(refused.get(key)?.members ?? []), id] });
  };

  for (const id of ids) {
    if (isUnknown(id)) continue;
    const instance = facts.instances?.get(id);
    const agent = facts.agents?.get(id);
    const suitability = judgeInstance(id, inputs, facts, instance, agent, now);
    if (suitability?.refusal) refuse(suitability.refusal, id);
    else if (suitability?.wait) notReady.push({ instanceId: id, reason: suitability.wait });
    const version = agent?.version;
    if (version) {
      versions.push(version);
      const system = findSystem(instance, agent);
      for (const reason of checkAgentVersion(inputs, facts.command, version, system)) refuse(reason, id);
    }
  }
  const lowestAgentVersion = findLowestVersion(versions);
  return {
    refused: [...refused.values()],
    notReady,
    ...(lowestAgentVersion !== undefined && versions.length === ids.length ? { lowestAgentVersion } : {}),
  };
}

/** Why a run on all that carry `resourceTags` now would be refused, unless the account's quota is higher than the service's own. */
export const describeCrowd = (n: number): string | undefined =>
  n > MAX_INSTANCES_PER_INVOCATION
    ? `${n} instances carry resourceTags now, and the service refuses to run on more than ${MAX_INSTANCES_PER_INVOCATION} at once, unless the account's quota is raised; declare a Rollout, which takes any number`
    : undefined;

/** What is to be said of the instances that carry `resourceTags` now; `instanceIds` names them. */
export function describeTagged(inputs: InvocationInputs, facts: Facts, now: number): string[] {
  const ids = idsOf(inputs);
  if (ids.length === 0)
    return [
      `no instance in region "${inputs.regionId}" carries all of resourceTags: the service refuses to run unless one does by then; correct them, or tag the instances first`,
    ];
  return judgeInstances(inputs, facts, now).refused.map(
    ({ reason, members }) =>
      `${members.length} of ${countInstances(ids.length)} with resourceTags cannot run the command now: ${listIds(members)} ${reason(members.length)}`,
  );
}

type Suitability =
  | { kind: "absent" | "unfit" | "notReady"; refusal: Reason; wait?: never }
  | { kind: "starting"; wait: string; refusal?: never }
  | undefined;

function judgeInstance(
  id: string,
  inputs: InvocationInputs,
  facts: Facts,
  instance: InstanceFact | undefined,
  agent: AgentFact | undefined,
  now: number,
): Suitability {
  const type = findType(inputs, facts);
  const unsuitable = type === undefined ? undefined : checkSystem(type, findSystem(instance, agent));
  // Managed instances (mi-) are not ECS instances: only their agent can be asked about.
  const managed = id.startsWith("mi-");
  if (!managed && facts.instances) {
    // A new machine may be missing from DescribeInstances for a while when its agent has reported already (seen by practitioners).
    if (!instance && !agent)
      return {
        kind: "absent",
        refusal: (n) =>
          `${agree(n, "does", "do")} not exist in region "${inputs.regionId}"; correct the ${agree(n, "id", "ids")} or the region`,
      };
    if (instance?.networkType === "classic")
      return {
        kind: "unfit",
        refusal: (n) =>
          `${agree(n, "is", "are")} in the classic network, and Cloud Assistant needs a VPC; move ${agree(n, "it", "them")}`,
      };
  }
  if (unsuitable) return { kind: "unfit", refusal: unsuitable };
  if (!managed && instance) {
    const { status } = instance;
    if (status === "Pending" || status === "Starting") return { kind: "starting", wait: `is ${status}` };
    if (status !== "Running")
      return {
        kind: "notReady",
        refusal: (n) => `${agree(n, "is", "are")} ${status}, not Running; start ${agree(n, "it", "them")} first`,
      };
  }
  if (!facts.agents || agent?.online) return undefined;
  const startedMs = instance ? Date.parse(instance.startTime) : Number.NaN;
  if (now - startedMs < AGENT_START_MS)
    return { kind: "starting", wait: "has started, but its Cloud Assistant agent has not reported yet" };
  return { kind: "notReady", refusal: describeSilence(agent) };
}

function describeSilence(agent: AgentFact | undefined): Reason {
  if (!agent?.version)
    return (n) =>
      `${agree(n, "has", "have")} no Cloud Assistant agent; install it (InstallCloudAssistant, then a reboot), or start it`;
  const since = agent.lastHeartbeatTime ? ` since ${agent.lastHeartbeatTime}` : "";
  return (n) =>
    `${agree(n, "has", "have")} a Cloud Assistant agent without a heartbeat${since}; restart the agent, and check the network of the ${agree(n, "instance", "instances")}`;
}

function checkSystem(commandType: string, system: System | undefined): Reason | undefined {
  if (commandType === "RunShellScript" && system === "windows")
    return (n) =>
      `${agree(n, "runs", "run")} Windows, and the command is a RunShellScript; use a PowerShell or Bat command there`;
  if ((commandType === "RunPowerShellScript" || commandType === "RunBatScript") && system === "linux")
    return (n) => `${agree(n, "runs", "run")} Linux, and the command is a ${commandType}; use a RunShellScript there`;
  return undefined;
}

/** The features that the inputs and the command use, as far as they need a version of the agent. */
function findRequirements(inputs: InvocationInputs, command: CommandFact | null | undefined): AgentRequirement[] {
  const { reboot, username, extendedSchedule, builtInParameters, instanceName, container } = AGENT_REQUIREMENTS;
  const { repeatMode } = inputs;
  const frequency = known(inputs.frequency);
  const builtIns = command ? findBuiltIns(command.content) : [];
  const uses: [AgentRequirement, boolean][] = [
    [reboot, repeatMode === "NextRebootOnly" || repeatMode === "EveryReboot"],
    [username, known(inputs.username) !== undefined],
    [extendedSchedule, frequency !== undefined && isExtended(frequency)],
    [builtInParameters, builtIns.length > 0],
    [instanceName, builtIns.includes("InstanceName")],
    [container, known(inputs.containerId) !== undefined || known(inputs.containerName) !== undefined],
  ];
  return uses.filter(([, isUsed]) => isUsed).map(([requirement]) => requirement);
}

function checkAgentVersion(
  inputs: InvocationInputs,
  command: CommandFact | null | undefined,
  version: string,
  system: System | undefined,
): Reason[] {
  return findRequirements(inputs, command).flatMap(({ feature, linux, windows }): Reason[] => {
    const minimum = system === "windows" ? windows : linux;
    if (minimum === undefined)
      return [
        (n) =>
          `${agree(n, "runs", "run")} Windows, where Cloud Assistant has no ${feature}; run the command on Linux only`,
      ];
    if (compareVersions(version, minimum) >= 0) return [];
    return [
      (n) =>
        `${agree(n, "has", "have")} agent ${version}, too old for ${feature}, which came with ${minimum}; upgrade the agent`,
    ];
  });
}
