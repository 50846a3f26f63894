/** What the host prints of failures that it answers as well: the engine would show both. */

const NAME = "ExpectedFailure: ";

/**
 * Whether the host prints this of a failure that a person is expected to meet: `${error}: ${error.stack}`, of what check, diff,
 * read and delete throw, whose stack is its message.
 */
export function isAnswered(printed: unknown): boolean {
  if (typeof printed !== "string" || !printed.startsWith(NAME)) return false;
  const said = printed.slice(NAME.length);
  const message = said.slice(0, (said.length - 2) / 2);
  return said === `${message}: ${message}`;
}

/** Leaves out of a console what is answered. */
export function hush(console: { error(...printed: unknown[]): void }): void {
  const print = console.error;
  console.error = (...printed) => {
    if (!isAnswered(printed[0])) print.apply(console, printed);
  };
}
