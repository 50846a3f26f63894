/**
 * Nothing that a script started outlives the emulator, not even when the emulator dies of SIGKILL and can do nothing itself.
 *
 * A small shell stands by. It is told which process groups run and which sandboxes there are, and reads from a pipe that the kernel
 * closes when the emulator is gone, however it went; then it kills them. Without sandboxes there is no guard.
 *
 * Out of its reach: a process that left its group and cleared its environment as well; off Linux, one that left its group,
 * and one born in the instant before the guard is told of it.
 */

import { type ChildProcess, spawn } from "node:child_process";

const WATCH = `
trap '' HUP INT TERM
groups= homes=
while IFS= read -r line; do
  case $line in
    +*) groups="$groups \${line#+}" ;;
    -*) kept=
        for group in $groups; do [ "$group" = "\${line#-}" ] || kept="$kept $group"; done
        groups=$kept ;;
    @*) homes="$homes
HOME=\${line#@}/" ;;
    =) exit 0 ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done
[ -n "$homes" ] || exit 0
for pause in 0 0 1; do
  sleep "$pause"
  grep -lF "\${homes#?}" /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do kill -KILL "$pid"; done
done
`;

const groups = new Set<number>();
const sandboxes = new Set<string>();
let watch: ChildProcess | undefined;

/** Puts a sandbox under guard; to be called before anything is started in it. */
export function guardSandbox(directory: string): void {
  if (!watch) startWatch();
  if (!sandboxes.has(directory)) tell(`@${directory}`);
  sandboxes.add(directory);
}

/** Puts a process group under guard. */
export function guardGroup(group: number): void {
  groups.add(group);
  tell(`+${group}`);
}

/** Takes a process group that has ended from under guard, so that a later owner of its number is safe. */
export function forgetGroup(group: number): void {
  if (groups.delete(group)) tell(`-${group}`);
}

/** Ends the guard of a sandbox in which nothing runs any more. */
export function forgetSandbox(directory: string): void {
  sandboxes.delete(directory);
  if (sandboxes.size > 0) return;
  // Dismissed, not let go: another emulator may be at work in the same folder a moment later.
  watch?.stdin?.end("=\n");
  watch = undefined;
}

function startWatch(): void {
  const child = spawn("/bin/sh", ["-c", WATCH], {
    detached: true,
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A guard that cannot start or is killed must not take the emulator with it; the next run starts another.
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.on("exit", () => {
    if (watch === child) watch = undefined;
  });
  child.unref();
  // The type of a pipe hides that it is a socket; unreferenced, it does not keep the emulator's process alive.
  (child.stdin as typeof child.stdin & { unref(): void }).unref();
  watch = child;
  for (const directory of sandboxes) tell(`@${directory}`);
  for (const group of groups) tell(`+${group}`);
}

const tell = (line: string): void => void watch?.stdin?.write(`${line}\n`);
