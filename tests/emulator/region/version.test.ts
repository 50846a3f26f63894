import { compareVersions, supports } from "../../../emulator/region/version";

test.each([
  ["2.2.3.857", "2.2.3.857", 0],
  ["2.2.3.856", "2.2.3.857", -1],
  ["2.2.3.99", "2.2.3.857", -1],
  ["2.2.4", "2.2.3.857", 1],
  ["2.2", "2.2.0.0", 0],
  ["", "0.0", 0],
])("compareVersions(%j, %j)", (version, other, sign) => {
  expect(Math.sign(compareVersions(version, other))).toBe(sign);
});

test.each([
  ["2.2.0.106", "linux", "username", true],
  ["2.2.0.105", "linux", "username", false],
  ["2.1.0.50", "windows", "username", true],
  ["2.2.3.540", "linux", "modify", false],
  ["2.2.3.541", "linux", "modify", true],
  ["2.1.3.541", "windows", "modify", true],
  ["", "linux", "rebootMode", false],
] as const)("%j on %s supports %s: %s", (version, osType, feature, expected) => {
  expect(supports(version, osType, feature)).toBe(expected);
});
