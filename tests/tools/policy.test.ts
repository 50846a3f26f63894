import { formatPolicy, listActions, previewPolicy, updatePolicy } from "../../tools/policy";

const TRACE = {
  preview: ["DescribeCommands", "DescribeInvocations"],
  dryRun: ["InvokeCommand"],
  update: ["ModifyInvocationAttribute", "StopInvocation", "TagResources", "UntagResources"],
};

const ASKS = { Effect: "Allow", Action: ["ecs:DescribeCommands", "ecs:DescribeInvocations"], Resource: ["*"] };

test("a preview is allowed what it asks", () => {
  expect(previewPolicy(TRACE)).toEqual({ Version: "1", Statement: [ASKS] });
});

test("an update is allowed everything, each action once, on the resources that RAM holds it to", () => {
  const policy = updatePolicy(TRACE);
  expect(policy).toEqual({
    Version: "1",
    Statement: [
      ASKS,
      { Effect: "Allow", Action: ["ecs:InvokeCommand"], Resource: ["acs:ecs:*:*:instance/*", "acs:ecs:*:*:command/*"] },
      {
        Effect: "Allow",
        Action: ["ecs:ModifyInvocationAttribute"],
        Resource: ["acs:ecs:*:*:invocation/*", "acs:ecs:*:*:instance/*"],
      },
      { Effect: "Allow", Action: ["ecs:StopInvocation"], Resource: ["acs:ecs:*:*:instance/*"] },
      { Effect: "Allow", Action: ["ecs:TagResources", "ecs:UntagResources"], Resource: ["*"] },
    ],
  });
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  expect(allowed.sort()).toEqual(listActions(TRACE).map((action) => `ecs:${action}`));
});

test("it is written as a file that ends with a line's end", () => {
  expect(formatPolicy({ Version: "1", Statement: [] })).toBe('{\n  "Version": "1",\n  "Statement": []\n}\n');
});
