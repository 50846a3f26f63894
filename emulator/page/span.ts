/** The part of time that is looked at, and where an instant lies in it. */

export interface Span {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Whether it moves along with now. */
  readonly isFollowing: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const NARROWEST_MS = MINUTE_MS;
export const WIDEST_MS = 31 * DAY_MS;

/** What one chooses among. */
export const WIDTHS: readonly { readonly name: string; readonly ms: number }[] = [
  { name: "1 min", ms: MINUTE_MS },
  { name: "10 min", ms: 10 * MINUTE_MS },
  { name: "1 h", ms: 60 * MINUTE_MS },
  { name: "6 h", ms: 360 * MINUTE_MS },
  { name: "1 d", ms: DAY_MS },
  { name: "1 w", ms: 7 * DAY_MS },
  { name: "1 mo", ms: 31 * DAY_MS },
];

/** Where now stands while the span follows it: what comes is to be seen as well as what was. */
const NOW_AT = 0.7;

export const widthOf = ({ from, to }: Span): number => to - from;

const clamp = (ms: number): number => Math.min(WIDEST_MS, Math.max(NARROWEST_MS, ms));

/** A span of so many milliseconds that follows now. */
export function follow(now: number, ms: number): Span {
  const width = clamp(ms);
  return { from: now - NOW_AT * width, to: now + (1 - NOW_AT) * width, isFollowing: true };
}

/** The span a moment later. */
export const moveWith = (span: Span, now: number): Span => (span.isFollowing ? follow(now, widthOf(span)) : span);

/** @param share how far, in widths of the span; below 0 to the past */
export function pan(span: Span, share: number): Span {
  const ms = share * widthOf(span);
  return { from: span.from + ms, to: span.to + ms, isFollowing: false };
}

/**
 * Another width around a place that stays where it is.
 * @param at its share of the width, from 0 at the left to 1. Default: now, when the span follows it, else the middle
 */
export function zoom(span: Span, ms: number, at = span.isFollowing ? NOW_AT : 0.5): Span {
  const width = clamp(ms);
  const still = span.from + at * widthOf(span);
  return { from: still - at * width, to: still + (1 - at) * width, isFollowing: span.isFollowing && at === NOW_AT };
}

/** The span that shows an instant: itself when it does, else one of the same width around it. */
export function show(span: Span, ms: number): Span {
  if (ms >= span.from && ms <= span.to) return span;
  const half = widthOf(span) / 2;
  return { from: ms - half, to: ms + half, isFollowing: false };
}

/** The next width of the list, wider (1) or narrower (-1). */
export function stepWidth(ms: number, direction: 1 | -1): number {
  const widths = WIDTHS.map((each) => each.ms);
  const next = direction === 1 ? widths.find((each) => each > ms * 1.01) : widths.findLast((each) => each < ms / 1.01);
  return next ?? ms;
}

export const toPixel = ({ from, to }: Span, widthPx: number, ms: number): number =>
  ((ms - from) / (to - from)) * widthPx;

export const toInstant = ({ from, to }: Span, widthPx: number, px: number): number =>
  from + (px / widthPx) * (to - from);
