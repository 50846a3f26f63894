import * as emulated from "../../../emulator/limits";
import * as limits from "../../../provider/rules/limits";

/** Provider and emulator read the documents each for itself: where they name the same thing, they must agree. */
const SHARED = Object.keys(limits).filter((name) => name in emulated);

const readLimit = (numbers: object, name: string) => Object.entries(numbers).find(([key]) => key === name)?.[1];

it("are shared with the emulator for the greater part", () => {
  expect(SHARED.length).toBeGreaterThan(Object.keys(limits).length / 2);
});

it.each(SHARED)("%s is the same on both sides", (name) => {
  expect(readLimit(limits, name)).toBe(readLimit(emulated, name));
});

it.each([
  ["MAX_PARAMETERS", "MAX_PARAMETERS_PASSED"],
  ["MAX_PARAMETER_KEY_CHARACTERS", "MAX_PARAMETER_NAME_CHARACTERS"],
])("%s is the emulator's %s", (ours, theirs) => {
  expect(readLimit(limits, ours)).toBe(readLimit(emulated, theirs));
  expect(readLimit(limits, ours)).toBeGreaterThan(0);
});

it.each(Object.entries(limits))("%s is a whole number that says whether it is a bound or a default", (name, value) => {
  expect(Number.isSafeInteger(value)).toBe(true);
  expect(name).toMatch(/^(MIN|MAX|DEFAULT)_/);
});
