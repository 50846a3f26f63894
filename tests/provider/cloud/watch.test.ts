import { createCalls } from "../../../provider/cloud/calls";
import { waitUntil } from "../../../provider/cloud/wait";
import { createInvocationWatch } from "../../../provider/cloud/watch";
import { type Call, failure, REQUEST_ID, type Service, startService, THROTTLED } from "./service";
import { timeless, virtualClock } from "./time";

const START = Date.parse("2026-11-24T08:00:00Z");
const SOON = START + 60_000;

let service: Service;
afterEach(() => service.stop());

/** An invocation that is listed without its machines. */
const BARE = "t-bare";

const range = (count: number, first = 0) => Array.from({ length: count }, (_, index) => `t-${first + index}`);

/**
 * A watch on a service that lists these invocations, each with its status now.
 * @param refuse Answers instead of the service.
 */
async function watchOver(
  invokeIds: string[],
  findStatus: (invokeId: string, now: number) => string = () => "Running",
  refuse: (call: Call, count: number) => ReturnType<typeof failure> | undefined = () => undefined,
) {
  const clock = virtualClock(START);
  service = await startService((call, count) => {
    const refusal = refuse(call, count);
    if (refusal !== undefined) return refusal;
    const { InvokeId, NextToken = "0", MaxResults = "10" } = call.parameters;
    const from = Number(NextToken);
    const to = from + Number(MaxResults);
    const shown = InvokeId === undefined ? invokeIds.slice(from, to) : invokeIds.filter((id) => id === InvokeId);
    const Output = call.parameters.IncludeOutput === "true" ? Buffer.from("hello").toString("base64") : "";
    const invocations = shown.map((id) => ({
      InvokeId: id,
      InvocationStatus: findStatus(id, clock.now()),
      InvokeInstances: {
        InvokeInstance: id === BARE && InvokeId === undefined ? [] : [{ InstanceId: "i-1", Output }],
      },
    }));
    return {
      body: {
        RequestId: REQUEST_ID,
        NextToken: InvokeId === undefined && to < invokeIds.length ? String(to) : "",
        Invocations: { Invocation: invocations },
      },
    };
  });
  const calls = createCalls(timeless(service.client, clock), { clock, random: () => 0.5 });
  return { watch: createInvocationWatch(calls, clock), clock };
}

/** The questions that were asked: an id, or the page of the listing. */
const questions = () =>
  service.calls.map(({ parameters }) => parameters.InvokeId ?? `page ${parameters.NextToken ?? 0}`);

test("asks for one invocation by its id, with its output", async () => {
  const { watch } = await watchOver(range(1));
  const seen = await watch.look("t-0", SOON);
  expect(seen).toMatchObject({ invokeId: "t-0", invocationStatus: "Running", instances: [{ output: "hello" }] });
  expect(questions()).toEqual(["t-0"]);
});

test("sees nothing where the service has no record", async () => {
  const { watch } = await watchOver(range(1));
  expect(await watch.look("t-gone", SOON)).toBeUndefined();
});

test("a command of one second costs two questions", async () => {
  const { watch, clock } = await watchOver(range(1), (_, now) => (now < START + 1_000 ? "Running" : "Success"));
  const waited = await waitUntil({
    look: (deadline) => watch.look("t-0", deadline),
    judge: (seen) =>
      seen?.invocationStatus === "Success" ? { state: "settled", value: seen.instances } : { state: "waiting" },
    clock,
    deadline: SOON,
  });
  expect(waited).toMatchObject({ state: "settled", value: [{ output: "hello" }] });
  expect(clock.now()).toBe(START + 1_150);
  expect(questions()).toEqual(["t-0", "t-0"]);
});

test("asks for a handful one by one", async () => {
  const { watch } = await watchOver(range(3));
  await Promise.all(range(3).map((invokeId) => watch.look(invokeId, SOON)));
  expect(questions().sort()).toEqual(range(3));
});

