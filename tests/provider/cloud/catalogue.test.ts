import { createCatalogue } from "../../../provider/cloud/catalogue";
import { ApiError } from "../../../provider/cloud/errors";
import type { PageRequest } from "../../../provider/cloud/pages";

interface Thing {
  id: string;
  works: boolean;
}

const range = (count: number, first = 0) => Array.from({ length: count }, (_, index) => `i-${first + index}`);
const failed = (code: string) =>
  new ApiError({ action: "DescribeThings", endpoint: "ecs", code, status: 400, serviceMessage: "words" });

/**
 * A catalogue of the things that a region has, ten to a page and to a question.
 * @param broken Ids of things that do not work.
 * @param refuse Whether a question fails, and how.
 */
function catalogueOf(
  ids: string[],
  {
    broken = [],
    refuse = () => undefined,
  }: { broken?: string[]; refuse?: (asked: string) => ApiError | undefined } = {},
) {
  const region = ids.map((id): Thing => ({ id, works: !broken.includes(id) }));
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    await new Promise(setImmediate);
    const failure = refuse(question);
    if (failure !== undefined) throw failure;
  };
  const catalogue = createCatalogue<Thing>({
    findId: ({ id }) => id,
    maxIds: 10,
    askByIds: async (wanted) => {
      await ask(wanted.join());
      return region.filter(({ id }) => wanted.includes(id));
    },
    pageSize: 10,
    askPage: async ({ nextToken = "0" }: PageRequest) => {
      await ask(`page ${nextToken}`);
      const end = Number(nextToken) + 10;
      return { items: region.slice(Number(nextToken), end), nextToken: end < region.length ? String(end) : "" };
    },
    isLasting: ({ works }) => works,
  });
  const findEach = async (wanted: string[]) => {
    for (const id of wanted) await catalogue.find([id]);
  };
  return { catalogue, asked, findEach };
}

test("finds what there is and leaves out what there is not", async () => {
  const { catalogue } = catalogueOf(range(5));
  const found = await catalogue.find(["i-1", "i-9", "i-3"]);
  expect(found).toEqual(
    new Map([
      ["i-1", { id: "i-1", works: true }],
      ["i-3", { id: "i-3", works: true }],
    ]),
  );
});

test("asks nothing about nothing", async () => {
  const { catalogue, asked } = catalogueOf(range(5));
  expect(await catalogue.find([])).toEqual(new Map());
  expect(asked).toEqual([]);
});

test("asks once, also about what does not exist", async () => {
  const { catalogue, asked } = catalogueOf(range(5));
  await catalogue.find(["i-1", "i-9"]);
  await catalogue.find(["i-9", "i-1"]);
  expect(asked).toEqual(["i-1,i-9"]);
});

test("makes one question of those that come together, and one more of those that come meanwhile", async () => {
  const { catalogue, asked } = catalogueOf(range(9));
  const first = [catalogue.find(["i-1"]), catalogue.find(["i-2", "i-1"])];
  await Promise.resolve().then(() => undefined);
  const second = [catalogue.find(["i-2", "i-3"]), catalogue.find(["i-4"])];
  await Promise.all([...first, ...second]);
  expect(asked).toEqual(["i-1,i-2", "i-3,i-4"]);
});

test("asks about many in as many questions as they need", async () => {
  const { catalogue, asked } = catalogueOf(range(25));
  expect((await catalogue.find(range(25))).size).toBe(25);
  expect(asked).toHaveLength(3);
});

test("reads ahead after three questions", async () => {
  const { asked, findEach } = catalogueOf(range(100));
  await findEach(range(100));
  const pages = range(10).map((_, page) => `page ${page * 10}`);
  expect(asked.slice(0, 5)).toEqual(["i-0", "i-1", "i-2", "page 0", "page 10"]);
  expect(asked.filter((question) => question.startsWith("page"))).toEqual(pages);
  expect(asked).toHaveLength(13);
});

test("reads the whole of a region in any order with little more", async () => {
  const { asked, findEach } = catalogueOf(range(200));
  await findEach(range(200).reverse());
  expect(asked).toHaveLength(20 + 12);
});

test("reads the next page while the newest is of use", async () => {
  const { asked, findEach } = catalogueOf(range(100));
  await findEach(range(4));
  expect(asked.slice(3)).toEqual(["page 0", "page 10"]);
  await findEach(range(3, 4));
  expect(asked.slice(3)).toEqual(["page 0", "page 10"]);
  await findEach(range(1, 10));
  expect(asked.slice(3)).toEqual(["page 0", "page 10", "page 20"]);
});

