import { INPUT_NAMES } from "../../../provider/rules/inputs";
import { formatRequest, makeRun } from "../../../provider/rules/run";
import { EXAMPLES, ONE } from "./examples";

it.each(INPUT_NAMES)("the request holds %s where the service takes it", (name) => {
  expect(formatRequest(makeRun({ [name]: ONE[name] } as never))).toEqual(EXAMPLES[name].request ?? {});
});

it.each(INPUT_NAMES)("%s is part of a run unless it steers this tool alone", (name) => {
  expect(name in makeRun(ONE)).toBe(EXAMPLES[name].identifies || EXAMPLES[name].request !== undefined);
});

it("is made for some of the instances, whatever chose them", () => {
  const { instanceIds, resourceTags } = makeRun(ONE, ["i-9"]);
  expect([instanceIds, resourceTags]).toEqual([["i-9"], undefined]);
});
