import { createTaggedInvocations } from "../../../provider/cloud/tagged";
import { type Call, failure, REQUEST_ID, type Service, startService, UNAVAILABLE } from "./service";

const KEY = "owner";
const SHARED = { key: "unsaved", value: "true" };

let service: Service;
afterEach(() => service.stop());

const range = (count: number, first = 0) => Array.from({ length: count }, (_, index) => `v-${first + index}`);

/** The value that a question is about; absent where it is about all that have the shared tag. */
const findValue = ({ parameters }: Call) => (parameters["Tag.1.Key"] === KEY ? parameters["Tag.1.Value"] : undefined);

/**
 * A search on a service that has one invocation for each of these values, two to a page.
 * @param refuse Answers instead of the service.
 */
async function searchAmong(
  values: string[],
  refuse: (call: Call) => ReturnType<typeof failure> | undefined = () => undefined,
) {
  service = await startService((call) => {
    const refusal = refuse(call);
    if (refusal !== undefined) return refusal;
    const { NextToken = "0" } = call.parameters;
    const value = findValue(call);
    const end = Number(NextToken) + 2;
    const shown =
      value === undefined ? values.slice(Number(NextToken), end) : values.filter((other) => other === value);
    return {
      body: {
        RequestId: REQUEST_ID,
        NextToken: value === undefined && end < values.length ? String(end) : "",
        Invocations: {
          Invocation: shown.map((TagValue) => ({
            InvokeId: `t-${TagValue}`,
            Tags: { Tag: [{ TagKey: KEY, TagValue }] },
          })),
        },
      },
    };
  });
  const tagged = createTaggedInvocations(service.client, KEY, SHARED);
  const findIds = async (value: string) => (await tagged.find(value)).map(({ invokeId }) => invokeId);
  const findEach = async (wanted: string[]) => {
    for (const value of wanted) await findIds(value);
  };
  return { findIds, findEach };
}

/** The questions that were asked: a value, or the page of the listing. */
const questions = () => service.calls.map((call) => findValue(call) ?? `page ${call.parameters.NextToken ?? 0}`);

test("asks for a value by itself", async () => {
  const { findIds } = await searchAmong(["v-1", "v-2"]);
  expect(await findIds("v-2")).toEqual(["t-v-2"]);
  expect(await findIds("v-3")).toEqual([]);
  expect(questions()).toEqual(["v-2", "v-3"]);
});

test("lists once when more than three are asked for", async () => {
  const { findEach } = await searchAmong(["w-1", "w-2", "w-3"]);
  await findEach(range(20));
  expect(questions()).toEqual(["v-0", "v-1", "v-2", "page 0", "page 2"]);
});

test("lists once for all who come at the same time", async () => {
  const { findIds } = await searchAmong([]);
  await Promise.all(range(20).map(findIds));
  expect(questions()).toHaveLength(4);
});

test("asks for what the listing shows, since its tag may be off by now", async () => {
  const values = ["v-9"];
  const { findIds, findEach } = await searchAmong(values);
  await findEach(range(4));
  values.length = 0;
  expect(await findIds("v-9")).toEqual([]);
  expect(questions()).toEqual(["v-0", "v-1", "v-2", "page 0", "v-9"]);
});

test("asks for a value anew when it is asked for again", async () => {
  const values: string[] = [];
  const { findIds, findEach } = await searchAmong(values);
  await findEach(range(5));
  values.push("v-4");
  expect(await findIds("v-4")).toEqual(["t-v-4"]);
});

test.each(["Forbidden.RAM", "InvalidParameter.MaxResults"])(
  "asks one by one when the listing fails with %s",
  async (code) => {
    const { findIds, findEach } = await searchAmong(["v-5"], (call) =>
      findValue(call) === undefined ? failure(403, code, "No.") : undefined,
    );
    await findEach(range(5));
    expect(await findIds("v-5")).toEqual(["t-v-5"]);
    expect(questions()).toEqual(["v-0", "v-1", "v-2", "page 0", "v-3", "v-4", "v-5"]);
  },
);

test("asks one by one when there are too many to list", async () => {
  const { findEach } = await searchAmong(range(100, 100));
  await findEach(range(6));
  expect(questions()).toHaveLength(6 + 10);
});

test("lists again after a failure that may pass", async () => {
  let failures = 1;
  const { findIds, findEach } = await searchAmong([], (call) =>
    findValue(call) === undefined && failures-- > 0 ? UNAVAILABLE : undefined,
  );
  await findEach(range(3));
  await expect(findIds("v-3")).rejects.toMatchObject({ kind: "transient" });
  expect(await findIds("v-4")).toEqual([]);
  expect(questions()).toEqual(["v-0", "v-1", "v-2", "page 0", "page 0"]);
});
