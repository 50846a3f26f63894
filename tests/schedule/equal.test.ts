import { sameSchedule } from "../../schedule";

describe("is the same", () => {
  it.each([
    ["0 0 2 * * ?", " 0  0\t2 ? * *\n"],
    ["0 0 2 * * ?", "0 0 2 * * ? *"],
    ["0 0 2 1 JAN ?", "0 0 2 1 1 *"],
    ["0 0 2 ? * mon,WEDNESDAY", "00 00 02 * * 3,1"],
    ["0 0 2 ? * MON-FRI", "0 0 2 ? * 5,4,3,2,1"],
    ["0 0/15 2 * * ?", "0 45,30,15,0 2 * * ?"],
    ["0 0 2 L,1 * ?", "0 0 2 1,L,l * ?"],
    ["0 0 2 15 * */1", "0 0 2 * * *"],
    ["0 0 2 ? * 0", "0 0 2 ? * SUN,7"],
    ["0 0 2 * * ? UTC", "0 0 2 * * ? GMT+0:00"],
    ["rate(60m)", "RATE (1 h)"],
    ["at(2026-06-06 13:15:30 GMT-7:00)", "at(2026-06-06 20:15:30)"],
    ["not a schedule", "not a schedule"],
  ])("%j and %j", (a, b) => {
    expect(sameSchedule(a, b)).toBe(true);
    expect(sameSchedule(b, a)).toBe(true);
  });
});

describe("is another", () => {
  it.each([
    ["0 0 2 * * ?", "0 0 3 * * ?"],
    ["0 0 2 * * ?", "0 0 2 * * ? UTC"],
    ["0 0 2 * * ? UTC", "0 0 2 * * ? GMT+8:00"],
    ["0 0 2 * * ? Asia/Shanghai", "0 0 2 * * ? GMT+8:00"],
    ["0 0 2 15 * ?", "0 0 2 15W * ?"],
    ["0 0 2 L * ?", "0 0 2 LW * ?"],
    ["0 0 2 ? * MON#5", "0 0 2 ? * MONL"],
    ["0 0 0/24 * * ?", "0 0 0 * * ?"],
    ["rate(24h)", "0 0 0 * * ?"],
    ["rate(5m)", "rate(5h)"],
    ["at(2026-06-06 13:15:30)", "at(2026-06-06 13:15:31)"],
    ["not a schedule", "neither this"],
  ])("%j and %j", (a, b) => {
    expect(sameSchedule(a, b)).toBe(false);
    expect(sameSchedule(b, a)).toBe(false);
  });
});
