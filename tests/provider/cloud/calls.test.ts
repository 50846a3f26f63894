import { drivenClock, type Emulator, startEmulator } from "../../../emulator";
import { invokeCommand } from "../../../provider/cloud/actions";
import { createCalls } from "../../../provider/cloud/calls";
import { createClient } from "../../../provider/cloud/client";
import { systemClock } from "../../../provider/cloud/clock";
import { resolveSettings } from "../../../provider/cloud/credentials";
import { type Answer, failure, REQUEST_ID, type Service, startService, THROTTLED, UNAVAILABLE } from "./service";
import { timeless, virtualClock } from "./time";

const START = Date.parse("2026-11-24T08:00:00Z");
const FINE: Answer = { body: { RequestId: REQUEST_ID, InvokeId: "t-1" } };
/** Seen on one region: the service takes the call, and does not say as what. */
const NAMELESS: Answer = { body: { RequestId: REQUEST_ID } };
const WITH_TOKEN = { CommandId: "c-1", ClientToken: "token-1" };
const WITHOUT_TOKEN = { CommandId: "c-1" };

let service: Service | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

/** Calls to a service that gives one answer after the other, and the last for ever. */
async function callsTo(...answers: Answer[]) {
  service = await startService((_, count) => answers[Math.min(count, answers.length) - 1] ?? FINE);
  const clock = virtualClock(START);
  const calls = createCalls(timeless(service.client, clock), { clock, random: () => 0.5 });
  return { calls, clock, service };
}

describe("how often a call is made", () => {
  const DISPATCH = failure(500, "InternalError.Dispatch", "words");
  const PROCESSING = failure(403, "IdempotentProcessing", "words");
  const REFUSED = failure(400, "InvalidParam.Frequency", "words");

  // [what, action, parameters, first answer, calls until the service says yes, seconds]
  test.each<[string, string, Record<string, string>, Answer, number, number]>([
    ["nothing is wrong", "InvokeCommand", WITHOUT_TOKEN, FINE, 1, 0],
    ["throttled", "InvokeCommand", WITHOUT_TOKEN, THROTTLED, 2, 0.5],
    ["a failing service, with a token", "InvokeCommand", WITH_TOKEN, DISPATCH, 2, 1],
    ["a failing service, nothing to repeat", "StopInvocation", { InvokeId: "t-1" }, UNAVAILABLE, 2, 1],
    ["a lost connection, with a token", "InvokeCommand", WITH_TOKEN, "close", 2, 1],
    ["the first call is still worked on", "InvokeCommand", WITH_TOKEN, PROCESSING, 2, 1],
    ["an answer without an id, with a token", "InvokeCommand", WITH_TOKEN, NAMELESS, 2, 1],
    ["a limit that nobody documents", "DescribeInstances", {}, failure(429, "TooMany", "words"), 2, 0.5],
    ["a proxy", "DescribeInstances", {}, { html: "<h1>Bad gateway</h1>", status: 502 }, 2, 1],
  ])("%s", async (_, action, parameters, first, count, seconds) => {
    const { calls, clock, service } = await callsTo(first, FINE);
    expect(await calls.call(action, parameters)).toMatchObject({ RequestId: REQUEST_ID });
    expect(service.calls).toHaveLength(count);
    expect((clock.now() - START) / 1_000).toBe(seconds);
  });

  // [what, action, parameters, first answer]
  test.each<[string, string, Record<string, string>, Answer]>([
    ["the request is refused", "InvokeCommand", WITH_TOKEN, REFUSED],
    ["it may run twice: a failing service", "InvokeCommand", WITHOUT_TOKEN, DISPATCH],
    ["it may run twice: a lost connection", "InvokeCommand", WITHOUT_TOKEN, "close"],
    ["it may run twice: an answer without an id", "InvokeCommand", WITHOUT_TOKEN, NAMELESS],
    ["it may run twice: a proxy", "RunCommand", WITHOUT_TOKEN, { html: "", status: 502 }],
  ])("once: %s", async (_, action, parameters, first) => {
    const { calls, service } = await callsTo(first, FINE);
    await expect(calls.call(action, parameters)).rejects.toThrow(`Cannot call ${action} at "${calls.endpoint}": `);
    expect(service.calls).toHaveLength(1);
  });

  test("as the caller says, who knows better", async () => {
    const { calls, service } = await callsTo("close", FINE);
    await calls.call("InvokeCommand", WITHOUT_TOKEN, { idempotent: true });
    expect(service.calls).toHaveLength(2);
  });

  test("with the same token each time", async () => {
    const { calls, service } = await callsTo("close", THROTTLED, DISPATCH, FINE);
    await calls.call("InvokeCommand", WITH_TOKEN);
    expect(service.calls.map(({ parameters }) => parameters.ClientToken)).toEqual(Array(4).fill("token-1"));
    const nonces = service.calls.map(({ headers }) => headers["x-acs-signature-nonce"]);
    expect(new Set(nonces).size).toBe(4);
  });
});

