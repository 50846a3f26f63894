import { escapeInvisible, listForeign, nameCharacter, toPlain } from "../../schedule/characters";

describe("finds what is not ASCII", () => {
  // [text, kind, what to write instead]
  it.each([
    ["\u00a0", "blank", " "],
    ["\u3000", "blank", " "],
    ["\u2028", "blank", " "],
    ["\r", "blank", " "],
    ["\f", "blank", " "],
    ["\u200b", "invisible", ""],
    ["\ufeff", "invisible", ""],
    ["\u202e", "invisible", ""],
    ["\u0000", "invisible", ""],
    ["\u007f", "invisible", ""],
    ["\u3164", "invisible", ""],
    ["\ud800", "invisible", ""],
    ["\u{e0061}", "invisible", ""],
    ["，", "alike", ","],
    ["（", "alike", "("],
    ["＊", "alike", "*"],
    ["？", "alike", "?"],
    ["／", "alike", "/"],
    ["：", "alike", ":"],
    ["＃", "alike", "#"],
    ["５", "alike", "5"],
    ["𝟓", "alike", "5"],
    ["٣", "alike", "3"],
    ["०", "alike", "0"],
    ["९", "alike", "9"],
    ["Ｌ", "alike", "L"],
    ["\u212a", "alike", "K"],
    ["ſ", "alike", "s"],
    ["–", "alike", "-"],
    ["−", "alike", "-"],
    ["“", "alike", '"'],
    ["、", "alike", ","],
    ["\u041e", "alike", "O"],
    ["\u0391", "alike", "A"],
    ["星", "other", undefined],
    ["ı", "other", undefined],
    ["é", "other", undefined],
    ["😀", "other", undefined],
    ["½", "other", undefined],
  ])("%j is %s", (text, kind, plain) => {
    const [foreign, ...others] = listForeign(`0${text}1`);
    expect(others).toEqual([]);
    expect(foreign).toEqual({ text, offset: 1, position: 2, kind, ...(plain !== undefined && { plain }) });
  });

  it("counts a character beyond the first plane as one", () => {
    expect(listForeign("😀😀\u200b").map(({ offset, position }) => [offset, position])).toEqual([
      [0, 1],
      [2, 2],
      [4, 3],
    ]);
  });

  it("knows every digit", () => {
    const numbers = ["ar", "deva", "beng", "fullwide", "mathsans", "nkoo", "tibt", "thai", "cakm", "java", "hmnp"].map(
      (system) =>
        Intl.NumberFormat(`en-u-nu-${system === "ar" ? "arab" : system}`, { useGrouping: false }).format(9_876_543_210),
    );
    expect(numbers.map(toPlain)).toEqual(numbers.map(() => "9876543210"));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it("finds nothing in ASCII", () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
    expect(listForeign(`\t\n${ascii}`)).toEqual([]);
  });
});

it.each([
  ["\ufeff ０\u00a00\u200b 2，3 ＊ ＊ ？\r\n", "0 0 2,3 * * ?"],
  ["0 星", "0 星"],
])("makes %j plain", (text, plain) => {
  expect(toPlain(text)).toBe(plain);
});

it.each([
  ["\u200b", "U+200B (zero-width space)"],
  ["\u00a0", "U+00A0 (no-break space)"],
  ["，", "U+FF0C"],
  ["😀", "U+1F600"],
])("names %j", (character, name) => {
  expect(nameCharacter(character)).toBe(name);
});

it("escapes what cannot be seen, and that alone", () => {
  expect(escapeInvisible("a b\u200b\u00a0\u{e0061}，星")).toBe("a b\\u200b\\u00a0\\u{e0061}，星");
});
