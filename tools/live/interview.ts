/** Asks an account every question, one after another, and leaves it as it was. */
import { type Account, type AccountSettings, openAccount, removeLeftovers } from "./account";
import { type Finding, QUESTIONS, type Question } from "./questions";
import type { LiveRecord } from "./record";

export interface InterviewSettings extends AccountSettings {
  readonly regionId: string;
  readonly instanceIds: readonly string[];
  /** Minutes for which a ClientToken is watched. */
  readonly tokenMinutes: number;
  /** Leaves out what stops or reboots the machine. */
  readonly keepRunning: boolean;
  readonly say: (line: string) => void;
}

export interface Interview {
  readonly record: LiveRecord;
  /** What could not be put back. */
  readonly left: readonly string[];
}

/** @throws RangeError before anything was done, when the machines do not suit */
export async function interview(settings: InterviewSettings): Promise<Interview> {
  const { say, now } = settings;
  const account = openAccount(settings);
  const { agentVersion, osName } = await checkMachines(account, settings.instanceIds);
  const answers: Record<string, Finding> = {};
  const unanswered: Record<string, string> = {};
  const left: string[] = [];
  try {
    const removed = await removeLeftovers(account);
    if (removed > 0) say(`Removed ${removed} commands that an earlier run left`);
    // Done last: whatever was made by a call whose answer was lost.
    account.afterwards("remove what else was made", () => removeLeftovers(account));
    await askAll(account, settings, answers, unanswered);
  } finally {
    say("Cleaning up");
    left.push(...(await account.cleanUp()));
    for (const each of left) say(`  left: ${each}`);
  }
  const { regionId, instanceIds } = settings;
  const seenAt = new Date(now()).toISOString();
  const record = { regionId, seenAt, agentVersion, osName, machines: instanceIds.length, answers, unanswered };
  return { record, left };
}

async function askAll(
  account: Account,
  settings: InterviewSettings,
  answers: Record<string, Finding>,
  unanswered: Record<string, string>,
): Promise<void> {
  const { say, instanceIds, keepRunning, tokenMinutes } = settings;
  const bench = { account, commandId: await account.createCommand("true"), instanceIds, tokenMinutes };
  const open: [Question, () => Promise<Finding>][] = [];

  const note = async ({ name }: Question, ask: () => Promise<Finding>): Promise<void> => {
    try {
      const finding = await ask();
      answers[name] = finding;
      say(`  ${JSON.stringify(finding.verdict)}`);
    } catch (error) {
      unanswered[name] = error instanceof Error ? error.message : String(error);
      say(`  no answer: ${unanswered[name]}`);
    }
  };

  for (const [index, question] of QUESTIONS.entries()) {
    // Ends here when the whole was broken off.
    await account.wait(0);
    say(`${index + 1}/${QUESTIONS.length} ${question.title}`);
    if (question.power && keepRunning) {
      unanswered[question.name] = "not asked: the machine was to be kept running";
      continue;
    }
    await note(question, async () => {
      const finding = await question.ask(bench);
      if (typeof finding !== "function") return finding;
      open.push([question, finding]);
      return { verdict: { open: "until all else is asked" } };
    });
  }
  for (const [question, ask] of open) {
    await account.wait(0);
    say(question.title);
    delete answers[question.name];
    await note(question, ask);
  }
}

async function checkMachines(
  account: Account,
  instanceIds: readonly string[],
): Promise<{ agentVersion: string; osName: string }> {
  const ids = JSON.stringify(instanceIds);
  const { Instances } = await account.succeed("DescribeInstances", { InstanceIds: ids, PageSize: "100" });
  const there: string[] = Instances.Instance.map(({ InstanceId }: { InstanceId: string }) => InstanceId);
  const named = Object.fromEntries(there.map((id, index) => [`InstanceId.${index + 1}`, id]));
  const status = there.length > 0 ? await account.succeed("DescribeCloudAssistantStatus", named) : undefined;
  const agents = status?.InstanceCloudAssistantStatusSet.InstanceCloudAssistantStatus ?? [];
  const problems = instanceIds.flatMap((id) => {
    const machine = Instances.Instance.find(({ InstanceId }: { InstanceId: string }) => InstanceId === id);
    const agent = agents.find(({ InstanceId }: { InstanceId: string }) => InstanceId === id);
    if (machine === undefined) return [`${id} does not exist in this region`];
    if (machine.OSType !== "linux") return [`${id} runs ${machine.OSType}`];
    if (machine.Status !== "Running") return [`${id} is ${machine.Status}`];
    return String(agent?.CloudAssistantStatus).toLowerCase() === "true" ? [] : [`the agent of ${id} does not answer`];
  });
  if (problems.length > 0) {
    throw new RangeError(`Cannot ask: each machine must run Linux and an agent that answers: ${problems.join("; ")}`);
  }
  return { agentVersion: agents[0]?.CloudAssistantVersion ?? "", osName: Instances.Instance[0]?.OSName ?? "" };
}
