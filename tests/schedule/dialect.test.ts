import fc from "fast-check";
import { parseSchedule } from "../../schedule";
import { findDialect, reword } from "../../schedule/dialect";
import { ScheduleSyntaxError } from "../../schedule/error";
import { parseOrRefuse } from "../../schedule/parse";
import { refusal, refusalOf } from "./refusal";

const EVENT_BRIDGE =
  "cron(…) with minute, hour, day, month, weekday and year is EventBridge's, which counts Sunday as 1";
const FIVE =
  "a cron schedule has 6 fields, the second first, then a year or a zone or both: found 5 fields, as of Unix cron";
const FIVE_AND_ZONE = "a cron schedule has 6 fields, the second first: found 5 fields and a zone, as of Unix cron";
const CRONTAB = "a command of crontab stands behind its five fields";
const TORN = 'a blank parts two fields, and one stands beside a "," or "-"';
const ALONE = "write its second, minute, hour, day of month, month and weekday alone";

const macro = (name: string) => `the agent does not read ${name} as a schedule`;

describe("says what to write instead of", () => {
  // [text, offset, what is wrong and what to write]
  it.each([
    // EventBridge
    ["cron(0 2 * * ? *)", 0, `${EVENT_BRIDGE}; write "0 0 2 * * ? UTC"`],
    ["cron(0 2 ? * 2-6 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * MON-FRI UTC"`],
    ["cron(0/15 8-17 ? * MON-FRI 2030-2031)", 0, `${EVENT_BRIDGE}; write "0 0/15 8-17 ? * MON-FRI 2030-2031 UTC"`],
    ["cron(0 2 ? * 1-7 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * * UTC"`],
    ["cron(0 2 ? * 6-2 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * SUN,MON,FRI-SAT UTC"`],
    ["cron(0 2 ? * 2,7 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * MON,SAT UTC"`],
    ["cron(0 2 ? * 2/2 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * MON,WED,FRI UTC"`],
    ["cron(0 2 ? * 6L *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * FRIL UTC"`],
    ["cron(0 2 ? * 2#1 *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * MON#1 UTC"`],
    ["cron(0 2 ? * L *)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * SAT UTC"`],
    ["cron(0 2 L * ? *)", 0, `${EVENT_BRIDGE}; write "0 0 2 L * ? UTC"`],
    ["CRON (0 2 * * ? *)", 0, `${EVENT_BRIDGE}; write "0 0 2 * * ? UTC"`],
    ["cron(0 2 * * ? *) Asia/Tokyo", 0, `${EVENT_BRIDGE}; write "0 0 2 * * ? Asia/Tokyo"`],
    ["cron(0 2 ? * 2 * Asia/Tokyo)", 0, `${EVENT_BRIDGE}; write "0 0 2 ? * MON Asia/Tokyo"`],
    ["cron(99 2 * * ? *)", 0, `${EVENT_BRIDGE}; ${ALONE}`],
    [
      "0 2 ? * MON *",
      0,
      'the fields are those of EventBridge: minute, hour, day, month, weekday and year; write "0 0 2 ? * MON UTC"',
    ],
    [
      "0 2 ? * MON * Asia/Tokyo",
      0,
      'the fields are those of EventBridge: minute, hour, day, month, weekday and year; write "0 0 2 ? * MON Asia/Tokyo"',
    ],
    // A blank within a field
    ["0 0 2 ? * MON, FRI", 0, `${TORN}; write "0 0 2 ? * MON,FRI"`],
    ["0 0 2 ? * MON - FRI UTC", 0, `${TORN}; write "0 0 2 ? * MON-FRI UTC"`],
    ["0 0 2, 14 ? * MON-FRI UTC", 0, `${TORN}; write "0 0 2,14 ? * MON-FRI UTC"`],
    // The word before the fields
    ["cron(0 0 2 * * ?)", 0, 'its fields stand without cron(…); write "0 0 2 * * ?"'],
    ["cron(0 0 2 * * ?) UTC", 0, 'its fields stand without cron(…); write "0 0 2 * * ? UTC"'],
    ["cron(0 2 * * *)", 0, 'its fields stand without cron(…); write "0 0 2 * * *"'],
    ["cron(soon)", 0, `its fields stand without cron(…); ${ALONE}`],
    ["cron: 0 2 * * *", 0, 'its fields stand without "cron"; write "0 0 2 * * *"'],
    ["cron 0 0 2 * * ?", 0, 'its fields stand without "cron"; write "0 0 2 * * ?"'],
    ['"0 0 2 * * ?"', 0, 'the quotes around it are part of the text; write "0 0 2 * * ?"'],
    ["'0 2 * * *'", 0, 'the quotes around it are part of the text; write "0 0 2 * * *"'],
    ["`rate(5m)`", 0, 'the quotes around it are part of the text; write "rate(5m)"'],
    // Unix
    ["0 2 * * *", 0, `${FIVE}; write "0 0 2 * * *"`],
    ["*/5 * * * *", 0, `${FIVE}; write "0 */5 * * * *"`],
    ["0 2 * * 1-5", 0, `${FIVE}; write "0 0 2 * * 1-5"`],
    ["0 2 * * 1-7", 0, `${FIVE}; write "0 0 2 * * *"`],
    ["0 2 * * 5-7", 0, `${FIVE}; write "0 0 2 * * SUN,FRI-SAT"`],
    ["0 2 * * MON-SUN/2", 0, `${FIVE}; write "0 0 2 * * SUN,MON,WED,FRI"`],
    ["0 2 * * * Asia/Shanghai", 0, `${FIVE_AND_ZONE}; write "0 0 2 * * * Asia/Shanghai"`],
    ["0 2 * * * utc", 0, `${FIVE_AND_ZONE}; write "0 0 2 * * * UTC"`],
    [
      "0 2 * * * CST",
      0,
      `${FIVE_AND_ZONE}; write "0 0 2 * * * Asia/Shanghai" or "0 0 2 * * * America/Chicago", whichever is meant`,
    ],
    ["0 2 * * * /usr/bin/backup --all 2>&1", 0, `${CRONTAB}; write "0 0 2 * * *"`],
    ["0 2 * * * root /usr/bin/backup", 0, `${CRONTAB}; write "0 0 2 * * *"`],
    ["0 2 * * * ~/backup", 0, `${CRONTAB}; write "0 0 2 * * *"`],
    ["99 2 * * * ./backup", 0, `${CRONTAB}; ${ALONE}`],
    ["H 2 * * *", 0, "the agent knows no H, by which Jenkins spreads its jobs; write a number"],
    ["0 H(0-7) * * *", 2, "the agent knows no H, by which Jenkins spreads its jobs; write a number"],
    // The zone at another place
    ["CRON_TZ=Asia/Shanghai 0 2 * * *", 0, 'the zone stands behind the fields; write "0 0 2 * * * Asia/Shanghai"'],
    ["TZ=utc 0 0 2 * * ?", 0, 'the zone stands behind the fields; write "0 0 2 * * ? UTC"'],
    ["Asia/Shanghai 0 0 2 * * ?", 0, 'the zone stands behind the fields; write "0 0 2 * * ? Asia/Shanghai"'],
    [
      "TZ=Mars/Base 0 2 * * *",
      0,
      "the zone stands behind the fields; write the six fields first, and the zone after them",
    ],
    ["0 0 2 * * ? Asia/Tokyo 2030", 0, 'the year stands before the zone; write "0 0 2 * * ? 2030 Asia/Tokyo"'],
    ["0 0 2 * * ? GMT +8:00", 0, 'a zone is one word, and this one has two, "GMT +8:00"; write "0 0 2 * * ? GMT+8:00"'],
    [
      "0 0 2 * * ? Asia/Hong Kong",
      0,
      'a zone is one word, and this one has two, "Asia/Hong Kong"; write "0 0 2 * * ? Asia/Hong_Kong"',
    ],
    ["0 0 2 ? MON *", 0, 'the month stands before the weekday; write "0 0 2 ? * MON"'],
    ["0 0 2 ? MON-FRI JAN UTC", 0, 'the month stands before the weekday; write "0 0 2 ? JAN MON-FRI UTC"'],
    // Macros
    ["@yearly", 0, `${macro("@yearly")}; write "0 0 0 1 1 ?"`],
    ["@annually", 0, `${macro("@annually")}; write "0 0 0 1 1 ?"`],
    ["@monthly", 0, `${macro("@monthly")}; write "0 0 0 1 * ?"`],
    ["@weekly", 0, `${macro("@weekly")}; write "0 0 0 ? * SUN"`],
    ["@daily", 0, `${macro("@daily")}; write "0 0 0 * * ?"`],
    ["@midnight", 0, `${macro("@midnight")}; write "0 0 0 * * ?"`],
    ["@hourly", 0, `${macro("@hourly")}; write "0 0 * * * ?"`],
    ["@weekdays", 0, `${macro("@weekdays")}; write "0 0 0 ? * MON-FRI"`],
    ["@Daily Asia/Tokyo", 0, `${macro("@Daily")}; write "0 0 0 * * ? Asia/Tokyo"`],
    ["@Weekly 1 2 3 4 5", 0, `${macro("@Weekly")}; write out the six fields`],
    ["@daily 02:00", 0, `${macro("@daily")}; write out the six fields`],
    ["daily 2am", 0, `${macro("daily")}; write out the six fields`],
    ["@daily root /usr/bin/backup", 0, `${macro("@daily")}; write "0 0 0 * * ?"`],
    ["@daily # backup", 0, `${macro("@daily")}; write "0 0 0 * * ?"`],
    ["daily", 0, `${macro("daily")}; write "0 0 0 * * ?"`],
    ["hourly UTC", 0, `${macro("hourly")}; write "0 0 * * * ? UTC"`],
    ["@every 5m", 0, `${macro("@every")}; write "rate(5m)"`],
    ["@every 1h30m", 0, `${macro("@every")}; write "rate(90m)"`],
    ["@every 10s", 0, `${macro("@every")}; write a period of 60 s to 7 d, such as "rate(5m)"`],
    ["@reboot", 0, `${macro("@reboot")}; leave the frequency out and set the repeat mode to "EveryReboot"`],
    ["@constructor", 0, `${macro("@constructor")}; write out the six fields`],
    ["0 0 2 * * ? @", 12, `${macro("@")}; write out the six fields`],
    // No word before the bracket
    ["every 5 minutes", 0, 'a period is written rate(…); write "rate(5m)"'],
    ["every day", 0, 'a period is written rate(…); write "rate(1d)"'],
    ["5m", 0, 'a period is written rate(…); write "rate(5m)"'],
    ["PT5M", 0, 'a period is written rate(…); write "rate(5m)"'],
    ["2030-01-31T13:15:30Z", 0, 'an instant is written at(…); write "at(2030-01-31 13:15:30)"'],
    ["2030-01-31T13:15:30+08:00", 0, 'an instant is written at(…); write "at(2030-01-31 13:15:30 GMT+8:00)"'],
    [
      "2030-01-31 13:15 CST",
      0,
      'an instant is written at(…); write "at(2030-01-31 13:15:00 Asia/Shanghai)" or "at(2030-01-31 13:15:00 America/Chicago)", whichever is meant',
    ],
  ])("%j", (text, offset, problem) => {
    expect(refusalOf(text)).toEqual(refusal(text, offset, problem));
  });
});

