/** The request that would make an invocation again, as a line for the `aliyun` CLI. */
import type { Invocation } from "../region/records";

export interface CommandLineSettings {
  readonly regionId: string;
  /** `127.0.0.1:8080` */
  readonly endpoint: string;
  /** Stands for each value of `Parameters`; undefined: they are shown. */
  readonly hidden?: string;
}

/** Without its ClientToken, which would only get the first answer again. */
export function formatCommandLine(invocation: Invocation, settings: CommandLineSettings): string {
  const { command, tags, runs } = invocation;
  const action = command.isKept ? "InvokeCommand" : "RunCommand";
  const what = command.isKept
    ? { CommandId: command.commandId }
    : {
        ...{ Name: command.name, Type: command.type, CommandContent: command.content.toString("base64") },
        ...{ ContentEncoding: "Base64", EnableParameter: command.enableParameter ? "true" : "" },
      };
  const parameters: Readonly<Record<string, string>> = {
    ...{ RegionId: settings.regionId },
    ...what,
    ...number("InstanceId", [...runs.keys()]),
    ...formatWhen(invocation),
    Timeout: String(invocation.timeoutSeconds),
    Parameters: formatParameters(invocation.parameters, settings.hidden),
    Username: invocation.username,
    WorkingDir: invocation.workingDir,
    Launcher: invocation.launcher,
    TerminationMode: invocation.terminationMode,
    ContainerId: invocation.containerId,
    ContainerName: invocation.containerName,
    OssOutputDelivery: invocation.ossOutputDelivery,
    ResourceGroupId: invocation.resourceGroupId,
    ...Object.fromEntries(
      [...tags].flatMap(([key, value], index) => [
        [`Tag.${index + 1}.Key`, key],
        [`Tag.${index + 1}.Value`, value],
      ]),
    ),
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== "");
  const access = `--profile emulator --endpoint ${settings.endpoint} --insecure`;
  return [`aliyun ecs ${action} ${access}`, ...given.map(([name, value]) => `--${name} ${quote(value)}`)].join(" ");
}

const formatWhen = ({ repeatMode, frequency }: Invocation): Record<string, string> =>
  repeatMode === "Once" ? {} : { RepeatMode: repeatMode, Frequency: frequency };

function formatParameters(parameters: Readonly<Record<string, string>>, hidden: string | undefined): string {
  const shown = Object.entries(parameters).map(([name, value]) => [name, hidden ?? value]);
  return shown.length === 0 ? "" : JSON.stringify(Object.fromEntries(shown));
}

const number = (name: string, values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));

/** For a shell of POSIX: as it is where it is plain, else between single quotes. */
const quote = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
