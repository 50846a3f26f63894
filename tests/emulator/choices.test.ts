import { CHOICE_VALUES, type Choices, DEFAULT_CHOICES } from "../../emulator/choices";
import { parseFixtures } from "../../emulator/seed";

test("every choice names its values, the default first", () => {
  expect(Object.keys(CHOICE_VALUES)).toEqual(Object.keys(DEFAULT_CHOICES));
  const firsts = Object.entries(CHOICE_VALUES).map(([name, values]) => [
    name,
    values === "milliseconds" ? 0 : values[0],
  ]);
  expect(Object.fromEntries(firsts)).toEqual(DEFAULT_CHOICES);
});

const fixtures = (choices: object): string => JSON.stringify({ choices });

test.each(
  Object.entries(CHOICE_VALUES).flatMap(([name, values]): [string, unknown][] =>
    (values === "milliseconds" ? [0, 86_400_000] : [...values]).map((value) => [name, value]),
  ),
)("%s may be %j in a fixtures file", (name, value) => {
  expect(parseFixtures(fixtures({ [name]: value }))).toEqual({ choices: { [name]: value } });
});

// [choice, value, what is said of it]
test.each<[keyof Choices | "color", unknown, string]>([
  [
    "shell",
    "zsh",
    'The file has a property "choices" that must have one of "bash", "dash" as "shell": current value is "zsh"',
  ],
  [
    "tagDelayMs",
    "3s",
    'The file has a property "choices" that must have a whole number of milliseconds, 0 or more as "tagDelayMs": current value is "3s"',
  ],
  [
    "invocationDelayMs",
    -1,
    'The file has a property "choices" that must have a whole number of milliseconds, 0 or more as "invocationDelayMs": current value is -1',
  ],
  [
    "color",
    "red",
    `The file has a property "choices" that must have no property "color": known are ${Object.keys(DEFAULT_CHOICES).join(", ")}`,
  ],
])("%s cannot be %j", (name, value, message) => {
  expect(() => parseFixtures(fixtures({ [name]: value }))).toThrow(new RangeError(message));
});
