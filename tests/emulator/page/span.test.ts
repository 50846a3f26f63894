import {
  follow,
  moveWith,
  NARROWEST_MS,
  pan,
  type Span,
  show,
  stepWidth,
  toInstant,
  toPixel,
  WIDEST_MS,
  widthOf,
  zoom,
} from "../../../emulator/page/span";

const HOUR_MS = 3_600_000;
const still: Span = { from: 1_000_000, to: 1_000_000 + HOUR_MS, isFollowing: false };

test("one that follows has most of the past and some of what comes, and goes along", () => {
  const span = follow(10 * HOUR_MS, HOUR_MS);
  expect(span).toEqual({ from: expect.closeTo(9.3 * HOUR_MS), to: expect.closeTo(10.3 * HOUR_MS), isFollowing: true });
  expect(moveWith(span, 11 * HOUR_MS).from).toBeCloseTo(10.3 * HOUR_MS);
  expect(moveWith(still, 11 * HOUR_MS)).toBe(still);
});

test.each([
  ["narrower than there is", 1, NARROWEST_MS],
  ["wider than there is", 400 * 24 * HOUR_MS, WIDEST_MS],
  ["as it is wanted", 2 * HOUR_MS, 2 * HOUR_MS],
])("%s", (_title, ms, width) => {
  expect(widthOf(follow(0, ms))).toBeCloseTo(width);
  expect(widthOf(zoom(still, ms))).toBeCloseTo(width);
});

test.each([0, 0.25, 1])("zooming leaves the place %d of it where it is", (at) => {
  const place = (span: Span) => span.from + at * widthOf(span);
  expect(place(zoom(still, 6 * HOUR_MS, at))).toBeCloseTo(place(still));
});

test("zooming where it follows still follows; elsewhere it no longer does", () => {
  const span = follow(0, HOUR_MS);
  expect([zoom(span, 2 * HOUR_MS).isFollowing, zoom(span, 2 * HOUR_MS, 0.2).isFollowing]).toEqual([true, false]);
  expect(zoom(span, 2 * HOUR_MS)).toEqual(follow(0, 2 * HOUR_MS));
});

test("panning goes its share and follows no more", () => {
  expect(pan({ ...still, isFollowing: true }, -0.5)).toEqual({
    ...{ from: still.from - HOUR_MS / 2, to: still.to - HOUR_MS / 2, isFollowing: false },
  });
});

test("shows an instant where it did not, and stays where it did", () => {
  expect(show(still, still.from)).toBe(still);
  expect(show(still, 0)).toEqual({ from: -HOUR_MS / 2, to: HOUR_MS / 2, isFollowing: false });
});

test.each([
  [HOUR_MS, 1, 6 * HOUR_MS],
  [HOUR_MS, -1, HOUR_MS / 6],
  [1.5 * HOUR_MS, -1, HOUR_MS],
  [60_000, -1, 60_000],
  [31 * 24 * HOUR_MS, 1, 31 * 24 * HOUR_MS],
] as const)("from %d, step %d is %d", (ms, direction, next) => {
  expect(stepWidth(ms, direction)).toBe(next);
});

test("pixels and instants lead to each other", () => {
  expect(toPixel(still, 500, still.from + HOUR_MS / 2)).toBe(250);
  expect(toInstant(still, 500, 250)).toBe(still.from + HOUR_MS / 2);
});
