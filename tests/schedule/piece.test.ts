import { findHalves, slicePiece, splitPiece } from "../../schedule/piece";

const PIECE = { input: "0 1,,2-3 *", offset: 2, text: "1,,2-3" };

it("slices with its place in the whole", () => {
  expect(slicePiece(PIECE, 3)).toEqual({ input: PIECE.input, offset: 5, text: "2-3" });
  expect(slicePiece(PIECE, 3, 4)).toEqual({ input: PIECE.input, offset: 5, text: "2" });
});

it("splits at every separator", () => {
  expect(splitPiece(PIECE, ",").map(({ offset, text }) => [offset, text])).toEqual([
    [2, "1"],
    [4, ""],
    [5, "2-3"],
  ]);
});

it("finds the halves around the first separator", () => {
  expect(findHalves(PIECE, ",")?.map(({ offset, text }) => [offset, text])).toEqual([
    [2, "1"],
    [4, ",2-3"],
  ]);
  expect(findHalves(PIECE, "/")).toBeUndefined();
});