test("asks at most three times what is needed in a region that is far bigger", async () => {
  const { asked, findEach } = catalogueOf(range(100_000));
  await findEach(range(6, 90_000));
  expect(asked).toHaveLength(6 + 6);
});

test("reads ahead no more than 40 pages", async () => {
  const { asked, findEach } = catalogueOf(range(100_000));
  await findEach(range(50, 90_000));
  expect(asked).toHaveLength(50 + 40);
});

test("asks anew about what was read ahead but did not work then", async () => {
  const { catalogue, asked, findEach } = catalogueOf(range(10), { broken: ["i-7"] });
  await findEach(range(4));
  expect((await catalogue.find(["i-7"])).get("i-7")).toEqual({ id: "i-7", works: false });
  expect(asked).toEqual(["i-0", "i-1", "i-2", "page 0", "i-7"]);
});

test("goes on by id when a page fails", async () => {
  const { catalogue, asked, findEach } = catalogueOf(range(100), {
    refuse: (question) => (question === "page 10" ? failed("Forbidden.RAM") : undefined),
  });
  await findEach(range(4));
  expect((await catalogue.find(["i-50"])).size).toBe(1);
  expect((await catalogue.find(["i-60"])).size).toBe(1);
  expect(asked).toEqual(["i-0", "i-1", "i-2", "page 0", "page 10", "i-50", "i-60"]);
});

test("finds its way around an unknown id that makes a whole question fail", async () => {
  const { catalogue, asked } = catalogueOf(range(3), {
    refuse: (question) => (question.includes("i-9") ? failed("InvalidInstance.NotFound") : undefined),
  });
  const found = await catalogue.find(["i-0", "i-1", "i-9", "i-2"]);
  expect([...found.keys()]).toEqual(["i-0", "i-1", "i-2"]);
  expect(asked).toEqual(["i-0,i-1,i-9,i-2", "i-0,i-1", "i-9,i-2", "i-9", "i-2"]);
});

test("does not repeat a question that RAM denies", async () => {
  const { catalogue, asked } = catalogueOf(range(3), { refuse: () => failed("Forbidden.RAM") });
  await expect(catalogue.find(["i-1"])).rejects.toMatchObject({ kind: "denied" });
  await expect(catalogue.find(["i-2"])).rejects.toMatchObject({ kind: "denied" });
  await expect(catalogue.findFresh(["i-2"])).rejects.toMatchObject({ kind: "denied" });
  expect(asked).toEqual(["i-1"]);
});

test("repeats a question that failed for a while", async () => {
  const { catalogue } = catalogueOf(range(3), {
    refuse: (() => {
      let failures = 1;
      return () => (failures-- > 0 ? failed("ServiceUnavailable") : undefined);
    })(),
  });
  await expect(catalogue.find(["i-1"])).rejects.toMatchObject({ kind: "transient" });
  expect((await catalogue.find(["i-1"])).size).toBe(1);
});

test("asks nothing anew about nothing", async () => {
  const { catalogue, asked } = catalogueOf(range(3));
  expect(await catalogue.findFresh([])).toEqual(new Map());
  expect(asked).toEqual([]);
});

test("asks anew for all that wait, in one question after the one under way", async () => {
  const { catalogue, asked } = catalogueOf(range(9));
  const first = catalogue.findFresh(["i-0"]);
  await Promise.resolve().then(() => undefined);
  await Promise.all([first, ...range(8, 1).map((id) => catalogue.findFresh([id]))]);
  expect(asked).toEqual(["i-0", range(8, 1).join()]);
});

test("a wait's questions are no reason to read ahead", async () => {
  const { catalogue, asked, findEach } = catalogueOf(range(30));
  for (let look = 0; look < 5; look++) await catalogue.findFresh(["i-0"]);
  await findEach(range(2, 1));
  expect(asked).toEqual([...Array(5).fill("i-0"), "i-1", "i-2"]);
});

test("asks anew when it is told to, and keeps that answer", async () => {
  const { catalogue, asked } = catalogueOf(range(3));
  await catalogue.find(["i-1"]);
  expect((await catalogue.findFresh(["i-1", "i-2"])).size).toBe(2);
  await catalogue.find(["i-2"]);
  expect(asked).toEqual(["i-1", "i-1,i-2"]);
});
