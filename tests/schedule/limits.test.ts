import * as emulated from "../../emulator/limits";
import * as limits from "../../schedule/limits";

const readLimit = (numbers: object, name: string) => Object.entries(numbers).find(([key]) => key === name)?.[1];

/** The library and the emulator read the documents each for itself: where they name the same thing, they must agree. */
it.each(["DEFAULT_TIMEOUT_SECONDS", "MIN_CRON_GAP_SECONDS", "MIN_RATE_SECONDS", "MAX_RATE_SECONDS"])(
  "%s is the same on both sides",
  (name) => {
    expect(readLimit(limits, name)).toBeGreaterThan(0);
    expect(readLimit(limits, name)).toBe(readLimit(emulated, name));
  },
);

it.each(Object.entries(limits))("%s is a whole number that says whether it is a bound or a default", (name, value) => {
  expect(Number.isSafeInteger(value)).toBe(true);
  expect(name).toMatch(/^(MIN|MAX|DEFAULT)_/);
});
