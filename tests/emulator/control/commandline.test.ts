import { execFileSync } from "node:child_process";
import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { openService, type Parameters } from "../client";
import { ask } from "./ask";

let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({ clock: drivenClock(0), control: true, instances: 2, region: "cn-beijing" });
});
afterAll(() => service.close());

const lineOf = async (invokeId: string, query = ""): Promise<string> =>
  (await ask(service, "GET", `/invocations/${invokeId}${query}`)).body.commandLine;

/** What a shell makes of the line: the words after `aliyun ecs`, of which the names begin with two signs. */
function readLine(line: string): Record<string, string> {
  const script = `${line.replace(/^aliyun ecs/, "printf '%s\\0'")}`;
  const words = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  const pairs: [string, string][] = [];
  for (let index = 1; index < words.length; index++) {
    const [name = "", next = ""] = [words[index], words[index + 1]];
    if (name.startsWith("--") && !next.startsWith("--")) pairs.push([name.slice(2), next]);
  }
  return { Action: words[0] ?? "", ...Object.fromEntries(pairs) };
}

test.each<[string, Parameters]>([
  ["once", {}],
  ["a schedule", { Frequency: "0 0 2 * * ? Asia/Shanghai", RepeatMode: "Period" }],
  ["at each boot", { RepeatMode: "EveryReboot", "InstanceId.2": "i-emulated0002" }],
  ["with everything", { Username: "it's me", WorkingDir: "/a b", Launcher: "sh -e", TerminationMode: "ProcessTree" }],
  ["with tags", { "Tag.1.Key": "owner", "Tag.1.Value": "$(rm -rf /)" }],
])("%s: what it would send is what was sent", async (_title, parameters) => {
  const CommandId = await createCommand(service, "true");
  const sent = { CommandId, "InstanceId.1": "i-emulated0001", Timeout: "77", ...parameters };
  expect(readLine(await lineOf(await invoke(service, CommandId, sent)))).toEqual({
    ...{ Action: "InvokeCommand", RegionId: "cn-beijing", profile: "emulator", endpoint: service.url.slice(7) },
    ...sent,
  });
});

test("a command that is not kept, with its content; parameters are hidden unless asked for", async () => {
  const { InvokeId } = await succeed(service, "RunCommand", {
    ...{ Type: "RunShellScript", CommandContent: "echo {{word}}", EnableParameter: "true" },
    ...{ Parameters: '{"word":"it\'s"}', "InstanceId.1": "i-emulated0001" },
  });
  expect(readLine(await lineOf(InvokeId))).toMatchObject({
    ...{ Action: "RunCommand", Type: "RunShellScript", ContentEncoding: "Base64", EnableParameter: "true" },
    ...{ CommandContent: Buffer.from("echo {{word}}").toString("base64"), Parameters: '{"word":"…"}' },
  });
  expect(readLine(await lineOf(InvokeId, "?values=all")).Parameters).toBe('{"word":"it\'s"}');
});
