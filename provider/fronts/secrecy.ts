/** What of a resource must not be seen: the engine marks its secrets by their places, and knows nothing of what is said. */
import { hide } from "../cloud/hide";
import type { InputFailure } from "../rules/declaration";
import { isInputName } from "../rules/inputs";
import { escapeControls } from "../rules/printed";
import { isUnknown } from "../rules/unknown";
import type { Call } from "../runs/call";

export interface Secrecy extends Pick<Call, "isSecret" | "secretInputs"> {
  /** The text as it may be shown. */
  say(text: string): string;
  /**
   * Refusals as they may be shown.
   *
   * @param values of the properties
   */
  refuse(failures: readonly InputFailure[], values?: Readonly<Record<string, unknown>>): InputFailure[];
}

/**
 * @param isSecret whether anything is, an output as well
 * @param names what is, or was
 * @param values texts that must not be shown
 * @param declared what of it the program declares so; default: all
 */
export function keepSecret(
  isSecret: boolean,
  names: readonly string[],
  values: readonly string[],
  declared: readonly string[] = names,
): Secrecy {
  const secret = new Set(declared);
  const say = (text: string): string => escapeControls(values.length > 0 ? hide(text, values) : text);
  return {
    isSecret,
    // Of outputs nothing is said that could hold them.
    secretInputs: new Set(names.filter(isInputName)),
    say,
    refuse: (failures, values = {}) =>
      failures.map(({ property, reason }) => ({
        // The engine quotes the value of the property that a failure names, secret or not, and a script before its reason would
        // bury that; the reason names the property as well.
        property: secret.has(property) || isLong(values[property]) ? "" : property,
        reason: property === "frequency" && secret.has(property) ? NO_SCHEDULE : say(reason),
      })),
  };
}

const MAX_QUOTED_CHARACTERS = 500;

const isLong = (value: unknown): boolean => (JSON.stringify(value)?.length ?? 0) > MAX_QUOTED_CHARACTERS;

/** What is wrong with a schedule is told by a part of it. */
const NO_SCHEDULE =
  "frequency must be a schedule that the service takes and that fires; what is wrong with it is not shown, since it is secret: check it with `npx cloud-assistant schedule`";

/** Every value in that of an input that could be told from others. */
export const listTexts = (name: string, value: unknown): string[] =>
  // Names of parameters are the command's, and those of onDelete and check ours; other keys are the program's own.
  listValues(value, !["parameters", "onDelete", "check"].includes(name));

function listValues(value: unknown, withKeys: boolean): string[] {
  if (typeof value === "string") return isUnknown(value) ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap((item) => listValues(item, true));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...(withKeys ? [key] : []), ...listValues(item, true)]);
}