describe("what is left in the end", () => {
  test("of a failing service: four tries", async () => {
    const { calls, clock, service } = await callsTo(UNAVAILABLE);
    await expect(calls.call("DescribeInstances", {})).rejects.toThrow(
      `Cannot call DescribeInstances at "${calls.endpoint}" (4 tries over 13 s): the service failed: The request has failed due to a temporary failure of the server (ServiceUnavailable, HTTP 503, request id ${REQUEST_ID}); try again later`,
    );
    expect(service.calls).toHaveLength(4);
    expect(clock.pauses).toEqual([1_000, 3_000, 9_000]);
  });

  test("of an unreachable service: four tries", async () => {
    const { calls, service } = await callsTo(FINE);
    await service.stop();
    await expect(calls.call("InvokeCommand", WITHOUT_TOKEN)).rejects.toThrow(
      `Cannot call InvokeCommand at "${calls.endpoint}" (4 tries over 13 s): connection refused; check the network, the region and the endpoint`,
    );
  });

  test("of a call that may have been done before the service was lost", async () => {
    const { calls, service } = await callsTo("close");
    const call = calls.call("InvokeCommand", WITH_TOKEN);
    while (service.calls.length === 0) await new Promise(setImmediate);
    await service.stop();
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ networkCode: "ECONNREFUSED", tries: { count: 4, mayHaveActed: true } });
  });

  test("of a call that is refused in the end", async () => {
    const { calls } = await callsTo("close", failure(403, "Invocation.ExceedQuota", "No more today."));
    await expect(calls.call("InvokeCommand", WITH_TOKEN)).rejects.toThrow(
      `Cannot call InvokeCommand at "${calls.endpoint}" (2 tries over 1 s): No more today (Invocation.ExceedQuota, HTTP 403, request id ${REQUEST_ID})`,
    );
  });

  test("of throttling: ten minutes", async () => {
    const { calls, clock } = await callsTo(THROTTLED);
    await expect(calls.call("DescribeInstances", {})).rejects.toMatchObject({
      kind: "throttled",
      message: expect.stringMatching(
        /^Cannot call DescribeInstances at "[^"]+" \(\d+ tries over 600 s\): the service throttles/,
      ),
    });
    expect(clock.now() - START).toBe(600_000);
  });

  test("of throttling: the deadline", async () => {
    const { calls, clock, service } = await callsTo(THROTTLED);
    const bounded = calls.within({ deadline: START + 2_000 });
    await expect(bounded.call("DescribeInstances", {})).rejects.toMatchObject({ kind: "throttled" });
    expect(clock.now() - START).toBe(2_000);
    expect(service.calls).toHaveLength(3);
  });

  test("of a failing service: no try after the deadline", async () => {
    const { calls, service } = await callsTo(UNAVAILABLE);
    const bounded = calls.within({ deadline: START + 2_000 });
    await expect(bounded.call("DescribeInstances", {})).rejects.toMatchObject({ kind: "transient" });
    expect(service.calls).toHaveLength(2);
  });
});

