import * as emulated from "../../../emulator/limits";
import * as limits from "../../../provider/rules/limits";

/** Provider and emulator read the documents each for itself: where they name the same thing, they must agree. */
const SHARED = Object.keys(limits).filter((name) => name in emulated);

const valueOf = (numbers: object, name: string) => Object.entries(numbers).find(([key]) => key === name)?.[1];

it("are shared with the emulator for the greater part", () => {
  expect(SHARED.length).toBeGreaterThan(Object.keys(limits).length / 2);
});

it.each(SHARED)("%s is the same on both sides", (name) => {
  expect(valueOf(limits, name)).toBe(valueOf(emulated, name));
});

it.each([
  ["MAX_PARAMETERS", "MAX_PARAMETERS_PASSED"],
  ["MAX_PARAMETER_KEY_CHARACTERS", "MAX_PARAMETER_NAME_CHARACTERS"],
])("%s is the emulator's %s", (ours, theirs) => {
  expect(valueOf(limits, ours)).toBe(valueOf(emulated, theirs));
  expect(valueOf(limits, ours)).toBeGreaterThan(0);
});

it.each(Object.entries(limits))("%s is a whole number with its unit in its name", (name, value) => {
  expect(Number.isSafeInteger(value)).toBe(true);
  expect(name).toMatch(/^(MIN|MAX|DEFAULT)_/);
});
