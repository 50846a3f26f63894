import { checkSchedule } from "../../schedule";

const check = (text: string, timeoutSeconds: number, now: string, zone?: string) =>
  checkSchedule(text, { timeoutSeconds, now: new Date(now), ...(zone !== undefined && { zone }) });

const noZone = (text: string) =>
  `No zone in "${text}": every machine reads it by the zone of its own clock; add one to have all run at the same instant, for example "${text} Asia/Shanghai"`;

describe("has nothing to say of", () => {
  it.each([
    ["0 0 2 * * ? Asia/Shanghai", 60, "2026-05-17T00:00:00Z"],
    ["*/30 * * * * ? UTC", 30, "2026-05-17T00:00:00Z"],
    ["0 0 12 * * ? Europe/London", 60, "2026-05-17T00:00:00Z"],
    ["rate(1m)", 59, "2026-05-17T00:00:00Z"],
    ["rate(7d)", 60, "2026-05-17T00:00:00Z"],
    ["at(2026-05-17 00:00:01)", 60, "2026-05-17T00:00:00Z"],
  ])("%s with a timeout of %i s at %s", (text, timeoutSeconds, now) => {
    expect(check(text, timeoutSeconds, now)).toEqual({ failures: [], warnings: [] });
  });
});

describe("refuses", () => {
  // [text, timeout in seconds, now, failure]
  it.each([
    [
      "0 0 2 ? * 1-7",
      60,
      "2026-05-17T00:00:00Z",
      'Cannot parse frequency "0 0 2 ? * 1-7": the weekday range 1-7 ends on Sunday, which the agent reads as empty, so it would never fire; write "*" or "SUN,MON-SAT" (at offset 10)',
    ],
    [
      "*/30 * * * * ? UTC",
      60,
      "2026-05-17T00:00:00Z",
      '"*/30 * * * * ? UTC" runs again after 30 s: the smallest gap between two runs must be at least 60 s, the larger of 10 s and the timeout of 60 s; run it less often, or set a timeout of at most 30 s',
    ],
    [
      "*/5 * * * * ? UTC",
      1,
      "2026-05-17T00:00:00Z",
      '"*/5 * * * * ? UTC" runs again after 5 s: the smallest gap between two runs must be at least 10 s, the larger of 10 s and the timeout of 1 s; run it less often',
    ],
    [
      "0 0,59 * * * ? UTC",
      61,
      "2026-05-17T00:00:00Z",
      '"0 0,59 * * * ? UTC" runs again after 60 s: the smallest gap between two runs must be at least 61 s, the larger of 10 s and the timeout of 61 s; run it less often, or set a timeout of at most 60 s',
    ],
    [
      "0 0 0 30 2 ? UTC",
      60,
      "2026-05-17T00:00:00Z",
      '"0 0 0 30 2 ? UTC" never fires again: a schedule must have a run between now, 2026-05-17 00:00:00 UTC, and the end of 2099, and this one has none; correct its days, months or years',
    ],
    [
      "0 0 0 1 1 ? 2026 UTC",
      60,
      "2026-05-17T00:00:00Z",
      '"0 0 0 1 1 ? 2026 UTC" never fires again: a schedule must have a run between now, 2026-05-17 00:00:00 UTC, and the end of 2099, and this one has none; correct its days, months or years',
    ],
    [
      "0 0 0 1 1 ? 2027",
      60,
      "2027-01-01T12:00:00Z",
      '"0 0 0 1 1 ? 2027" never fires again: a schedule must have a run between now, 2027-01-01 12:00:00 UTC, and the end of 2099, and this one has none; correct its days, months or years',
    ],
    [
      "0 30 2 * * ? America/New_York",
      60,
      "2026-03-08T04:30:00Z",
      '"0 30 2 * * ? America/New_York" never fires again when it is registered now: its first run, 2026-03-08 02:30:00, falls into a change of the clocks that makes the agent wait for an instant in the past; register it after the change, or write it in UTC',
    ],
    [
      "0 30 1 * * ? America/New_York",
      60,
      "2026-11-01T06:00:00Z",
      '"0 30 1 * * ? America/New_York" never fires again when it is registered now: its first run, 2026-11-01 01:30:00, falls into a change of the clocks that makes the agent wait for an instant in the past; register it after the change, or write it in UTC',
    ],
    [
      "rate(1m)",
      60,
      "2026-05-17T00:00:00Z",
      '"rate(1m)" has a period of 1 m: it must be at least 60 s and longer than the timeout of 60 s; write "rate(61s)" or more',
    ],
    [
      "rate(59s)",
      10,
      "2026-05-17T00:00:00Z",
      '"rate(59s)" has a period of 59 s: it must be at least 60 s and longer than the timeout of 10 s; write "rate(1m)" or more',
    ],
    [
      "rate(8d)",
      60,
      "2026-05-17T00:00:00Z",
      '"rate(8d)" has a period of 8 d: it must be at most 7 d; write "rate(7d)" or a cron schedule',
    ],
    [
      "rate(1h)",
      3600,
      "2026-05-17T00:00:00Z",
      '"rate(1h)" has a period of 1 h: it must be at least 60 s and longer than the timeout of 3600 s; write "rate(3601s)" or more',
    ],
    [
      "at(2026-05-17 00:00:00)",
      60,
      "2026-05-17T00:00:00Z",
      '"at(2026-05-17 00:00:00)" never fires again: its instant, 2026-05-17 00:00:00 UTC, must be later than now, 2026-05-17 00:00:00 UTC; write a later one',
    ],
  ])("%s with a timeout of %i s at %s", (text, timeoutSeconds, now, failure) => {
    expect(check(text, timeoutSeconds, now).failures).toEqual([failure]);
  });

  it("a zone that does not exist", () => {
    expect(check("0 0 2 * * ?", 60, "2026-05-17T00:00:00Z", "Mars/Base").failures).toEqual([
      'Cannot check "0 0 2 * * ?": no zone is named "Mars/Base"',
    ]);
  });

  it("for every reason at once", () => {
    expect(check("0 30,31 2 * * ? America/New_York", 120, "2026-03-08T04:30:00Z").failures).toEqual([
      '"0 30,31 2 * * ? America/New_York" runs again after 60 s: the smallest gap between two runs must be at least 120 s, the larger of 10 s and the timeout of 120 s; run it less often, or set a timeout of at most 60 s',
      '"0 30,31 2 * * ? America/New_York" never fires again when it is registered now: its first run, 2026-03-08 02:30:00, falls into a change of the clocks that makes the agent wait for an instant in the past; register it after the change, or write it in UTC',
    ]);
  });
});

