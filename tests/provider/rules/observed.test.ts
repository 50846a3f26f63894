import type { InvocationInputs } from "../../../provider/rules/inputs";
import { type ObservedInvocation, observeInputs, observeLiveInputs } from "../../../provider/rules/observed";

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

const RECORD: ObservedInvocation = {
  invokeId: "t-1",
  commandId: "c-1",
  commandName: "",
  repeatMode: "Period",
  frequency: "0 0 2 * * ?",
  parameters: { env: "blue", port: "80" },
  username: "",
  workingDir: "",
  timeout: 60,
  containerId: "",
  containerName: "",
  launcher: "",
  terminationMode: "",
  ossOutputDelivery: "",
  invocationStatus: "Scheduled",
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
    ["a frequency in other words", KNOWN, { frequency: "0  0 2 * * *" }, {}],
    ["another frequency", KNOWN, { frequency: "rate(5m)" }, { frequency: "rate(5m)" }],
    ["a frequency that the service leaves out", KNOWN, { frequency: "" }, {}],
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

describe("an invocation of which nothing is known", () => {
  it("tells what it runs", () => {
    expect(observeInputs("cn-hangzhou", { ...RECORD, instances: [machine("i-2"), machine("i-1")] })).toStrictEqual({
      commandId: "c-1",
      instanceIds: ["i-1", "i-2"],
      regionId: "cn-hangzhou",
      repeatMode: "Period",
      frequency: "0 0 2 * * ?",
      parameters: { env: "blue", port: "80" },
      timeout: 60,
    });
  });

  it("tells every input that the service shows", () => {
    const shown = {
      username: "admin",
      workingDir: "/srv",
      containerId: "docker://1",
      containerName: "web",
      launcher: "sh",
      terminationMode: "ProcessTree",
      ossOutputDelivery: "oss://bucket",
    };
    expect(observeInputs("cn-hangzhou", { ...RECORD, ...shown })).toMatchObject(shown);
  });

  it("leaves out what the service leaves empty", () => {
    const bare = {
      ...RECORD,
      commandId: "",
      commandName: "ACS-x",
      repeatMode: "",
      frequency: "",
      parameters: {},
      timeout: 0,
    };
    expect(observeInputs("cn-hangzhou", bare)).toStrictEqual({
      commandId: "ACS-x",
      instanceIds: ["i-1", "i-2"],
      regionId: "cn-hangzhou",
      repeatMode: "Once",
    });
  });
});
