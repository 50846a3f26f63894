// Where does this machine's Pulumi CLI come from? From PATH, else from a copy cached beside this file, else from the
// official installer, else compiled from the Go module that go.mod names.
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PulumiCommand } from "@pulumi/pulumi/automation";

/** The oldest engine that keeps the inputs which a dynamic resource's `read` returns. */
export const MINIMUM_VERSION = "3.216.0";

/** The npm package of the SDK; it holds the script through which the engine runs dynamic resources. */
export const SDK = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
const DYNAMIC_HOST = "pulumi-resource-pulumi-nodejs";

const COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const INSTALLER_URL = "https://get.pulumi.com/install.sh";
const INSTALLER_PROBE_MS = 10_000;
const INSTALLER_LIMIT_MS = 5 * 60_000;
const COMPILE_LIMIT_MS = 40 * 60_000;
const COMPILE_REPORT_MS = 30_000;
const LOCK_POLL_MS = 200;

export interface ObtainOptions {
  /** The folder that holds go.mod and the cache; default: the one of this file. */
  directory?: string;
  /** The official installer; default: Pulumi's own. */
  installerUrl?: string;
  /** Takes one line of progress; default: standard error. */
  report?: (line: string) => void;
}

type Place = Required<ObtainOptions> & { version: string };
type Way = (place: Place) => Promise<PulumiCommand>;

/** No way led to a Pulumi CLI; the message lists what was tried. */
export class PulumiUnavailable extends Error {
  constructor(readonly tried: string[]) {
    super(
      `Cannot find or make a Pulumi CLI:\n${tried.map((line) => `  ${line}`).join("\n")}\n` +
        `Install Pulumi ${MINIMUM_VERSION} or newer (https://www.pulumi.com/docs/install/), or Go, and try again`,
    );
    this.name = "PulumiUnavailable";
  }
}

/**
 * Answers with a Pulumi CLI that runs on this machine, and makes one where there is none. Callers in several processes
 * make it once between them.
 *
 * @throws {PulumiUnavailable} when every way failed.
 */
export async function obtainPulumi(options: ObtainOptions = {}): Promise<PulumiCommand> {
  const directory = options.directory ?? __dirname;
  const place: Place = {
    directory,
    installerUrl: options.installerUrl ?? INSTALLER_URL,
    report: options.report ?? ((line) => process.stderr.write(`${line}\n`)),
    version: parsePinnedVersion(readFileSync(path.join(directory, "go.mod"), "utf8")),
  };
  const there = await walk([onPath, cached], place);
  if (there instanceof PulumiCommand) return there;
  return withLock(place, async () => {
    const made = await walk([cached, installed, compiled], place);
    if (made instanceof PulumiCommand) return made;
    throw new PulumiUnavailable([...there, ...made.slice(1)]);
  });
}

