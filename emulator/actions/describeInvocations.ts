import { defineAction } from "../gateway/action";
import { boolean, requiredString, string, tagList } from "../gateway/parameters";
import { encodeContent } from "../region/command";
import { forgetExpired, listInvocations } from "../region/invocation";
import { formatOssOutput } from "../region/oss";
import type { Invocation, Run } from "../region/records";
import { formatInvokeStatus, formatRecordStatus, isFinished, judgeInvocation } from "../region/status";
import { formatInstant, type Store } from "../region/store";
import { cutPage, pageParameters, pageRefusals } from "../requests/paging";
import { regionRefusals } from "../requests/region";
import { formatTags, matchesTags, tagRefusals } from "../requests/tags";

/**
 * Newest first (not documented). An unknown InvokeId is an empty list.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinvocations
 */
export const describeInvocations = defineAction({
  name: "DescribeInvocations",
  takes: {
    ...pageParameters,
    CommandId: string,
    CommandName: string,
    CommandType: string,
    ContentEncoding: string,
    IncludeOutput: boolean,
    InstanceId: string,
    InvokeId: string,
    InvokeStatus: string,
    RegionId: requiredString,
    RepeatMode: string,
    ResourceGroupId: string,
    Tag: tagList,
    Timed: boolean,
  },
  refuses: [...regionRefusals, ...pageRefusals, ...tagRefusals],
  act(request, store) {
    forgetExpired(store);
    const { CommandId, CommandType, InstanceId, InvokeStatus, ResourceGroupId, Tag, Timed } = request;
    // The service ignores these two when a machine is named.
    const name = InstanceId ? undefined : request.CommandName;
    const mode = InstanceId ? undefined : request.RepeatMode;
    const found = listInvocations(store, request.InvokeId)
      .filter(({ command }) => !CommandId || command.commandId === CommandId)
      .filter(({ command }) => !name || command.name === name)
      .filter(({ command }) => !CommandType || command.type === CommandType)
      .filter(({ runs }) => !InstanceId || runs.has(InstanceId))
      .filter(({ repeatMode }) => !mode || repeatMode === mode)
      .filter((invocation) => !!request.InvokeId || matchesTimed(invocation, Timed, store.choices.untimedListing))
      .filter((invocation) => !InvokeStatus || matchesStatus(invocation, InvokeStatus))
      .filter(({ resourceGroupId }) => !ResourceGroupId || resourceGroupId === ResourceGroupId)
      .filter(({ tags }) => matchesTags(tags, Tag));
    const { items, fields } = cutPage(found, request, store.choices);
    // Output is given only for an invocation or a machine that was asked for by id.
    const withOutput = request.IncludeOutput === true && !!(request.InvokeId || InstanceId);
    return {
      ...fields,
      Invocations: {
        Invocation: items.map((item) => formatInvocation(store, item, InstanceId, request.ContentEncoding, withOutput)),
      },
    };
  },
});

/** True: what runs by a schedule or at reboots and has not ended; false: the rest. By InvokeId it does not filter. */
const matchesTimed = (invocation: Invocation, timed: boolean | undefined, untimed: "all" | "ended"): boolean =>
  (timed === undefined && untimed === "all") ||
  (invocation.repeatMode !== "Once" && !isFinished(invocation)) === (timed ?? false);

const matchesStatus = (invocation: Invocation, wanted: string): boolean =>
  formatInvokeStatus(invocation) === wanted || judgeInvocation(invocation) === wanted;

function formatInvocation(
  store: Store,
  invocation: Invocation,
  instanceId: string | undefined,
  encoding: string | undefined,
  withOutput: boolean,
): object {
  const { command, repeatMode } = invocation;
  const runs = [...invocation.runs.values()].filter((run) => !instanceId || run.instanceId === instanceId);
  return {
    InvokeId: invocation.invokeId,
    CommandId: command.commandId,
    CommandName: command.name,
    CommandType: command.type,
    CommandDescription: command.description,
    CommandContent: encodeContent(command.content, encoding),
    CreationTime: formatInstant(invocation.creationTime),
    RepeatMode: repeatMode,
    Timed: repeatMode === "Period",
    Frequency: invocation.frequency,
    Parameters: JSON.stringify(invocation.parameters),
    Username: invocation.username,
    WorkingDir: invocation.workingDir,
    Timeout: invocation.timeoutSeconds,
    ContainerId: invocation.containerId,
    ContainerName: invocation.containerName,
    Launcher: invocation.launcher,
    TerminationMode: invocation.terminationMode,
    OssOutputDelivery: invocation.ossOutputDelivery,
    InvocationStatus: judgeInvocation(invocation),
    InvokeStatus: formatInvokeStatus(invocation),
    Tags: formatTags(invocation.tags),
    InvokeInstances: {
      InvokeInstance: runs.map((run) => formatRun(store, invocation, run, encoding, withOutput)),
    },
  };
}

function formatRun(
  store: Store,
  invocation: Invocation,
  run: Run,
  encoding: string | undefined,
  withOutput: boolean,
): object {
  return {
    InstanceId: run.instanceId,
    CreationTime: formatInstant(run.creationTime),
    UpdateTime: formatInstant(run.updateTime),
    StartTime: formatInstant(run.startTime),
    FinishTime: formatInstant(run.finishTime),
    StopTime: formatInstant(run.stopTime),
    InvocationStatus: run.status,
    InstanceInvokeStatus: formatRecordStatus(invocation, run.status),
    Timed: invocation.repeatMode === "Period",
    Repeats: run.repeats,
    ...(run.exitCode === undefined ? {} : { ExitCode: run.exitCode }),
    Output: withOutput ? encodeContent(run.output, encoding) : "",
    Dropped: run.dropped,
    ErrorCode: run.errorCode,
    ErrorInfo: run.errorInfo,
    ...formatOssOutput(store, invocation, run.instanceId, run),
  };
}
