/**
 * What of a resource must not be seen. The host gives secrets in the clear, so the constructor tells which inputs are secret;
 * the engine marks what comes back under their names, and knows nothing of what is said.
 */
import { hide } from "../../cloud/hide";
import type { Properties } from "../../lifecycle/state";
import type { InputFailure } from "../../rules/declaration";
import { INPUTS, type InputName, isInputName } from "../../rules/inputs";
import { escapeControls } from "../../rules/printed";
import { isPolicyName } from "../../rules/rollout/inputs";
import { isUnknown } from "../../rules/unknown";

/** Names of what is secret; `true` in states of versions that told no names. */
export type Secret = true | readonly string[];

export interface Secrecy {
  /** Whether an input is secret, and with it whatever comes of it. */
  isSecret: boolean;
  secretInputs: ReadonlySet<string>;
  /** The text as it may be shown. */
  say(text: string): string;
  /** A refusal as it may be shown. */
  refuse(failure: InputFailure): InputFailure;
}

/** @param sources properties that hold values which may be said: those of the program, and those of the state */
export function keepSecret(secret: Secret | undefined, ...sources: readonly Properties[]): Secrecy {
  // Of outputs that the program names nothing is said that could hold them.
  const isName = (name: string) => isInputName(name) || isPolicyName(name);
  const names = new Set(secret === true ? Object.keys(INPUTS).filter(mayBeSecret) : secret?.filter(isName));
  const values = sources.flatMap((source) =>
    Object.entries(source).flatMap(([name, value]) =>
      names.has(name) ? listValues(value, name !== "parameters" && name !== "check") : [],
    ),
  );
  const say = (text: string): string => escapeControls(values.length > 0 ? hide(text, values) : text);
  return {
    isSecret: secret !== undefined,
    secretInputs: names,
    say,
    refuse: ({ property, reason }) => ({
      // The engine quotes the value of the property that a failure names, secret or not; the reason names it as well.
      property: names.has(property) ? "" : property,
      reason: names.has(property) && property === "frequency" ? NO_SCHEDULE : say(reason),
    }),
  };
}

/** What is wrong with a schedule is told by a part of it. */
const NO_SCHEDULE =
  "frequency must be a schedule that the service takes and that fires; what is wrong with it is not shown, since it is secret: check it with `npx cloud-assistant schedule`";

/** Without names everything that a program may well want to hide is taken to be secret, and what messages live on is not. */
const mayBeSecret = (name: string): boolean =>
  isInputName(name) && !SAID.includes(name) && INPUTS[name].default === undefined;

const SAID: readonly InputName[] = ["commandId", "instanceIds", "regionId", "repeatMode", "timeout", "waitTimeout"];

/** Every value in it that could be told from others; names of parameters are the command's, other keys are the program's own. */
function listValues(value: unknown, withKeys: boolean): string[] {
  if (typeof value === "string") return isUnknown(value) ? [] : [value];
  if (typeof value === "number") return [String(value)];
  if (Array.isArray(value)) return value.flatMap((item) => listValues(item, true));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [...(withKeys ? [key] : []), ...listValues(item, true)]);
}