describe("once the person has interrupted", () => {
  const REASON = new Error("interrupted");

  /** Interrupts when the service has been asked so often, while it is silent or the caller pauses. */
  async function interrupt(count: number, ...answers: Answer[]) {
    const controller = new AbortController();
    const service = await startService((_, asked) => {
      if (asked === count) setTimeout(() => controller.abort(REASON), 50);
      return answers[Math.min(asked, answers.length) - 1] ?? FINE;
    });
    const calls = createCalls(service.client, { clock: systemClock, random: () => 0.5, signal: controller.signal });
    return { calls, service, controller };
  }
  let interrupted: Service | undefined;
  afterEach(() => interrupted?.stop());

  // [what, action, answers, the reason, or a part of what the last try came to]
  test.each<[string, string, Answer[], string]>([
    ["a question that is not answered is left", "DescribeInstances", ["silence"], "interrupted"],
    ["a question is not asked again", "DescribeInstances", [UNAVAILABLE], "the service failed"],
    ["a turn is not waited for", "DescribeInstances", [THROTTLED], "the service throttles this action"],
    ["what may have acted is told as that", "InvokeCommand", ["close"], "the connection was closed before the answer"],
  ])("%s", async (_, action, answers, message) => {
    const { calls, service } = await interrupt(1, ...answers);
    interrupted = service;
    await expect(calls.call(action, WITH_TOKEN)).rejects.toThrow(message);
    expect(service.calls).toHaveLength(1);
  });

  test("nothing is begun", async () => {
    const { calls, service, controller } = await interrupt(1);
    interrupted = service;
    controller.abort(REASON);
    await expect(calls.call("InvokeCommand", WITH_TOKEN)).rejects.toBe(REASON);
    expect(service.calls).toHaveLength(0);
    await calls.within({ interruptible: false }).call("UntagResources", {});
    expect(service.calls).toHaveLength(1);
  });

  test("what has been sent is answered", async () => {
    const { calls, service, controller } = await interrupt(0);
    interrupted = service;
    const answer = calls.call("InvokeCommand", WITH_TOKEN);
    await new Promise((resolve) => setTimeout(resolve, 0));
    controller.abort(REASON);
    expect(await answer).toMatchObject({ InvokeId: "t-1" });
  });
});

test("an action that is throttled slows down for all callers, the others do not", async () => {
  const { calls, clock, service } = await callsTo(THROTTLED, FINE);
  const throttled = calls.call("InvokeCommand", WITH_TOKEN);
  await new Promise((resolve) => setTimeout(resolve, 0));
  await Promise.all([throttled, calls.call("InvokeCommand", WITH_TOKEN), calls.call("DescribeInstances", {})]);
  expect(service.calls).toHaveLength(4);
  expect(clock.now() - START).toBe(500);
});

describe("a storm of throttling at the emulator", () => {
  let emulator: Emulator;
  afterEach(() => emulator.stop());

  /** No machine has anything to do meanwhile. */
  const NEW_YEAR = "0 0 0 1 1 ?";

  /** Invokes 200 times, 16 side by side, on the emulator's own time. */
  async function invokeTwoHundredTimes(options: { callsPerMinute?: number }) {
    const emulatorClock = drivenClock(START);
    const commands = [{ commandId: "c-true", name: "true", type: "RunShellScript" as const, content: "true" }];
    emulator = await startEmulator({ clock: emulatorClock, instances: 1, commands, ...options });
    emulator.inject({ kind: "throttle", every: 3 });
    const clock = virtualClock(START, (ms) => emulator.advance(ms));
    const settings = resolveSettings(emulator.regionId, () => undefined, emulator.environment);
    const calls = createCalls(timeless(createClient(settings), clock), { clock, random: () => 0.5 });
    const tokens = Array.from({ length: 200 }, (_, index) => `token-${index}`);
    const invokeIds: string[] = [];
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let token = tokens.pop(); token !== undefined; token = tokens.pop()) {
          const run = { CommandId: "c-true", InstanceId: emulator.instanceIds, Frequency: NEW_YEAR };
          invokeIds.push((await invokeCommand(calls, { ...run, ClientToken: token })).invokeId);
        }
      }),
    );
    return { invokeIds, seconds: (clock.now() - START) / 1_000 };
  }

  const accepted = () => emulator.journal().filter(({ code }) => code === "").length;

  test("every third call: all succeed, none twice, within two minutes", async () => {
    const { invokeIds, seconds } = await invokeTwoHundredTimes({});
    expect(new Set(invokeIds).size).toBe(200);
    expect(accepted()).toBe(200);
    expect(seconds).toBeLessThan(120);
  }, 60_000);

  test("and 100 calls a minute: all succeed, none twice, in about as many minutes as that takes", async () => {
    const { invokeIds, seconds } = await invokeTwoHundredTimes({ callsPerMinute: 100 });
    expect(new Set(invokeIds).size).toBe(200);
    expect(accepted()).toBe(200);
    expect(seconds).toBeLessThan(5 * 60);
  }, 60_000);
});