describe("warns of the order of EventBridge", () => {
  const warning = (text: string, meant: string) =>
    `"${text}" looks like EventBridge's minute, hour, day, month, weekday and year, and is read as second, minute, hour, day, month and weekday; if that is not meant, write "${meant}"`;

  it.each([
    ["0 2 * * ? *", "0 0 2 * * ? UTC"],
    ["0 2 ? * 2 *", "0 0 2 ? * MON UTC"],
  ])("in %s", (text, meant) => {
    expect(check(text, 10, "2026-05-17T00:00:00Z")).toEqual({
      failures: [],
      warnings: [warning(text, meant), noZone(text)],
    });
  });
});

it("warns of the order of EventBridge with a zone, which is what the warning of the zone says to write", () => {
  const [order, ...others] = check("0 2 * * ? * Asia/Shanghai", 10, "2026-05-17T00:00:00Z").warnings;
  expect(order).toMatch(
    /^"0 2 \* \* \? \* Asia\/Shanghai" looks like EventBridge's .* write "0 0 2 \* \* \? Asia\/Shanghai"$/,
  );
  expect(others).toEqual([]);
});

describe("warns of a list that a blank tears in two fields", () => {
  it.each([
    ["0 0 2, 14 * * ? UTC", "0 0 2,14 * * ? UTC"],
    // Of Unix, every day at 2 and at 14 o'clock, and on Monday and Friday.
    ["0 2, 14 * * *", "0 0 2,14 * * *"],
    ["0 2 * * 1, 5", "0 0 2 * * 1,5"],
    ["0 0 2 * 1 ,5 ?", "0 0 2 * 1,5 ?"],
  ])("%s", (text, meant) => {
    expect(check(text, 10, "2026-05-17T00:00:00Z").warnings).toContain(
      `"${text}" has a blank beside a "," or "-", which parts two fields; if that is not meant, write "${meant}"`,
    );
  });

  it("and of nothing else that ends in a comma", () => {
    const { warnings } = check("0 0 2 ? * MON-FRI, UTC", 10, "2026-05-17T00:00:00Z");
    expect(warnings).toEqual([]);
  });
});

it("demands a date", () => {
  expect(() => checkSchedule("rate(5m)", { now: new Date("soon") })).toThrow(
    new RangeError('Cannot check "rate(5m)": now must be a valid date'),
  );
});

