import { type Schedule, ScheduleSyntaxError } from "../../schedule";
import { quote } from "../../schedule/error";
import { parseOrRefuse } from "../../schedule/parse";

interface Refusal {
  readonly offset: number;
  readonly message: string;
}

/** Place and whole message of the error that a text gives, or the schedule that it should not give. */
export function refusalOf(text: string): Refusal | Schedule {
  const parsed = parseOrRefuse(text);
  return parsed instanceof ScheduleSyntaxError ? { offset: parsed.offset, message: parsed.message } : parsed;
}

export function refusal(text: string, offset: number, problem: string): Refusal {
  return { offset, message: `Cannot parse frequency ${quote(text)}: ${problem} (at offset ${offset})` };
}
