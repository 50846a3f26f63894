import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillChangelog, listNotes } from "../../tools/changelog";

const CHANGELOG = readFileSync(join(__dirname, "../../CHANGELOG.md"), "utf8");

test("CHANGELOG.md holds the notes of today: run npm run changelog", () => {
  expect(listNotes()).not.toEqual([]);
  expect(fillChangelog(CHANGELOG, listNotes())).toBe(CHANGELOG);
});

test("replaces the notes of the version to come and leaves the rest", () => {
  const before = "# Changelog\n\n## 0.2.0 (unreleased)\n\n* Old.\n* Older.\n\n## 0.1.0\n\n* First.\n";
  expect(fillChangelog(before, ["* New."])).toBe(
    "# Changelog\n\n## 0.2.0 (unreleased)\n\n* New.\n\n## 0.1.0\n\n* First.\n",
  );
});

test("says what is missing where no version is to come", () => {
  expect(() => fillChangelog("# Changelog\n\n## 0.1.0\n", [])).toThrow(
    new Error('Cannot fill CHANGELOG.md: it must have a version to come; start one with "## 1.2.3 (unreleased)"'),
  );
});
