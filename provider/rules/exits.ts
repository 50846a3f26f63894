/**
 * The exit codes by which a script has its machine stop or restart. They are no failure (help page "Stop or restart an instance
 * by using a Cloud Assistant command", 2026-04; agents from 2.2.3.317 on). 1641 is the Windows Installer's: it has begun the
 * restart by itself.
 */

interface Exit {
  effect: "stop" | "restart";
  /** Such as "the agent restarts the instance". */
  words: string;
}

const STOP: Exit = { effect: "stop", words: "the agent stops the instance" };
const RESTART: Exit = { effect: "restart", words: "the agent restarts the instance" };

const SHELL: ReadonlyMap<number, Exit> = new Map([
  [193, STOP],
  [194, RESTART],
]);

const WINDOWS: ReadonlyMap<number, Exit> = new Map([
  [3009, STOP],
  [3010, RESTART],
  [1641, { effect: "restart", words: "the Windows Installer restarts the instance" }],
]);

/** The meaning of an exit code on the systems that commands of this type run on; "" stands for a type that is not told. */
export const findExit = (commandType: string, exitCode: number): Exit | undefined =>
  (/^Run(Bat|PowerShell)Script$/.test(commandType) ? undefined : SHELL.get(exitCode)) ?? WINDOWS.get(exitCode);

/** The exit codes of a Shell command that have a meaning, each with what happens then. */
export const SHELL_EXITS: readonly (readonly [exitCode: number, words: string])[] = [...SHELL].map(
  ([exitCode, { words }]) => [exitCode, words],
);
