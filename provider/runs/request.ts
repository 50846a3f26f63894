/** Asks the service for a run: `RunCommand` with a script, `InvokeCommand` with a command. */
import { randomUUID } from "node:crypto";
import { invokeCommand, type RequestParameters, runCommand } from "../cloud/actions";
import type { Client } from "../cloud/client";
import { formatRequest, isScript, type Run } from "../rules/run";

/** @param rest what is of this call alone; it goes over what the run says */
export const request = (client: Client, run: Run, rest: RequestParameters): ReturnType<typeof invokeCommand> =>
  (isScript(run) ? runCommand : invokeCommand)(client, { ...formatRequest(run), ...rest });

/**
 * Has the service try a run with these tags beside its own, which runs nothing. Without the schedule: its presence would make the
 * service run it periodically, whatever the repeat mode says.
 */
export const tryRun = (
  client: Client,
  { frequency: _, ...run }: Run,
  tags: Readonly<Record<string, string>>,
): ReturnType<typeof request> =>
  request(client, { ...run, tags: { ...run.tags, ...tags } }, { RepeatMode: "DryRun", ClientToken: randomUUID() });
