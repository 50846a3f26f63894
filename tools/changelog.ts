/** `npm run changelog`: puts the notes of `changes/`, one paragraph a file, under the version to come in CHANGELOG.md. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const REPOSITORY = path.resolve(__dirname, "..");
const CHANGELOG = path.join(REPOSITORY, "CHANGELOG.md");
const NOTES = path.join(REPOSITORY, "changes");

/** The bullets of the version to come, which stands first and says "unreleased". */
const UNRELEASED = /(## \S+ \(unreleased\)\n(?:\n[^*\n].*\n)*\n)(?:\* .*\n)*/;

/** The notes that wait for a release, in the order of their files' names, each as a bullet. */
export function listNotes(): string[] {
  const files = readdirSync(NOTES).filter((file) => file.endsWith(".md"));
  return files.sort().map(
    (file) =>
      `* ${readFileSync(path.join(NOTES, file), "utf8")
        .trim()
        .replace(/\s*\n\s*/g, " ")}`,
  );
}

/**
 * The changelog with these bullets under the version to come.
 *
 * @throws {Error} when no version says that it is unreleased
 */
export function fillChangelog(changelog: string, notes: readonly string[]): string {
  if (!UNRELEASED.test(changelog))
    throw new Error('Cannot fill CHANGELOG.md: it must have a version to come; start one with "## 1.2.3 (unreleased)"');
  return changelog.replace(
    UNRELEASED,
    (_, heading: string) => `${heading}${notes.map((note) => `${note}\n`).join("")}`,
  );
}

if (require.main === module) writeFileSync(CHANGELOG, fillChangelog(readFileSync(CHANGELOG, "utf8"), listNotes()));
