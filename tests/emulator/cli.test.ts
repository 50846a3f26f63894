import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { send, signV3 } from "./client";

// Each case starts a process of its own.
jest.setTimeout(30_000);

const CLI = join(__dirname, "../../emulator/cli.ts");
const folder = mkdtempSync(join(tmpdir(), "emulator-cli-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (...options: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", CLI, ...options], { encoding: "utf8" });

interface Started {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly url: string;
}

/** Those that a test that failed did not end. */
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});

/** Starts the command and waits until it has said where it is. */
function start(...options: string[]): Promise<Started> {
  const child = spawn(process.execPath, ["--import", "tsx", CLI, ...options], { stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  return new Promise((resolve, reject) => {
    let stdout = "";
    child.on("exit", (code) => reject(new Error(`the command ended with ${code} after saying: ${stdout}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      const url = /emulator at (http:\/\/\S+),/.exec(stdout)?.[1];
      if (url !== undefined && stdout.endsWith("--insecure\n\n")) resolve({ child, stdout, url });
    });
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    child.removeAllListeners("exit");
    child.on("exit", (code) => resolve(code));
    child.kill(signal);
  });
}

const KEY = { accessKeyId: "LTAItest", accessKeySecret: "secret" };
const KEY_OPTIONS = ["--access-key-id", KEY.accessKeyId, "--access-key-secret", KEY.accessKeySecret];

test("prints where it is and settings to paste, and ends on SIGINT", async () => {
  const { child, stdout, url } = await start(
    "--port",
    "0",
    "--region",
    "cn-beijing",
    "--instances",
    "7",
    ...KEY_OPTIONS,
  );
  const address = url.slice("http://".length);
  expect(
    stdout,
  ).toBe(`Cloud Assistant emulator at ${url}, region cn-beijing, instances: i-emulated0001, i-emulated0002, i-emulated0003, i-emulated0004, … i-emulated0007

For pulumi-cloud-assistant, in whatever language, the environment:
  export ALIBABA_CLOUD_ACCESS_KEY_ID=LTAItest
  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret
  export ALIBABA_CLOUD_REGION=cn-beijing
  export ALIBABA_CLOUD_ENDPOINT_ECS=${url}

For its plugin (YAML, Python, Go, C#, Java) the stack's configuration, in the environment's place:
  pulumi config set cloudassistant:region cn-beijing
  pulumi config set cloudassistant:accessKey LTAItest
  pulumi config set --secret cloudassistant:secretKey secret
  pulumi config set cloudassistant:endpoint ${url}

For the alicloud provider of Pulumi, the stack's configuration (the class of pulumi-cloud-assistant reads it as well):
  pulumi config set alicloud:region cn-beijing
  pulumi config set alicloud:accessKey LTAItest
  pulumi config set --secret alicloud:secretKey secret
  pulumi config set --path 'alicloud:endpoints[0].ecs' ${address}
  pulumi config set alicloud:protocol HTTP

For the aliyun CLI:
  aliyun configure set --profile emulator --mode AK --region cn-beijing --access-key-id LTAItest --access-key-secret secret
  aliyun ecs DescribeCloudAssistantStatus --profile emulator --endpoint ${address} --insecure

`);
  expect(await end(child, "SIGINT")).toBe(0);
});

test("keys with signs are printed so that a shell reads them back", async () => {
  const secret = "a$HOME;'`b";
  const { child, stdout } = await start("--port", "0", "--access-key-id", "LTAI&", "--access-key-secret", secret);
  const pasted = stdout.split("\n").filter((line) => line.startsWith("  export "));
  const shell = [...pasted, 'printf %s "$ALIBABA_CLOUD_ACCESS_KEY_ID $ALIBABA_CLOUD_ACCESS_KEY_SECRET"'].join("\n");
  expect(spawnSync("sh", ["-c", shell], { encoding: "utf8" }).stdout).toBe(`LTAI& ${secret}`);
  expect(stdout.split(`'a$HOME;'\\''\`b'`)).toHaveLength(5);
  await end(child, "SIGTERM");
});

test("fixtures, the control API with a clock that leaps, the log, and SIGTERM", async () => {
  const fixtures = join(folder, "fixtures.json");
  writeFileSync(
    fixtures,
    JSON.stringify({
      region: "cn-shanghai",
      instances: [{ instanceId: "i-web", timeZone: "Europe/London" }],
      commands: [{ commandId: "c-echo", name: "echo", content: "echo {{word}}" }],
    }),
  );
  const options = ["--control", "--control-token", "a-token", "--log", ...KEY_OPTIONS];
  const { child, url, stdout } = await start("--port", "0", "--fixtures", fixtures, ...options);
  expect(stdout).toContain(
    `\n  export CLOUD_ASSISTANT_EMULATOR_TOKEN=a-token\n\nTo see what happens, in a browser:\n  ${url}/#token=a-token\n\nFor `,
  );
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString("utf8");
  });
  const call = (action: string, parameters: Record<string, string>) =>
    send(url, signV3(url, KEY, action, { RegionId: "cn-shanghai", ...parameters }));
  const { body: invoked } = await call("InvokeCommand", {
    CommandId: "c-echo",
    "InstanceId.1": "i-web",
    Frequency: "0 0 3 * * ?",
    Parameters: '{"word":"hunter2"}',
    WorkingDir: "/root",
    Username: "hunter3",
    Launcher: "sh -e",
    "Tag.1.Key": "owner",
    "Tag.1.Value": "hunter4",
  });
  const advance = {
    method: "POST",
    path: "/_emulator/advance",
    headers: { authorization: "Bearer a-token", "content-type": "application/json" },
    body: JSON.stringify({ ms: 2 * 86_400_000 }),
  };
  expect((await send(url, advance)).status).toBe(200);
  const { body } = await call("DescribeInvocations", {
    InvokeId: invoked.InvokeId,
    IncludeOutput: "true",
    ContentEncoding: "PlainText",
  });
  const [found] = body.Invocations.Invocation[0].InvokeInstances.InvokeInstance;
  expect(found).toMatchObject({ InstanceId: "i-web", InvocationStatus: "Scheduled", Repeats: 2, Output: "hunter2\n" });
  expect(await end(child, "SIGTERM")).toBe(0);
  expect(log).toContain("InvokeCommand 200");
  expect(log).not.toMatch(/hunter|sh -e|\/root|owner/);
});

describe("says what is wrong", () => {
  const broken = join(folder, "broken.json");
  writeFileSync(broken, '{"instances":[{"osType":"Linux"}]}');

  test.each<[string[], string]>([
    [["--prot", "1"], "Unknown option '--prot'; see --help\n"],
    [["--port", "x"], 'Cannot start: --port must be a whole number from 0 to 65535: current value is "x"\n'],
    [
      ["--control-token", "x"],
      "Cannot start: --control-token must come with --control, which serves what it opens; add it\n",
    ],
    [
      ["--instances", "-1"],
      "Option '--instances' argument is ambiguous.\nDid you forget to specify the option argument for '--instances'?\nTo specify an option argument starting with a dash use '--instances=-XYZ'.; see --help\n",
    ],
    [
      ["--fixtures", broken],
      `Cannot read fixtures "${broken}": instances[0] must have one of "linux", "windows" as "osType": current value is "Linux"\n`,
    ],
    [
      ["--fixtures", "/nowhere.json"],
      "Cannot read fixtures \"/nowhere.json\": ENOENT: no such file or directory, open '/nowhere.json'\n",
    ],
  ])("%j", (options, stderr) => {
    expect(cli(...options)).toMatchObject({ status: 1, stdout: "", stderr });
  });
});

test("a port that is taken, and an address of another machine, are named", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  try {
    expect(cli("--port", String(port)).stderr).toBe(
      `Cannot listen on port ${port}: it must be free and something listens there already; choose another with --port, or 0 for any\n`,
    );
  } finally {
    taken.close();
  }
  // An address that is kept for documents, so that no machine has it.
  expect(cli("--port", "0", "--host", "192.0.2.1").stderr).toContain(
    "Cannot listen on 192.0.2.1: it must be an address of this machine; correct --host\n",
  );
});

test("a host beyond this machine is warned of", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", CLI, "--port", "0", "--host", "0.0.0.0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.add(child);
  const warned = new Promise<string>((resolve) => {
    child.stderr.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8")));
  });
  expect(await warned).toBe(
    "Warning: listening on 0.0.0.0, which others may reach: whoever holds the key runs commands on this machine\n",
  );
  await end(child, "SIGTERM");
});

test("--help tells every option", () => {
  const { status, stdout } = cli("--help");
  expect(status).toBe(0);
  for (const option of [
    "port",
    "host",
    "region",
    "access-key-id",
    "access-key-secret",
    "instances",
    "fixtures",
    "latency",
    "calls-per-minute",
    "control",
    "control-token",
    "log",
  ]) {
    expect(stdout).toContain(`  --${option} `);
  }
});
