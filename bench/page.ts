/**
 * `npm run compile && npx tsx bench/page.ts`: what the emulator's page costs in a real browser, with 1,000 machines and 10,000 runs.
 * First paint: from the navigation until lanes are drawn. Then it is scrolled through from end to end, zoomed and moved through time;
 * no task of the page's thread may be long. Fails when a bound is missed.
 */
import type { Page } from "playwright-core";
import { drivenClock, startEmulator } from "pulumi-cloud-assistant/emulator";
import { openBrowser } from "../tools/browser";
import { openCalls } from "../tools/call";
import { formatTable } from "./table";

const MACHINES = 1_000;
const RUNS = 10;
const HOUR_MS = 3_600_000;
const MAX_PAINT_MS = 1_000;
const MAX_TASK_MS = 100;
const VISITS = 5;

/** In the page: when the first lane is drawn, and tasks that take 50 ms or more. */
const WATCH = `
  globalThis.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  const look = () => {
    if (document.querySelector(".lane canvas")) requestAnimationFrame(() => { globalThis.paintMs = performance.now(); });
    else requestAnimationFrame(look);
  };
  look();
`;

async function measureLongest(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate("void (tasks.length = 0)");
  await work();
  await page.waitForTimeout(300);
  return page.evaluate("Math.max(0, ...tasks)");
}

async function main(): Promise<void> {
  const outcomes = { flaky: { exitCode: 0, output: "ok\n", durationMs: 60_000 } };
  const emulator = await startEmulator({
    instances: Array.from({ length: MACHINES }, () => ({ outcomes })),
    commands: [{ commandId: "c-1", name: "flaky", content: "true" }],
    clock: drivenClock(Date.parse("2030-01-31T00:00:00Z")),
    control: true,
  });
  const call = openCalls(emulator);
  for (let first = 0; first < MACHINES; first += 100) {
    const ids = emulator.instanceIds.slice(first, first + 100);
    const machines = Object.fromEntries(ids.map((id, index) => [`InstanceId.${index + 1}`, id]));
    await call("InvokeCommand", { CommandId: "c-1", Frequency: "rate(1h)", ...machines });
  }
  await emulator.advance(RUNS * HOUR_MS + HOUR_MS / 2, { maxRuns: 2 * MACHINES * RUNS });

  const browser = await openBrowser();
  const paints: number[] = [];
  let page: Page | undefined;
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    await page.addInitScript(WATCH);
    await page.goto(emulator.pageUrl ?? "");
    // The page lets no text become code, so that the waiting is done out here.
    let paintMs: number | undefined;
    while (paintMs === undefined) paintMs = await page.evaluate("globalThis.paintMs");
    paints.push(paintMs);
    if (visit < VISITS - 1) await context.close();
  }
  if (page === undefined) throw new Error("Nothing was visited");
  const seen = page;
  await seen.getByLabel("Time that is seen").selectOption({ label: "1 d" });
  const lanes = seen.locator(".lanes");
  await lanes.hover();
  const scrollMs = await measureLongest(seen, async () => {
    for (let step = 0; step < 120; step++) {
      await seen.mouse.wheel(0, 330);
      await seen.waitForTimeout(16);
    }
  });
  const bottom = (await lanes.evaluate("element => element.scrollTop")) as number;
  const zoomMs = await measureLongest(seen, async () => {
    for (const name of ["1 mo", "1 w", "6 h", "10 min", "1 d"]) {
      await seen.getByLabel("Time that is seen").selectOption({ label: name });
      await seen.getByLabel("Earlier").click();
    }
  });
  const liveMs = await measureLongest(seen, async () => {
    await emulator.advance(HOUR_MS, { maxRuns: 2 * MACHINES });
    await seen.waitForTimeout(1_000);
  });
  await browser.close();
  await emulator.stop();

  if (bottom < 30_000) throw new Error(`The page was to be scrolled to its end and came to ${bottom} px`);
  const paintMs = paints.sort((a, b) => a - b)[Math.floor(VISITS / 2)] ?? 0;
  const rows: readonly (readonly [string, number, number])[] = [
    [`first paint, median of ${VISITS}`, paintMs, MAX_PAINT_MS],
    ["longest task while scrolling through all machines", scrollMs, MAX_TASK_MS],
    ["longest task while zooming and moving through time", zoomMs, MAX_TASK_MS],
    [`longest task while ${MACHINES} more run`, liveMs, Number.POSITIVE_INFINITY],
  ];
  console.log(`${MACHINES} machines, ${MACHINES * RUNS} runs`);
  console.log(
    formatTable(
      ["page", "ms", "at most", ""],
      rows.map(([what, ms, limit]) => [
        what,
        Math.round(ms),
        Number.isFinite(limit) ? String(limit) : "",
        ms <= limit ? "" : "MISSED",
      ]),
    ),
  );
  if (rows.some(([, ms, limit]) => ms > limit)) process.exitCode = 1;
}

void main();
