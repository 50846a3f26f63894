// Where does this machine's Pulumi CLI come from? From PATH, else from a copy cached beside this file, else from the
// official installer, else compiled from the Go module that go.mod names.
import { copyFileSync } from "node:fs";
import path from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import {
  type Command,
  compile,
  failAs,
  findCache,
  findPinnedVersion,
  keep,
  type Place,
  run,
  withLock,
} from "./compile";

/** The oldest engine that keeps the inputs which a dynamic resource's `read` returns. */
export const MINIMUM_VERSION = "3.216.0";

/** The npm package of the SDK; it holds the script through which the engine runs dynamic resources. */
export const SDK = path.dirname(require.resolve("@pulumi/pulumi/package.json"));
const DYNAMIC_HOST = "pulumi-resource-pulumi-nodejs";

const CLI: Command = {
  title: "Pulumi",
  module: "github.com/pulumi/pulumi/pkg/v3",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  stamp: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
  duration: "about 4 minutes on two cores, longer on a slow network",
};
const INSTALLER_URL = "https://get.pulumi.com/install.sh";
const INSTALLER_PROBE_MS = 10_000;
const INSTALLER_LIMIT_MS = 5 * 60_000;

export interface ObtainOptions {
  /** The folder that holds go.mod and the cache; default: the one of this file. */
  directory?: string;
  /** The official installer; default: Pulumi's own. */
  installerUrl?: string;
  /** Takes one line of progress; default: standard error. */
  report?: (line: string) => void;
}

type Site = Place & { installerUrl: string; version: string };
type Way = (site: Site) => Promise<PulumiCommand>;

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
  const { directory = __dirname, installerUrl = INSTALLER_URL, report = reportToConsole } = options;
  const version = findPinnedVersion({ directory }, CLI.module);
  const place: Site = { directory, installerUrl, report, version };
  const there = await walk([onPath, cached], place);
  if (there instanceof PulumiCommand) return there;
  return withLock(place, async () => {
    const made = await walk([cached, installed, compiled], place);
    if (made instanceof PulumiCommand) return made;
    throw new PulumiUnavailable([...there, ...made.slice(1)]);
  });
}

/** The first way that leads somewhere, or why each did not. */
async function walk(ways: Way[], place: Site): Promise<PulumiCommand | string[]> {
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

/** On standard error. */
export function reportToConsole(line: string): void {
  process.stderr.write(`${line}
`);
}

const onPath: Way = async ({ report }) => {
  const command = await PulumiCommand.get({ skipVersionCheck: true }).catch(() => undefined);
  if (command === undefined) throw new Error("PATH: no pulumi that runs");
  if (command.version === null || command.version.compare(MINIMUM_VERSION) >= 0) return command;
  const reason = `pulumi ${command.version} is older than ${MINIMUM_VERSION}`;
  report(`The Pulumi CLI on PATH is passed over: ${reason}`);
  throw new Error(`PATH: ${reason}`);
};

const cached: Way = async (site) => {
  const { directory, version } = site;
  const command = await PulumiCommand.get({ root: directory, skipVersionCheck: true }).catch(() => undefined);
  if (command === undefined) throw new Error(`cache: no copy in ${findCache(site)}`);
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
  keep(place, path.join(root, "bin"));
  return cached(place);
};

const compiled: Way = async (place) => {
  const output = await compile(place, CLI);
  // Beside the binary, as in an installation: elsewhere on PATH the engine would warn about it in every update.
  copyFileSync(path.join(SDK, DYNAMIC_HOST), path.join(output, DYNAMIC_HOST));
  keep(place, output);
  return cached(place);
};
