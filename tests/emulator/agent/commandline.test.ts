import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Script, saveScript } from "../../../emulator/agent/commandline";
import { createSandbox } from "../../../emulator/agent/sandbox";

const directory = mkdtempSync(join(tmpdir(), "commandline-"));
const sandbox = createSandbox(directory);
afterAll(() => rmSync(directory, { recursive: true }));

const script: Script = {
  name: "t-1",
  type: "RunShellScript",
  content: Buffer.from("echo hello"),
  workingDir: "",
  username: "",
  launcher: "",
};

const FILE = "/var/lib/cloud-assistant/t-1";

// [what is different, what `sh -c` is told, the file]
const lines: [Partial<Script>, "bash" | "dash", string, string][] = [
  [{}, "bash", '"$0"', `${FILE}.sh`],
  [{}, "dash", '"$0"; exit $?', `${FILE}.sh`],
  [{ launcher: "awk -f" }, "bash", 'awk -f "$0"', FILE],
  [{ launcher: "{{ACS::ScriptFileName}} --now" }, "dash", '"$0" --now', FILE],
  [{ launcher: 'python3 -u {{ACS::ScriptFileName|Ext(".py")}}' }, "bash", 'python3 -u "$0"', `${FILE}.py`],
  [{ launcher: 'x {{ acs::scriptfilename | ext( ".a" ) }} y' }, "bash", 'x "$0" y', `${FILE}.a`],
  [{ launcher: 'x {{ACS::ScriptFileName|Ext("../a")}}' }, "bash", 'x {{ACS::ScriptFileName|Ext("../a")}} "$0"', FILE],
];

test.each(lines)("%j with %s", (given, shell, text, file) => {
  const line = saveScript({ ...script, ...given }, sandbox, shell);
  expect(line).toEqual({
    program: expect.stringMatching(RegExp(`/(${shell}|sh)$`)),
    argv0: "sh",
    args: ["-c", text, join(directory, file)],
  });
  expect(existsSync(join(directory, file))).toBe(true);
});

test("there is nothing to run a batch file with", () => {
  expect(saveScript({ ...script, type: "RunBatScript" }, sandbox, "bash")).toBeUndefined();
});

test("a script is saved byte for byte, as a file that anyone may run", () => {
  const content = Buffer.from("6563686f2027c4e3bac327ff00", "hex");
  saveScript({ ...script, content }, sandbox, "bash");
  const file = join(directory, `${FILE}.sh`);
  expect(readFileSync(file)).toEqual(content);
  expect(statSync(file).mode & 0o777).toBe(0o755);
});
