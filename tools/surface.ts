/**
 * The public surface of the package, one report for each entry point in `api/`, as a person reviews it.
 * `npm run surface` writes what it is now; a test fails while it differs from what is committed.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from "@microsoft/api-extractor";

const REPOSITORY = path.resolve(__dirname, "..");

/** What a program may import, by the name of its report. */
export const ENTRIES = {
  index: "dist/provider/index.d.ts",
  provider: "dist/provider/fronts/dynamic/index.d.ts",
  schedule: "dist/schedule/index.d.ts",
  emulator: "dist/emulator/index.d.ts",
} as const;
export type Entry = keyof typeof ENTRIES;

export const reportFile = (entry: Entry): string => path.join(REPOSITORY, "api", `${entry}.api.md`);

/**
 * The report of an entry point as `dist` has it.
 * @throws {Error} when its declarations cannot be read; run `npm run build` first.
 */
export function formatSurface(entry: Entry): string {
  const folder = mkdtempSync(path.join(tmpdir(), "surface-"));
  try {
    const config = ExtractorConfig.prepare({
      configObject: configure(entry, folder),
      configObjectFullPath: undefined,
      packageJsonFullPath: path.join(REPOSITORY, "package.json"),
    });
    Extractor.invoke(config, {
      localBuild: true,
      typescriptCompilerFolder: path.dirname(require.resolve("typescript/package.json")),
      messageCallback: (message) => {
        // What it says is that it wrote the report, and about tags that editors do not show.
        message.handled = true;
      },
    });
    return readFileSync(path.join(folder, `${entry}.api.md`), "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function configure(entry: Entry, reportFolder: string): IConfigFile {
  const silent = { default: { logLevel: ExtractorLogLevel.None } };
  return {
    projectFolder: REPOSITORY,
    mainEntryPointFilePath: path.join(REPOSITORY, ENTRIES[entry]),
    compiler: {
      overrideTsconfig: {
        compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] },
        files: [path.join(REPOSITORY, ENTRIES[entry])],
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: `${entry}.api.md`,
      reportFolder,
      reportTempFolder: path.join(reportFolder, "temporary"),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: "lf",
    messages: {
      compilerMessageReporting: silent,
      extractorMessageReporting: silent,
      tsdocMessageReporting: silent,
    },
  };
}

if (require.main === module) {
  for (const entry of Object.keys(ENTRIES) as Entry[]) writeFileSync(reportFile(entry), formatSurface(entry));
}
