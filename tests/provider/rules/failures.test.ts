import { describeDeliveries, describeExits, describeFailures, describeResult } from "../../../provider/rules/failures";
import type { InstanceResult, Results } from "../../../provider/rules/results";

const result = (fields: Partial<InstanceResult>): InstanceResult => ({
  status: "Failed",
  output: "",
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
  ...fields,
});

const PLAIN = { isSecret: false, maxOutputBytes: 4096 };
const SECRET = { isSecret: true, maxOutputBytes: 4096 };

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
    [{ status: "Error", errorInfo: `${"x".repeat(5000)} y` }, `Error: ${"x".repeat(998)} y`],
    [{ status: "Invalid", errorInfo: "no such type" }, "Invalid: no such type"],
    [{ status: "Error", errorCode: "Surprise" }, "Error (Surprise)"],
    [{ status: "Error", errorCode: "Error" }, "Error"],
    [{ status: "Failed", exitCode: 0 }, "Failed"],
    [
      { status: "Timeout", errorCode: "ClientNotRunning" },
      "Timeout (ClientNotRunning): the Cloud Assistant agent does not run; start it on the instance; the command may have run in part",
    ],
    [
      { status: "Error", errorCode: "InstanceNotRunning" },
      "Error (InstanceNotRunning): the instance is not running; start it; the command may have run in part",
    ],
    [
      { status: "Aborted", errorCode: "ClientNotRunning" },
      "Aborted (ClientNotRunning): the Cloud Assistant agent does not run; start it on the instance",
    ],
    [{ status: "Skipped" }, 'ended with the status "Skipped", which is not known here'],
    [{ status: "7", errorCode: "Surprise" }, 'ended with the status "7", which is not known here (Surprise)'],
    [{ status: "7", exitCode: 2 }, "exited with code 2"],
    [{ status: "Skipped", errorInfo: "another runs" }, "Skipped: another runs"],
    [{ status: "" }, "ended without a status"],
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
    expect(describeFailures(results, Object.keys(results), PLAIN)).toEqual([
      '"i-1", "i-2", "i-3", "i-4", "i-5", "i-6", "i-7", "i-8", "i-9", "i-10", "i-11", "i-12": Aborted (InstanceNotRunning): the instance is not running; start it',
      '"i-13": exited with code 1',
      '"i-14": exited with code 2',
    ]);
  });

  it("speak of the machines that are asked for only", () => {
    const results = { "i-1": result({ exitCode: 1 }), "i-2": result({ exitCode: 1 }) };
    expect(describeFailures(results, ["i-2", "i-9"], PLAIN)).toEqual(['"i-2": exited with code 1']);
    expect(describeFailures(results, [], PLAIN)).toEqual([]);
  });

  it.each<[string, Partial<InstanceResult>, string]>([
    ["the output of the first machine", { output: "no such file\n" }, ":\n    no such file"],
    ["no lines that show nothing at its end", { output: `a\n\n${"\x1b[0m\r\n".repeat(12)}` }, ":\n    a"],
    ["every line of it", { output: "a\n\n  b\r\nc\r\n" }, ":\n    a\n    \n      b\n    c"],
    ["what a terminal would show", { output: "1 %\r100 %\n\x1b[31mno\x07\x1b[0m" }, ":\n    100 %\n    no\\x07"],
    [
      "ten lines at most",
      { output: numbered(11) },
      `:\n${Array.from({ length: 10 }, (_, i) => `    line ${i + 2}`).join("\n")}`,
    ],
    ["a thousand bytes at most", { output: `${"x".repeat(1000)}y` }, `:\n    ${"x".repeat(999)}y`],
    ["how much is not kept", { output: "end", dropped: 1200 }, " (1200 bytes of its output are not kept):\n    end"],
    ["one byte that is not kept", { output: "end", dropped: 1 }, " (1 byte of its output is not kept):\n    end"],
  ])("show %s", (_, fields, shown) => {
    const results = { "i-1": result({ exitCode: 1, ...fields }), "i-2": result({ exitCode: 1, output: "other" }) };
    expect(describeFailures(results, ["i-1", "i-2"], PLAIN)).toEqual([
      `"i-1", "i-2": exited with code 1; last lines of "i-1"${shown}`,
    ]);
  });

  it("say it of what the state does not keep as well", () => {
    const results = { "i-1": result({ exitCode: 1, output: "one\ntwo\n", dropped: 5 }) };
    const say = (maxOutputBytes: number) => describeFailures(results, ["i-1"], { ...PLAIN, maxOutputBytes });
    const head = '"i-1": exited with code 1; last lines of "i-1"';
    expect(say(0)).toEqual([`${head} (13 bytes of its output are not kept):\n    one\n    two`]);
    expect(say(4)).toEqual([`${head} (9 bytes of its output are not kept):\n    one\n    two`]);
    expect(say(8)).toEqual([`${head} (5 bytes of its output are not kept):\n    one\n    two`]);
  });

  it("say nothing of the service's words where an input is secret, since they may quote it", () => {
    const results = {
      "i-1": result({ status: "Error", errorCode: "Surprise", errorInfo: "no such directory: /s3cret" }),
      "i-2": result({ status: "Invalid", errorCode: "DirectoryNotExists", errorInfo: "no such directory: /s3cret" }),
    };
    expect(describeFailures(results, ["i-1", "i-2"], SECRET)).toEqual([
      '"i-1": Error (Surprise)',
      '"i-2": Invalid (DirectoryNotExists): the working directory does not exist on the instance; correct workingDir or create it',
    ]);
  });

  it.each(["", "\n\n", "  \r\n"])("show no output where there is none to read: %j", (output) => {
    const results = { "i-1": result({ exitCode: 1, output }) };
    expect(describeFailures(results, ["i-1"], PLAIN)).toEqual(['"i-1": exited with code 1']);
    expect(describeFailures(results, ["i-1"], SECRET)).toEqual(['"i-1": exited with code 1']);
  });

  it("show no output that may hold a secret", () => {
    const results = { "i-1": result({ exitCode: 1, output: "password: s3cret" }) };
    expect(describeFailures(results, ["i-1"], SECRET)).toEqual([
      '"i-1": exited with code 1; the output is not shown, since an input is secret',
    ]);
  });
});

