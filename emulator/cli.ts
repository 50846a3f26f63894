#!/usr/bin/env node
/** `cloud-assistant-emulator`: the emulator as a process of its own. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isLoopback } from "./control/access";
import type { Emulator } from "./emulator";
import { leapingClock } from "./leap";
import { MAX_DELAY_MS } from "./limits";
import { CURRENT_AGENT_VERSION } from "./region/version";
import { type Fixtures, parseFixtures } from "./seed";
import { type EmulatorOptions, startEmulator } from "./start";

const HELP = `Usage: cloud-assistant-emulator [options]

Emulates the Cloud Assistant of Alibaba Cloud ECS on this machine. Commands really run here, each in the folder of its emulated instance.

  --port PORT                 where to listen; 0 is any free port (default 8080)
  --host HOST                 address to listen on (default 127.0.0.1); beyond this machine, whoever holds the key runs commands here
  --region REGION             region to emulate (default cn-hangzhou)
  --access-key-id ID          key that requests must be signed with (default random)
  --access-key-secret SECRET  its secret (default random)
  --instances N               running Linux instances i-emulated0001 ... to begin with (default 1 without --fixtures)
  --fixtures FILE             JSON: region, regions, instances, commands, outcomes, choices, quotas
  --directory DIR             where machines and what is delivered to OSS (below oss/) lie, kept afterwards (default a temporary folder, removed)
  --latency MS                added to every answer (default 0)
  --calls-per-minute N        of one action, beyond which it is throttled; 1000 is the service's own limit (default no limit)
  --control                   serve a page that shows what happens, and the control API under /_emulator/, to whoever has their token
  --control-token TOKEN       its token (default random)
  --log                       one line for each request, on standard error: when, which action, what was answered, ids, names of commands and numbers
  --help                      this text

It answers as the documents of the service say, and reads schedules and runs scripts as an agent of version ${CURRENT_AGENT_VERSION.linux} does; where documents disagree,
"choices" in the fixtures decide. Not emulated: PowerShell and Bat (Windows machines answer from "outcomes" in the fixtures), containers, users, and
other actions of ECS, which get Emulator.NotSupported. All of it, and the control API: docs/emulator.md in the repository.
`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  region: { type: "string" },
  "access-key-id": { type: "string" },
  "access-key-secret": { type: "string" },
  instances: { type: "string" },
  fixtures: { type: "string" },
  directory: { type: "string" },
  latency: { type: "string" },
  "calls-per-minute": { type: "string" },
  control: { type: "boolean" },
  "control-token": { type: "string" },
  log: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function main(): Promise<void> {
  // Who read the log may have gone; the machines stay.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  if (values["control-token"] !== undefined && !values.control)
    throw new RangeError("Cannot start: --control-token must come with --control, which serves what it opens; add it");
  const host = values.host ?? "127.0.0.1";
  if (!isLoopback(host)) {
    process.stderr.write(
      `Warning: listening on ${host}, which others may reach: whoever holds the key runs commands on this machine\n`,
    );
  }
  const emulator = await startEmulator(readOptions(values, host));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void emulator.stop().then(() => process.exit(0)));
  }
  process.stdout.write(formatSettings(emulator));
}

function readOptions(values: Values, host: string): EmulatorOptions {
  const { instances = [], ...fixtures } = values.fixtures === undefined ? {} : readFixtures(values.fixtures);
  const count = values.instances ?? (values.fixtures === undefined ? "1" : "0");
  const more = Array.from({ length: parseNumber("--instances", count, 10_000) }, () => ({}));
  const callsPerMinute = values["calls-per-minute"];
  return {
    ...fixtures,
    host,
    port: parseNumber("--port", values.port ?? "8080", 65_535),
    instances: [...instances, ...more],
    clock: leapingClock(),
    control: values.control ?? false,
    latencyMs: parseNumber("--latency", values.latency ?? "0", MAX_DELAY_MS),
    ...(callsPerMinute === undefined
      ? {}
      : { callsPerMinute: parseNumber("--calls-per-minute", callsPerMinute, 1_000_000) }),
    ...findGiven({
      region: values.region,
      directory: values.directory,
      accessKeyId: values["access-key-id"],
      accessKeySecret: values["access-key-secret"],
      controlToken: values["control-token"],
    }),
    ...(values.log ? { log: writeLogLine } : {}),
  };
}

/** As a shell reads it back. */
const quote = (text: string): string => (/^[\w.,:/@%+=-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function findGiven<Name extends string>(options: Readonly<Record<Name, string | undefined>>): { [N in Name]?: string } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [N in Name]?: string };
}

