import fc from "fast-check";
import { formatSchedule, parseSchedule, sameSchedule } from "../../schedule";
import { expressions } from "./expression";

// [text, canonical]
it.each([
  ["00 0 2,1 ? jan-mar 1-5", "0 0 1,2 ? 1-3 MON-FRI"],
  ["0,30 */1 * * * *", "0,30 * * * * ?"],
  ["0 0 2 ? * *", "0 0 2 * * ?"],
  ["0 5/10 0-5,7 * * ?", "0 5/10 0-5,7 * * ?"],
  ["0 0 2 31,1-3,L,15w,LW * ?", "0 0 2 1-3,31,15W,L,LW * ?"],
  ["0 0 2 ? * 5#2,7L,1,3,2", "0 0 2 ? * MON-WED,SUNL,FRI#2"],
  ["0 0 2 1 * 7", "0 0 2 1 * SUN"],
  ["0 0 2 * * ? *", "0 0 2 * * ?"],
  ["0 0 2 * * ? 1970,2030,2090", "0 0 2 * * ? 1970,2030,2090"],
  ["0 0 2 * * ? 1970,2029,2088", "0 0 2 * * ? */59"],
  ["0 0 2 * * ? */4 GMT", "0 0 2 * * ? */4 UTC"],
  ["0 0 2 1-31 * MON", "0 0 2 * * ?"],
])("%s", (text, canonical) => {
  expect(formatSchedule(parseSchedule(text))).toBe(canonical);
});

const periods = fc.integer({ min: 1, max: 86_400_000 }).map((seconds) => `rate(${seconds}s)`);
const instants = fc
  .tuple(
    fc.date({ min: new Date("1970-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true }),
    fc.constantFrom("", " GMT-7:30", " Asia/Shanghai"),
  )
  .map(([instant, zone]) => `at(${instant.toISOString().slice(0, 19).replace("T", " ")}${zone})`);

it("gives back the schedule that it wrote, and the same text again", () => {
  const texts = fc.oneof({ weight: 4, arbitrary: expressions("GMT+5:30").map(({ text }) => text) }, periods, instants);
  fc.assert(
    fc.property(texts, (text) => {
      const schedule = parseSchedule(text);
      const canonical = formatSchedule(schedule);
      expect(parseSchedule(canonical)).toEqual(schedule);
      expect(formatSchedule(parseSchedule(canonical))).toBe(canonical);
      expect(sameSchedule(text, canonical)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
