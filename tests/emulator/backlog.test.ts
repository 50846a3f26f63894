import fc from "fast-check";
import { createBacklog } from "../../emulator/backlog";

const create = (maxEntries: number, maxBytes = 1_000_000) =>
  createBacklog<string>({ maxEntries, maxBytes, countBytes: ({ length }) => length });

test("numbers what is added, and keeps it in order", () => {
  const backlog = create(10);
  expect([backlog.last, backlog.add("a"), backlog.add("b"), backlog.last]).toEqual([0, 1, 2, 2]);
  expect(backlog.entries()).toEqual(["a", "b"]);
});

test("tells what came after a number, and how much of it is gone", () => {
  const backlog = create(2);
  for (const entry of ["a", "b", "c", "d", "e"]) backlog.add(entry);
  expect(backlog.after(4)).toEqual({ entries: ["e"], missed: 0 });
  expect(backlog.after(5)).toEqual({ entries: [], missed: 0 });
  expect(backlog.after(0)).toEqual({ entries: ["d", "e"], missed: 3 });
  expect(backlog.after(0, 1)).toEqual({ entries: ["d"], missed: 3 });
});

test("cleared, it goes on counting", () => {
  const backlog = create(2);
  backlog.add("a");
  backlog.clear();
  expect([backlog.entries(), backlog.after(0)]).toEqual([[], { entries: [], missed: 1 }]);
  expect([backlog.add("b"), backlog.entries()]).toEqual([2, ["b"]]);
});

test("an entry larger than all it may keep is kept by nobody", () => {
  const backlog = create(10, 5);
  backlog.add("x".repeat(6));
  expect(backlog.entries()).toEqual([]);
});

test("law: it holds the newest, never more than its bounds, and after() begins where it was left", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100 }), (lengths, entries, bytes) => {
      const backlog = create(entries, bytes);
      const all = lengths.map((length, index) => `${index}`.padEnd(length, "."));
      for (const each of all) backlog.add(each);
      const kept = backlog.entries();
      expect(kept).toEqual(all.slice(all.length - kept.length));
      expect(kept.length).toBeLessThanOrEqual(entries);
      expect(kept.join("").length).toBeLessThanOrEqual(bytes);
      for (let number = 0; number <= all.length; number++) {
        const { entries: later, missed } = backlog.after(number);
        expect(later).toEqual(all.slice(number + missed));
      }
    }),
  );
});