function writeLogLine(line: string): void {
  process.stderr.write(`${line}\n`);
}

function readFixtures(file: string): Fixtures {
  try {
    return parseFixtures(readFileSync(file, "utf8"));
  } catch (error) {
    throw new RangeError(`Cannot read fixtures "${file}": ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseNumber(option: string, text: string, largest: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > largest) {
    throw new RangeError(
      `Cannot start: ${option} must be a whole number from 0 to ${largest}: current value is "${text}"`,
    );
  }
  return value;
}

function formatSettings(emulator: Emulator): string {
  const { url, regionId, instanceIds, pageUrl } = emulator;
  const [accessKeyId, accessKeySecret] = [emulator.accessKeyId, emulator.accessKeySecret].map(quote);
  const address = url.slice("http://".length);
  const shown = instanceIds.length > 5 ? [...instanceIds.slice(0, 4), `… ${instanceIds.at(-1)}`] : instanceIds;
  return `Cloud Assistant emulator at ${url}, region ${regionId}, instances: ${shown.join(", ") || "none"}

For pulumi-cloud-assistant, in whatever language, the environment:
${Object.entries(emulator.environment)
  .map(([name, value]) => `  export ${name}=${quote(value)}`)
  .join("\n")}
${pageUrl === undefined ? "" : `\nTo see what happens, in a browser:\n  ${pageUrl}\n`}
For its plugin (YAML, Python, Go, C#, Java) the stack's configuration, in the environment's place:
  pulumi config set cloudassistant:region ${regionId}
  pulumi config set cloudassistant:accessKey ${accessKeyId}
  pulumi config set --secret cloudassistant:secretKey ${accessKeySecret}
  pulumi config set cloudassistant:endpoint ${url}

For the alicloud provider of Pulumi, the stack's configuration (the class of pulumi-cloud-assistant reads it as well):
  pulumi config set alicloud:region ${regionId}
  pulumi config set alicloud:accessKey ${accessKeyId}
  pulumi config set --secret alicloud:secretKey ${accessKeySecret}
  pulumi config set --path 'alicloud:endpoints[0].ecs' ${address}
  pulumi config set alicloud:protocol HTTP

For the aliyun CLI:
  aliyun configure set --profile emulator --mode AK --region ${regionId} --access-key-id ${accessKeyId} --access-key-secret ${accessKeySecret}
  aliyun ecs DescribeCloudAssistantStatus --profile emulator --endpoint ${address} --insecure

`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? formatFailure(error) : String(error)}\n`);
  process.exitCode = 1;
});

/** What a person did wrong gets a sentence, what we did wrong a stack trace. */
function formatFailure(error: NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }): string {
  const { code, address, port } = error;
  if (code === "EADDRINUSE") {
    return `Cannot listen on port ${port}: it must be free and something listens there already; choose another with --port, or 0 for any`;
  }
  if (code === "EADDRNOTAVAIL") {
    return `Cannot listen on ${address}: it must be an address of this machine; correct --host`;
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `Cannot listen: --host must be an address or a known name of this machine; correct it (${error.message})`;
  }
  if (code === "EACCES" && error.syscall === "listen") {
    return `Cannot listen on port ${port}: this user may not; choose one from 1024 on with --port, or 0 for any`;
  }
  if (code?.startsWith("ERR_PARSE_ARGS")) return `${error.message}; see --help`;
  if (error instanceof RangeError || code !== undefined) return error.message;
  return error.stack ?? error.message;
}
