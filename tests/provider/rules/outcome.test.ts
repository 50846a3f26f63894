import { type Expected, judgeInstances } from "../../../provider/rules/outcome";
import type { ObservedInstance } from "../../../provider/rules/results";

const observed = (statuses: Record<string, string>): ObservedInstance[] =>
  Object.entries(statuses).map(([instanceId, invocationStatus]) => ({
    instanceId,
    invocationStatus,
    output: "",
    dropped: 0,
    errorCode: "",
    errorInfo: "",
    startTime: "",
    finishTime: "",
    repeats: 0,
  }));

const NOT_SHOWN = "waiting for the service to show the invocation";

describe.each<[string, Expected, (readonly [Record<string, string> | undefined, string])[]]>([
  [
    "a one-shot",
    { repeatMode: "Once", instanceIds: ["i-1", "i-2"] },
    [
      [undefined, NOT_SHOWN],
      [{}, NOT_SHOWN],
      [{ "i-1": "Pending", "i-2": "Running" }, "0 of 2 finished"],
      [{ "i-1": "Success", "i-2": "Running" }, "1 of 2 finished"],
      [{ "i-1": "Failed", "i-2": "Stopping" }, "1 of 2 finished, 1 failed"],
      [{ "i-1": "Success", "i-2": "Hibernating" }, "1 of 2 finished"],
      [{ "i-1": "Success" }, "1 of 2 finished"],
      [{ "i-1": "Success", "i-3": "Success" }, "1 of 2 finished"],
      [{ "i-1": "Success", "i-2": "Success" }, "settled"],
      [{ "i-1": "Timeout", "i-2": "Aborted" }, "settled"],
      [{ "i-1": "Cancelled", "i-2": "Terminated" }, "settled"],
      [{ "i-1": "Success", "i-2": "Success", "i-3": "Running" }, "settled"],
    ],
  ],
  [
    "a schedule",
    { repeatMode: "Period", instanceIds: ["i-1", "i-2"] },
    [
      [undefined, NOT_SHOWN],
      [{ "i-1": "Pending", "i-2": "Scheduled" }, "1 of 2 scheduled"],
      [{ "i-1": "Pending", "i-2": "Aborted" }, "0 of 2 scheduled, 1 failed"],
      [{ "i-1": "Pending", "i-2": "Failed" }, "1 of 2 scheduled"],
      [{ "i-1": "Scheduled", "i-2": "Running" }, "settled"],
      [{ "i-1": "Scheduled", "i-2": "Invalid" }, "settled"],
      [{ "i-1": "Success", "i-2": "Failed" }, "settled"],
      [{ "i-1": "Scheduled", "i-2": "Stopping" }, "1 of 2 scheduled"],
    ],
  ],
  [
    "a reboot task",
    { repeatMode: "NextRebootOnly", instanceIds: ["i-1"] },
    [
      [{ "i-1": "Pending" }, "0 of 1 scheduled"],
      [{ "i-1": "Scheduled" }, "settled"],
    ],
  ],
  [
    "a run on the machines that the service chose",
    { repeatMode: "Once" },
    [
      [undefined, NOT_SHOWN],
      [{}, NOT_SHOWN],
      [{ "i-8": "Success", "i-9": "Running" }, "1 of 2 finished"],
      [{ "i-8": "Success", "i-9": "Failed" }, "settled"],
    ],
  ],
])("%s", (_, expected, rows) => {
  it.each(rows)("%j: %s", (statuses, verdict) => {
    const instances = statuses && observed(statuses);
    expect(judgeInstances(instances, expected)).toEqual(
      verdict === "settled" ? { state: "settled" } : { state: "waiting", progress: verdict },
    );
  });
});

it("counts a machine once, however often a page repeats it", () => {
  const twice = [...observed({ "i-1": "Success" }), ...observed({ "i-1": "Success" })];
  expect(judgeInstances(twice, { repeatMode: "Once", instanceIds: ["i-1"] })).toEqual({ state: "settled" });
  expect(judgeInstances(twice, { repeatMode: "Once" })).toEqual({ state: "settled" });
});
