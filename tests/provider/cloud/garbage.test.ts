import { setImmediate as turn } from "node:timers/promises";
import { collectGarbage } from "../../../provider/cloud/garbage";

const service = { endpoint: "the service", regionId: "cn-hangzhou", call: async (action: string) => ({ action }) };

test("what is no longer held is collected after so many calls, and the answers are the client's", async () => {
  const client = collectGarbage(service, 2);
  const garbage = new WeakRef({ answered: "long ago" });
  await turn();
  expect(await client.call("DescribeInvocations", {})).toEqual({ action: "DescribeInvocations" });
  expect(await client.call("InvokeCommand", {})).toEqual({ action: "InvokeCommand" });
  await turn();
  expect(garbage.deref()).toBeUndefined();
  expect([client.endpoint, client.regionId]).toEqual(["the service", "cn-hangzhou"]);
});

test("a failure of the client is passed on", async () => {
  const failure = new Error("refused");
  const client = collectGarbage({ ...service, call: () => Promise.reject(failure) }, 1);
  await expect(client.call("InvokeCommand", {})).rejects.toBe(failure);
});
