import { createPool, MAX_QUEUED_TASKS, MAX_RUNNING_TASKS, type Pool } from "../../../emulator/agent/pool";

let started: number[];
let pool: Pool<number>;

beforeEach(() => {
  started = [];
  pool = createPool((entry) => started.push(entry), MAX_QUEUED_TASKS);
});

const enter = (count: number, from = 0) => Array.from({ length: count }, (_, number) => pool.enter(from + number));

// [entries before, what becomes of the next]
test.each([
  [0, "started"],
  [MAX_RUNNING_TASKS - 1, "started"],
  [MAX_RUNNING_TASKS, "waiting"],
  [MAX_RUNNING_TASKS + MAX_QUEUED_TASKS - 1, "waiting"],
  [MAX_RUNNING_TASKS + MAX_QUEUED_TASKS, "refused"],
])("after %i entries the next is %s", (count, expected) => {
  enter(count);
  expect(pool.enter(count)).toBe(expected);
});

test("nobody is refused where any number may wait", () => {
  pool = createPool((entry) => started.push(entry), Number.POSITIVE_INFINITY);
  expect(new Set(enter(1000).slice(MAX_RUNNING_TASKS))).toEqual(new Set(["waiting"]));
});

test("a place that becomes free goes to whoever waits longest", () => {
  enter(MAX_RUNNING_TASKS + 2);
  pool.leave();
  pool.leave();
  pool.leave();
  expect(started.slice(MAX_RUNNING_TASKS)).toEqual([MAX_RUNNING_TASKS, MAX_RUNNING_TASKS + 1]);
  expect(pool.size).toBe(MAX_RUNNING_TASKS - 1);
});

test("an entry that was taken out of the line does not start", () => {
  enter(MAX_RUNNING_TASKS + 2);
  pool.remove(MAX_RUNNING_TASKS);
  pool.remove(12_345);
  expect([pool.isWaiting(MAX_RUNNING_TASKS), pool.isWaiting(MAX_RUNNING_TASKS + 1)]).toEqual([false, true]);
  pool.leave();
  expect(started.at(-1)).toBe(MAX_RUNNING_TASKS + 1);
});

test("the whole line can be taken out", () => {
  enter(MAX_RUNNING_TASKS + 3);
  expect(pool.removeAll()).toEqual([10, 11, 12]);
  expect(pool.size).toBe(MAX_RUNNING_TASKS);
});
