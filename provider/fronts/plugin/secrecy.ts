/** Secrecy by places: the engine marks what is secret, in a program's properties and in those of a state. */
import type { Properties } from "../../lifecycle/state";
import { INPUTS, isInputName } from "../../rules/inputs";
import { isPolicyName } from "../../rules/rollout/inputs";
import { keepSecret, listTexts, type Secrecy } from "../secrecy";
import { joinMarks, type Marks, type Opened } from "./secrets";

/** @param others what was declared before, or the state; a value that is secret in one of them is so in all */
export function keepMarked(declared: Opened, ...others: readonly Opened[]): Secrecy {
  const marks = joinMarks(declared.marks, ...others.map((other) => other.marks));
  const values = [declared, ...others].flatMap(({ value }) =>
    listMarked({ value: Object.fromEntries(Object.entries(value).filter(([name]) => isDeclared(name))), marks }),
  );
  return keepSecret(marks !== undefined, listNames(marks), values, listNames(declared.marks));
}

const isDeclared = (name: string): boolean => isInputName(name) || isPolicyName(name);

/** The same of a function's arguments, or of a provider's settings: whatever is marked is secret. */
export const keepArguments = ({ value, marks }: Opened): Secrecy =>
  keepSecret(marks !== undefined, listNames(marks), listMarked({ value, marks }));

const listNames = (marks: Marks | undefined): string[] => Object.keys(marks === true ? INPUTS : (marks ?? {}));

/** Every text that is marked, or in what is. */
function listMarked({ value, marks }: Opened): string[] {
  if (marks === undefined) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const mark = marks === true || marks[name];
    if (mark === undefined) return [];
    return mark === true ? listTexts(name, member) : listMarked({ value: (member ?? {}) as Properties, marks: mark });
  });
}
