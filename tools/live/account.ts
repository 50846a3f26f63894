/** The account while it is asked: calls, waiting, and what has to be put back afterwards, whatever happens. */
import type { Answer, Call } from "./service";

/** Everything that is made bears it, so that what a run left that was killed is found by the next. */
export const NAME = "pulumi-cloud-assistant-live";

export interface Invocation {
  readonly InvokeId: string;
  readonly InvocationStatus: string;
  readonly InvokeStatus: string;
  readonly Frequency: string;
  readonly InvokeInstances: { readonly InvokeInstance: readonly Run[] };
}

export interface Run {
  readonly InstanceId: string;
  readonly InvocationStatus: string;
  readonly InstanceInvokeStatus: string;
  readonly ErrorCode: string;
  readonly ExitCode?: number;
}

export interface AccountSettings {
  readonly call: Call;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Rejects when the whole is broken off. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface Account {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Any answer. A call that was throttled is repeated. */
  ask: Call;
  /** @throws Error that names action and code when the service refuses */
  succeed(action: string, parameters: Readonly<Record<string, string>>): Promise<Answer["body"]>;
  /** @returns the command's id; it is deleted afterwards */
  createCommand(content: string): Promise<string>;
  /** InvokeCommand; what it starts is stopped afterwards. */
  invoke(commandId: string, more: Readonly<Record<string, string>>): Promise<Answer>;
  /** @returns the id; @throws Error when the service refuses */
  start(commandId: string, more: Readonly<Record<string, string>>): Promise<string>;
  find(invokeId: string): Promise<Invocation>;
  /**
   * Looks until it is as it should be.
   * @returns what was seen last, and after how many milliseconds; as it should be, or not in time
   */
  until<Seen>(look: () => Promise<Seen>, isThere: (seen: Seen) => boolean, limitMs: number): Promise<Waited<Seen>>;
  /** Puts a machine into a status, and waits until it is there and its agent answers. */
  power(instanceId: string, status: "Running" | "Stopped"): Promise<void>;
  /** To be done when all is asked, the last first. */
  afterwards(title: string, work: () => Promise<unknown>): void;
  /** Does what is to be done; @returns what could not be. */
  cleanUp(): Promise<string[]>;
}

export interface Waited<Seen> {
  readonly seen: Seen;
  readonly isThere: boolean;
  readonly ms: number;
}

const POLL_MS = 1_000;
const THROTTLED_MS = 20_000;
const MAX_TRIES = 5;
const LIST_LIMIT_MS = 10_000;
const POWER_LIMIT_MS = 300_000;
const DELETE_LIMIT_MS = 60_000;

export function openAccount({ call, now, wait }: AccountSettings): Account {
  const works: { title: string; work: () => Promise<unknown> }[] = [];
  // Clean-up has to wait as well, after the whole was broken off.
  let pause = wait;

  const ask: Call = async (action, parameters) => {
    for (let tried = 1; ; tried++) {
      const answer = await call(action, parameters);
      if (!/Throttling/.test(answer.code) || tried === MAX_TRIES) return answer;
      await pause(THROTTLED_MS);
    }
  };

  const succeed: Account["succeed"] = async (action, parameters) => {
    const { code, message, body } = await ask(action, parameters);
    if (code === "") return body;
    throw new Error(`${action} was refused with ${code}: ${message}`);
  };

  const until: Account["until"] = async (look, isThere, limitMs) => {
    const startedAt = now();
    for (;;) {
      const seen = await look();
      const ms = now() - startedAt;
      if (isThere(seen)) return { seen, isThere: true, ms };
      if (ms >= limitMs) return { seen, isThere: false, ms };
      await pause(POLL_MS);
    }
  };

  const findStatus = async (instanceId: string): Promise<string> => {
    const { Instances } = await succeed("DescribeInstances", { InstanceIds: JSON.stringify([instanceId]) });
    return Instances.Instance[0]?.Status ?? "gone";
  };

  const account: Account = {
    now,
    wait: (ms) => pause(ms),
    ask,
    succeed,
    until,
    async createCommand(content) {
      const parameters = { Name: NAME, Type: "RunShellScript", CommandContent: content, ContentEncoding: "PlainText" };
      const { CommandId } = await succeed("CreateCommand", { ...parameters, Timeout: "60" });
      account.afterwards(`delete the command ${CommandId}`, () => removeCommand(account, CommandId));
      return CommandId;
    },
    async invoke(commandId, more) {
      const answer = await ask("InvokeCommand", { CommandId: commandId, ...more });
      const invokeId: unknown = answer.body?.InvokeId;
      if (answer.code === "" && typeof invokeId === "string") {
        account.afterwards(`stop the invocation ${invokeId}`, () => stop(account, invokeId));
      }
      return answer;
    },
    async start(commandId, more) {
      const { code, message, body } = await account.invoke(commandId, more);
      if (code === "") return body.InvokeId;
      throw new Error(`InvokeCommand was refused with ${code}: ${message}`);
    },
    async find(invokeId) {
      const look = async (): Promise<Invocation | undefined> =>
        (await succeed("DescribeInvocations", { InvokeId: invokeId })).Invocations.Invocation[0];
      // What was started a moment ago may not be listed yet.
      const { seen } = await until(look, (found) => found !== undefined, LIST_LIMIT_MS);
      if (seen === undefined) throw new Error(`The invocation ${invokeId} is not listed`);
      return seen;
    },
    async power(instanceId, status) {
      const settled = await until(
        () => findStatus(instanceId),
        (seen) => seen === "Running" || seen === "Stopped",
        POWER_LIMIT_MS,
      );
      if (settled.seen !== status) {
        const mode = status === "Stopped" ? { StoppedMode: "KeepCharging" } : {};
        await succeed(status === "Stopped" ? "StopInstance" : "StartInstance", { InstanceId: instanceId, ...mode });
      }
      const there = await until(
        () => findStatus(instanceId),
        (seen) => seen === status,
        POWER_LIMIT_MS,
      );
      if (!there.isThere) throw new Error(`The machine ${instanceId} must be ${status}: it is ${there.seen}`);
      if (status === "Running") await awaitAgent(account, instanceId);
    },
    afterwards: (title, work) => void works.push({ title, work }),
    async cleanUp() {
      pause = (ms) => wait(ms).catch(() => new Promise((resolve) => setTimeout(resolve, ms)));
      const left: string[] = [];
      for (let next = works.pop(); next !== undefined; next = works.pop()) {
        const { title, work } = next;
        await work().catch((error: Error) => left.push(`${title}: ${error.message}`));
      }
      return left;
    },
  };
  return account;
}

async function stop(account: Account, invokeId: string): Promise<void> {
  const { code, message } = await account.ask("StopInvocation", { InvokeId: invokeId });
  // What is over, or was never there, needs no stop.
  if (code !== "" && !/NotFound|Finished/.test(code)) throw new Error(`${code}: ${message}`);
}

/** A command is in use until what runs it has really ended. */
async function deleteCommand(account: Account, commandId: string): Promise<void> {
  const attempt = () => account.ask("DeleteCommand", { CommandId: commandId });
  const { seen } = await account.until(attempt, ({ code }) => code !== "InvalidStatus.CmdIdInUse", DELETE_LIMIT_MS);
  if (seen.code !== "" && !seen.code.includes("NotFound")) throw new Error(`${seen.code}: ${seen.message}`);
}

/** Runs the shortest script there is until one succeeds: a heartbeat alone may be an old one. */
async function awaitAgent(account: Account, instanceId: string): Promise<void> {
  const commandId = await account.createCommand("true");
  const probe = async (): Promise<string> => {
    const { code, body } = await account.invoke(commandId, { "InstanceId.1": instanceId, Timeout: "10" });
    if (code !== "") return code;
    const isOver = ({ InvocationStatus }: Invocation) => !/Pending|Running|Scheduled/.test(InvocationStatus);
    const { seen } = await account.until(() => account.find(body.InvokeId), isOver, 90_000);
    return seen.InvocationStatus;
  };
  const { isThere, seen } = await account.until(probe, (status) => status === "Success", POWER_LIMIT_MS);
  if (!isThere) throw new Error(`The agent of ${instanceId} must run a script: the last one ended as ${seen}`);
}

/** What a run left that was killed: its commands by their name, and what they started. */
export async function removeLeftovers(account: Account): Promise<number> {
  const { Commands } = await account.succeed("DescribeCommands", { Name: NAME, PageSize: "50" });
  for (const { CommandId } of Commands.Command) await removeCommand(account, CommandId);
  return Commands.Command.length;
}

/** Stops whatever it started, also what nobody knows of since the answer was lost. */
async function removeCommand(account: Account, commandId: string): Promise<void> {
  const query = { CommandId: commandId, PageSize: "50" };
  for (const timed of [{}, { Timed: "true" }]) {
    const { Invocations } = await account.succeed("DescribeInvocations", { ...query, ...timed });
    for (const { InvokeId } of Invocations.Invocation) await stop(account, InvokeId);
  }
  await deleteCommand(account, commandId);
}
