import { findExit, SHELL_EXITS } from "../../../provider/rules/exits";

const STOPS = { effect: "stop", words: "the agent stops the instance" };
const RESTARTS = { effect: "restart", words: "the agent restarts the instance" };

// On Windows 193 is what the system itself says of a file that is no program.
test.each([
  ["RunShellScript", 193, STOPS],
  ["RunShellScript", 194, RESTARTS],
  ["RunPowerShellScript", 193, undefined],
  ["RunPowerShellScript", 3009, STOPS],
  ["RunPowerShellScript", 3010, RESTARTS],
  ["RunBatScript", 3010, RESTARTS],
  ["RunBatScript", 1641, { effect: "restart", words: "the Windows Installer restarts the instance" }],
  ["", 194, RESTARTS],
  ["", 3010, RESTARTS],
  ["RunShellScript", 0, undefined],
  ["RunShellScript", 1, undefined],
])("of %j, %i means %j", (commandType, exitCode, exit) => {
  expect(findExit(commandType, exitCode)).toEqual(exit);
});

test("the codes of a Shell command are listed with what happens then", () => {
  expect(SHELL_EXITS).toEqual([
    [193, "the agent stops the instance"],
    [194, "the agent restarts the instance"],
  ]);
});
