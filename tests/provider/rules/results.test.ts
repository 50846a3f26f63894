import fc from "fast-check";
import {
  areFinal,
  cutResults,
  failedInstances,
  fitResults,
  formatResults,
  type InstanceResult,
  invokeIdsOf,
  type ObservedInstance,
  type Results,
  statusOf,
  tailOf,
} from "../../../provider/rules/results";

const OBSERVED: ObservedInstance = {
  instanceId: "i-1",
  invocationStatus: "Success",
  exitCode: 0,
  output: "",
  dropped: 0,
  errorCode: "",
  errorInfo: "",
  startTime: "2026-01-01T00:00:00Z",
  finishTime: "2026-01-01T00:00:01Z",
  repeats: 1,
};

const of = (...instances: ObservedInstance[]): Results =>
  formatResults({ invokeId: "t-1", texts: { CommandType: "RunShellScript" }, instances });

const result = (fields: Partial<InstanceResult> = {}): InstanceResult => ({
  status: "Success",
  output: "",
  dropped: 0,
  repeats: 1,
  invokeId: "t-1",
  ...fields,
});

describe("the tail of a text", () => {
  it.each([
    ["abc", 4, "abc", 0],
    ["abc", 3, "abc", 0],
    ["abc", 2, "bc", 1],
    ["abc", 0, "", 3],
    ["", 0, "", 0],
    ["aé", 2, "é", 1],
    ["aé", 1, "", 3],
    ["é€", 4, "€", 2],
    ["é€", 3, "€", 2],
    ["é€", 2, "", 5],
    ["x😀y", 5, "😀y", 1],
    ["x😀y", 4, "y", 5],
  ])("%j in %i bytes is %j, %i cut", (text, maxBytes, tail, cutBytes) => {
    expect(tailOf(text, maxBytes)).toEqual({ tail, cutBytes });
  });

  it("fits, keeps whole characters, loses less than one of them, and counts what it cuts", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 50 });
    fc.assert(
      fc.property(text, fc.nat(100), (whole, maxBytes) => {
        const { tail, cutBytes } = tailOf(whole, maxBytes);
        expect(whole.endsWith(tail)).toBe(true);
        expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(maxBytes);
        expect(Buffer.byteLength(tail) + cutBytes).toBe(Buffer.byteLength(whole));
        if (cutBytes > 0) expect(Buffer.byteLength(tail)).toBeGreaterThan(maxBytes - 4);
      }),
    );
  });
});

