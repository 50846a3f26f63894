import { told } from "../../../provider/fronts/failure";
import { FailedStep } from "../../../provider/fronts/frame";
import { keepSecret } from "../../../provider/fronts/secrecy";
import { InvocationFailed } from "../../../provider/lifecycle/state";
import { ExpectedFailure } from "../../../provider/runs/failure";

const secrecy = keepSecret(true, ["parameters"], ["hunter22"]);

const fail = async (error: unknown) => {
  throw error;
};

const seen = (error: unknown, hidden = {}) => told(secrecy, fail(error), hidden).catch((failure) => failure);

test("what succeeds is handed on as it is", async () => {
  await expect(told(secrecy, Promise.resolve("hunter22"))).resolves.toBe("hunter22");
});

test("what a person is expected to meet is told without secrets, and as text", async () => {
  const failure = await seen(new ExpectedFailure("no hunter22 \x07"));
  expect([failure.constructor, failure.message]).toEqual([ExpectedFailure, "no [hidden] \\x07"]);
});

test("a fault of ours keeps its class and its place, and loses the secrets that it quotes", async () => {
  const failure = await seen(new TypeError("hunter22 is not a function"));
  expect([failure.constructor, failure.message]).toEqual([TypeError, "[hidden] is not a function"]);
  expect(failure.stack).toContain("[hidden] is not a function");
  expect(failure.stack).toContain("failure.test.ts");
  expect(failure.stack).not.toContain("hunter22");
});

test("a failed step keeps its state, with what the front hides in it, and tells reasons without secrets", async () => {
  const outputs = { commandId: "c-1", parameters: { word: "hunter22" }, results: {} };
  const failure = await seen(new InvocationFailed("t-1", outputs, [["on i-1: hunter22"]]), { __provider: "shim" });
  expect(failure).toBeInstanceOf(FailedStep);
  expect(failure).toMatchObject({
    id: "t-1",
    reasons: ["on i-1: [hidden]"],
    properties: { ...outputs, __provider: "shim" },
  });
});

test("what is no error is handed on as it is", async () => {
  expect(await seen("hunter22")).toBe("hunter22");
});
