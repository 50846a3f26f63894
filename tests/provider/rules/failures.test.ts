import { describeFailures, describeResult } from "../../../provider/rules/failures";
import type { InstanceResult, Results } from "../../../provider/rules/results";

const result = (fields: Partial<InstanceResult>): InstanceResult => ({
  status: "Failed",
  output: "",
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
  ...fields,
});

const ids = (n: number) => Array.from({ length: n }, (_, i) => `i-${i + 1}`);
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}\n`).join("");

describe("what a result means", () => {
  it.each<[Partial<InstanceResult>, string]>([
    [{ exitCode: 3 }, "exited with code 3"],
    [{ exitCode: 3, errorCode: "ExitCodeNonzero", errorInfo: "The exit code is not zero." }, "exited with code 3"],
    [
      { errorCode: "ExitCodeNonzero" },
      "Failed (ExitCodeNonzero): the script ended with an exit code that is not 0; look at its output",
    ],
    [
      { status: "Aborted", errorCode: "InstanceNotRunning", errorInfo: "the instance is not running when create task" },
      "Aborted (InstanceNotRunning): the instance is not running; start it",
    ],
    [
      { status: "Timeout", errorCode: "ExecutionTimeout" },
      "Timeout (ExecutionTimeout): it ran longer than its timeout and was ended; raise timeout, or look at why it takes so long",
    ],
    [
      { status: "Timeout" },
      "Timeout: it ran longer than its timeout and was ended; raise timeout, or look at why it takes so long",
    ],
    [{ status: "Cancelled" }, "Cancelled: it was stopped from outside before it started; run the update again"],
    [{ status: "Terminated" }, "Terminated: it was stopped from outside while it ran; run the update again"],
    [{ status: "Stopped" }, "Stopped: it was stopped from outside; run the update again"],
    [{ status: "Error", errorCode: "Surprise", errorInfo: "the disk is full" }, "Error (Surprise): the disk is full"],
    [{ status: "Invalid", errorInfo: "no such type" }, "Invalid: no such type"],
    [{ status: "Error", errorCode: "Surprise" }, "Error (Surprise)"],
    [{ status: "Error", errorCode: "Error" }, "Error"],
    [{ status: "Failed", exitCode: 0 }, "Failed"],
  ])("%j", (fields, text) => {
    expect(describeResult(result(fields))).toBe(text);
  });
});

describe("the failures of an invocation", () => {
  const stopped = { status: "Aborted", errorCode: "InstanceNotRunning" };

  it("are one line per reason, not per machine", () => {
    const results: Results = {
      ...Object.fromEntries(ids(12).map((id) => [id, result(stopped)])),
      "i-13": result({ exitCode: 1 }),
      "i-14": result({ exitCode: 2 }),
    };
    expect(describeFailures(results, Object.keys(results), false)).toEqual([
      '"i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9", "i-10", "i-11", "i-12": Aborted (InstanceNotRunning): the instance is not running; start it',
      '"i-13": exited with code 1',
      '"i-14": exited with code 2',
    ]);
  });

  it("speak of the machines that are asked for only", () => {
    const results = { "i-1": result({ exitCode: 1 }), "i-2": result({ exitCode: 1 }) };
    expect(describeFailures(results, ["i-2", "i-9"], false)).toEqual(['"i-2": exited with code 1']);
    expect(describeFailures(results, [], false)).toEqual([]);
  });

  it.each<[string, Partial<InstanceResult>, string]>([
    ["the output of the first machine", { output: "no such file\n" }, ":\n    no such file"],
    ["every line of it", { output: "a\n\n  b\r\nc\r\n" }, ":\n    a\n    \n      b\n    c"],
    [
      "ten lines at most",
      { output: numbered(11) },
      `:\n${Array.from({ length: 10 }, (_, i) => `    line ${i + 2}`).join("\n")}`,
    ],
    ["a thousand bytes at most", { output: `${"x".repeat(1000)}y` }, `:\n    ${"x".repeat(999)}y`],
    ["how much is not kept", { output: "end", dropped: 1200 }, " (before them 1200 bytes are not kept):\n    end"],
    ["one byte that is not kept", { output: "end", dropped: 1 }, " (before them 1 byte is not kept):\n    end"],
  ])("show %s", (_, fields, shown) => {
    const results = { "i-1": result({ exitCode: 1, ...fields }), "i-2": result({ exitCode: 1, output: "other" }) };
    expect(describeFailures(results, ["i-1", "i-2"], false)).toEqual([
      `"i-1", "i-2": exited with code 1; last lines of "i-1"${shown}`,
    ]);
  });

  it.each(["", "\n\n", "  \r\n"])("show no output where there is none to read: %j", (output) => {
    const results = { "i-1": result({ exitCode: 1, output }) };
    expect(describeFailures(results, ["i-1"], false)).toEqual(['"i-1": exited with code 1']);
    expect(describeFailures(results, ["i-1"], true)).toEqual(['"i-1": exited with code 1']);
  });

  it("show no output that may hold a secret", () => {
    const results = { "i-1": result({ exitCode: 1, output: "password: s3cret" }) };
    expect(describeFailures(results, ["i-1"], true)).toEqual([
      '"i-1": exited with code 1; the output is not shown, since a parameter is a secret',
    ]);
  });
});
