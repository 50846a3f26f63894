import type { InvocationInputs } from "../../../provider/rules/inputs";
import { INPUT_NAMES } from "../../../provider/rules/inputs";
import { formatRunTag } from "../../../provider/rules/run";

const URN = "urn:pulumi:dev::app::pulumi-nodejs:dynamic:Resource::nightly";

const INPUTS: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Once",
};

const OTHER: { [K in keyof Required<InvocationInputs>]: InvocationInputs[K] } = {
  commandId: "c-2",
  instanceIds: ["i-1"],
  resourceTags: { a: "b" },
  regionId: "cn-beijing",
  repeatMode: "EveryReboot",
  frequency: "rate(5m)",
  timed: true,
  parameters: { a: "b" },
  timeout: 10,
  username: "admin",
  windowsPasswordName: "p",
  workingDir: "/",
  containerId: "c",
  containerName: "c",
  launcher: "sh",
  terminationMode: "Process",
  ossOutputDelivery: "oss://b",
  resourceGroupId: "rg-1",
  tags: { a: "b" },
  triggers: [1],
  preflight: false,
  dryRun: true,
  agentTimeout: 1,
  waitTimeout: 1,
  onFailure: "warn",
  maxOutputBytes: 1,
  adopt: "t-1",
};

const STEERING = [
  "timed",
  "preflight",
  "dryRun",
  "agentTimeout",
  "waitTimeout",
  "onFailure",
  "maxOutputBytes",
  "adopt",
];

it.each(INPUT_NAMES)("%s makes another run unless it steers this tool alone", (name) => {
  const isSame = formatRunTag(URN, { ...INPUTS, [name]: OTHER[name] }) === formatRunTag(URN, INPUTS);
  expect(isSame).toBe(STEERING.includes(name));
});

it("is another for another resource, with the same half for the same run", () => {
  const [ours = "", run] = formatRunTag(URN, INPUTS).split(".");
  const [theirs, sameRun] = formatRunTag(`${URN}2`, INPUTS).split(".");
  expect(theirs).not.toBe(ours);
  expect(sameRun).toBe(run);
});

it("is another for a run that follows on others, in whatever order they are told", () => {
  expect(formatRunTag(URN, INPUTS, ["t-1"])).not.toBe(formatRunTag(URN, INPUTS));
  expect(formatRunTag(URN, INPUTS, ["t-1", "t-2"])).not.toBe(formatRunTag(URN, INPUTS, ["t-1"]));
  expect(formatRunTag(URN, INPUTS, ["t-2", "t-1"])).toBe(formatRunTag(URN, INPUTS, ["t-1", "t-2"]));
});

it("finds no meaning in the order of keys, nor in what is undefined", () => {
  const parameters = { a: "1", b: "2" };
  const { commandId, ...rest } = INPUTS;
  const shuffled = { parameters: { b: "2", a: "1" }, ...rest, commandId, username: undefined };
  expect(formatRunTag(URN, shuffled as unknown as InvocationInputs)).toBe(formatRunTag(URN, { ...INPUTS, parameters }));
});

it("is a tag value that the service takes, and shows nothing of the parameters", () => {
  const tag = formatRunTag(URN, { ...INPUTS, parameters: { password: "s3cret" } });
  expect(tag).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{32}$/);
});
