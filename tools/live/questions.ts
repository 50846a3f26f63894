/**
 * What the documents of the service leave open, each as a question that one account with one machine can answer.
 * A verdict holds what can be compared with the emulator's, word for word; what depends on the clock is measured beside it.
 */
import type { Account, Invocation } from "./account";
import type { Answer } from "./service";

/** In words and numbers that are the same whenever the service behaves the same. */
export type Verdict = Readonly<Record<string, unknown>>;

export interface Finding {
  readonly verdict: Verdict;
  /** Seconds, and whatever else differs from one day to the next. */
  readonly measured?: Readonly<Record<string, unknown>>;
}

export interface Bench {
  readonly account: Account;
  /** `true`, which ends at once. */
  readonly commandId: string;
  /** The machines that were named; the first is the one that is stopped and rebooted. */
  readonly instanceIds: readonly string[];
  /** Minutes for which a ClientToken is watched. */
  readonly tokenMinutes: number;
}

export interface Question {
  readonly name: string;
  readonly title: string;
  /** It stops or reboots the machine. */
  readonly power?: true;
  /** A finding, or how to come to it when all else is asked. */
  ask(bench: Bench): Promise<Finding | (() => Promise<Finding>)>;
}

/** A time that never comes while anybody looks. */
const FAR = "0 0 0 1 1 ? 2099 UTC";

const isOver = ({ InvocationStatus }: Invocation): boolean =>
  !["Pending", "Running", "Scheduled", "Stopping"].includes(InvocationStatus);

const findFirst = ({ instanceIds: [instanceId = ""] }: Bench): string => instanceId;

const target = (bench: Bench): Readonly<Record<string, string>> => ({ "InstanceId.1": findFirst(bench) });

const judge = ({ code }: Answer): string => (code === "" ? "accepted" : `refused with ${code}`);

const toSeconds = (ms: number): number => Math.round(ms / 100) / 10;

/** How a run ended, without what was printed. */
function describeRun({ InvocationStatus, InvokeStatus, InvokeInstances }: Invocation): Verdict {
  const [run] = InvokeInstances.InvokeInstance;
  return {
    invocation: InvocationStatus,
    invokeStatus: InvokeStatus,
    machine: run?.InvocationStatus,
    errorCode: run?.ErrorCode,
    exitCode: run?.ExitCode ?? "absent",
  };
}

async function schedule(bench: Bench, Frequency: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { account, commandId } = bench;
  const invokeId = await account.start(commandId, { ...target(bench), Frequency, ...more });
  await account.until(
    () => account.find(invokeId),
    ({ InvocationStatus }) => InvocationStatus !== "Pending",
    90_000,
  );
  return invokeId;
}

/** Whether a listing holds an invocation, given the time to learn of it. */
async function isListed(account: Account, invokeId: string, filter: Readonly<Record<string, string>>, limitMs: number) {
  const look = async (): Promise<Invocation[]> =>
    (await account.succeed("DescribeInvocations", { ...filter, PageSize: "50" })).Invocations.Invocation;
  const waited = await account.until(look, (list) => list.some(({ InvokeId }) => InvokeId === invokeId), limitMs);
  return waited;
}

/** In which order a listing gives what was made one after another. */
function judgeOrder(made: readonly string[], listed: readonly string[]): string {
  const known = listed.filter((id) => made.includes(id));
  if (known.length !== made.length) return `${known.length} of ${made.length} listed`;
  if (known.join() === made.join()) return "oldest first";
  return known.join() === [...made].reverse().join() ? "newest first" : "neither newest nor oldest first";
}