describe("the result of a machine", () => {
  it.each<[string, Partial<ObservedInstance>, Partial<InstanceResult>]>([
    ["succeeded", { output: "done\n" }, { output: "done\n" }],
    [
      "failed",
      {
        invocationStatus: "Failed",
        exitCode: 3,
        errorCode: "ExitCodeNonzero",
        errorInfo: "The command execution exit code is not zero.",
      },
      {
        status: "Failed",
        exitCode: 3,
        errorCode: "ExitCodeNonzero",
        errorInfo: "The command execution exit code is not zero.",
      },
    ],
    ["still runs", { invocationStatus: "Running", finishTime: "" }, { status: "Running" }],
    [
      "was never reached",
      {
        invocationStatus: "Aborted",
        startTime: "",
        finishTime: "",
        repeats: 0,
        errorCode: "InstanceNotRunning",
        errorInfo: "the instance is not running when create task",
      },
      {
        status: "Aborted",
        repeats: 0,
        errorCode: "InstanceNotRunning",
        errorInfo: "the instance is not running when create task",
      },
    ],
    ["printed more than is kept", { output: "0123456789" }, { output: "456789", dropped: 4 }],
    ["printed more than the service keeps", { output: "0123456789", dropped: 100 }, { output: "456789", dropped: 104 }],
    ["printed exactly what is kept", { output: "012345" }, { output: "012345", dropped: 0 }],
  ])("%s", (_, observed, expected) => {
    const ended = observed.finishTime !== "";
    const started = observed.startTime !== "";
    expect(cutResults(of({ ...OBSERVED, ...observed }), 6)).toEqual({
      "i-1": result({
        ...(ended ? { exitCode: 0, finishTime: OBSERVED.finishTime } : {}),
        ...(started ? { startTime: OBSERVED.startTime } : {}),
        ...expected,
      }),
    });
  });

  it("keeps no output where none is wanted", () => {
    expect(cutResults(of({ ...OBSERVED, output: "abc" }), 0)["i-1"]).toMatchObject({ output: "", dropped: 3 });
  });

  it("has no exit code where the service tells none", () => {
    const { exitCode, ...silent } = OBSERVED;
    expect(of(silent)["i-1"]).not.toHaveProperty("exitCode");
  });

  it("stands once, however often a page repeats it", () => {
    expect(of(OBSERVED, OBSERVED)).toEqual(of(OBSERVED));
  });

  it("of a status that is not known has its exit code, whatever the times say", () => {
    const observed = { ...OBSERVED, invocationStatus: "7", exitCode: 3, finishTime: "" };
    expect(of(observed)["i-1"]).toMatchObject({ status: "7", exitCode: 3 });
  });

  // [type of the command, exit code, status, what the machine does]
  it.each([
    ["RunShellScript", 193, "Failed", "stop"],
    ["RunShellScript", 194, "Failed", "restart"],
    ["RunShellScript", 194, "Scheduled", "restart"],
    ["RunShellScript", 194, "Terminated", undefined],
    ["RunShellScript", 195, "Failed", undefined],
    ["RunPowerShellScript", 3009, "Failed", "stop"],
    ["RunPowerShellScript", 3010, "Failed", "restart"],
    ["RunBatScript", 1641, "Failed", "restart"],
    ["RunBatScript", 193, "Failed", undefined],
    [undefined, 194, "Failed", "restart"],
    [undefined, 3010, "Failed", "restart"],
  ])("of a %s with exit code %i, %s: %j", (type, exitCode, invocationStatus, effect) => {
    const instances = [{ ...OBSERVED, exitCode, invocationStatus }];
    const results = formatResults({ invokeId: "t-1", texts: type ? { CommandType: type } : {}, instances });
    expect(results["i-1"]).toMatchObject({ exitCode, status: invocationStatus });
    expect(results["i-1"]?.exitEffect).toBe(effect);
  });

  it("is plain: what the state cannot hold is absent, not undefined", () => {
    const results = of(OBSERVED, { ...OBSERVED, instanceId: "i-2", finishTime: "" });
    expect(JSON.parse(JSON.stringify(results))).toStrictEqual(results);
  });

  it("stands in the order of ids, whatever the order of pages", () => {
    const machines = (ids: string[]) => ids.map((instanceId) => ({ ...OBSERVED, instanceId }));
    expect(JSON.stringify(of(...machines(["i-3", "i-1", "i-2"])))).toBe(
      JSON.stringify(of(...machines(["i-1", "i-2", "i-3"]))),
    );
  });
});

describe("results that must fit together", () => {
  const size = (results: Results) => Buffer.byteLength(JSON.stringify(results));
  const fleet = (n: number, output: string): Results =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`i-${i}`, result({ output })]));

  it("stay as they are when they do", () => {
    const results = fleet(3, "x".repeat(5000));
    expect(fitResults(results, size(results))).toBe(results);
  });

  it("are cut evenly when they do not", () => {
    const fitted = fitResults(fleet(100, "x".repeat(24_576)), 36 * 1024);
    expect(size(fitted)).toBeLessThanOrEqual(36 * 1024);
    const kept = new Set(Object.values(fitted).map(({ output, dropped }) => `${output.length} ${dropped}`));
    expect([...kept]).toEqual(["256 24320"]);
  });

  it("lose the whole output before anything else", () => {
    const bare = { "i-1": result({ output: "", dropped: 3, exitCode: 1, errorInfo: "why" }) };
    const results = { "i-1": result({ output: "abc", exitCode: 1, errorInfo: "why" }) };
    expect(fitResults(results, size(bare))).toEqual(bare);
  });

  it("fit or hold no output, keep tails, and count what they lose", () => {
    const outputs = fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(outputs, fc.nat(4000), (texts, maxBytes) => {
        const results = Object.fromEntries(texts.map((output, i) => [`i-${i}`, result({ output })]));
        const fitted = fitResults(results, maxBytes);
        const kept = Object.values(fitted);
        expect(size(fitted) <= maxBytes || kept.every(({ output }) => output === "")).toBe(true);
        texts.forEach((text, i) => {
          const { output = "", dropped } = fitted[`i-${i}`] ?? {};
          expect(text.endsWith(output)).toBe(true);
          expect(dropped).toBe(Buffer.byteLength(text) - Buffer.byteLength(output));
        });
      }),
    );
  });
});

