/**
 * `npm run picture`: an emulator with a fleet that has lived through a night, photographed in a real browser, in light and in dark,
 * as `docs/page-light.png` and `docs/page-dark.png`.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { drivenClock, type EmulatorOptions, type InstanceSeed, startEmulator } from "pulumi-cloud-assistant/emulator";
import { openBrowser } from "./browser";
import { openCalls } from "./call";

const DOCS = path.resolve(__dirname, "../docs");
const MINUTE_MS = 60_000;
const SIZE = { width: 1360, height: 760 };

/** What stands in for scripts, so that a night has its lengths and its failures. */
const minutes = (count: number, exitCode = 0, output = "done\n") => ({
  durationMs: count * MINUTE_MS,
  exitCode,
  output,
});
const machine = (name: string, role: string, dump: number, exitCode = 0): InstanceSeed => ({
  instanceId: `i-${name.replaceAll("-", "")}`,
  instanceName: name,
  tags: { role },
  timeZone: role === "db" ? "Europe/Berlin" : "Asia/Shanghai",
  outcomes: {
    backup: minutes(dump, exitCode, exitCode === 0 ? "dumped 4.2 GiB in 3 parts\n" : "pg_dump: error: disk full\n"),
    rotate: minutes(6),
    migrate: minutes(90, 0, "step 7 of 12\n"),
    probe: minutes(2),
  },
});

const FLEET: EmulatorOptions = {
  control: true,
  clock: drivenClock(Date.parse("2030-01-31T15:00:00Z")),
  accessKeyId: "LTAIpicture",
  instances: [
    ...[1, 2, 3, 4].map((number) => machine(`web-${number}`, "web", 12 + number)),
    machine("db-1", "db", 74),
    machine("db-2", "db", 31, 1),
    machine("queue-1", "queue", 20),
    { ...machine("cache-1", "cache", 10), agent: { online: false } },
    { ...machine("build-1", "build", 9), status: "Stopped" },
  ],
  commands: ["backup", "rotate", "migrate", "probe"].map((name) => ({
    ...{ commandId: `c-${name}`, name, timeoutSeconds: ["rotate", "probe"].includes(name) ? 900 : 7_200 },
    content: `/opt/ops/${name} --target {{target}} --token "$OPS_TOKEN"`,
  })),
};

async function main(): Promise<void> {
  const emulator = await startEmulator(FLEET);
  const call = openCalls(emulator);
  const invoke = (name: string, ids: readonly string[], more: Record<string, string>) =>
    call("InvokeCommand", {
      CommandId: `c-${name}`,
      ...Object.fromEntries(ids.map((id, index) => [`InstanceId.${index + 1}`, id])),
      ...more,
    });
  const webs = ["i-web1", "i-web2", "i-web3", "i-web4"];
  const Parameters = '{"target":"nightly"}';
  await invoke("backup", ["i-db1", "i-db2", "i-queue1"], { Frequency: "0 0 2 * * ? Asia/Shanghai", Parameters });
  await invoke("rotate", webs, { Frequency: "0 30 0/1 * * ? Asia/Shanghai", Parameters });
  await invoke("probe", ["i-queue1", "i-web1"], { Frequency: "rate(20m)", Parameters });
  await emulator.advance(250 * MINUTE_MS);
  await invoke("migrate", ["i-web2", "i-web3"], { Parameters });
  await emulator.advance(25 * MINUTE_MS);
  emulator.inject({ kind: "throttle", every: 3 });
  await call("DescribeInstances", {});

  mkdirSync(DOCS, { recursive: true });
  const browser = await openBrowser();
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await (await browser.newContext({ viewport: SIZE, colorScheme })).newPage();
    await page.goto(emulator.pageUrl ?? "");
    await page.getByLabel("Time that is seen").selectOption({ label: "6 h" });
    await page
      .getByRole("row", { name: /^db-2, / })
      .getByRole("rowheader")
      .click();
    await page.getByRole("button", { name: /^Failed backup/ }).click();
    await page.getByText("disk full").waitFor();
    await page.mouse.move(0, 0);
    await page.screenshot({ path: path.join(DOCS, `page-${colorScheme}.png`) });
  }
  await browser.close();
  await emulator.stop();
}

void main();
