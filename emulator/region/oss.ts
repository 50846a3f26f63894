/** Delivers the whole output of a run to "OSS": a folder beside the machines' own. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Copy } from "../agent/output";
import type { Invocation, Result } from "./records";
import type { Store } from "./store";

/** Not documented: what an object is called, and whether each run of a schedule has its own; here each has. */
const formatUri = ({ ossOutputDelivery, invokeId }: Invocation, instanceId: string, repeats: number): string =>
  `${ossOutputDelivery}${ossOutputDelivery.endsWith("/") ? "" : "/"}${invokeId}/${instanceId}/${repeats}.txt`;

/** Where the object lies, within the folder whatever its name is. */
function findPath({ directory }: Store, uri: string): string {
  const names = uri.slice("oss://".length).split("/");
  return join(directory, "oss", ...names.filter((name) => !["", ".", ".."].includes(name)).map(encodeURIComponent));
}

/** Opens the object of each run of the invocation on a machine; undefined when nothing is to be delivered, or may be. */
export function openDelivery(
  store: Store,
  invocation: Invocation,
  instanceId: string,
): ((repeats: number) => Copy) | undefined {
  if (invocation.ossOutputDelivery === "" || store.choices.ossOutput === "denied") return undefined;
  return (repeats) => {
    const path = findPath(store, formatUri(invocation, instanceId, repeats));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "");
    return (chunk) => appendFileSync(path, chunk);
  };
}

/** What the records of a run tell of it. */
export function formatOssOutput(
  { choices }: Store,
  invocation: Invocation,
  instanceId: string,
  { startTime, finishTime, repeats }: Pick<Result, "startTime" | "finishTime" | "repeats">,
): object {
  const format = (status: string, uri = "", code = "", info = "") => ({
    OssOutputStatus: status,
    OssOutputUri: uri,
    OssOutputErrorCode: code,
    OssOutputErrorInfo: info,
  });
  if (invocation.ossOutputDelivery === "" || startTime === undefined) return format("");
  const uri = formatUri(invocation, instanceId, repeats);
  if (finishTime === undefined) return format("InProgress", uri);
  if (choices.ossOutput === "folder") return format("Finished", uri);
  return format("Failed", "", "AccessDenied", "You have no right to access this object because of bucket acl.");
}
