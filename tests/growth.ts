/** Whether work grows with the length of its text alone: told by the time of the processor, which others who use the machine do not make longer. */

/** Does the work on a text of so many characters. False: it was given up. */
export type Work = (characters: number) => boolean;

interface Effort {
  /** Time of the processor. */
  readonly ms: number;
  /** False: it was given up. */
  readonly isOver: boolean;
}

/** Below, the machine's own unrest is louder than the work. */
const AUDIBLE_MS = 50;

export function measure(work: Work, characters: number): Effort {
  const start = process.cpuUsage();
  const isOver = work(characters);
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1_000, isOver };
}

const measureBestMs = (work: Work, characters: number): number =>
  Math.min(...[1, 2, 3].map(() => measure(work, characters).ms));

/** Four times as long, a text takes linear work four times the time, and quadratic work sixteen times. */
export function isBusy(work: Work, characters: number): boolean {
  const long = measure(work, characters);
  if (long.ms < AUDIBLE_MS) return false;
  const short = measure(work, characters / 4);
  if (!short.isOver) return isBusy(work, characters / 4);
  // Given up, it would have taken longer still; where that does not tell, shorter texts do.
  if (!long.isOver) return long.ms > 8 * short.ms || isBusy(work, characters / 4);
  return measureBestMs(work, characters) > 8 * measureBestMs(work, characters / 4);
}

/**
 * Fails when reading takes a time that grows faster than its text.
 *
 * @param write a text of about so many characters, of the same kind at every length
 */
export function expectGrowth(write: (characters: number) => string, read: (text: string) => unknown): void {
  const work: Work = (characters) => {
    read(write(characters));
    return true;
  };
  expect(isBusy(work, 100_000)).toBe(false);
}