it.each([
  ["Once", ["i-aborted", "i-failed", "i-terminated", "i-timeout"]],
  ["Period", ["i-aborted", "i-terminated"]],
  ["EveryReboot", ["i-aborted", "i-terminated"]],
  ["NextRebootOnly", ["i-aborted", "i-terminated"]],
] as const)("of %s these have failed: %j", (repeatMode, ids) => {
  const statuses = ["Aborted", "Failed", "Hibernating", "Pending", "Running", "Success", "Terminated", "Timeout"];
  const results = Object.fromEntries(statuses.map((status) => [`i-${status.toLowerCase()}`, result({ status })]));
  expect(failedInstances(results, repeatMode)).toEqual(ids);
});

// [status, fields, whether it has failed]
it.each<[string, Partial<InstanceResult>, boolean]>([
  ["Skipped", { finishTime: "T" }, true],
  ["Skipped", {}, false],
  ["7", { exitCode: 1 }, true],
  ["7", { exitCode: 0 }, false],
  ["7", { exitCode: 0, errorCode: "Surprise" }, true],
  ["success", {}, false],
  ["FAILED", {}, true],
  ["", { finishTime: "T" }, true],
  ["Failed", { exitCode: 194, exitEffect: "restart" }, false],
])("a one-shot that is %j with %j has failed: %j", (status, fields, failed) => {
  expect(failedInstances({ "i-1": result({ status, ...fields }) }, "Once")).toEqual(failed ? ["i-1"] : []);
});

// [status of the record, machines, status]
it.each<[string, Partial<ObservedInstance>[], string]>([
  ["Success", [{}], "Success"],
  ["success", [{}], "Success"],
  ["Finished", [{}, { invocationStatus: "Failed", exitCode: 1 }], "PartialFailed"],
  ["Finished", [{ invocationStatus: "7" }], "Success"],
  ["Finished", [{}, { invocationStatus: "Running", finishTime: "" }], "Finished"],
  ["Finished", [], "Finished"],
  ["", [{}], "Success"],
  ["Stopped", [{}], "Stopped"],
])("a record that is %j over %j is %j", (status, machines, expected) => {
  const instances = machines.map((machine, i) => ({ ...OBSERVED, instanceId: `i-${i}`, ...machine }));
  expect(statusOf({ invokeId: "t-1", texts: { InvocationStatus: status }, instances })).toBe(expected);
});

it("names every invocation once, the resource's own first", () => {
  const results = {
    "i-1": result({ invokeId: "t-2" }),
    "i-2": result({ invokeId: "t-1" }),
    "i-3": result({ invokeId: "t-2" }),
  };
  expect(invokeIdsOf("t-1", results)).toEqual(["t-1", "t-2"]);
  expect(invokeIdsOf("t-1", {})).toEqual(["t-1"]);
});

describe("the delivery of the whole output", () => {
  it.each<[string, Partial<ObservedInstance>, Partial<InstanceResult>]>([
    ["none", { ossOutputUri: "", ossOutputStatus: "", ossOutputErrorCode: "", ossOutputErrorInfo: "" }, {}],
    [
      "there",
      { ossOutputUri: "oss://b/1", ossOutputStatus: "Finished" },
      { ossOutputUri: "oss://b/1", ossOutputStatus: "Finished" },
    ],
    [
      "failed",
      { ossOutputStatus: "Failed", ossOutputErrorCode: "NoSuchBucket", ossOutputErrorInfo: "none" },
      { ossOutputStatus: "Failed", ossOutputError: "NoSuchBucket: none" },
    ],
    ["failed without a sentence", { ossOutputErrorCode: "NoSuchBucket" }, { ossOutputError: "NoSuchBucket" }],
  ])("%s", (_, observed, told) => {
    expect(of({ ...OBSERVED, ...observed })["i-1"]).toEqual({ ...of(OBSERVED)["i-1"], ...told });
  });

  it("that is under way is looked at again", () => {
    const done = { finishTime: "2026-01-01T00:00:01Z" };
    expect(areFinal({ "i-1": result({ ...done, ossOutputStatus: "Finished" }) })).toBe(true);
    expect(areFinal({ "i-1": result({ ...done, ossOutputStatus: "InProgress" }) })).toBe(false);
  });
});
