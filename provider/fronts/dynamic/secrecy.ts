/** Secrecy by names: the host gives secrets in the clear, so the constructor tells which inputs are secret. */
import type { Properties } from "../../lifecycle/state";
import { INPUTS, type InputName, isInputName } from "../../rules/inputs";
import { isPolicyName } from "../../rules/rollout/inputs";
import { keepSecret, listTexts, type Secrecy } from "../secrecy";

/** Names of what is secret; `true` in states of versions that told no names. */
export type Secret = true | readonly string[];

/** @param sources properties that hold values which may be said: those of the program, and those of the state */
export const keepNamed = (secret: Secret | undefined, ...sources: readonly Properties[]): Secrecy =>
  keepBoth(secret, undefined, ...sources);

/** Of a change: what was secret before is seen no more than what is secret now. What is refused is what is declared now. */
export function keepBoth(
  declared: Secret | undefined,
  before: Secret | undefined,
  ...sources: readonly Properties[]
): Secrecy {
  const now = listNames(declared);
  const names = [...new Set([...now, ...listNames(before)])];
  const values = sources.flatMap((source) =>
    Object.entries(source).flatMap(([name, value]) =>
      names.includes(name) && (isInputName(name) || isPolicyName(name)) ? listTexts(name, value) : [],
    ),
  );
  return keepSecret(declared !== undefined || before !== undefined, names, values, now);
}

const listNames = (secret: Secret | undefined): readonly string[] =>
  secret === true ? Object.keys(INPUTS).filter(mayBeSecret) : (secret ?? []);

/** Without names everything that a program may well want to hide is taken to be secret, and what messages live on is not. */
const mayBeSecret = (name: string): boolean =>
  isInputName(name) && !SAID.includes(name) && INPUTS[name].default === undefined;

const SAID: readonly InputName[] = ["commandId", "instanceIds", "regionId", "repeatMode", "timeout", "waitTimeout"];
