import { describePermission, resourcesOf } from "../../../provider/cloud/permissions";

test.each([
  ["DescribeInstances", ["*"], '"ecs:DescribeInstances"'],
  ["TagResources", ["*"], '"ecs:TagResources"'],
  [
    "InvokeCommand",
    ["acs:ecs:*:*:instance/*", "acs:ecs:*:*:command/*"],
    '"ecs:InvokeCommand" on "acs:ecs:*:*:instance/*" and "acs:ecs:*:*:command/*"',
  ],
  [
    "ModifyInvocationAttribute",
    ["acs:ecs:*:*:invocation/*", "acs:ecs:*:*:instance/*"],
    '"ecs:ModifyInvocationAttribute" on "acs:ecs:*:*:invocation/*" and "acs:ecs:*:*:instance/*"',
  ],
  ["StopInvocation", ["acs:ecs:*:*:instance/*"], '"ecs:StopInvocation" on "acs:ecs:*:*:instance/*"'],
])("%s needs %j: %s", (action, resources, words) => {
  expect(resourcesOf(action)).toEqual(resources);
  expect(describePermission(action)).toBe(words);
});
