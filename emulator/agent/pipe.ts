/**
 * Pipes for scripts to write to: real ones, both ends in hand.
 *
 * What Node calls a pipe is a socket, on which `echo > /dev/stderr` fails, and it gives each stream one of its own, so that their order is lost.
 */

import { spawnSync } from "node:child_process";
import { constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pipe {
  /** Does not block. */
  readonly readEnd: number;
  readonly writeEnd: number;
}

/** Only a program can make a pipe, and starting one costs more than the pipes: they are made several at a time. */
const PIPES_AT_A_TIME = 16;

/** A pipe never holds more than this much unread. */
const MAX_PIPE_BYTES = 1024 * 1024;

const spare: Pipe[] = [];

/**
 * A fresh pipe; its file descriptors are the caller's to close.
 *
 * @throws the system's error when there is no program `mkfifo` or no file descriptor left
 */
export function openPipe(): Pipe {
  const pipe = spare.pop();
  if (pipe) return pipe;
  makePipes();
  return openPipe();
}

function makePipes(): void {
  const directory = mkdtempSync(join(tmpdir(), `cloud-assistant-pipes-${process.pid}-`));
  const paths = Array.from({ length: PIPES_AT_A_TIME }, (_, number) => join(directory, String(number)));
  spawnSync("mkfifo", ["-m", "600", ...paths]);
  try {
    for (const path of paths) {
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      spare.push({ readEnd, writeEnd: openSync(path, constants.O_WRONLY) });
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * Takes what a pipe holds right now.
 *
 * @returns whether somebody can still write to it
 */
export function drain(readEnd: number, take: (chunk: Buffer) => void): boolean {
  const chunk = Buffer.alloc(64 * 1024);
  for (let leftBytes = MAX_PIPE_BYTES; leftBytes > 0; ) {
    const readBytes = readNow(readEnd, chunk);
    if (readBytes === undefined) return true;
    if (readBytes === 0) return false;
    take(chunk.subarray(0, readBytes));
    leftBytes -= readBytes;
  }
  return true;
}

/** 0 at the end; undefined when there is nothing to read yet. */
function readNow(readEnd: number, chunk: Buffer): number | undefined {
  try {
    return readSync(readEnd, chunk);
  } catch {
    return undefined;
  }
}
