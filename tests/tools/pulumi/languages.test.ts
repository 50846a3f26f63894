import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { obtainYamlHost } from "../../../tools/pulumi/languages";

const HOST = "pulumi-language-yaml";
const SYSTEM_PATH = "/usr/bin:/bin";

// Each starts a handful of processes, and a machine may be slow.
jest.setTimeout(30_000);

let directory: string;
let programs: string;
let reported: string[];
const ownPath = process.env.PATH;

/** Puts a shell script called `name` into a folder. */
function addProgram(folder: string, name: string, script: string) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** A Go whose `build` leaves a note of what it was asked to build, and writes a host. */
const addGo = () =>
  addProgram(
    programs,
    "go",
    `case "$1" in
      version) echo go ;;
      build) while [ "$1" != -o ]; do shift; done
        echo "$3" >> builds; mkdir -p "$2"; printf '#!/bin/sh\n' > "$2/${HOST}"; chmod +x "$2/${HOST}" ;;
    esac`,
  );

const obtain = () => obtainYamlHost({ directory, report: (line) => void reported.push(line) });

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "languages-"));
  programs = path.join(directory, "programs");
  reported = [];
  mkdirSync(programs);
  cpSync(path.join(__dirname, "../../../tools/pulumi/go.mod"), path.join(directory, "go.mod"));
  process.env.PATH = `${programs}:${SYSTEM_PATH}`;
});

afterEach(() => {
  process.env.PATH = ownPath;
  rmSync(directory, { recursive: true });
});

test("a host on PATH is used", async () => {
  addProgram(programs, HOST, "exit");
  expect([await obtain(), reported]).toEqual([programs, []]);
});

test("a host that came with the CLI is used", async () => {
  addProgram(path.join(directory, "bin"), HOST, "exit");
  expect([await obtain(), reported]).toEqual([path.join(directory, "bin"), []]);
});

test("where there is none it is compiled, once, beside the CLI that is there", async () => {
  addGo();
  addProgram(path.join(directory, "bin"), "pulumi", "exit");
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
