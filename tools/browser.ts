/** A real browser, if this machine has one; nothing is downloaded. */
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Where the browser is: `CHROMIUM`, else the first of its usual names in the path; undefined when there is none. */
export function findBrowser(): string | undefined {
  const { CHROMIUM, PATH = "" } = process.env;
  const places = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return [...(CHROMIUM ? [CHROMIUM] : []), ...places].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @throws Error when there is none */
export function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(`Cannot open a browser: one of ${NAMES.join(", ")} must be in PATH, or CHROMIUM must name one`);
  }
  // Containers that run as root have no sandbox, and little shared memory.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
