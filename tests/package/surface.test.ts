// What programs may import is what the reports in api/ say. A change that is meant is accepted with `npm run surface`.
import { readFileSync } from "node:fs";
import { ENTRIES, type Entry, formatSurface, reportFile } from "../../tools/surface";

jest.setTimeout(120_000);

test.each(Object.keys(ENTRIES) as Entry[])("the surface of %s is as committed", (entry) => {
  expect(formatSurface(entry)).toBe(readFileSync(reportFile(entry), "utf8"));
});
