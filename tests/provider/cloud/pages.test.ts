import { ApiError } from "../../../provider/cloud/errors";
import { type Page, type PageRequest, walkPages } from "../../../provider/cloud/pages";

const refused = (code: string) =>
  new ApiError({ action: "DescribeCommands", endpoint: "ecs", code, status: 400, serviceMessage: "words" });

/** A listing of pages; one without tokens refuses MaxResults, as some regions do. */
async function walk(pages: number[][], tokens = true) {
  const asked: PageRequest[] = [];
  const ask = async (request: PageRequest): Promise<{ items: number[] } & Page> => {
    asked.push(request);
    if (!tokens && request.pageNumber === undefined) throw refused("InvalidParameter.MaxResults");
    const index = request.pageNumber === undefined ? Number(request.nextToken ?? 0) : request.pageNumber - 1;
    const nextToken = tokens && index + 1 < pages.length ? String(index + 1) : "";
    return { items: pages[index] ?? [], nextToken };
  };
  const walked: number[][] = [];
  for await (const page of walkPages(ask, 2)) walked.push(page);
  return { walked, asked };
}

test("follows the tokens to the last page", async () => {
  const { walked, asked } = await walk([[1, 2], [], [3]]);
  expect(walked).toEqual([[1, 2], [], [3]]);
  expect(asked).toEqual([{}, { nextToken: "1" }, { nextToken: "2" }]);
});

test("asks once for a listing of one page", async () => {
  expect(await walk([[1, 2]])).toEqual({ walked: [[1, 2]], asked: [{}] });
});

test("falls back to page numbers where tokens are refused", async () => {
  const { walked, asked } = await walk([[1, 2], [3, 4], [5]], false);
  expect(walked).toEqual([[1, 2], [3, 4], [5]]);
  expect(asked).toEqual([{}, { pageNumber: 1 }, { pageNumber: 2 }, { pageNumber: 3 }]);
});

test("asks for the empty page after a full last one, by page number", async () => {
  expect((await walk([[1, 2]], false)).walked).toEqual([[1, 2], []]);
});

test("fails with any other failure", async () => {
  const failure = refused("InvalidParameter.NextToken");
  const ask = async () => {
    throw failure;
  };
  await expect(walkPages(ask, 2).next()).rejects.toBe(failure);
});
