import { defineAction } from "../gateway/action";
import { boolean, requiredString, string, tagList } from "../gateway/parameters";
import { encodeContent } from "../region/command";
import { forgetExpired, listInvocations } from "../region/invocation";
import { formatOssOutput } from "../region/oss";
import type { Invocation, Result, Run } from "../region/records";
import { createResult } from "../region/result";
import { formatRecordStatus } from "../region/status";
import { formatInstant, type Store } from "../region/store";
import { cutPage, pageParameters, pageRefusals } from "../requests/paging";
import { regionRefusals } from "../requests/region";
import { formatTags, matchesTags, tagRefusals } from "../requests/tags";

/**
 * The latest execution of each machine, or, with IncludeHistory and an InvokeId, every one, newest first.
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinvocationresults
 */
export const describeInvocationResults = defineAction({
  name: "DescribeInvocationResults",
  takes: {
    ...pageParameters,
    CommandId: string,
    ContentEncoding: string,
    IncludeHistory: boolean,
    InstanceId: string,
    InvokeId: string,
    InvokeRecordStatus: string,
    RegionId: requiredString,
    ResourceGroupId: string,
    Tag: tagList,
  },
  refuses: [...regionRefusals, ...pageRefusals, ...tagRefusals],
  act(request, store) {
    forgetExpired(store);
    const { CommandId, InstanceId, InvokeId, InvokeRecordStatus, ResourceGroupId, Tag } = request;
    const withHistory = request.IncludeHistory === true && !!InvokeId;
    const found = listInvocations(store, InvokeId)
      .filter(({ command }) => !CommandId || command.commandId === CommandId)
      .filter(({ resourceGroupId }) => !ResourceGroupId || resourceGroupId === ResourceGroupId)
      .filter(({ tags }) => matchesTags(tags, Tag))
      .flatMap((invocation) => findRecords(invocation, InstanceId, withHistory))
      .filter(
        ({ invocation, result }) =>
          !InvokeRecordStatus ||
          formatRecordStatus(invocation, result.status) === InvokeRecordStatus ||
          result.status === InvokeRecordStatus,
      )
      .map((record, index) => ({ ...record, sequence: index + 1 }));
    const { items, fields } = cutPage(found, request, store.choices);
    return {
      Invocation: {
        ...fields,
        InvocationResults: {
          InvocationResult: items.map((item) => formatResult(store, item, request.ContentEncoding)),
        },
      },
    };
  },
});

/** A line of the listing. */
interface Line {
  readonly invocation: Invocation;
  readonly run: Run;
  readonly result: Result;
}

function findRecords(invocation: Invocation, instanceId: string | undefined, withHistory: boolean): readonly Line[] {
  return [...invocation.runs.values()]
    .filter((run) => !instanceId || run.instanceId === instanceId)
    .flatMap((run) => {
      const latest = { ...createResult(run), status: run.status };
      if (!withHistory) return [{ invocation, run, result: latest }];
      const earlier = [...run.history].reverse().map((result) => ({ invocation, run, result }));
      return [{ invocation, run, result: createResult(run) }, ...earlier];
    });
}

function formatResult(store: Store, { invocation, run, result }: Line, encoding: string | undefined): object {
  return {
    CommandId: invocation.command.commandId,
    InvokeId: invocation.invokeId,
    InstanceId: run.instanceId,
    StartTime: formatInstant(result.startTime),
    StopTime: formatInstant(run.stopTime),
    FinishedTime: formatInstant(result.finishTime),
    Repeats: result.repeats,
    Output: encodeContent(result.output, encoding),
    Dropped: result.dropped,
    ...(result.exitCode === undefined ? {} : { ExitCode: result.exitCode }),
    InvocationStatus: result.status,
    InvokeRecordStatus: formatRecordStatus(invocation, result.status),
    ErrorCode: result.errorCode,
    ErrorInfo: result.errorInfo,
    Username: invocation.username,
    ContainerId: invocation.containerId,
    ContainerName: invocation.containerName,
    Launcher: invocation.launcher,
    TerminationMode: invocation.terminationMode,
    OssOutputDelivery: invocation.ossOutputDelivery,
    ...formatOssOutput(store, invocation, run.instanceId, result),
    Tags: formatTags(invocation.tags),
  };
}