it("takes the service's timeout of 60 s when none is said", () => {
  const now = new Date("2026-05-17T00:00:00Z");
  expect(checkSchedule("rate(1m)", { now })).toEqual(checkSchedule("rate(1m)", { now, timeoutSeconds: 60 }));
  expect(checkSchedule("rate(1m)", { now }).failures).toHaveLength(1);
});

describe("warns of clocks that change", () => {
  // [text, now, warnings]
  it.each([
    [
      "0 30 2 * * ? America/New_York",
      "2026-02-01T00:00:00Z",
      [
        'On 2026-03-08 the clocks of America/New_York skip 02:00:00 to 03:00:00, and "0 30 2 * * ? America/New_York" runs at 02:30:00: the agent may run it early and then never again until it is registered anew; write it in UTC or in a zone without clock changes',
      ],
    ],
    [
      "0 30 1,2 * * ? Australia/Sydney",
      "2026-05-17T00:00:00Z",
      [
        'On 2026-10-04 the clocks of Australia/Sydney skip 02:00:00 to 03:00:00, and "0 30 1,2 * * ? Australia/Sydney" runs at 02:30:00: the agent runs it once, later by as much as the clocks are put forward; write it in UTC or in a zone without clock changes',
        'On 2027-04-04 the clocks of Australia/Sydney show 02:00:00 to 03:00:00 twice, and "0 30 1,2 * * ? Australia/Sydney" runs at 02:30:00: the agent runs it only the second time; write it in UTC or in a zone without clock changes',
      ],
    ],
    [
      "0 30 1 * * ? Europe/London",
      "2026-05-17T00:00:00Z",
      [
        'On 2026-10-25 the clocks of Europe/London show 01:00:00 to 02:00:00 twice, and "0 30 1 * * ? Europe/London" runs at 01:30:00: the agent runs it only the second time; write it in UTC or in a zone without clock changes',
        'On 2027-03-28 the clocks of Europe/London skip 01:00:00 to 02:00:00, and "0 30 1 * * ? Europe/London" runs at 01:30:00: the agent runs it once, later by as much as the clocks are put forward; write it in UTC or in a zone without clock changes',
      ],
    ],
    [
      "0 30 0 * * ? Africa/Cairo",
      "2026-05-17T00:00:00Z",
      [
        'On 2027-04-30 the clocks of Africa/Cairo skip 00:00:00 to 01:00:00, and "0 30 0 * * ? Africa/Cairo" runs at 00:30:00: the agent runs it once, later by as much as the clocks are put forward; write it in UTC or in a zone without clock changes',
      ],
    ],
    [
      "at(2026-11-01 01:30:00 America/New_York)",
      "2026-05-17T00:00:00Z",
      [
        'The clocks of America/New_York show the time of "at(2026-11-01 01:30:00 America/New_York)" twice: it is taken for 2026-11-01 05:30:00 UTC; write it in UTC',
      ],
    ],
  ])("%s at %s", (text, now, warnings) => {
    expect(check(text, 60, now)).toEqual({ failures: [], warnings });
  });
});

describe("notes that no zone is named", () => {
  it("and judges by none", () => {
    expect(check("0 0 2 * * ?", 60, "2026-05-17T00:00:00Z")).toEqual({
      failures: [],
      warnings: [noZone("0 0 2 * * ?")],
    });
  });

  it("and judges by the machine's where it is known", () => {
    expect(check("0 0 2 * * ?", 60, "2026-05-17T00:00:00Z", "America/New_York")).toEqual({
      failures: [],
      warnings: [
        noZone("0 0 2 * * ?"),
        'On 2027-03-14 the clocks of America/New_York skip 02:00:00 to 03:00:00, and "0 0 2 * * ?" runs at 02:00:00: the agent may run it early and then never again until it is registered anew; write it in UTC or in a zone without clock changes',
      ],
    });
  });

  it("and calls nothing past that still runs somewhere", () => {
    const text = "0 0 0 1 1 ? 2027";
    expect(check(text, 60, "2027-01-01T11:59:59Z")).toEqual({ failures: [], warnings: [noZone(text)] });
  });

  it.each(["rate(5m)", "at(2026-06-06 13:15:30)"])("but not of %s", (text) => {
    expect(check(text, 60, "2026-05-17T00:00:00Z")).toEqual({ failures: [], warnings: [] });
  });
});
