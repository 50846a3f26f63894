/** What of a request may be shown to others than its sender: ids, names of commands, numbers and words of the API. Everything else may be secret. */

/** Parameters whose values are shown; of a list every element. */
const SHOWN: ReadonlySet<string> = new Set([
  "AttributeName",
  "CommandId",
  "CommandName",
  "ContentEncoding",
  "DryRun",
  "EnableParameter",
  "ForceStop",
  "Frequency",
  "IncludeHistory",
  "IncludeOutput",
  "InstanceId",
  "InstanceIds",
  "InvokeId",
  "InvokeRecordStatus",
  "InvokeStatus",
  "KeepCommand",
  "MaxResults",
  "Name",
  "NextToken",
  "OSType",
  "PageNumber",
  "PageSize",
  "RegionId",
  "RepeatMode",
  "ResourceId",
  "ResourceType",
  "Status",
  "TerminationMode",
  "Timed",
  "Timeout",
  "Type",
]);

/** Stands where a value is not shown. */
export const HIDDEN = "…";

/** The parameters as they arrived, with the values alone that may be shown. */
export function redact(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const shown = ([name, value]: [string, string]) => [name, isShown(name) ? value : HIDDEN];
  return Object.fromEntries(Object.entries(parameters).map(shown));
}

const isShown = (name: string): boolean => SHOWN.has(name.replace(/\.\d+$/, ""));
