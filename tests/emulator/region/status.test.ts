import type { Invocation, Run, RunStatus } from "../../../emulator/region/records";
import { formatInvokeStatus, formatRecordStatus, judgeInvocation } from "../../../emulator/region/status";

const run = (status: RunStatus, index: number): Run => ({
  sequence: index,
  instanceId: `i-${index}`,
  status,
  creationTime: 0,
  updateTime: 0,
  runStatus: undefined,
  startTime: undefined,
  finishTime: undefined,
  stopTime: undefined,
  repeats: 0,
  exitCode: 0,
  output: Buffer.alloc(0),
  dropped: 0,
  errorCode: "",
  errorInfo: "",
  isDelivered: true,
  history: [],
});

function invocation(statuses: readonly RunStatus[], repeatMode: Invocation["repeatMode"] = "Once"): Invocation {
  return {
    sequence: 1,
    invokeId: "t-1",
    command: {
      sequence: 1,
      commandId: "c-1",
      name: "n",
      type: "RunShellScript",
      description: "",
      content: Buffer.alloc(0),
      workingDir: "",
      timeoutSeconds: 60,
      enableParameter: false,
      parameterDefinitions: [],
      launcher: "",
      resourceGroupId: "",
      tags: new Map(),
      provider: "",
      category: "",
      creationTime: 0,
      invokeTimes: 0,
      isKept: true,
    },
    creationTime: 0,
    repeatMode,
    frequency: "",
    parameters: {},
    username: "",
    workingDir: "",
    timeoutSeconds: 60,
    containerId: "",
    containerName: "",
    launcher: "",
    terminationMode: "",
    ossOutputDelivery: "",
    resourceGroupId: "",
    tags: new Map(),
    runs: new Map(statuses.map((status, index) => [`i-${index}`, run(status, index)])),
  };
}

describe("all runs together", () => {
  // [statuses of the runs, InvocationStatus, InvokeStatus of Once]
  test.each<[RunStatus[], string, string]>([
    [["Pending"], "Pending", "Running"],
    [["Pending", "Scheduled", "Running", "Stopping", "Failed"], "Pending", "Running"],
    [["Scheduled", "Running"], "Scheduled", "Running"],
    [["Running", "Stopping", "Success"], "Running", "Running"],
    [["Stopping", "Failed"], "Stopping", "Stopping"],
    [["Success"], "Success", "Finished"],
    [["Success", "Success"], "Success", "Finished"],
    [["Failed"], "Failed", "Finished"],
    [["Failed", "Failed"], "Failed", "Finished"],
    [["Success", "Failed"], "PartialFailed", "Finished"],
    [["Success", "Timeout"], "PartialFailed", "PartialFailed"],
    [["Invalid"], "Failed", "Failed"],
    [["Aborted"], "Failed", "Failed"],
    [["Timeout"], "Failed", "Failed"],
    [["Error"], "Failed", "Failed"],
    [["Aborted", "Success"], "PartialFailed", "PartialFailed"],
    [["Cancelled"], "Stopped", "Stopped"],
    [["Terminated", "Cancelled"], "Stopped", "Stopped"],
    [["Success", "Cancelled"], "Success", "Finished"],
    [["Success", "Terminated", "Failed"], "PartialFailed", "Finished"],
    [["Failed", "Terminated"], "Failed", "Finished"],
  ])("%j: %s, %s", (statuses, status, invokeStatus) => {
    expect(judgeInvocation(invocation(statuses))).toBe(status);
    expect(formatInvokeStatus(invocation(statuses))).toBe(invokeStatus);
  });

  test.each<[RunStatus[], string]>([
    [["Scheduled"], "Running"],
    [["Success"], "Running"],
    [["Failed", "Timeout"], "Running"],
    [["Stopping"], "Stopping"],
    [["Cancelled", "Terminated"], "Stopped"],
  ])("repeated, %j: InvokeStatus %s", (statuses, invokeStatus) => {
    expect(formatInvokeStatus(invocation(statuses, "Period"))).toBe(invokeStatus);
    expect(formatInvokeStatus(invocation(statuses, "EveryReboot"))).toBe(invokeStatus);
  });
});

// [status, InvokeRecordStatus of Once, of Period]
test.each<[RunStatus, string, string]>([
  ["Pending", "Running", "Running"],
  ["Scheduled", "Running", "Running"],
  ["Running", "Running", "Running"],
  ["Stopping", "Stopping", "Stopping"],
  ["Success", "Finished", "Running"],
  ["Failed", "Finished", "Running"],
  ["Timeout", "Failed", "Running"],
  ["Invalid", "Failed", "Running"],
  ["Aborted", "Failed", "Running"],
  ["Error", "Failed", "Running"],
  ["Cancelled", "Stopped", "Stopped"],
  ["Terminated", "Stopped", "Stopped"],
])("the record of a run that is %s: %s, repeated %s", (status, once, repeated) => {
  expect(formatRecordStatus(invocation([status]), status)).toBe(once);
  expect(formatRecordStatus(invocation([status], "Period"), status)).toBe(repeated);
});
