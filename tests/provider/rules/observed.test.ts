import type { InvocationInputs } from "../../../provider/rules/inputs";
import {
  type ObservedInvocation,
  observeInputs,
  observeLiveInputs,
  omitDefaults,
} from "../../../provider/rules/observed";

const machine = (instanceId: string, invocationStatus = "Scheduled") => ({
  instanceId,
  invocationStatus,
  output: "",
  dropped: 0,
  errorCode: "",
  errorInfo: "",
  startTime: "",
  finishTime: "",
  repeats: 0,
});

const TEXTS = { CommandId: "c-1", RepeatMode: "Period", Frequency: "0 0 2 * * ?", Timeout: "60", Username: "" };

const RECORD: ObservedInvocation = {
  texts: TEXTS,
  parameters: { env: "blue", port: "80" },
  instances: [machine("i-1"), machine("i-2")],
};

const KNOWN: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Period",
  frequency: "0 0 2 * * ?",
  parameters: { port: "80", env: "blue" },
};

const { parameters, ...WITHOUT_PARAMETERS } = KNOWN;

describe("what lives on with other values", () => {
  it.each<[string, InvocationInputs, Partial<ObservedInvocation>, Partial<InvocationInputs>]>([
    ["nothing", KNOWN, {}, {}],
    ["a frequency in other words", KNOWN, { texts: { ...TEXTS, Frequency: "0  0 2 * * *" } }, {}],
    ["another frequency", KNOWN, { texts: { ...TEXTS, Frequency: "rate(5m)" } }, { frequency: "rate(5m)" }],
    ["a frequency that the service leaves out", KNOWN, { texts: { ...TEXTS, Frequency: "" } }, {}],
    ["another parameter", KNOWN, { parameters: { env: "green" } }, { parameters: { env: "green" } }],
    ["parameters that are gone", KNOWN, { parameters: {} }, { parameters: {} }],
    ["no parameters, as before", WITHOUT_PARAMETERS, { parameters: {} }, {}],
    [
      "a machine that somebody added",
      KNOWN,
      { instances: [machine("i-2"), machine("i-1"), machine("i-0")] },
      { instanceIds: ["i-0", "i-1", "i-2"] },
    ],
    ["a machine that joined and has ended", KNOWN, { instances: [machine("i-0", "Cancelled")] }, {}],
    ["a machine that was stopped", KNOWN, { instances: [machine("i-1", "Cancelled"), machine("i-2")] }, {}],
    ["machines that the service chose", { ...KNOWN, instanceIds: undefined as never }, {}, {}],
  ])("%s", (_, known, record, live) => {
    expect(observeLiveInputs(known, { ...RECORD, ...record })).toEqual(live);
  });
});

describe("what holds where nothing is declared", () => {
  const command = { timeout: 300, workingDir: "/srv", launcher: "bash -e" };
  const linux = { CommandType: "RunShellScript", Username: "root", TerminationMode: "Process" };
  const windows = { CommandType: "RunBatScript", Username: "System", TerminationMode: "Process" };

  // [what, texts of the record, the command, what is left as declared]
  it.each<[string, Record<string, string>, typeof command | undefined, string[]]>([
    ["the command's", { ...linux, Timeout: "300", WorkingDir: "/srv", Launcher: "bash -e" }, command, []],
    ["the service's", { ...linux, Timeout: "60", WorkingDir: "/root" }, undefined, []],
    ["the service's on Windows", { ...windows, Timeout: "60", WorkingDir: "C:\\Windows\\System32" }, undefined, []],
    [
      "of a command that says nothing",
      { ...linux, Timeout: "60", WorkingDir: "/root", Launcher: "" },
      { timeout: 0, workingDir: "", launcher: "" },
      ["Launcher"],
    ],
    [
      "nothing: all is declared",
      {
        ...linux,
        Timeout: "60",
        WorkingDir: "/root",
        Launcher: "sh",
        Username: "admin",
        TerminationMode: "ProcessTree",
      },
      command,
      ["Launcher", "TerminationMode", "Timeout", "Username", "WorkingDir"],
    ],
    ["on Windows case is none", { ...windows, Username: "SYSTEM", WorkingDir: "C:\\WINDOWS\\system32" }, undefined, []],
    [
      "the home of the user",
      { CommandType: "RunShellScript", Username: "admin", WorkingDir: "/home/admin" },
      undefined,
      ["Username"],
    ],
    [
      "the home of another user",
      { CommandType: "RunShellScript", Username: "admin", WorkingDir: "/root" },
      undefined,
      ["Username", "WorkingDir"],
    ],
    ["on Windows root is a user", { ...windows, Username: "root" }, undefined, ["Username"]],
  ])("%s", (_, texts, of, declared) => {
    const { CommandType, ...left } = omitDefaults({ ...RECORD, texts }, of).texts;
    expect(Object.keys(left).sort()).toEqual(declared);
  });
});

describe("an invocation of which nothing is known", () => {
  it("tells what it runs", () => {
    expect(
      observeInputs("cn-hangzhou", { ...RECORD, instances: [machine("i-2"), machine("i-1")] }, false),
    ).toStrictEqual({
      commandId: "c-1",
      instanceIds: ["i-1", "i-2"],
      regionId: "cn-hangzhou",
      repeatMode: "Period",
      frequency: "0 0 2 * * ?",
      parameters: { env: "blue", port: "80" },
      timeout: 60,
    });
  });

  it("tells the script where it runs one", () => {
    const script = Buffer.from("echo ü\n").toString("base64");
    const texts = { CommandId: "c-1", CommandContent: script, CommandType: "RunShellScript", RepeatMode: "Once" };
    const record = { ...RECORD, parameters: {}, texts };
    expect(observeInputs("cn-hangzhou", record, true)).toStrictEqual({
      commandContent: "echo ü\n",
      type: "RunShellScript",
      instanceIds: ["i-1", "i-2"],
      regionId: "cn-hangzhou",
      repeatMode: "Once",
    });
    const { commandContent, type, ...rest } = observeInputs("cn-hangzhou", record, false);
    expect([commandContent, type, rest.commandId]).toEqual([undefined, undefined, "c-1"]);
  });

  it("leaves out what the service leaves empty", () => {
    const bare = {
      ...RECORD,
      texts: { CommandId: "", CommandName: "ACS-x", RepeatMode: "", Timeout: "0" },
      parameters: {},
    };
    expect(observeInputs("cn-hangzhou", bare, false)).toStrictEqual({
      commandId: "ACS-x",
      instanceIds: ["i-1", "i-2"],
      regionId: "cn-hangzhou",
      repeatMode: "Once",
    });
  });
});