/** The first way that leads somewhere, or why each did not. */
async function walk(ways: Way[], place: Place): Promise<PulumiCommand | string[]> {
  const failures: string[] = [];
  for (const way of ways) {
    try {
      return await way(place);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  return failures;
}

function parsePinnedVersion(goModule: string): string {
  const version = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(goModule)?.[1];
  if (version === undefined) throw new Error('Cannot read the version of "github.com/pulumi/pulumi/pkg/v3" in go.mod');
  return version;
}

const onPath: Way = async ({ report }) => {
  const command = await PulumiCommand.get({ skipVersionCheck: true }).catch(() => undefined);
  if (command === undefined) throw new Error("PATH: no pulumi that runs");
  if (command.version === null || command.version.compare(MINIMUM_VERSION) >= 0) return command;
  const reason = `pulumi ${command.version} is older than ${MINIMUM_VERSION}`;
  report(`The Pulumi CLI on PATH is passed over: ${reason}`);
  throw new Error(`PATH: ${reason}`);
};

const cached: Way = async ({ directory, version }) => {
  const command = await PulumiCommand.get({ root: directory, skipVersionCheck: true }).catch(() => undefined);
  if (command === undefined) throw new Error(`cache: no copy in ${path.join(directory, "bin")}`);
  if (command.version?.compare(version) === 0) return command;
  throw new Error(`cache: the copy is ${command.version}, not ${version}`);
};

const installed: Way = async (place) => {
  const { directory, installerUrl, version, report } = place;
  await fetch(installerUrl, { method: "HEAD", signal: AbortSignal.timeout(INSTALLER_PROBE_MS) }).catch(() => {
    throw new Error(`official installer: ${installerUrl} cannot be reached`);
  });
  report(`Installing Pulumi ${version} with its official installer`);
  const root = path.join(directory, ".work", "installer");
  // In a process of its own, because the Automation API cannot be told to give up.
  const script = 'require("@pulumi/pulumi/automation").PulumiCommand.install(JSON.parse(process.argv[1]))';
  const settings = JSON.stringify({ root, version, skipVersionCheck: true });
  await run(process.execPath, ["-e", script, settings], __dirname, INSTALLER_LIMIT_MS).catch(
    failAs("official installer"),
  );
  return keep(path.join(root, "bin"), place);
};

const compiled: Way = async (place) => {
  const { directory, version, report } = place;
  await run("go", ["version"], directory, INSTALLER_PROBE_MS).catch(() => {
    throw new Error("Go: no go on PATH");
  });
  report(
    `Compiling Pulumi ${version} from its Go module, once: about 4 minutes on two cores, longer on a slow network`,
  );
  const startTime = Date.now();
  const elapsed = () => formatDuration(Date.now() - startTime);
  const ticker = setInterval(() => report(`Still compiling Pulumi: ${elapsed()}`), COMPILE_REPORT_MS);
  const output = path.join(directory, ".work", "go");
  rmSync(output, { recursive: true, force: true });
  const build = ["build", ...buildFlags(version), "-o", `${output}/`, COMMAND];
  await run("go", build, directory, COMPILE_LIMIT_MS)
    .catch(failAs("Go"))
    .finally(() => clearInterval(ticker));
  // Beside the binary, as in an installation: elsewhere on PATH the engine would warn about it in every update.
  copyFileSync(path.join(SDK, DYNAMIC_HOST), path.join(output, DYNAMIC_HOST));
  report(`Compiled Pulumi ${version} in ${elapsed()}`);
  return keep(output, place);
};

/** Small, the same everywhere, and with its version stamped in, without which the Automation API refuses it. */
function buildFlags(version: string): string[] {
  const stamp = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  return ["-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", `-s -w ${stamp}`];
}

const failAs = (way: string) => (error: Error) => {
  throw new Error(`${way}: ${error.message}`);
};

/** Puts a finished folder of binaries where `cached` looks, in one step, so that nobody meets half a binary. */
function keep(binaries: string, place: Place): Promise<PulumiCommand> {
  const cache = path.join(place.directory, "bin");
  rmSync(cache, { recursive: true, force: true });
  renameSync(binaries, cache);
  return cached(place);
}

function run(command: string, args: string[], directory: string, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd: directory, env: process.env, timeout: limitMs, maxBuffer: 64 * 1024 * 1024 },
      (error, _, stderr) => {
        if (error === null) return resolve();
        const lastLines = stderr.trim().split("\n").slice(-5).join("; ");
        const reason = error.killed ? `gave up after ${formatDuration(limitMs)}` : error.message.split("\n")[0];
        reject(new Error(lastLines === "" ? `${reason}` : `${reason}: ${lastLines}`));
      },
    );
  });
}

function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs `work` while no other process on this machine does; a lock left by a process that died is taken over. */
async function withLock<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const file = path.join(place.directory, ".work", "lock");
  mkdirSync(path.dirname(file), { recursive: true });
  for (let isFirst = true; !takeLock(file); isFirst = false) {
    if (isFirst) place.report(`Another process is making a Pulumi CLI: waiting for it (it holds ${file})`);
    await pause(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    if (!isHeldByTheLiving(file)) rmSync(file, { force: true });
    return false;
  }
}

function isHeldByTheLiving(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    // Between its creation and its first byte the file is empty: somebody has only just taken it.
    return holder === 0 || process.kill(holder, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
