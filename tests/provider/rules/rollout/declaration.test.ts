import fc from "fast-check";
import { parseRollout } from "../../../../provider/rules/rollout/declaration";
import { ROLLOUT_INPUT_NAMES } from "../../../../provider/rules/rollout/inputs";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

it("keeps what the program says, and fills in only what stack and inputs decide", () => {
  const { properties, inputs, policy, failures } = parseRollout(
    { commandId: "c-1", instanceIds: ["i-2", "i-1", "i-2"], through: 2, first: undefined },
    "cn-hangzhou",
  );
  expect(failures).toEqual([]);
  expect(properties).toEqual({
    commandId: "c-1",
    instanceIds: ["i-1", "i-2"],
    regionId: "cn-hangzhou",
    repeatMode: "Once",
    through: 2,
  });
  expect(inputs).toMatchObject({ commandId: "c-1" });
  expect(policy).toMatchObject({ waves: [1, "10%", "50%", "100%"], maxFailures: 0, through: 2 });
});

it("lets pass what is not known yet", () => {
  const { inputs, policy, failures } = parseRollout({ commandId: "c-1", instanceIds: UNKNOWN, waves: UNKNOWN }, "r");
  expect([inputs, policy, failures]).toEqual([undefined, undefined, []]);
});

it("says all that is wrong, of what and of how", () => {
  const { failures } = parseRollout({ instanceIds: ["x"], waves: [], adopt: "t-1" }, undefined);
  expect(failures.map(({ property }) => property)).toEqual([
    "instanceIds",
    "adopt",
    "regionId",
    "commandContent",
    "waves",
  ]);
});

it("never throws, whatever it is given", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...ROLLOUT_INPUT_NAMES, "adopt", "x"), fc.jsonValue()), (raw) => {
      const { inputs, policy, failures } = parseRollout(raw, "cn-hangzhou");
      expect(inputs === undefined || policy === undefined || failures.length === 0).toBe(true);
    }),
  );
});