describe("leaves alone what no other tool writes", () => {
  it.each([
    "",
    "foo",
    "0 0 25 * * ?",
    "0 0 2 ? * 1-7",
    "0 0 2 * * ? 2026/100 UTC",
    "0 0 2 * * ? GMT+15:00",
    "61 0 2 * *",
    "every month",
  ])("%j", (text) => {
    expect(findDialect({ input: text, offset: 0, text })).toBeUndefined();
  });

  it("or writes at such length", () => {
    const text = `0 2 * * ${"1,".repeat(100)}1`;
    expect(findDialect({ input: text, offset: 0, text })).toBeUndefined();
  });
});

const words = fc.constantFrom(
  ..."cron( cron: ) ? * 0 2 1-7 2-6 L MON-SUN */5 2030 Asia/Shanghai CST utc GMT +8:00 TZ=UTC @daily @every 5m 1h every hour PT5M".split(
    " ",
  ),
  ..."2030-01-31 13:15 T13:15:30Z at( rate( 5 minutes /bin/true \" ' H".split(" "),
);
const texts = fc
  .tuple(fc.array(words, { minLength: 1, maxLength: 9 }), fc.constantFrom(" ", " ", " ", ""))
  .map(([parts, blank]) => parts.join(blank));

it("never says to write what does not parse, and never for what parses", () => {
  let reworded = 0;
  fc.assert(
    fc.property(texts, (text) => {
      for (const meant of reword(text)) {
        expect(parseOrRefuse(meant)).not.toBeInstanceOf(ScheduleSyntaxError);
        if (meant !== text) reworded++;
      }
      if (!(parseOrRefuse(text) instanceof ScheduleSyntaxError)) expect(reword(text)).toEqual([text]);
    }),
    { numRuns: 3000 },
  );
  expect(reworded).toBeGreaterThan(50);
});

it("rewords what is wrapped several times", () => {
  expect(reword('"cron(0 2 * * *)"')).toEqual(["0 0 2 * * *"]);
  expect(() => parseSchedule('"cron(0 2 * * *)"')).toThrow('write "0 0 2 * * *"');
});
