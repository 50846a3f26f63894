import fc from "fast-check";
import { createOutput, MAX_OUTPUT_BYTES } from "../../../emulator/agent/output";

const text = ({ output, dropped }: { output: Buffer; dropped: number }) => ({ output: output.toString(), dropped });

// [writes, quota, output, dropped]
const cases: [string[], number, string, number][] = [
  [[], 4, "", 0],
  [["abc"], 4, "abc", 0],
  [["abcd"], 4, "abcd", 0],
  [["abcde"], 4, "bcde", 1],
  [["abc", "de"], 4, "bcde", 1],
  [["abc", "defghijk"], 4, "hijk", 7],
  [["", "ab", "", "cd", "ef"], 4, "cdef", 2],
];

test.each(cases)("%j kept to %i bytes", (writes, quota, output, dropped) => {
  const written = createOutput(quota);
  for (const write of writes) written.write(Buffer.from(write));
  expect(text(written.read())).toEqual({ output, dropped });
});

test("keeps the last 24,576 bytes unless told otherwise", () => {
  const output = createOutput();
  output.write(Buffer.alloc(24_577, "x"));
  expect([output.read().output.length, output.read().dropped, MAX_OUTPUT_BYTES]).toEqual([24_576, 1, 24_576]);
});

test("what was read does not change with what is written later", () => {
  const output = createOutput(4);
  output.write(Buffer.from("abcd"));
  const kept = output.read();
  output.write(Buffer.from("efgh"));
  expect(kept.output.toString()).toBe("abcd");
});

test("is the end of all that was written, however it was cut", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 1, max: 50 }), (writes, quota) => {
      const all = Buffer.concat(writes);
      const output = createOutput(quota);
      for (const write of writes) output.write(write);
      const kept = Math.min(quota, all.length);
      expect(output.read()).toEqual({ output: all.subarray(all.length - kept), dropped: all.length - kept });
    }),
  );
});

/** As many bytes, each telling where it stands. */
const count = (from: number, to: number): Buffer =>
  Buffer.from(Array.from({ length: to - from }, (_, at) => (from + at) % 251));

describe("in pieces", () => {
  test("2,048 bytes at a time, and no more once 6,000 are sent", () => {
    const output = createOutput();
    output.write(count(0, 10_000));
    const sent = [1, 2, 3, 4].map(() => {
      const { hasPiece } = output;
      output.sendPiece();
      return [hasPiece, output.readSent().output.length];
    });
    expect(sent).toEqual([
      [true, 2048],
      [true, 4096],
      [true, 6144],
      [false, 6144],
    ]);
    expect(output.readSent()).toEqual({ output: count(0, 6144), dropped: 0 });
    expect(output.read()).toEqual({ output: count(0, 10_000), dropped: 0 });
  });

  test("what there is, when it is less", () => {
    const output = createOutput();
    output.sendPiece();
    output.write(count(0, 100));
    output.sendPiece();
    expect([output.hasPiece, output.readSent().output.length]).toEqual([false, 100]);
    output.write(count(100, 8_000));
    for (let piece = 0; piece < 9; piece++) output.sendPiece();
    expect(output.readSent()).toEqual({ output: count(0, 100 + 3 * 2048), dropped: 0 });
  });

  // 39,600 bytes over 12 seconds, as seen in the agent: the first 6,144 and the last 18,432, a hole between.
  test("of a long and slow output the beginning and the tail are kept", () => {
    const output = createOutput();
    for (let second = 0; second < 12; second++) {
      output.write(count(second * 3300, (second + 1) * 3300));
      if (second % 3 === 2) output.sendPiece();
    }
    expect(output.read()).toEqual({
      output: Buffer.concat([count(0, 6144), count(39_600 - 18_432, 39_600)]),
      dropped: 39_600 - 24_576,
    });
  });
});