it("names the exit codes that have a meaning, with the machines and what happens", () => {
  const results: Results = {
    "i-1": result({ exitCode: 194, exitEffect: "restart" }),
    "i-2": result({ exitCode: 193, exitEffect: "stop" }),
    "i-3": result({ exitCode: 1 }),
    "i-4": result({ exitCode: 194, exitEffect: "restart" }),
    "i-5": result({ exitCode: 1641, exitEffect: "restart" }),
  };
  expect(describeExits(results)).toEqual([
    '"i-1", "i-4": exited with code 194, at which the agent restarts the instance; that is no failure, and nothing runs again',
    '"i-2": exited with code 193, at which the agent stops the instance; that is no failure, and nothing runs again',
    '"i-5": exited with code 1641, at which the Windows Installer restarts the instance; that is no failure, and nothing runs again',
  ]);
  expect(describeExits({})).toEqual([]);
});

it.each<[boolean, string]>([
  [false, "NoSuchBucket: there is no s3cret"],
  [true, "the reason is not shown, since an input is secret"],
])("says of outputs that could not be delivered why, unless an input is secret (%j)", (isSecret, reason) => {
  const failed = result({ ossOutputStatus: "Failed", ossOutputError: "NoSuchBucket: there is no s3cret" });
  const results: Results = { "i-1": failed, "i-2": failed, "i-3": result({ ossOutputStatus: "Finished" }) };
  expect(describeDeliveries(results, isSecret)).toEqual([
    `"i-1", "i-2": the whole output was not delivered to ossOutputDelivery (${reason}); see that the RAM role of the instances may write there`,
  ]);
});
