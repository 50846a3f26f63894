import fc from "fast-check";
import {
  formatRolloutTag,
  formatSeries,
  parseRolloutTag,
  type RolloutTag,
} from "../../../../provider/rules/rollout/tag";

const tag: RolloutTag = {
  resource: "4f".repeat(16),
  generation: "a1".repeat(16),
  kind: "run",
  wave: 2,
  shard: 1,
  attempt: 3,
};

test("a tag can be read", () => {
  const text = `${"4f".repeat(16)}.${"a1".repeat(16)}.run.w2.s1.a3`;
  expect(formatRolloutTag(tag)).toBe(text);
  expect(parseRolloutTag(text)).toEqual(tag);
});

test("what is written is read back, in at most 128 characters", () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/);
  const number = fc.integer({ min: 1, max: 999_999 });
  fc.assert(
    fc.property(
      fc.record({
        resource: name,
        generation: name,
        kind: fc.constantFrom("run" as const, "check" as const),
        wave: number,
        shard: number,
        attempt: number,
        name: fc.string({ maxLength: 8, unit: fc.constantFrom("a", "/", " ", "\n", "\u2028") }),
      }),
      (any) => {
        const text = formatRolloutTag(any);
        expect(text.length).toBeLessThanOrEqual(128);
        expect(parseRolloutTag(text)).toEqual(any);
      },
    ),
  );
});

test.each([
  "",
  "true",
  // The tag of an Invocation: resource and intention.
  `${"4f".repeat(16)}.${"a1".repeat(16)}`,
  "a.b.run.w0.s1.a1",
  "a.b.run.w1.s1",
  "a.b.run.w1.s1.a1.x",
  "a.b.stop.w1.s1.a1",
  "a.b.run.w01.s1.a1",
  "a b.c.run.w1.s1.a1",
])("%j is not the tag of a rollout", (text) => {
  expect(parseRolloutTag(text)).toBeUndefined();
});

test.each<[string, Partial<RolloutTag>]>([
  ["a dot in a name", { resource: "web.1" }],
  ["no name", { generation: "" }],
  ["wave 0", { wave: 0 }],
  ["half a shard", { shard: 1.5 }],
  ["more than 128 characters", { resource: "x".repeat(100) }],
])("refuses %s", (_, part) => {
  const { resource, generation, wave, shard } = { ...tag, ...part };
  expect(() => formatRolloutTag({ ...tag, ...part })).toThrow(
    new RangeError(
      `Cannot format the tag of a rollout: it must have two names of letters, digits, "_" and "-" and numbers from 1, and at most 128 characters: it is "${resource}.${generation}.run.w${wave}.s${shard}.a3"`,
    ),
  );
});

test("shards are counted by kind, wave and attempt", () => {
  expect(formatSeries(tag)).toBe("run.w2.a3");
  expect(formatSeries({ kind: "check", wave: 1, attempt: 1 })).toBe("check.w1.a1");
});
