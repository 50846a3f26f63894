// examples/bootstrap under Pulumi's mocks: which resources it declares, and what each is given.
import { runtime } from "@pulumi/pulumi";
import { config as replace } from "../../examples/bootstrap/replace";
import { config as update } from "../../examples/bootstrap/update";

import program = require("../../examples/bootstrap");

const BASE = { vswitchId: "vsw-1", securityGroups: '["sg-1"]' };

interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** The resources that the program declares under this configuration. */
async function declare(config: Record<string, string>): Promise<Declared[]> {
  const declared: Declared[] = [];
  runtime.setAllConfig(Object.fromEntries(Object.entries(config).map(([key, value]) => [`project:${key}`, value])));
  await runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      declared.push({ type, name, inputs });
      return { id: `${type === "alicloud:ecs/instance:Instance" ? "i" : "id"}-${name}`, state: inputs };
    },
    call: () => ({}),
  });
  await runtime.runInPulumiStack(program);
  await runtime.disconnect();
  return declared;
}

const invocations = (declared: Declared[]) =>
  declared.filter(({ type }) => type.endsWith(":Invocation")).map(({ inputs }) => inputs);

test("one invocation stands for all machines", async () => {
  const given = invocations(await declare(BASE));
  expect(given).toMatchObject([
    {
      commandContent: "yum install --assumeyes {{packages}}",
      instanceIds: ["i-web1", "i-web2"],
      parameters: { packages: "nginx" },
    },
  ]);
});

test("update: a new machine joins, and nothing else changes", async () => {
  const [before] = invocations(await declare(BASE));
  const after = invocations(await declare({ ...BASE, ...update }));
  expect(after).toEqual([{ ...before, instanceIds: ["i-web1", "i-web2", "i-web3"] }]);
});

test("replace: other packages change what every machine is given", async () => {
  const given = invocations(await declare({ ...BASE, ...replace }));
  expect(given).toMatchObject([{ instanceIds: ["i-web1", "i-web2"], parameters: { packages: "nginx certbot" } }]);
});