test("asks for more at once with one listing", async () => {
  const { watch } = await watchOver(range(40));
  const seen = await Promise.all(range(40).map((invokeId) => watch.look(invokeId, SOON)));
  expect(seen.map((invocation) => invocation?.invokeId)).toEqual(range(40));
  expect(questions()).toEqual(["page 0"]);
});

test("asks by id for what has ended, for the sake of its output", async () => {
  const { watch } = await watchOver(range(10), (invokeId) => (invokeId === "t-7" ? "Failed" : "Running"));
  const seen = await Promise.all(range(10).map((invokeId) => watch.look(invokeId, SOON)));
  expect(seen[7]).toMatchObject({ invokeId: "t-7", invocationStatus: "Failed", instances: [{ output: "hello" }] });
  expect(questions()).toEqual(["page 0", "t-7"]);
});

test("asks by id for what is listed without its machines", async () => {
  const { watch } = await watchOver([...range(4), BARE]);
  const seen = await Promise.all([...range(4), BARE].map((invokeId) => watch.look(invokeId, SOON)));
  expect(seen.map((invocation) => invocation?.instances.length)).toEqual([1, 1, 1, 1, 1]);
  expect(questions()).toEqual(["page 0", BARE]);
});

test("reads on until it has seen all", async () => {
  const { watch } = await watchOver(range(130));
  await Promise.all(range(4, 70).map((invokeId) => watch.look(invokeId, SOON)));
  expect(questions()).toEqual(["page 0", "page 50"]);
});

test("asks by id for what is far down the listing", async () => {
  const { watch } = await watchOver(range(1_000));
  const wanted = [...range(3), "t-999"];
  const seen = await Promise.all(wanted.map((invokeId) => watch.look(invokeId, SOON)));
  expect(seen.map((invocation) => invocation?.invokeId)).toEqual(wanted);
  expect(questions()).toEqual(["page 0", "page 50", "page 100", "page 150", "t-999"]);
});

test("gathers looks while a handful of questions are under way", async () => {
  const { watch } = await watchOver(range(20));
  const looks = range(3).map((invokeId) => watch.look(invokeId, SOON));
  await Promise.resolve();
  await Promise.resolve();
  looks.push(...range(17, 3).map((invokeId) => watch.look(invokeId, SOON)));
  await Promise.all(looks);
  expect(questions().sort()).toEqual(["page 0", ...range(3)]);
});

test("holds looks of old waits back for each other", async () => {
  const { watch, clock } = await watchOver(range(10));
  const lookTwice = async (invokeId: string, index: number) => {
    await watch.look(invokeId, SOON);
    await clock.sleep(7_000 + index * 100);
    await watch.look(invokeId, SOON);
  };
  await Promise.all(range(10).map(lookTwice));
  expect(questions()).toEqual(["page 0", "page 0"]);
  expect(clock.now()).toBe(START + 8_000);
});

test("asks by id from now on when RAM denies the listing", async () => {
  const denied = failure(403, "Forbidden.RAM", "words");
  const { watch } = await watchOver(
    range(5),
    () => "Running",
    ({ parameters }) => (parameters.InvokeId === undefined ? denied : undefined),
  );
  const lookAtAll = () => Promise.all(range(5).map((invokeId) => watch.look(invokeId, SOON)));
  await lookAtAll();
  const seen = await lookAtAll();
  expect(seen.map((invocation) => invocation?.invokeId)).toEqual(range(5));
  expect(questions().filter((question) => question === "page 0")).toHaveLength(1);
});

test("fails all looks that a listing was for when it fails for a while", async () => {
  const { watch, clock } = await watchOver(
    range(5),
    () => "Running",
    () => THROTTLED as ReturnType<typeof failure>,
  );
  const looks = await Promise.allSettled(range(5).map((invokeId) => watch.look(invokeId, START + 5_000)));
  expect(looks).toEqual(Array(5).fill({ status: "rejected", reason: expect.objectContaining({ kind: "throttled" }) }));
  expect(clock.now()).toBe(START + 5_000);
});
