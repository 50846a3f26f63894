/** What the service shows of machines and commands, in the words of the rules. */

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

/** A command as `DescribeCommands` shows it, its content decoded; or what the service would make of a script. */
export interface CommandFact {
  /** "" of a script. */
  commandId: string;
  type: string;
  content: string;
  /** Bytes of the content as it came, which may be in another encoding than UTF-8. */
  contentBytes: number;
  timeout: number;
  enableParameter: boolean;
  parameterNames: string[];
  parameterDefinitions: ParameterFact[];
}

/** What was observed. A part is undefined when the question was not permitted, or could not be put yet: no rule that needs it is applied. */
export interface Facts {
  /** null when there is no such command. */
  command?: CommandFact | null;
  instances?: ReadonlyMap<string, InstanceFact>;
  agents?: ReadonlyMap<string, AgentFact>;
}
