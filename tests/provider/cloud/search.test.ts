import { findInvocation, listInvocations } from "../../../provider/cloud/search";
import { REQUEST_ID, type Service, startService } from "./service";

let service: Service;
afterEach(() => service.stop());

const TAGS = { unsaved: "stack" };
const tagged = (InvokeId: string, tags: object = { Tag: [{ TagKey: "unsaved", TagValue: "stack" }] }) => ({
  InvokeId,
  Tags: tags,
});
const page = (invocations: object[], more: object = {}) => ({ Invocations: { Invocation: invocations }, ...more });

/** Answers page after page, the last one for ever. */
async function answer(...pages: object[]): Promise<void> {
  service = await startService((_, count) => ({
    body: { RequestId: REQUEST_ID, ...pages[Math.min(count, pages.length) - 1] },
  }));
}

const refusal = (reason: string) => ({
  name: "ApiError",
  kind: "transient",
  message: expect.stringMatching(
    new RegExp(`^Cannot call DescribeInvocations at ".*": the answer cannot be judged: ${reason}; try again later$`),
  ),
});

describe("a listing", () => {
  const list = async () => (await listInvocations(service.client, { tags: TAGS })).map(({ invokeId }) => invokeId);

  test.each<[string, object[], string[]]>([
    ["nothing", [page([], { TotalCount: 0 })], []],
    ["one page", [page([tagged("t-1"), tagged("t-2")])], ["t-1", "t-2"]],
    ["an empty first page with a token", [page([], { NextToken: "n" }), page([tagged("t-1")])], ["t-1"]],
    [
      "more pages than ten",
      [
        ...Array.from({ length: 12 }, (_, i) => page([tagged(`t-${i}`)], { NextToken: `n${i}` })),
        page([tagged("t-12")]),
      ],
      Array.from({ length: 13 }, (_, i) => `t-${i}`),
    ],
    ["tags as Key and Value", [page([tagged("t-1", { Tag: [{ Key: "unsaved", Value: "stack" }] })])], ["t-1"]],
    ["tags as a bare list", [page([tagged("t-1", [{ TagKey: "unsaved", TagValue: "stack" }])])], ["t-1"]],
    ["a time that nobody can read", [page([{ ...tagged("t-1"), CreationTime: "yesterday" }])], ["t-1"]],
  ])("of %s is walked to its end", async (_, pages, invokeIds) => {
    await answer(...pages);
    expect(await list()).toEqual(invokeIds);
  });

  test.each<[string, object[], string]>([
    ["none, and a total", [page([], { TotalCount: 3 })], "it shows none, although it tells of 3 in all"],
    [
      "a record without its tags",
      [page([tagged("t-1"), { InvokeId: "t-2" }])],
      'it shows invocation "t-2" without the tag that was asked for',
    ],
    ["pages that go round", [page([tagged("t-1")], { NextToken: "n" })], 'its pages go round, at token "n"'],
  ])("of %s is never taken for none", async (_, pages, reason) => {
    await answer(...pages);
    await expect(list()).rejects.toMatchObject(refusal(reason));
  });

  test("asks for what runs by a schedule where it is told to", async () => {
    await answer(page([]));
    await listInvocations(service.client, { timed: true, invokeStatus: "Running" });
    expect(service.calls[0]?.parameters).toMatchObject({ Timed: "true", InvokeStatus: "Running", MaxResults: "50" });
  });
});

describe("one invocation", () => {
  const find = async () => (await findInvocation(service.client, "t-1"))?.invokeId;

  test.each<[string, object, string | undefined]>([
    ["there", page([{ InvokeId: "t-1" }], { TotalCount: 1 }), "t-1"],
    ["gone", page([], { TotalCount: 0 }), undefined],
    ["gone, without a total", page([]), undefined],
  ])("that is %s", async (_, body, found) => {
    await answer(body);
    expect(await find()).toBe(found);
  });

  test.each<[string, object, string]>([
    ["is counted and not shown", page([], { TotalCount: 1 }), "none, although it tells of 1 in all"],
    ["may be on another page", page([], { NextToken: "n" }), "none, although it tells of further pages"],
    ["is another than was asked for", page([{ InvokeId: "t-2" }]), "others"],
  ])("that %s is never taken for gone", async (_, body, shown) => {
    await answer(body);
    await expect(find()).rejects.toMatchObject(refusal(`it was asked for invocation "t-1" and shows ${shown}`));
  });
});
