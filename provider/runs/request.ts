/** Asks the service for a run: `RunCommand` with a script, `InvokeCommand` with a command. */
import { invokeCommand, type RequestParameters, runCommand } from "../cloud/actions";
import type { Client } from "../cloud/client";
import { formatRequest, isScript, type Run } from "../rules/run";

/** @param rest what is of this call alone; it goes over what the run says */
export const request = (client: Client, run: Run, rest: RequestParameters): ReturnType<typeof invokeCommand> =>
  (isScript(run) ? runCommand : invokeCommand)(client, { ...formatRequest(run), ...rest });
