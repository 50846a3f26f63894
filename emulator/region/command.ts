/** A command: what it holds, and what its content becomes when parameters are passed. */
import { findBuiltIns } from "../agent/builtin";
import { DEFAULT_TIMEOUT_SECONDS, MAX_CONTENT_BASE64_BYTES } from "../limits";
import { findParameterNames, replaceParameters } from "./placeholder";
import { COMMAND_TYPES, type Command, type CommandType, type OsType, type ParameterDefinition } from "./records";
import { createId, type Store } from "./store";

/** A command to begin with. */
export interface CommandSeed {
  /** @default a random id */
  readonly commandId?: string;
  /** At most 128 characters. */
  readonly name: string;
  /** @default "RunShellScript" */
  readonly type?: CommandType;
  /** At most 512 characters. @default empty */
  readonly description?: string;
  /** Plain text. */
  readonly content: string;
  /** A folder within the machine. @default the home of the user */
  readonly workingDir?: string;
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** Whether `{{name}}` and `{{ACS::InstanceId}}` mean anything in the content. @default true when one of them stands in it */
  readonly enableParameter?: boolean;
  /** @default what the content names, none of it required */
  readonly parameterDefinitions?: readonly ParameterDefinition[];
  /** What starts the script. @default the shell */
  readonly launcher?: string;
  /** @default none */
  readonly resourceGroupId?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** "AlibabaCloud" or "AlibabaCloud.x" makes it a public command, which may be invoked by its name. */
  readonly provider?: string;
  /** Of a public command, shown by DescribeCommands. @default empty */
  readonly category?: string;
}

/** What comes in a call may be in any encoding. */
type CallSeed = Omit<CommandSeed, "content"> & { readonly content: string | Buffer; readonly isKept?: boolean };

export function addCommand(store: Store, seed: CallSeed): Command {
  const content = Buffer.from(seed.content);
  const command: Command = {
    sequence: store.nextSequence(),
    commandId: seed.commandId ?? createId("c"),
    name: seed.name,
    type: seed.type ?? "RunShellScript",
    description: seed.description ?? "",
    content,
    workingDir: seed.workingDir ?? "",
    timeoutSeconds: seed.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    enableParameter: seed.enableParameter ?? findParameterNames(content).length + findBuiltIns(content).length > 0,
    parameterDefinitions: seed.parameterDefinitions ?? [],
    launcher: seed.launcher ?? "",
    resourceGroupId: seed.resourceGroupId ?? "",
    tags: new Map(Object.entries(seed.tags ?? {})),
    provider: seed.provider ?? "",
    category: seed.category ?? "",
    creationTime: store.clock.now(),
    invokeTimes: 0,
    isKept: seed.isKept ?? true,
  };
  store.commands.set(command.commandId, command);
  return command;
}

/** By id; a public command by its name as well. */
export function findCommand(store: Store, idOrName: string): Command | undefined {
  const command = store.commands.get(idOrName);
  if (command !== undefined) return command;
  return [...store.commands.values()].find(({ name, provider }) => provider !== "" && name === idOrName);
}

export function isKnownType(type: string): type is CommandType {
  return (COMMAND_TYPES as readonly string[]).includes(type);
}

/** Shell scripts are for Linux, the other two for Windows. */
export function isFitFor(type: CommandType, osType: OsType): boolean {
  return (type === "RunShellScript") === (osType === "linux");
}

/** Commands that count against the quota; public ones and those that are not kept do not. */
export const countOwnCommands = (store: Store): number =>
  [...store.commands.values()].filter(({ isKept, provider }) => isKept && provider === "").length;

/** Whether one more command would be too many. */
export const isQuotaReached = (store: Store): boolean => countOwnCommands(store) >= store.quotas.commands;

/** Content in which every custom parameter has its value; one that was not passed has its default or nothing. Names are case-insensitive. */
export function formatContent(command: Command, parameters: Readonly<Record<string, string>>): Buffer {
  if (!command.enableParameter) return command.content;
  const values = new Map(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  for (const { name, defaultValue } of command.parameterDefinitions) {
    if (defaultValue !== undefined && !values.has(name.toLowerCase())) values.set(name.toLowerCase(), defaultValue);
  }
  return replaceParameters(command.content, (name) => values.get(name.toLowerCase()) ?? "");
}

/** Content and parameters together, as the service measures them. */
export function isContentTooLong(content: Buffer, parametersText = ""): boolean {
  const bytes = content.length + Buffer.byteLength(parametersText);
  return Math.ceil(bytes / 3) * 4 > MAX_CONTENT_BASE64_BYTES;
}

/** Padded, in lines of any length: what the agent's own decoder takes. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Decodes by the operation's own default; undefined when the text is not Base64. An unknown encoding means the default. */
export function decodeContent(
  text: string,
  encoding: string | undefined,
  defaultEncoding: "PlainText" | "Base64",
): Buffer | undefined {
  const known = ["plaintext", "base64"].includes(encoding?.toLowerCase() ?? "");
  const effective = (known ? encoding : defaultEncoding)?.toLowerCase();
  if (effective === "plaintext") return Buffer.from(text);
  const compact = text.replace(/[\r\n]/g, "");
  return BASE64.test(compact) ? Buffer.from(compact, "base64") : undefined;
}

/** Describe calls answer in Base64 unless plain text is asked for. */
export const encodeContent = (content: Buffer, encoding: string | undefined): string =>
  content.toString(encoding?.toLowerCase() === "plaintext" ? "utf8" : "base64");
