/** Answers whether two values of an input mean the same: the one definition of it. */
import { meaningOfFrequency } from "../../schedule/equal";
import { formatCanonical } from "./canonical";
import { INPUTS, type InputName, type Meaning } from "./inputs";
import { containsUnknown } from "./unknown";

/** An empty list or map is as good as none. */
const isNone = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

const MEANINGS: { [K in Meaning]: (value: never) => unknown } = {
  value: (value) => value,
  schedule: meaningOfFrequency,
  members: (values: string[]) => [...new Set(values)].sort(),
};

/** What is compared of a value; undefined where there is none. A value of another type than the input's means itself. */
export function meaningOf(name: InputName, value: unknown): unknown {
  if (isNone(value)) return undefined;
  const { rule, meaning } = INPUTS[name];
  return rule(value) === undefined ? MEANINGS[meaning](value as never) : value;
}

/** Whether an input means the same before and after. A value that is not known yet counts as another. */
export function isSame(name: InputName, before: unknown, after: unknown): boolean {
  if (containsUnknown(after)) return false;
  return formatCanonical(meaningOf(name, before)) === formatCanonical(meaningOf(name, after));
}
