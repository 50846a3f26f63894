import fc from "fast-check";
import { createOutputTail, MAX_OUTPUT_BYTES } from "../../../emulator/agent/output";

// [writes, limit, output, dropped]
const cases: [string[], number, string, number][] = [
  [[], 4, "", 0],
  [["abc"], 4, "abc", 0],
  [["abcd"], 4, "abcd", 0],
  [["abcde"], 4, "bcde", 1],
  [["abc", "de"], 4, "bcde", 1],
  [["abc", "defghijk"], 4, "hijk", 7],
  [["", "ab", "", "cd", "ef"], 4, "cdef", 2],
];

test.each(cases)("%j kept to %i bytes", (writes, limit, output, dropped) => {
  const tail = createOutputTail(limit);
  for (const write of writes) tail.write(Buffer.from(write));
  expect({ ...tail.read(), output: tail.read().output.toString() }).toEqual({ output, dropped });
});

test("keeps the last 24,576 bytes unless told otherwise", () => {
  const tail = createOutputTail();
  tail.write(Buffer.alloc(24_577, "x"));
  expect([tail.read().output.length, tail.read().dropped, MAX_OUTPUT_BYTES]).toEqual([24_576, 1, 24_576]);
});

test("what was read does not change with what is written later", () => {
  const tail = createOutputTail(4);
  tail.write(Buffer.from("abcd"));
  const { output } = tail.read();
  tail.write(Buffer.from("efgh"));
  expect(output.toString()).toBe("abcd");
});

test("is the end of all that was written, however it was cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 1, max: 50 }), (writes, limit) => {
      const all = Buffer.concat(writes);
      const tail = createOutputTail(limit);
      for (const write of writes) tail.write(write);
      const kept = Math.min(limit, all.length);
      expect(tail.read()).toEqual({ output: all.subarray(all.length - kept), dropped: all.length - kept });
    }),
  );
});
