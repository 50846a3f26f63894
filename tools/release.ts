/**
 * The plugin as Pulumi installs it, `npm run release`: for each platform an archive under the name that `pulumi plugin install`
 * and `pluginDownloadURL` ask for, and the checksums of all, in `release/`.
 *
 * It is the same file everywhere and needs Node 20 on PATH. With `--standalone` the archive of this machine's platform holds an
 * executable with Node in it instead, which needs nothing.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bundle";

const REPOSITORY = path.resolve(__dirname, "..");

export const RELEASE = path.join(REPOSITORY, "release");

const EXECUTABLE = "pulumi-resource-cloudassistant";

/** As Go names them, which Pulumi does. */
const PLATFORMS = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64"];

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };

/** This machine's. */
export const OWN_PLATFORM = `${SYSTEMS[process.platform] ?? process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;

export interface Release {
  version: string;
  /** Names of the archives, and the SHA-256 of each, in hexadecimal digits. */
  checksums: Readonly<Record<string, string>>;
}

export interface ReleaseOptions {
  /** The folder that the files go to; what was there is removed. */
  directory?: string;
  /** Whether the archive of this machine's platform holds Node as well. */
  isStandalone?: boolean;
}

export async function release({ directory = RELEASE, isStandalone = false }: ReleaseOptions = {}): Promise<Release> {
  const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
  const work = mkdtempSync(path.join(tmpdir(), "release-"));
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const script = path.join(work, `${EXECUTABLE}.js`);
    await bundle(script);
    const checksums: Record<string, string> = {};
    for (const platform of PLATFORMS) {
      const folder = path.join(work, platform);
      mkdirSync(folder);
      if (isStandalone && platform === OWN_PLATFORM) writeStandalone(script, folder);
      else writeScript(script, folder, platform);
      const name = `${EXECUTABLE}-v${version}-${platform}.tar.gz`;
      const archive = path.join(directory, name);
      copyFileSync(path.join(REPOSITORY, "LICENSE"), path.join(folder, "LICENSE"));
      execFileSync("tar", ["-czf", archive, "-C", folder, "."]);
      checksums[name] = createHash("sha256").update(readFileSync(archive)).digest("hex");
    }
    const lines = Object.entries(checksums).map(([name, digest]) => `${digest}  ${name}\n`);
    writeFileSync(path.join(directory, `${EXECUTABLE}-v${version}-checksums.txt`), lines.join(""));
    return { version, checksums };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writeScript(script: string, folder: string, platform: string): void {
  if (!platform.startsWith("windows")) {
    copyFileSync(script, path.join(folder, EXECUTABLE));
    return;
  }
  copyFileSync(script, path.join(folder, `${EXECUTABLE}.js`));
  writeFileSync(path.join(folder, `${EXECUTABLE}.cmd`), `@node "%~dp0${EXECUTABLE}.js" %*\r\n`);
}

/** What Node looks for in itself (https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html). */
const BLOB = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** A copy of the Node that runs this, with the script in it. */
function writeStandalone(script: string, folder: string): void {
  const executable = path.join(folder, process.platform === "win32" ? `${EXECUTABLE}.exe` : EXECUTABLE);
  const blob = path.join(folder, "blob");
  const config = path.join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ main: script, output: blob, disableExperimentalSEAWarning: true }));
  execFileSync(process.execPath, ["--experimental-sea-config", config], { stdio: "pipe" });
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  // Before the script is put in: afterwards it would be taken out again.
  if (process.platform === "linux") execFileSync("strip", [executable]);
  const postject = path.join(REPOSITORY, "node_modules/.bin/postject");
  const format = process.platform === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
  execFileSync(postject, [executable, BLOB, blob, "--sentinel-fuse", FUSE, ...format], { stdio: "pipe" });
  for (const file of [blob, config]) rmSync(file);
}

if (require.main === module)
  void release({ isStandalone: process.argv.includes("--standalone") }).then(({ checksums }) => {
    for (const [name, digest] of Object.entries(checksums)) process.stdout.write(`${digest}  release/${name}\n`);
  });
