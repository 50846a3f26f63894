/** Secrets as the protocol carries them, each in a wrapper: here they are taken out, and put back in the same places. */

/** What marks an object as something else than itself, and as what (pulumi `sdk/go/common/resource/sig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Which parts of a value are secret: all of it, or some of its members. A list with a secret in it is secret as a whole: the
 * order of its elements may mean nothing.
 */
export type Marks = true | { readonly [name: string]: Marks };

/** A value in the clear, and which parts of it are secret. */
export interface Opened<T = Record<string, unknown>> {
  value: T;
  marks?: Marks | undefined;
}

type Members = Record<string, unknown>;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function openSecrets<T = Members>(wire: T): Opened<T> {
  return open(wire) as Opened<T>;
}

function open(wire: unknown): Opened<unknown> {
  if (Array.isArray(wire)) {
    const elements = wire.map(open);
    const value = elements.map((element) => element.value);
    return elements.some(({ marks }) => marks !== undefined) ? { value, marks: true } : { value };
  }
  if (!isObject(wire)) return { value: wire };
  if (wire[SIGNATURE] === SECRET) return { value: open(wire.value).value, marks: true };
  const members = Object.entries(wire).map(([name, member]) => [name, open(member)] as const);
  const marked = members.flatMap(([name, { marks }]) => (marks === undefined ? [] : [[name, marks] as const]));
  const value = Object.fromEntries(members.map(([name, member]) => [name, member.value]));
  return marked.length === 0 ? { value } : { value, marks: Object.fromEntries(marked) };
}

/** The value as it goes over the wire. Marks of what is not there mark nothing. */
export function sealSecrets<T>({ value, marks }: Opened<T>): T {
  return seal(value, marks) as T;
}

function seal(value: unknown, marks: Marks | undefined): unknown {
  if (marks === undefined || value === undefined || value === null) return value;
  if (marks === true || !isObject(value)) return { [SIGNATURE]: SECRET, value };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, seal(member, marks[name])]));
}

/** Whatever is secret in one of them. */
export function joinMarks(...all: readonly (Marks | undefined)[]): Marks | undefined {
  const marks = all.filter((each) => each !== undefined);
  if (marks.length === 0) return undefined;
  const parts = marks.filter((each) => each !== true);
  if (parts.length < marks.length) return true;
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries([...names].map((name) => [name, joinMarks(...parts.map((part) => part[name])) ?? true]));
}

/** Whether the member is secret, or anything in it. */
export const isMarked = (marks: Marks | undefined, name: string): boolean =>
  marks === true || (marks !== undefined && Object.hasOwn(marks, name));
