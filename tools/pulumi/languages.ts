// Where does the host of a language come from that the engine asks to run a program? From beside the CLI on PATH, as in every
// installation, else from the cache, else compiled from the Go module that go.mod names.
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Command, compile, findCache, findPinnedVersion, keep, type Place, withLock } from "./compile";
import { type ObtainOptions, reportToConsole } from "./obtain";

const YAML: Command = {
  title: "Pulumi's host of YAML programs",
  module: "github.com/pulumi/pulumi-yaml",
  package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  stamp: "github.com/pulumi/pulumi-yaml/pkg/version.Version",
  duration: "under a minute where the CLI was compiled before, else about 4 minutes on two cores",
};

const HOST = "pulumi-language-yaml";

/** It does not tell its version, so the cache does. */
const VERSION_FILE = `${HOST}.version`;

/**
 * The folder with the host of YAML programs, to be on PATH.
 *
 * @throws {Error} where there is none, and none can be compiled
 */
export async function obtainYamlHost(options: Omit<ObtainOptions, "installerUrl"> = {}): Promise<string> {
  const { directory = __dirname, report = reportToConsole } = options;
  const place: Place = { directory, report };
  const there = findOnPath() ?? findCached(place);
  if (there !== undefined) return there;
  return withLock(place, async () => {
    const made = findCached(place);
    if (made !== undefined) return made;
    const output = await compile(place, YAML);
    writeFileSync(path.join(output, VERSION_FILE), findPinnedVersion(place, YAML.module));
    keep(place, output);
    return findCache(place);
  });
}

function findOnPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.find((folder) => folder !== "" && isExecutable(path.join(folder, HOST)));
}

/** One without a note of its version came with the CLI. */
function findCached(place: Place): string | undefined {
  const cache = findCache(place);
  const note = path.join(cache, VERSION_FILE);
  const isCurrent = !existsSync(note) || readFileSync(note, "utf8") === findPinnedVersion(place, YAML.module);
  return isCurrent && isExecutable(path.join(cache, HOST)) ? cache : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
