import { closeSync, fstatSync, readdirSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { drain, openPipe } from "../../../emulator/agent/pipe";

function drained(readEnd: number): string {
  const chunks: Buffer[] = [];
  drain(readEnd, (chunk) => chunks.push(Buffer.from(chunk)));
  return Buffer.concat(chunks).toString();
}

test("what goes in comes out, and nothing is waited for", () => {
  const { readEnd, writeEnd } = openPipe();
  expect(drained(readEnd)).toBe("");
  writeSync(writeEnd, "one ");
  writeSync(writeEnd, "two");
  expect(drained(readEnd)).toBe("one two");
  closeSync(writeEnd);
  expect(drained(readEnd)).toBe("");
  closeSync(readEnd);
});

test("is a pipe and no socket, so that a script can open it by name", () => {
  const { readEnd, writeEnd } = openPipe();
  expect([fstatSync(readEnd).isFIFO(), fstatSync(writeEnd).isFIFO()]).toEqual([true, true]);
  closeSync(readEnd);
  closeSync(writeEnd);
});

test("each is a pipe of its own, and none leaves a name behind", () => {
  const pipes = Array.from({ length: 40 }, () => openPipe());
  for (const [number, { writeEnd }] of pipes.entries()) writeSync(writeEnd, String(number));
  expect(pipes.map(({ readEnd }) => drained(readEnd))).toEqual(pipes.map((_, number) => String(number)));
  for (const { readEnd, writeEnd } of pipes) {
    closeSync(readEnd);
    closeSync(writeEnd);
  }
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`cloud-assistant-pipes-${process.pid}-`))).toEqual([]);
});
