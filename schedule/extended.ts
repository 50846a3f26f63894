import { splitFields } from "./cron";
import { kindOf } from "./parse";

/** Whether a frequency says more than the six fields of cron, which are all that the first agents knew: `rate(…)`, `at(…)`, a year or a zone. */
export function isExtended(text: string): boolean {
  return kindOf(text) !== "cron" || splitFields({ input: text, offset: 0, text }).length > 6;
}
