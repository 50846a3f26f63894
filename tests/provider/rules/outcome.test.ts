import { type Expected, judgeResults } from "../../../provider/rules/outcome";
import type { Results } from "../../../provider/rules/results";

/** A status alone, or with what else tells where a run stands. */
type Seen = string | { status: string; exitCode?: number; exitEffect?: "restart"; finishTime?: string };

const seen = (machines: Record<string, Seen>): Results =>
  Object.fromEntries(
    Object.entries(machines).map(([id, machine]) => [
      id,
      {
        output: "",
        dropped: 0,
        repeats: 0,
        invokeId: "t-1",
        ...(typeof machine === "string" ? { status: machine } : machine),
      },
    ]),
  );

const NOT_SHOWN = "waiting for the service to show the invocation";

describe.each<[string, Expected, (readonly [Record<string, Seen> | undefined, string, string])[]]>([
  [
    "a one-shot",
    { repeatMode: "Once", instanceIds: ["i-1", "i-2"] },
    [
      [undefined, "waiting", NOT_SHOWN],
      [{}, "waiting", NOT_SHOWN],
      [{ "i-1": "Pending", "i-2": "Running" }, "waiting", "0 of 2 finished"],
      [{ "i-1": "Success", "i-2": "Running" }, "waiting", "1 of 2 finished"],
      [{ "i-1": "Failed", "i-2": "Stopping" }, "waiting", "1 of 2 finished, 1 failed"],
      [{ "i-1": "Success", "i-2": "Hibernating" }, "waiting", "1 of 2 finished"],
      [{ "i-1": "Success" }, "waiting", "1 of 2 finished"],
      [{ "i-1": "Success", "i-3": "Success" }, "waiting", "1 of 2 finished"],
      [{ "i-1": "Success", "i-2": "Success" }, "settled", "2 of 2 finished"],
      [{ "i-1": "Timeout", "i-2": "Aborted" }, "settled", "2 of 2 finished, 2 failed"],
      [{ "i-1": "Cancelled", "i-2": "Terminated" }, "settled", "2 of 2 finished, 2 failed"],
      [{ "i-1": "Success", "i-2": "Success", "i-3": "Running" }, "settled", "2 of 2 finished"],
      [{ "i-1": "Success", "i-2": { status: "Skipped", finishTime: "T" } }, "settled", "2 of 2 finished, 1 failed"],
      [{ "i-1": "success", "i-2": { status: "7", exitCode: 0 } }, "settled", "2 of 2 finished"],
      [{ "i-1": "Success", "i-2": { status: "", exitCode: 0 } }, "waiting", "1 of 2 finished"],
      [
        { "i-1": "Success", "i-2": { status: "Failed", exitCode: 194, exitEffect: "restart" } },
        "settled",
        "2 of 2 finished",
      ],
    ],
  ],
  [
    "a schedule",
    { repeatMode: "Period", instanceIds: ["i-1", "i-2"] },
    [
      [undefined, "waiting", NOT_SHOWN],
      [{ "i-1": "Pending", "i-2": "Scheduled" }, "waiting", "1 of 2 scheduled"],
      [{ "i-1": "Pending", "i-2": "Aborted" }, "waiting", "0 of 2 scheduled, 1 failed"],
      [{ "i-1": "Pending", "i-2": "Failed" }, "waiting", "1 of 2 scheduled"],
      [{ "i-1": "Scheduled", "i-2": "Running" }, "settled", "2 of 2 scheduled"],
      [{ "i-1": "Scheduled", "i-2": "Invalid" }, "settled", "1 of 2 scheduled, 1 failed"],
      [{ "i-1": "Success", "i-2": "Failed" }, "settled", "2 of 2 scheduled"],
      [{ "i-1": "Scheduled", "i-2": "Stopping" }, "waiting", "1 of 2 scheduled"],
      [{ "i-1": "Scheduled", "i-2": { status: "Armed", finishTime: "T" } }, "waiting", "1 of 2 scheduled"],
    ],
  ],
  [
    "a reboot task",
    { repeatMode: "NextRebootOnly", instanceIds: ["i-1"] },
    [
      [{ "i-1": "Pending" }, "waiting", "0 of 1 scheduled"],
      [{ "i-1": "Scheduled" }, "settled", "1 of 1 scheduled"],
    ],
  ],
  [
    "a run on the machines that the service chose",
    { repeatMode: "Once" },
    [
      [undefined, "waiting", NOT_SHOWN],
      [{}, "waiting", NOT_SHOWN],
      [{ "i-8": "Success", "i-9": "Running" }, "waiting", "1 of 2 finished"],
      [{ "i-8": "Success", "i-9": "Failed" }, "settled", "2 of 2 finished, 1 failed"],
    ],
  ],
])("%s", (_, expected, rows) => {
  it.each(rows)("%j: %s, %s", (machines, state, progress) => {
    expect(judgeResults(machines && seen(machines), expected)).toEqual({ state, progress });
  });
});
