/** The emulator's page, from `emulator/page` into `dist`: one script, one style sheet, what they are called from, and nothing from elsewhere. */
import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const REPOSITORY = path.resolve(__dirname, "..");
const SOURCE = path.join(REPOSITORY, "emulator/page");
const TARGET = path.join(REPOSITORY, "dist/emulator/page");

async function main(): Promise<void> {
  mkdirSync(TARGET, { recursive: true });
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [path.join(SOURCE, "page.ts"), path.join(SOURCE, "page.css")],
    outdir: TARGET,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome123", "firefox120", "safari17.5"],
    tsconfig: path.join(SOURCE, "tsconfig.json"),
    // Preact is MIT-licensed; its notice goes with it.
    banner: {
      js: "/*! Contains Preact, (c) 2015-present Jason Miller, MIT License, https://github.com/preactjs/preact */",
    },
    logLevel: "warning",
  });
  for (const name of ["index.html", "icon.svg"]) copyFileSync(path.join(SOURCE, name), path.join(TARGET, name));
}

void main();
