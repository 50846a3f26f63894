/** Characters that a frequency cannot hold, since all that the agent reads is ASCII: which they are, and what stands for them. */

export interface ForeignCharacter {
  readonly text: string;
  /** Where it begins, in UTF-16 units from 0. */
  readonly offset: number;
  /** Which character of the text it is, from 1. */
  readonly position: number;
  /** `alike` looks like a character of ASCII, `other` like none. */
  readonly kind: "blank" | "invisible" | "alike" | "other";
  /** What to write instead; nothing of an invisible one. */
  readonly plain?: string;
}

const ASCII = /^[ -~\t\n]$/;
const BLANK = /^[\v\f\r\x85\p{Z}]$/u;
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]$/u;

/** Names of those that keyboards, editors and copied pages leave behind. */
const NAMES: Readonly<Record<string, string>> = {
  "\r": "carriage return",
  "\u00a0": "no-break space",
  "\u00ad": "soft hyphen",
  "\u200b": "zero-width space",
  "\u200c": "zero-width non-joiner",
  "\u200d": "zero-width joiner",
  "\u200e": "left-to-right mark",
  "\u200f": "right-to-left mark",
  "\u2028": "line separator",
  "\u202f": "narrow no-break space",
  "\u2060": "word joiner",
  "\u3000": "ideographic space",
  "\ufeff": "byte order mark",
  "\ufffd": "replacement character",
};

/** What compatibility (NFKC) does not map: dashes, quotes, stars, strokes, and the capitals that Cyrillic and Greek share. */
const ALIKE: readonly (readonly [plain: string, characters: string])[] = [
  ["-", "‐‑‒–—―−"],
  ["'", "‘’‚‛′"],
  ['"', "“”„‟″"],
  ["*", "∗⁎✱✲×"],
  ["/", "⁄∕"],
  [",", "、،"],
  [".", "。"],
  ["A", "АΑ"],
  ["B", "ВΒ"],
  ["C", "С"],
  ["E", "ЕΕ"],
  ["H", "НΗ"],
  ["I", "ІΙ"],
  ["J", "Ј"],
  ["K", "КΚ"],
  ["L", "Ⅼ"],
  ["M", "МΜ"],
  ["N", "Ν"],
  ["O", "ОΟ"],
  ["P", "РΡ"],
  ["S", "Ѕ"],
  ["T", "ТΤ"],
  ["U", "Ս"],
  ["Y", "УΥ"],
];

/** The characters of a text that are not ASCII, space, tab or newline, in their order. */
export function listForeign(text: string): ForeignCharacter[] {
  const foreign: ForeignCharacter[] = [];
  let offset = 0;
  let position = 1;
  for (const character of text) {
    if (!ASCII.test(character)) foreign.push({ text: character, offset, position, ...classify(character) });
    offset += character.length;
    position++;
  }
  return foreign;
}

function classify(character: string): Pick<ForeignCharacter, "kind" | "plain"> {
  if (BLANK.test(character)) return { kind: "blank", plain: " " };
  if (INVISIBLE.test(character)) return { kind: "invisible", plain: "" };
  const plain = findAlike(character);
  return plain === undefined ? { kind: "other" } : { kind: "alike", plain };
}

function findAlike(character: string): string | undefined {
  const compatible = character.normalize("NFKC");
  if (ASCII.test(compatible)) return compatible;
  if (/^\p{Nd}$/u.test(character)) return String(digitOf(character));
  return ALIKE.find(([, characters]) => characters.includes(character))?.[0];
}

// Unicode has the ten digits of a script in one row of sixteen, from its first or its seventh place on.
function digitOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  const place = code % 16;
  return /^\p{Nd}$/u.test(String.fromCodePoint(code - place)) ? place : place - 6;
}

/** The text with what stands for each foreign character, as far as that is known, and without blanks around it. */
export function toPlain(text: string): string {
  const characters = [...text].map((character) =>
    ASCII.test(character) ? character : (classify(character).plain ?? character),
  );
  return characters.join("").trim();
}

/** `U+200B (zero-width space)` */
export function nameCharacter(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const name = Object.hasOwn(NAMES, character) ? NAMES[character] : undefined;
  return name === undefined ? code : `${code} (${name})`;
}

/** The text with an escape for each character that cannot be seen. */
export function escapeInvisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Z}]/gu, (character) =>
    character === " " ? character : escapeCharacter(character),
  );
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
