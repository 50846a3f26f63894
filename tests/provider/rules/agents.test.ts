import fc from "fast-check";
import {
  AGENT_REQUIREMENTS,
  canBeModified,
  compareVersions,
  findLowestVersion,
  MODIFY_MIN_VERSIONS,
} from "../../../provider/rules/agents";

it.each([
  ["2.2.3.541", "2.2.3.541", 0],
  ["2.2.3.540", "2.2.3.541", -1],
  ["2.2.3.1000", "2.2.3.541", 1],
  ["2.2.10.1", "2.2.9.999", 1],
  ["2.2.3", "2.2.3.0", 0],
  ["2.2.3", "2.2.3.1", -1],
  ["2.2.3.541-beta", "2.2.3.541", 0],
  ["", "0.0.0.1", -1],
])("%s against %s is %i", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

it("orders versions as lists of numbers", () => {
  const numbers = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(1200));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const i = a.findIndex((part, at) => part !== b[at]);
      const expected = i < 0 ? 0 : Math.sign((a[i] ?? 0) - (b[i] ?? 0));
      expect(Math.sign(compareVersions(a.join("."), b.join(".")))).toBe(expected);
      expect(compareVersions(a.join("."), b.join("."))).toBe(-compareVersions(b.join("."), a.join(".")) + 0);
    }),
  );
});

it.each([
  ["2.2.3.540", false],
  ["2.2.3.541", true],
  ["2.2.4.1", true],
  ["2.1.3.540", false],
  ["2.1.3.541", true],
  ["1.0.2.458", false],
])("agent %s can be changed in place: %j", (version, expected) => {
  expect(canBeModified(version)).toBe(expected);
});

it.each([
  [[], undefined],
  [["2.2.3.857", "2.2.3.541"], "2.2.3.541"],
  [["2.1.3.600", "2.2.3.300"], "2.2.3.300"],
  [["2.1.3.300", "2.2.3.600"], "2.1.3.300"],
  [["2.1.3.600", "2.2.3.600"], "2.1.3.600"],
])("of %j the one that holds the others back is %j", (versions, lowest) => {
  expect(findLowestVersion(versions)).toBe(lowest);
});

it("says from which versions on an agent takes a change", () => {
  expect(MODIFY_MIN_VERSIONS).toBe("2.2.3.541 on Linux, 2.1.3.541 on Windows");
});

/** Cloud Assistant overview, table of agent versions. */
it.each<[keyof typeof AGENT_REQUIREMENTS, string, string | undefined]>([
  ["reboot", "2.2.0.46", "2.1.0.50"],
  ["username", "2.2.0.106", "2.1.0.50"],
  ["extendedSchedule", "2.2.3.282", "2.1.3.282"],
  ["builtInParameters", "2.2.3.309", "2.1.3.309"],
  ["instanceName", "2.2.3.344", "2.1.3.344"],
  ["container", "2.2.3.344", undefined],
])("%s needs %s, on Windows %s", (feature, linux, windows) => {
  expect(AGENT_REQUIREMENTS[feature]).toMatchObject({ linux, ...(windows ? { windows } : {}) });
  expect("windows" in AGENT_REQUIREMENTS[feature]).toBe(windows !== undefined);
});
