import type { Ending } from "../../../emulator/agent/process";
import { findPowerEvent, INTERRUPTED, judge, type KillReason, type Verdict } from "../../../emulator/agent/verdict";

const NONZERO = { errorCode: "ExitCodeNonzero", errorInfo: "The command execution exit code is not zero." };
const FINE = { errorCode: "", errorInfo: "" };
const REFUSED: Ending = { refused: "Invalid", errorCode: "DirectoryNotExists", errorInfo: "Gone." };

// [ending, why it was killed, verdict]
const verdicts: [Ending, KillReason | undefined, Verdict][] = [
  [{ exitCode: 0 }, undefined, { status: "Success", exitCode: 0, ...FINE }],
  [{ exitCode: 1 }, undefined, { status: "Failed", exitCode: 1, ...NONZERO }],
  [{ exitCode: -1 }, undefined, { status: "Failed", exitCode: -1, ...NONZERO }],
  [{ exitCode: 194 }, undefined, { status: "Failed", exitCode: 194, ...NONZERO }],
  [REFUSED, undefined, { status: "Invalid", errorCode: "DirectoryNotExists", errorInfo: "Gone." }],
  [
    { exitCode: -1 },
    "timeout",
    {
      status: "Timeout",
      errorCode: "ExecutionTimeout",
      errorInfo: "the command execution has been timeout.",
    },
  ],
  [{ exitCode: -1 }, "stop", { status: "Terminated", ...FINE }],
  [REFUSED, "stop", { status: "Terminated", ...FINE }],
  [{ exitCode: -1 }, INTERRUPTED, { status: "Error", ...INTERRUPTED }],
];

test.each(verdicts)("%j killed for %j", (ending, killedFor, verdict) => {
  expect(judge(ending, killedFor)).toEqual(verdict);
});

// [type, exit code, what it does to the machine]
test.each([
  ["RunShellScript", 193, "stop"],
  ["RunShellScript", 194, "reboot"],
  ["RunShellScript", 3010, undefined],
  ["RunPowerShellScript", 3009, "stop"],
  ["RunBatScript", 3010, "reboot"],
  ["RunBatScript", 194, undefined],
  ["RunShellScript", 0, undefined],
] as const)("%s ending with %i: %s", (type, exitCode, event) => {
  expect(findPowerEvent(type, exitCode)).toBe(event);
});
