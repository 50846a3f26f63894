import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { obtainYamlHost } from "../../../tools/pulumi/languages";
import { type Machine, openMachine } from "./machine";

const HOST = "pulumi-language-yaml";

// Each starts a handful of processes, and a machine may be slow.
jest.setTimeout(30_000);

let machine: Machine;
let directory: string;
let reported: string[];

/** A Go whose `build` leaves a note of what it was asked to build, and writes a host. */
const addGo = () =>
  machine.addProgram(
    "go",
    `case "$1" in
      version) echo go ;;
      build) while [ "$1" != -o ]; do shift; done
        echo "$3" >> builds; mkdir -p "$2"; printf '#!/bin/sh\n' > "$2/${HOST}"; chmod +x "$2/${HOST}" ;;
    esac`,
  );

const obtain = () => obtainYamlHost({ directory, report: (line) => void reported.push(line) });

beforeEach(() => {
  machine = openMachine();
  ({ directory } = machine);
  reported = [];
});

afterEach(() => machine.remove());

test("a host on PATH is used", async () => {
  machine.addProgram(HOST, "exit");
  expect([await obtain(), reported]).toEqual([machine.programs, []]);
});

test("a host that came with the CLI is used", async () => {
  machine.addProgram(HOST, "exit", path.join(directory, "bin"));
  expect([await obtain(), reported]).toEqual([path.join(directory, "bin"), []]);
});

test("where there is none it is compiled, once, beside the CLI that is there", async () => {
  addGo();
  machine.addProgram("pulumi", "exit", path.join(directory, "bin"));
  const folders = await Promise.all([obtain(), obtain()]);
  expect(folders).toEqual([path.join(directory, "bin"), path.join(directory, "bin")]);
  expect(readFileSync(path.join(directory, "builds"), "utf8")).toBe(
    "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml\n",
  );
  expect(readFileSync(path.join(directory, "bin", "pulumi"), "utf8")).toBe("#!/bin/sh\nexit\n");
  expect(reported).toContain(
    "Compiling Pulumi's host of YAML programs 1.38.0 from its Go module, once: under a minute where the CLI was compiled before, else about 4 minutes on two cores",
  );
});

test("one of another version is compiled anew", async () => {
  addGo();
  await obtain();
  writeFileSync(path.join(directory, "bin", `${HOST}.version`), "1.37.0");
  await obtain();
  expect(readFileSync(path.join(directory, "builds"), "utf8").trim().split("\n")).toHaveLength(2);
});

test("without Go it says so", async () => {
  await expect(obtain()).rejects.toThrow(new Error("Go: no go on PATH"));
});
