import { formatRunTag } from "../../../provider/rules/identity";
import { INPUT_NAMES, type InvocationInputs } from "../../../provider/rules/inputs";
import { makeRun } from "../../../provider/rules/run";
import { EXAMPLES, ONE, OTHER } from "./examples";

const URN = "urn:pulumi:dev::app::pulumi-nodejs:dynamic:Resource::nightly";

const INPUTS: InvocationInputs = {
  commandId: "c-1",
  instanceIds: ["i-1", "i-2"],
  regionId: "cn-hangzhou",
  repeatMode: "Once",
};

const tagOf = (inputs: InvocationInputs) => formatRunTag(URN, makeRun(inputs));

it.each(INPUT_NAMES)("%s makes another run unless it steers this tool alone", (name) => {
  const isSame = tagOf({ ...ONE, [name]: OTHER[name] }) === tagOf(ONE);
  expect(isSame).toBe(!EXAMPLES[name].identifies);
});

it.each<[string, Partial<InvocationInputs>, Partial<InvocationInputs>]>([
  ["a schedule in other words", { frequency: "0 0 2 * * ? UTC" }, { frequency: "0 0 2 ? * * UTC" }],
  [
    "at a time, with and without its zone",
    { frequency: "at(2030-01-31 13:15:30)" },
    { frequency: "at(2030-01-31 13:15:30 UTC)" },
  ],
  ["instances in another order", { instanceIds: ["i-1", "i-2"] }, { instanceIds: ["i-2", "i-1"] }],
  ["no tags and none given", { tags: {} }, {}],
  ["no triggers and none given", { triggers: [] }, {}],
  ["no parameters and none given", { parameters: {} }, {}],
])("finds no difference in %s", (_, before, after) => {
  expect(tagOf({ ...INPUTS, ...before })).toBe(tagOf({ ...INPUTS, ...after }));
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
  expect(tagOf(shuffled as unknown as InvocationInputs)).toBe(tagOf({ ...INPUTS, parameters }));
});

it("is a tag value that the service takes, and shows nothing of the parameters", () => {
  const tag = formatRunTag(URN, { ...INPUTS, parameters: { password: "s3cret" } });
  expect(tag).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{32}$/);
});
