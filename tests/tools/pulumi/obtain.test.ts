import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { obtainPulumi, PulumiUnavailable } from "../../../tools/pulumi/obtain";
import { type Machine, openMachine } from "./machine";

const UNREACHABLE = "http://127.0.0.1:1/install.sh";

// Each starts a handful of processes, and a machine may be slow.
jest.setTimeout(30_000);

let machine: Machine;
let directory: string;
let reported: string[];

/** A Go whose `build` takes half a second, leaves a note that it ran, and writes a pulumi of `version`. */
function addGo(version: string) {
  machine.addProgram(
    "go",
    `case "$1" in
      version) echo go ;;
      build) sleep 0.5; echo built >> builds
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$2"; printf '#!/bin/sh\\necho v${version}\\n' > "$2/pulumi"; chmod +x "$2/pulumi" ;;
    esac`,
  );
}

const obtain = () => obtainPulumi({ directory, installerUrl: UNREACHABLE, report: (line) => void reported.push(line) });

beforeEach(() => {
  machine = openMachine();
  ({ directory } = machine);
  reported = [];
});

afterEach(() => machine.remove());

test("a pulumi on PATH is used", async () => {
  machine.addProgram("pulumi", "echo v3.216.0");
  const pulumi = await obtain();
  expect([pulumi.command, String(pulumi.version), reported]).toEqual(["pulumi", "3.216.0", []]);
});

test("a pulumi on PATH that is too old is passed over with a sentence", async () => {
  machine.addProgram("pulumi", "echo v3.215.9");
  addGo("3.259.0");
  expect((await obtain()).command).toBe(path.join(directory, "bin", "pulumi"));
  expect(reported).toEqual([
    "The Pulumi CLI on PATH is passed over: pulumi 3.215.9 is older than 3.216.0",
    "Compiling Pulumi 3.259.0 from its Go module, once: about 4 minutes on two cores, longer on a slow network",
    expect.stringMatching(/^Compiled Pulumi 3\.259\.0 in \d s$/),
  ]);
});

test("a pulumi that was compiled once is there the next time", async () => {
  addGo("3.259.0");
  await obtain();
  reported = [];
  expect((await obtain()).command).toBe(path.join(directory, "bin", "pulumi"));
  expect(reported).toEqual([]);
});

test("two callers at once compile once", async () => {
  addGo("3.259.0");
  const pulumis = await Promise.all([obtain(), obtain()]);
  expect(pulumis.map((pulumi) => String(pulumi.version))).toEqual(["3.259.0", "3.259.0"]);
  expect(readFileSync(path.join(directory, "builds"), "utf8")).toBe("built\n");
  expect(reported).toContain(
    `Another process is making a Pulumi CLI: waiting for it (it holds ${path.join(directory, ".work", "lock")})`,
  );
});

test("a lock whose holder has died is taken over", async () => {
  addGo("3.259.0");
  mkdirSync(path.join(directory, ".work"));
  writeFileSync(path.join(directory, ".work", "lock"), "999999999");
  expect(String((await obtain()).version)).toBe("3.259.0");
  expect(existsSync(path.join(directory, ".work", "lock"))).toBe(false);
});

test("where nothing works, the error lists what was tried", async () => {
  machine.addProgram("pulumi", "echo v3.100.0");
  machine.addProgram("go", '[ "$1" = version ] || { echo "no such host" >&2; exit 1; }');
  const failure: unknown = await obtain().catch((error) => error);
  expect(failure).toBeInstanceOf(PulumiUnavailable);
  expect((failure as Error).message.replace(/Command failed: .*: no such/, "…: no such")).toBe(
    [
      "Cannot find or make a Pulumi CLI:",
      "  PATH: pulumi 3.100.0 is older than 3.216.0",
      `  cache: no copy in ${path.join(directory, "bin")}`,
      `  official installer: ${UNREACHABLE} cannot be reached`,
      "  Go: …: no such host",
      "Install Pulumi 3.216.0 or newer (https://www.pulumi.com/docs/install/), or Go, and try again",
    ].join("\n"),
  );
});
