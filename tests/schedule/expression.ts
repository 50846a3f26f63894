import fc from "fast-check";

/** What the clock on the wall shows, with what is known of its month. */
export interface Wall {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly monthLength: number;
}

/** A cron text and, told apart from it, when it runs: made together so that no parser stands between them. */
export interface Expression {
  readonly text: string;
  readonly runsAt: (wall: Wall) => boolean;
}

export function readWall(wallMs: number): Wall {
  const date = new Date(wallMs);
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    year: date.getUTCFullYear(),
    weekday: date.getUTCDay(),
    monthLength: new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  };
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const WEEKDAYS = "sun mon tue wed thu fri sat".split(" ");

const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const padded = (value: number) => oneOf(String(value), String(value).padStart(2, "0"));

interface Numbers {
  readonly min: number;
  readonly max: number;
  readonly read: (wall: Wall) => number;
  readonly write: (value: number) => fc.Arbitrary<string>;
}

const SECOND: Numbers = { min: 0, max: 59, read: ({ second }) => second, write: padded };
const MINUTE: Numbers = { min: 0, max: 59, read: ({ minute }) => minute, write: padded };
const HOUR: Numbers = { min: 0, max: 23, read: ({ hour }) => hour, write: padded };
const DAY: Numbers = { min: 1, max: 31, read: ({ day }) => day, write: padded };
const YEAR: Numbers = {
  min: 1970,
  max: 2099,
  read: ({ year }) => year,
  write: (v) => oneOf(`${v}`),
};
const MONTH: Numbers = {
  min: 1,
  max: 12,
  read: ({ month }) => month,
  write: (value) => fc.oneof(padded(value), oneOf(MONTHS[value - 1] ?? "", (MONTHS[value - 1] ?? "").toUpperCase())),
};
const WEEKDAY: Numbers = {
  min: 0,
  max: 6,
  read: ({ weekday }) => weekday,
  write: (value) => oneOf(String(value), WEEKDAYS[value] ?? "", (WEEKDAYS[value] ?? "").toUpperCase()),
};

/** A value, a range or a step, the forms that restrict a field. */
function numbers({ min, max, read, write }: Numbers): fc.Arbitrary<Expression> {
  const value = fc.integer({ min, max });
  // Of years, the agent knows no step between those of a minute and the years themselves.
  const largest = fc.integer({ min: 1, max: Math.min(max, 59) });
  const step = max > 59 ? fc.oneof({ weight: 4, arbitrary: largest }, value) : largest;
  const single = value.chain((v) => write(v).map((text) => ({ text, runsAt: (wall: Wall) => read(wall) === v })));
  const stepped = fc.tuple(step, fc.boolean(), value).chain(([n, isStar, v]) =>
    (isStar ? oneOf("*") : write(v)).map((text) => {
      const first = isStar ? min : v;
      return { text: `${text}/${n}`, runsAt: (wall: Wall) => read(wall) >= first && (read(wall) - first) % n === 0 };
    }),
  );
  // A weekday range may not end on Sunday.
  const range = fc.tuple(value, value, fc.option(step)).chain(([a, b, n]) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b, min + 1)];
    return fc.tuple(write(first), write(last)).map(([low, high]) => ({
      text: `${low}-${high}${n === null ? "" : `/${n}`}`,
      runsAt: (wall: Wall) => read(wall) >= first && read(wall) <= last && (read(wall) - first) % (n ?? 1) === 0,
    }));
  });
  return fc.oneof(single, range, stepped);
}

/** A list joined by union, empty items and all. */
function list(item: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc.tuple(fc.array(item, { minLength: 1, maxLength: 4 }), oneOf(",", ",,")).map(([items, comma]) => ({
    text: items.map(({ text }) => text).join(comma),
    runsAt: (wall) => items.some(({ runsAt }) => runsAt(wall)),
  }));
}

const every: fc.Arbitrary<Expression> = oneOf("*", "?", "*,?").map((text) => ({ text, runsAt: () => true }));

function isWorkday(weekday: number): boolean {
  return weekday >= 1 && weekday <= 5;
}

/** Whether the day is the workday of its month nearest to date `n`, told by looking at them all. */
function isNearestWorkday({ day, weekday, monthLength }: Wall, n: number): boolean {
  if (n > monthLength || !isWorkday(weekday)) return false;
  const days = Array.from({ length: monthLength }, (_, index) => index + 1);
  const workdays = days.filter((other) => isWorkday((((weekday + other - day) % 7) + 7) % 7));
  return workdays.every((other) => other === day || Math.abs(other - n) > Math.abs(day - n));
}

const dayItems: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: numbers(DAY) },
  oneOf("L", "l").map((text) => ({ text, runsAt: (wall: Wall) => wall.day === wall.monthLength })),
  oneOf("LW", "lw").map((text) => ({ text, runsAt: (wall: Wall) => isNearestWorkday(wall, wall.monthLength) })),
  fc.integer({ min: 1, max: 31 }).map((n) => ({ text: `${n}W`, runsAt: (wall: Wall) => isNearestWorkday(wall, n) })),
);

const weekday = fc.integer({ min: 0, max: 6 });

const weekdayItems: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: numbers(WEEKDAY) },
  oneOf("7", "sunday").map((text) => ({ text, runsAt: (wall: Wall) => wall.weekday === 0 })),
  weekday.map((v) => ({
    text: `${v}L`,
    runsAt: (wall: Wall) => wall.weekday === v && wall.day + 7 > wall.monthLength,
  })),
  fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([v, n]) => ({
    text: `${WEEKDAYS[v]}#${n}`,
    runsAt: (wall: Wall) => wall.weekday === v && Math.ceil(wall.day / 7) === n,
  })),
);

const days: fc.Arbitrary<Expression & { weekdayText: string }> = fc.oneof(
  fc.tuple(every, every).map(([day, week]) => ({ ...day, weekdayText: week.text })),
  fc.tuple(list(dayItems), every).map(([day, week]) => ({ ...day, weekdayText: week.text })),
  fc.tuple(every, list(weekdayItems)).map(([day, week]) => ({ ...week, text: day.text, weekdayText: week.text })),
  fc.tuple(list(dayItems), list(weekdayItems)).map(([day, week]) => ({
    text: day.text,
    weekdayText: week.text,
    runsAt: (wall: Wall) => day.runsAt(wall) || week.runsAt(wall),
  })),
);

const some = (field: Numbers) => fc.oneof(every, list(numbers(field)));

/** Any cron text without traps, for a given field of seconds and a given end (zone). */
function expressionOf(seconds: fc.Arbitrary<Expression>, zone: string): fc.Arbitrary<Expression> {
  const years = fc.option(some(YEAR));
  return fc
    .tuple(seconds, some(MINUTE), some(HOUR), days, some(MONTH), years, oneOf(" ", "  ", "\t", "\n"))
    .map(([second, minute, hour, day, month, year, blank]) => ({
      text: [second.text, minute.text, hour.text, day.text, month.text, day.weekdayText, year?.text ?? "*", zone].join(
        blank,
      ),
      runsAt: (wall) =>
        [second, minute, hour, day, month].every(({ runsAt }) => runsAt(wall)) && (year === null || year.runsAt(wall)),
    }));
}

export const expressions = (zone = "UTC"): fc.Arbitrary<Expression> => expressionOf(some(SECOND), zone);

/** Expressions that run on the minute, for walks in steps of a minute. */
export const minuteExpressions = (zone = "UTC"): fc.Arbitrary<Expression> =>
  expressionOf(fc.constant({ text: "0", runsAt: ({ second }: Wall) => second === 0 }), zone);
