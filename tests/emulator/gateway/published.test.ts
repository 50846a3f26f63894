import * as actions from "../../../emulator/actions";
import { PUBLISHED_ACTIONS } from "../../../emulator/gateway/published";

test("an action that is emulated is one that is published", () => {
  expect(Object.values(actions).filter(({ name }) => !PUBLISHED_ACTIONS.has(name))).toEqual([]);
});

test.each(["RebootInstances", "SendFile", "RunInstances", "DescribeInvocations"])("%s is published", (name) => {
  expect(PUBLISHED_ACTIONS.has(name)).toBe(true);
});
