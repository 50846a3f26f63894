import { createFaults, type Fault } from "../../emulator/faults";

/** Which of `calls` calls of an action are struck. */
function strikes(fault: Fault, calls: number, action = "InvokeCommand", instanceIds: readonly string[] = []): string {
  const faults = createFaults();
  faults.inject(fault);
  return Array.from({ length: calls }, () => (faults.takeAnswer(action, instanceIds) ? "x" : ".")).join("");
}

describe("a fault of an answer strikes", () => {
  test.each<[string, Fault, string]>([
    ["every call until it is cleared", { kind: "throttle" }, "xxxx"],
    ["as often as it is told", { kind: "throttle", times: 2 }, "xx.."],
    ["each n-th call", { kind: "throttle", every: 3 }, "..x..x."],
    ["each n-th call, so many times", { kind: "throttle", every: 2, times: 2 }, ".x.x..."],
    ["its own action", { kind: "throttle", action: "InvokeCommand", times: 1 }, "x.."],
    ["no other action", { kind: "throttle", action: "StopInvocation" }, "..."],
    ["no call that names another machine", { kind: "throttle", instanceId: "i-b" }, "..."],
    ["a call that names its machine", { kind: "throttle", instanceId: "i-a" }, "xxx"],
    ["no call when it is a delivery's", { kind: "agentOld" }, "..."],
  ])("%s", (_title, fault, expected) => {
    expect(strikes(fault, expected.length, "InvokeCommand", ["i-a"])).toBe(expected);
  });

  test("one after another, in the order of their injection", () => {
    const faults = createFaults();
    faults.inject({ kind: "errorAfter", times: 1 });
    faults.inject({ kind: "slow", times: 1, ms: 7 });
    expect([1, 2, 3].map(() => faults.takeAnswer("RunCommand", [])?.kind)).toEqual(["errorAfter", "slow", undefined]);
  });
});

describe("a fault of a delivery strikes", () => {
  test.each([
    ["deliveryTimeout", "DeliveryTimeout"],
    ["agentAbsent", "ClientNotRunning"],
    ["agentSilent", "ClientNotResponse"],
    ["agentOld", "ClientNeedUpgrade"],
    ["machineStopped", "InstanceNotRunning"],
  ] as const)("%s with %s", (kind, errorCode) => {
    const faults = createFaults();
    faults.inject({ kind, instanceId: "i-a", times: 1 });
    expect(faults.takeDelivery("i-b")).toBeUndefined();
    expect(faults.takeDelivery("i-a")).toBe(errorCode);
    expect(faults.takeDelivery("i-a")).toBeUndefined();
  });
});

test("clear takes them all away", () => {
  const faults = createFaults();
  faults.inject({ kind: "throttle" });
  faults.inject({ kind: "agentOld" });
  faults.clear();
  expect(faults.takeAnswer("InvokeCommand", [])).toBeUndefined();
  expect(faults.takeDelivery("i-a")).toBeUndefined();
});

test("one is taken away alone, by its number", () => {
  const faults = createFaults();
  faults.inject({ kind: "throttle" });
  faults.inject({ kind: "forbidden" });
  expect([faults.remove(1), faults.remove(1), faults.remove(3)]).toEqual([true, false, false]);
  expect(faults.takeAnswer("InvokeCommand", [])?.kind).toBe("forbidden");
});

test("tells what is switched on, and when a fault is over", () => {
  const switched: [string, boolean][] = [];
  const faults = createFaults(({ kind }, isOn) => switched.push([kind, isOn]));
  faults.inject({ kind: "throttle", times: 2 });
  faults.inject({ kind: "agentOld" });
  faults.takeAnswer("InvokeCommand", []);
  expect(faults.list()).toEqual([
    { id: 1, fault: { kind: "throttle", times: 2 }, left: 1, struck: 1 },
    { id: 2, fault: { kind: "agentOld" }, left: undefined, struck: 0 },
  ]);
  faults.takeAnswer("InvokeCommand", []);
  faults.clear();
  expect(switched).toEqual([
    ["throttle", true],
    ["agentOld", true],
    ["throttle", false],
    ["agentOld", false],
  ]);
  expect(faults.list()).toEqual([]);
});

describe("refuses", () => {
  test.each<[Record<string, unknown>, string]>([
    [
      { kind: "flood" },
      'Cannot inject fault "flood": the kind must be one of throttle, throttleRetryAfter, errorBefore, errorAfter, unavailable, dropBefore, dropAfter, slow, html502, processing, forbidden, deliveryTimeout, agentAbsent, agentSilent, agentOld, machineStopped',
    ],
    [
      { kind: "constructor" },
      'Cannot inject fault "constructor": the kind must be one of throttle, throttleRetryAfter, errorBefore, errorAfter, unavailable, dropBefore, dropAfter, slow, html502, processing, forbidden, deliveryTimeout, agentAbsent, agentSilent, agentOld, machineStopped',
    ],
    [
      { kind: "slow", instance: "i-a" },
      'Cannot inject fault "slow": it must have no property "instance": known are action, kind, times, every, instanceId, ms',
    ],
    [
      { kind: "slow", action: "InvokeComand" },
      'Cannot inject fault "slow": "action" must be an action of ECS: current value is "InvokeComand"',
    ],
    [
      { kind: "slow", ms: 3_600_001 },
      'Cannot inject fault "slow": "ms" must be 0 to 3600000: current value is 3600001',
    ],
    [{ kind: "slow", ms: -1 }, 'Cannot inject fault "slow": "ms" must be 0 to 3600000: current value is -1'],
    [{ kind: "slow", times: 0 }, 'Cannot inject fault "slow": "times" must be 1 or more: current value is 0'],
    [{ kind: "slow", every: 1.5 }, 'Cannot inject fault "slow": "every" must be 1 or more: current value is 1.5'],
  ])("%j", (fault, message) => {
    expect(() => createFaults().inject(fault as unknown as Fault)).toThrow(new RangeError(message));
  });
});
