import fc from "fast-check";
import {
  isFailure,
  isLive,
  isRejected,
  isStopped,
  isTerminal,
  isUnmet,
  overallStatus,
} from "../../../provider/rules/status";

const MEANINGS: [status: string, meanings: string][] = [
  ["Pending", "live"],
  ["Scheduled", "live"],
  ["Running", "live"],
  ["Stopping", "live"],
  ["Success", "terminal"],
  ["Failed", "terminal failure"],
  ["PartialFailed", "terminal failure"],
  ["Timeout", "terminal failure"],
  ["Invalid", "terminal failure rejected"],
  ["Aborted", "terminal failure rejected"],
  ["Error", "terminal failure rejected"],
  ["Cancelled", "terminal failure rejected stopped"],
  ["Terminated", "terminal failure rejected stopped"],
  ["Stopped", "terminal failure rejected stopped"],
  ["Hibernating", "live"],
  ["", ""],
];

it.each(MEANINGS)("%j is %s", (status, meanings) => {
  const found = [
    isLive(status) && "live",
    isTerminal(status) && "terminal",
    isFailure(status) && "failure",
    isRejected(status) && "rejected",
    isStopped(status) && "stopped",
  ];
  expect(found.filter(Boolean).join(" ")).toBe(meanings);
});

it.each([
  ["Failed", "Once", true],
  ["Failed", "Period", false],
  ["Timeout", "EveryReboot", false],
  ["Aborted", "Period", true],
  ["Terminated", "NextRebootOnly", true],
  ["Terminated", "Once", true],
  ["Success", "Once", false],
  ["Scheduled", "Period", false],
] as const)("%s of %s is unmet: %j", (status, repeatMode, expected) => {
  expect(isUnmet(status, repeatMode)).toBe(expected);
});

describe("several machines together", () => {
  it.each([
    [["Pending", "Scheduled", "Running", "Success"], "Pending"],
    [["Scheduled", "Running", "Failed"], "Scheduled"],
    [["Stopping", "Running"], "Running"],
    [["Stopping", "Stopped"], "Stopping"],
    [["Hibernating", "Success"], "Hibernating"],
    [["Success", "Success"], "Success"],
    [["Success", "Cancelled"], "Success"],
    [["Success", "Failed"], "PartialFailed"],
    [["Success", "Stopped", "Aborted"], "PartialFailed"],
    [["Failed"], "Failed"],
    [["Invalid", "Aborted", "Timeout", "Error"], "Failed"],
    [["Stopped", "Failed"], "Failed"],
    [["Cancelled", "Terminated", "Stopped"], "Stopped"],
  ])("%j is %s", (statuses, expected) => {
    expect(overallStatus(statuses)).toBe(expected);
  });

  it("does not depend on the order of machines", () => {
    const statuses = fc.array(fc.constantFrom(...MEANINGS.map(([status]) => status).filter(Boolean)), { minLength: 1 });
    fc.assert(
      fc.property(statuses, (some) => {
        expect(overallStatus([...some].reverse())).toBe(overallStatus(some));
      }),
    );
  });

  it("is over exactly when every machine is", () => {
    const statuses = fc.array(fc.constantFrom("Pending", "Running", "Success", "Failed", "Cancelled", "Hibernating"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(statuses, (some) => {
        expect(isLive(overallStatus(some))).toBe(some.some(isLive));
      }),
    );
  });
});
