/** A stack of N resources on the real engine, the measured ones or the bare ones, and the time its operations take. */
import { mkdtempSync, readFileSync } from "node:fs";
import path from "node:path";
import type { InvocationArgs } from "../provider/invocation";
import { createStack } from "../tools/pulumi/stack";
import type { Installation, Subject } from "./installation";
import type { Service } from "./service";

/** `replace`: what is over runs again, while no update was shown yet that it was saved. */
export const OPERATIONS = ["preview", "up", "up again", "replace", "refresh", "destroy"] as const;
export type Operation = (typeof OPERATIONS)[number];

const PROJECT = "bench";

export interface MeasuredStack {
  /**
   * Runs one operation and measures it, the start of the engine included.
   * @throws {CommandError} when it fails, with all that the engine said.
   */
  time(operation: Operation): Promise<number>;
  /** Bytes that each resource adds to the file of the state. @param omitted members that are not counted */
  stateBytesPerResource(omitted?: readonly string[]): number;
  /** `status` of every resource, as the state holds it. */
  statuses(): unknown[];
}

/** @param more inputs of each resource beside command and machine */
export async function openStack(
  installation: Installation,
  subject: Subject,
  service: Service,
  more: Pick<InvocationArgs, "frequency"> = {},
): Promise<MeasuredStack> {
  const { directory: programDirectory } = installation;
  const { commandId, instanceIds, environment } = service;
  const Invocation = installation.load(subject);
  const directory = mkdtempSync(path.join(programDirectory, "stack-"));
  let round = 0;
  const program = async () => {
    for (const instanceId of instanceIds)
      new Invocation(instanceId, { commandId, instanceIds: [instanceId], triggers: [round], ...more });
  };
  const stack = await createStack({ projectName: PROJECT, program, directory, programDirectory, environment });

  const run = (operation: Operation): Promise<unknown> => {
    switch (operation) {
      case "preview":
        return stack.preview();
      case "up":
      case "up again":
        return stack.up();
      case "replace":
        round++;
        return stack.up();
      case "refresh":
        return stack.refresh();
      case "destroy":
        return stack.destroy();
      default:
        return operation satisfies never;
    }
  };

  const readState = () => readFileSync(path.join(directory, "state", ".pulumi", "stacks", PROJECT, "dev.json"), "utf8");
  const readResources = (): StateResource[] => JSON.parse(readState()).checkpoint.latest.resources;
  const isMeasured = ({ type }: StateResource) => type.endsWith(":Invocation");

  return {
    time: async (operation) => {
      const startMs = performance.now();
      await run(operation);
      return performance.now() - startMs;
    },
    stateBytesPerResource: (omitted = []) => {
      const resources = readResources().filter(isMeasured);
      const count = (name: string, value: unknown) => (omitted.includes(name) ? undefined : value);
      const bytes = resources.reduce((sum, resource) => sum + Buffer.byteLength(JSON.stringify(resource, count)), 0);
      return bytes / resources.length;
    },
    statuses: () =>
      readResources()
        .filter(isMeasured)
        .map(({ outputs }) => outputs.status),
  };
}

interface StateResource {
  type: string;
  outputs: Record<string, unknown>;
}
