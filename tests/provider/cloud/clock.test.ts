import { systemClock } from "../../../provider/cloud/clock";

test("now() is the time of this machine", () => {
  const before = Date.now();
  const now = systemClock.now();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test("sleep() resolves", async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
});

test("sleep() rejects with the signal's reason when it is aborted", async () => {
  const controller = new AbortController();
  const sleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(new Error("cancelled"));
  await expect(sleep).rejects.toThrow(new Error("cancelled"));
});

test("sleep() rejects at once when the signal is aborted already", async () => {
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error("cancelled")))).rejects.toThrow(
    new Error("cancelled"),
  );
});
