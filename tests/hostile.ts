/**
 * Texts on which a backtracking regular expression has the most to do, made from the expression itself: what a loop repeats,
 * what leads up to the loop, and an end at which it fails.
 */
import { type AST, RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";

/** One of each kind, beside the characters that the expression names. */
const KINDS = [" ", "a", "-", "0", "A", "\n", '"', "\\", "/", "\0"];
/** Of one element, enough to meet whatever stands beside it. */
const MAX_VARIANTS = 10;
/** A loop that can end at so many places is as good as one without a bound. */
const LONG_LOOP = 64;

/** A text as long as it is asked for. */
export type Hostile = (characters: number) => string;

/** @throws SyntaxError when `literal` is no regular expression */
export function listHostile(literal: RegExp): Hostile[] {
  const { pattern } = new RegExpParser().parseLiteral(String(literal));
  const alphabet = interleave(KINDS, listCharacters(pattern));
  const recipes = new Map<string, Hostile>();
  const add = (head: string, pump: string): void => {
    if (pump === "") return;
    for (const end of ["", "\0", "\n"]) {
      recipes.set(JSON.stringify([head, pump, end]), (characters) => {
        const times = Math.ceil((characters - head.length - end.length) / pump.length);
        return head + pump.repeat(times) + end;
      });
    }
  };

  for (const loop of listLoops(pattern)) {
    const head = sampleBefore(loop, literal, alphabet);
    for (const pump of listVariants(loop.element, literal, alphabet)) {
      for (const start of new Set(["", head])) add(start, pump);
      for (const led of [head + pump, pump + head, pump.slice(0, 1) + head]) add("", led);
    }
  }
  // One without a loop, and whatever is common to all.
  for (const character of alphabet.slice(0, MAX_VARIANTS)) add("", character);
  return [...recipes.values()];
}

function interleave(some: readonly string[], others: readonly string[]): string[] {
  const longer = Array.from({ length: Math.max(some.length, others.length) });
  return [...new Set(longer.flatMap((_, place) => [some[place] ?? "", others[place] ?? ""]))].filter(Boolean);
}

function listCharacters(pattern: AST.Pattern): string[] {
  const found: string[] = [];
  visitRegExpAST(pattern, { onCharacterEnter: ({ value }) => void found.push(String.fromCodePoint(value)) });
  return found;
}

function listLoops(pattern: AST.Pattern): AST.Quantifier[] {
  const loops: AST.Quantifier[] = [];
  visitRegExpAST(pattern, {
    onQuantifierEnter: (loop) => {
      if (loop.max - loop.min >= LONG_LOOP) loops.push(loop);
    },
  });
  return loops;
}

/** A text that brings the expression up to `node`. */
function sampleBefore(node: AST.Node, literal: RegExp, alphabet: readonly string[]): string {
  const { parent } = node;
  if (parent === null) return "";
  if (parent.type !== "Alternative") return sampleBefore(parent, literal, alphabet);
  const before = parent.elements.slice(0, parent.elements.indexOf(node as AST.Element));
  return sampleBefore(parent, literal, alphabet) + before.map((each) => sample(each, literal, alphabet)).join("");
}

const sample = (node: AST.Element, literal: RegExp, alphabet: readonly string[]): string =>
  listVariants(node, literal, alphabet)[0] ?? "";

/** Short texts that match `node`. */
function listVariants(node: AST.Element, literal: RegExp, alphabet: readonly string[]): string[] {
  switch (node.type) {
    case "Character":
      return [String.fromCodePoint(node.value)];
    case "CharacterClass":
    case "CharacterSet":
    case "ExpressionCharacterClass": {
      const one = new RegExp(`^${node.raw}$`, literal.flags.replace(/[gy]/g, ""));
      return alphabet.filter((character) => one.test(character)).slice(0, MAX_VARIANTS);
    }
    case "Group":
    case "CapturingGroup":
      return listAlternatives(node.alternatives, literal, alphabet);
    case "Quantifier":
      return listVariants(node.element, literal, alphabet).map((text) => text.repeat(Math.max(1, node.min)));
    case "Assertion":
      // What lies behind has to be there; what lies ahead and what must not be there is not made.
      return node.kind === "lookbehind" && !node.negate ? listAlternatives(node.alternatives, literal, alphabet) : [""];
    case "Backreference":
      return [""];
    default:
      return node satisfies never;
  }
}

function listAlternatives(
  alternatives: readonly AST.Alternative[],
  literal: RegExp,
  alphabet: readonly string[],
): string[] {
  const texts = alternatives.flatMap(({ elements }) => {
    const samples = elements.map((each) => sample(each, literal, alphabet));
    const varied = elements.flatMap((each, place) =>
      listVariants(each, literal, alphabet).map((text) => samples.with(place, text).join("")),
    );
    return varied.slice(0, MAX_VARIANTS);
  });
  // The longest way in first: an empty alternative leads nowhere.
  return [...new Set(texts)].sort((a, b) => Number(a === "") - Number(b === "")).slice(0, 2 * MAX_VARIANTS);
}
