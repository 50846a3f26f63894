// Before the page's tests: is there a browser? In CI that can install one there is; elsewhere its absence is said, loudly.
import { findBrowser } from "../../tools/browser";
import obtainOnce from "../e2e/setup";

export default async function look(): Promise<void> {
  await obtainOnce();
  delete process.env.BROWSER_UNAVAILABLE;
  if (findBrowser() !== undefined) return;
  const reason = "There is no browser: apt-get install chromium, or name one in CHROMIUM";
  process.env.BROWSER_UNAVAILABLE = reason;
  process.stderr.write(`\nEvery test in tests/page is SKIPPED. ${reason}\n\n`);
}
