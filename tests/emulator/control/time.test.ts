import { type Clock, drivenClock, leapingClock, systemClock } from "../../../emulator";
import { formatTime } from "../../../emulator/control/time";
import { openService } from "../client";
import { ask } from "./ask";

test.each<[string, Clock, object]>([
  ["a driven one stands until it is moved", drivenClock(0), { standsStill: true, canAdvance: true }],
  ["a leaping one goes, and can be moved", leapingClock(), { standsStill: false, canAdvance: true }],
  ["the system's goes by itself", systemClock, { standsStill: false, canAdvance: false }],
])("%s", (_title, clock, expected) => {
  expect(formatTime(clock)).toEqual({ now: expect.stringMatching(/^\d{4}-.*Z$/), ...expected });
});

test("over HTTP, with the number of the last event, so that a page goes on from there", async () => {
  const service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    control: true,
    instances: 2,
  });
  expect((await ask(service, "GET", "/time")).body).toEqual({
    now: "2026-06-01T00:00:00.000Z",
    standsStill: true,
    canAdvance: true,
    sequence: 2,
    emulatorId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect((await ask(service, "POST", "/advance", { ms: 5_000 })).body).toEqual({ now: "2026-06-01T00:00:05.000Z" });
  expect((await ask(service, "POST", "/advance", { to: "nextRun" })).body).toEqual({
    now: "2026-06-01T00:00:05.000Z",
    ran: false,
  });
  expect((await ask(service, "GET", "/time")).body.sequence).toBe(3);
  await service.close();
});
