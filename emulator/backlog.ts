/** The newest of what was added, numbered, in bounded memory: the oldest goes first. */

export interface Backlog<Entry> {
  /** @returns its number; the first is 1 */
  add(entry: Entry): number;
  /** The newest within the bounds, the oldest of them first. */
  entries(): readonly Entry[];
  /**
   * What was added after the entry with this number and is still kept, and how many of those before it are not.
   * @param most no more than so many. Default: all
   */
  after(number: number, most?: number): { readonly entries: readonly Entry[]; readonly missed: number };
  /** Number of the entry that was added last; 0 before the first. */
  readonly last: number;
  /** Forgets the entries; the numbers go on. */
  clear(): void;
}

export interface Bounds<Entry> {
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** What an entry takes, in bytes, more or less. */
  countBytes(entry: Entry): number;
}

export function createBacklog<Entry>({ maxEntries, maxBytes, countBytes }: Bounds<Entry>): Backlog<Entry> {
  let kept: Entry[] = [];
  let bytes = 0;
  let last = 0;

  const findNewest = (): Entry[] => {
    let first = kept.length;
    let sum = 0;
    while (first > 0 && kept.length - first < maxEntries) {
      sum += countBytes(kept[first - 1] as Entry);
      if (sum > maxBytes) break;
      first--;
    }
    return kept.slice(first);
  };

  return {
    add(entry) {
      kept.push(entry);
      bytes += countBytes(entry);
      last++;
      // Twice the bounds, so that most additions cost nothing.
      if (kept.length > 2 * maxEntries || bytes > 2 * maxBytes) {
        kept = findNewest();
        bytes = kept.reduce((sum, each) => sum + countBytes(each), 0);
      }
      return last;
    },
    entries: findNewest,
    after(number, most = Number.POSITIVE_INFINITY) {
      const place = kept.length - (last - number);
      const first = Math.max(0, place);
      return { entries: kept.slice(first, first + most), missed: first - Math.min(place, first) };
    },
    get last() {
      return last;
    },
    clear() {
      kept = [];
      bytes = 0;
    },
  };
}