export const QUESTIONS: readonly Question[] = [
  {
    name: "tokenLife",
    title: "How long does the service remember a ClientToken?",
    async ask(bench) {
      const { account, commandId, tokenMinutes } = bench;
      const ClientToken = `live-${account.now()}`;
      const invoke = (more = {}) => account.invoke(commandId, { ...target(bench), ClientToken, ...more });
      const first = await invoke();
      const startedAt = account.now();
      if (first.code !== "") return { verdict: { first: judge(first) } };
      const isSame = async () => (await invoke()).body?.InvokeId === first.body.InvokeId;
      const atOnce = await isSame();
      const changed = judge(await invoke({ Timeout: "61" }));
      return async () => {
        const leftMs = tokenMinutes * 60_000 - (account.now() - startedAt);
        if (leftMs > 0) await account.wait(leftMs);
        const isRemembered = await isSame();
        const seconds = toSeconds(account.now() - startedAt);
        return {
          verdict: { repeated: atOnce ? "the first answer again" : "another invocation", changed, isRemembered },
          measured: isRemembered ? { rememberedForSeconds: seconds } : { forgottenWithinSeconds: seconds },
        };
      };
    },
  },
  {
    name: "frequencyEcho",
    title: "Does the service echo at(…) and rate(…) as they were written?",
    async ask(bench) {
      const { account } = bench;
      const echo = async (frequency: string) => (await account.find(await schedule(bench, frequency))).Frequency;
      const texts = ["rate(7d)", "at(2098-12-31 23:00:00)", "at(2098-12-31 23:00:00 GMT+8:00)", FAR];
      const echoed: Record<string, string> = {};
      for (const text of texts) echoed[text] = await echo(text);
      return { verdict: echoed };
    },
  },
  {
    name: "untimedListing",
    title: "Does DescribeInvocations without Timed list a live schedule?",
    async ask(bench) {
      const { account } = bench;
      // A command of its own, so that the listing is short.
      const commandId = await account.createCommand("true");
      const invokeId = await schedule({ ...bench, commandId }, FAR);
      const listed = async (filter: Readonly<Record<string, string>>) =>
        (await isListed(account, invokeId, { CommandId: commandId, ...filter }, 10_000)).isThere;
      return {
        verdict: {
          withoutTimed: await listed({}),
          timedTrue: await listed({ Timed: "true" }),
          timedFalse: await listed({ Timed: "false" }),
          withoutTimedByMachine: (await isListed(account, invokeId, { InstanceId: findFirst(bench) }, 10_000)).isThere,
          byInvokeId: (await account.find(invokeId)).InvokeId === invokeId,
        },
      };
    },
  },
  {
    name: "dryRun",
    title: "What does RepeatMode=DryRun answer?",
    async ask(bench) {
      const { account, commandId } = bench;
      const tryRun = (more = {}) => account.invoke(commandId, { ...target(bench), RepeatMode: "DryRun", ...more });
      const right = await tryRun();
      const { RequestId: _, ...body } = right.body ?? {};
      const invokeId: unknown = right.code === "" ? body.InvokeId : undefined;
      const isFound =
        typeof invokeId === "string" && invokeId !== ""
          ? await account.find(invokeId).then(
              () => true,
              () => false,
            )
          : false;
      return {
        verdict: {
          right: judge(right),
          fields: right.code === "" ? Object.keys(body).sort() : [],
          isFound,
          unknownMachine: judge(await tryRun({ "InstanceId.1": "i-0000000000000000live" })),
          unknownParameter: judge(await tryRun({ Parameters: '{"live":"1"}' })),
        },
        measured: { body },
      };
    },
  },
  {
    name: "tagDelay",
    title: "How long until an invocation is found by its tags?",
    async ask(bench) {
      const { account, commandId } = bench;
      const LIMIT_MS = 60_000;
      const value = `${account.now()}`;
      const filter = (key: string) => ({ "Tag.1.Key": key, "Tag.1.Value": value });
      const tagged = await account.start(commandId, { ...target(bench), ...filter("live-invoke") });
      const atStart = await isListed(account, tagged, filter("live-invoke"), LIMIT_MS);
      const bare = await account.start(commandId, target(bench));
      const resource = { ResourceType: "invocation", "ResourceId.1": bare };
      const marking = await account.ask("TagResources", { ...resource, ...filter("live-later") });
      const later = await isListed(account, bare, filter("live-later"), marking.code === "" ? LIMIT_MS : 0);
      return {
        verdict: { atStart: atStart.isThere, tagResources: judge(marking), later: later.isThere },
        measured: { atStartSeconds: toSeconds(atStart.ms), laterSeconds: toSeconds(later.ms) },
      };
    },
  },
  {
    name: "listOrder",
    title: "In which order do listings come?",
    async ask(bench) {
      const { account } = bench;
      const commands: string[] = [];
      for (let count = 0; count < 3; count++) {
        commands.push(await account.createCommand(`# ${count}`));
        await account.wait(1_500);
      }
      const [commandId = ""] = commands;
      const invocations: string[] = [];
      for (let count = 0; count < 3; count++) {
        const invokeId = await account.start(commandId, target(bench));
        await account.until(() => account.find(invokeId), isOver, 90_000);
        invocations.push(invokeId);
        await account.wait(1_500);
      }
      const page = { PageSize: "50" };
      const { Commands } = await account.succeed("DescribeCommands", page);
      const { Invocations } = await account.succeed("DescribeInvocations", { CommandId: commandId, ...page });
      const { Invocation } = await account.succeed("DescribeInvocationResults", { CommandId: commandId, ...page });
      const ids = (list: Readonly<Record<string, string>>[], name: string) => list.map((each) => each[name] ?? "");
      return {
        verdict: {
          commands: judgeOrder(commands, ids(Commands.Command, "CommandId")),
          invocations: judgeOrder(invocations, ids(Invocations.Invocation, "InvokeId")),
          results: judgeOrder(invocations, ids(Invocation.InvocationResults.InvocationResult, "InvokeId")),
        },
      };
    },
  },
  {
    name: "stopping",
    title: "What is seen between StopInvocation and the end of a run?",
    async ask(bench) {
      const { account } = bench;
      const commandId = await account.createCommand("sleep 50");
      const invokeId = await account.start(commandId, target(bench));
      const isRunning = ({ InvocationStatus }: Invocation) => InvocationStatus === "Running";
      const running = await account.until(() => account.find(invokeId), isRunning, 90_000);
      if (!running.isThere) return { verdict: { beforeStop: running.seen.InvocationStatus } };
      const stop = judge(await account.ask("StopInvocation", { InvokeId: invokeId }));
      const stoppedAt = account.now();
      const seen: string[] = [];
      const look = async () => {
        const found = await account.find(invokeId);
        const [run] = found.InvokeInstances.InvokeInstance;
        const state = [
          found.InvocationStatus,
          found.InvokeStatus,
          run?.InvocationStatus,
          run?.InstanceInvokeStatus,
        ].join(" ");
        if (seen.at(-1) !== state) seen.push(state);
        return found;
      };
      const ended = await account.until(look, isOver, 90_000);
      return {
        verdict: { stop, end: describeRun(ended.seen) },
        // How much is seen of what passes depends on when one looks.
        measured: { states: seen, seconds: toSeconds(account.now() - stoppedAt) },
      };
    },
  },
  {
    name: "addBack",
    title: "Can a machine be added to a schedule again that was removed from it?",
    async ask(bench) {
      const { account, instanceIds } = bench;
      const [first = "", second] = instanceIds;
      const invokeId = await schedule(bench, FAR, second === undefined ? {} : { "InstanceId.2": second });
      const removed = second ?? first;
      const find = async () => {
        const { InvocationStatus, InvokeInstances } = await account.find(invokeId);
        const run = InvokeInstances.InvokeInstance.find(({ InstanceId }) => InstanceId === removed);
        return { invocation: InvocationStatus, machine: run?.InvocationStatus ?? "absent" };
      };
      await account.succeed("StopInvocation", { InvokeId: invokeId, "InstanceId.1": removed });
      await account.until(find, ({ machine }) => !/Scheduled|Pending|Stopping/.test(machine), 60_000);
      const afterStop = await find();
      const adding = await account.ask("ModifyInvocationAttribute", { InvokeId: invokeId, "InstanceId.1": removed });
      const again = await account.until(
        find,
        ({ machine }) => machine === "Scheduled",
        adding.code === "" ? 60_000 : 0,
      );
      return { verdict: { machines: instanceIds.length, afterStop, adding: judge(adding), afterAdding: again.seen } };
    },
  },
  {
    name: "exit194",
    title: "What is recorded of a run that ends with exit code 194, and does the machine reboot?",
    power: true,
    async ask(bench) {
      const { account, commandId } = bench;
      // Runs if the machine boots, and only then.
      const witness = await account.start(commandId, { ...target(bench), RepeatMode: "NextRebootOnly" });
      const isWaiting = ({ InvocationStatus }: Invocation) => InvocationStatus !== "Pending";
      await account.until(() => account.find(witness), isWaiting, 90_000);
      const reboot = await account.createCommand("exit 194");
      const invokeId = await account.start(reboot, target(bench));
      const ended = await account.until(() => account.find(invokeId), isOver, 300_000);
      const booted = await account.until(() => account.find(witness), isOver, 300_000);
      await account.power(findFirst(bench), "Running");
      return {
        verdict: {
          isOver: ended.isThere,
          end: describeRun(ended.seen),
          isRebooted: booted.isThere,
          witness: booted.seen.InvocationStatus,
        },
        measured: { endSeconds: toSeconds(ended.ms), bootSeconds: toSeconds(booted.ms) },
      };
    },
  },
  {
    name: "stoppedMachine",
    title: "Is a call refused when the machine is stopped, or the run aborted?",
    power: true,
    async ask(bench) {
      const { account, commandId } = bench;
      const instanceId = findFirst(bench);
      account.afterwards(`start the machine ${instanceId}`, () => account.power(instanceId, "Running"));
      await account.power(instanceId, "Stopped");
      const answer = await account.invoke(commandId, target(bench));
      const end =
        answer.code === ""
          ? describeRun((await account.until(() => account.find(answer.body.InvokeId), isOver, 120_000)).seen)
          : undefined;
      await account.power(instanceId, "Running");
      return { verdict: { call: judge(answer), ...(end === undefined ? {} : { end }) } };
    },
  },
];
