/** Gives memory back in a long run of the engine. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Client } from "./client";

/**
 * Collects garbage after every so many calls. Requests that overlap outlive V8's quick collections, and its thorough one
 * comes late: a thousand resources would hold 50 MB of what has long been answered.
 * @param everyCalls Default 200, which leaves some 10 MB at most; a collection takes about 50 ms.
 */
export function collectGarbage(client: Client, everyCalls = 200): Client {
  const collect = findCollector();
  let count = 0;
  return {
    ...client,
    call: async (action, parameters) => {
      try {
        return await client.call(action, parameters);
      } finally {
        if (++count % everyCalls === 0) collect();
      }
    },
  };
}

/** V8 shows its collector to a context that is made after the flag is set; other engines have none. */
function findCollector(): () => void {
  try {
    setFlagsFromString("--expose-gc");
    const collector: unknown = runInNewContext("typeof gc === 'function' ? gc : undefined");
    setFlagsFromString("--no-expose-gc");
    return typeof collector === "function" ? () => void collector() : () => {};
  } catch {
    return () => {};
  }
}
