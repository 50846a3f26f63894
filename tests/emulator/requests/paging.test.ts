import { DEFAULT_CHOICES } from "../../../emulator/choices";
import { cutPage, type PageRequest } from "../../../emulator/requests/paging";

const NONE: PageRequest = { MaxResults: undefined, NextToken: undefined, PageNumber: undefined, PageSize: undefined };
const rising = Array.from({ length: 25 }, (_, index) => ({ sequence: index + 1 }));
const falling = [...rising].reverse();

const sequences = (items: readonly { readonly sequence: number }[]) => items.map(({ sequence }) => sequence);

/** All pages by token, each as the sequences on it. */
function walk(listed: readonly { readonly sequence: number }[], size: number): number[][] {
  const pages: number[][] = [];
  let token: string | undefined;
  do {
    const page = cutPage(listed, { ...NONE, MaxResults: size, NextToken: token }, DEFAULT_CHOICES);
    pages.push(sequences(page.items));
    token = String(page.fields.NextToken);
  } while (token !== "");
  return pages;
}

describe("by number", () => {
  test.each<[string, Partial<PageRequest>, number[], object]>([
    ["the first ten by default", {}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { PageNumber: 1, PageSize: 10, TotalCount: 25 }],
    [
      "the last, which is shorter",
      { PageNumber: 3 },
      [21, 22, 23, 24, 25],
      { PageNumber: 3, TotalCount: 25, NextToken: "" },
    ],
    ["beyond the last: nothing", { PageNumber: 4 }, [], { PageNumber: 4, TotalCount: 25, NextToken: "" }],
    ["of the size asked for", { PageNumber: 2, PageSize: 3 }, [4, 5, 6], { PageSize: 3 }],
    [
      "ignored beside MaxResults",
      { PageNumber: 2, PageSize: 3, MaxResults: 2 },
      [1, 2],
      { PageNumber: 1, PageSize: 2 },
    ],
  ])("%s", (_title, request, expected, fields) => {
    const page = cutPage(rising, { ...NONE, ...request }, DEFAULT_CHOICES);
    expect(sequences(page.items)).toEqual(expected);
    expect(page.fields).toMatchObject(fields);
  });
});

describe("by token", () => {
  test.each([
    ["rising", rising],
    ["falling", falling],
  ])("all pages of a %s listing together are the listing", (_title, listed) => {
    for (const size of [1, 7, 24, 25, 26]) {
      expect(walk(listed, size).flat()).toEqual(sequences(listed));
    }
  });

  test("a listing that grows at its head shows nothing twice", () => {
    const first = cutPage(falling, { ...NONE, MaxResults: 10 }, DEFAULT_CHOICES);
    const grown = [{ sequence: 27 }, { sequence: 26 }, ...falling];
    const NextToken = String(first.fields.NextToken);
    expect(sequences(cutPage(grown, { ...NONE, MaxResults: 3, NextToken }, DEFAULT_CHOICES).items)).toEqual([
      15, 14, 13,
    ]);
  });

  test("the item a token names may have gone", () => {
    const first = cutPage(falling, { ...NONE, MaxResults: 10 }, DEFAULT_CHOICES);
    const shrunk = falling.filter(({ sequence }) => sequence !== 16);
    const NextToken = String(first.fields.NextToken);
    expect(sequences(cutPage(shrunk, { ...NONE, MaxResults: 3, NextToken }, DEFAULT_CHOICES).items)).toEqual([
      15, 14, 13,
    ]);
  });

  test("the last page may leave the token out", () => {
    const { fields } = cutPage(rising, NONE, { ...DEFAULT_CHOICES, lastNextToken: "absent" });
    expect(fields.NextToken).not.toBe("");
    const last = cutPage(rising, { ...NONE, PageNumber: 3 }, { ...DEFAULT_CHOICES, lastNextToken: "absent" });
    expect(last.fields).not.toHaveProperty("NextToken");
  });
});
