// The page in a real browser, beside a program that lives its life on the emulator.
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { drivenClock, type EmulatorOptions, leapingClock } from "../../emulator";
import { openBrowser } from "../../tools/browser";
import { openYamlEngine } from "../e2e/engine";
import { openService } from "../emulator/client";

jest.setTimeout(60_000);

const story = process.env.BROWSER_UNAVAILABLE === undefined ? describe : describe.skip;
const noEngine = process.env.PULUMI_UNAVAILABLE ?? process.env.PULUMI_YAML_UNAVAILABLE;
const onEngine = noEngine === undefined ? test : test.skip;
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const QUICKSTART: EmulatorOptions = JSON.parse(
  readFileSync(path.resolve(__dirname, "../../examples/quickstart/emulator.json"), "utf8"),
);
const EVENING = Date.parse("2030-01-31T12:00:00Z");

type Service = Awaited<ReturnType<typeof openService>>;

story("the page", () => {
  let browser: Browser;
  let context: BrowserContext;
  let service: Service;
  let complaints: string[];
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(() => {
    complaints = [];
  });
  afterEach(async () => {
    await context.close();
    await service.close();
    expect(complaints).toEqual([]);
  });

  async function visit(
    options: EmulatorOptions = {},
    look: { width?: number; height?: number; dark?: boolean } = {},
    address = (url: string) => url,
  ): Promise<Page> {
    service = await openService({ control: true, ...options });
    const { width = 1280, height = 800, dark = false } = look;
    context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
    const page = await context.newPage();
    page.on("console", (message) => {
      // That an address does not answer, or refuses, is said by the browser itself.
      const isOfBrowser = /^Failed to load resource: net::ERR_/.test(message.text());
      if (["error", "warning"].includes(message.type()) && !isOfBrowser) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(address(service.emulator.pageUrl ?? ""));
    await page.getByText("live", { exact: true }).waitFor();
    return page;
  }

  const call = async (action: string, parameters: Record<string, string>) =>
    (await service.call(action, parameters)).body;
  const aim = (...ids: string[]) => Object.fromEntries(ids.map((id, index) => [`InstanceId.${index + 1}`, id]));
  const lane = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name}, `) });
  const tab = (page: Page, name: string) => page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
  /** Until a part of the page says so. */
  const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

  test("the life of quickstart's commands: run, read, scheduled, advanced over a night, stopped", async () => {
    const page = await visit({ ...QUICKSTART, clock: leapingClock() });
    await says(page, "Nothing has run yet.");

    // What `up` does: once now, and every night.
    const machines = aim("i-web1", "i-web2", "i-db1");
    await call("InvokeCommand", { CommandId: "c-quickstart", ...machines });
    const { InvokeId } = await call("InvokeCommand", {
      CommandId: "c-quickstart",
      ...machines,
      Frequency: "0 0 2 * * ? Asia/Shanghai",
    });
    await lane(page, "i-db1").getByText("i-db1").waitFor();
    await page.getByRole("row", { name: /^i-db1, running: 1 run, none failed, next run in / }).waitFor();

    // The machine, its run, what it printed.
    await lane(page, "i-db1").getByRole("rowheader").click();
    await page.getByRole("button", { name: /^Success who-are-you/ }).click();
    await says(page, /^i-db1 runs Linux /);
    await says(page, "machine");
    await page.locator("thead", { hasText: "Europe/Berlin" }).waitFor();

    // A night later.
    await page.getByRole("button", { name: "+1 d" }).click();
    await says(page, "1 d later: 3 runs, none failed");
    await page.getByRole("row", { name: /^i-web1, running: 2 runs, none failed, next run in / }).waitFor();

    // The journal leads to the run.
    await tab(page, "Journal");
    await page.getByPlaceholder("Action, code or id").fill("invokecommand");
    await page
      .getByRole("button", { name: /^run of InvokeCommand/ })
      .first()
      .click();
    await says(page, InvokeId);
    await says(page, "0 0 2 * * ? Asia/Shanghai");

    // What `destroy` does.
    await call("StopInvocation", { InvokeId });
    await page.getByRole("row", { name: /^i-web1, running: 2 runs, none failed$/ }).waitFor();
  });

  onEngine("a program's life, and what a fault that is switched on here does to it", async () => {
    const page = await visit({ ...QUICKSTART, clock: leapingClock() });
    const engine = await openYamlEngine({ environment: service.emulator.environment });
    const what = "commandId: c-quickstart, instanceIds: [i-db1, i-web1, i-web2]";
    const program = (frequency: string) => `resources:
  now: { type: "cloudassistant:Invocation", properties: { ${what} } }
  nightly: { type: "cloudassistant:Invocation", properties: { ${what}, frequency: "${frequency}" } }
`;
    const [at2, at3] = ["0 0 2 * * ? Asia/Shanghai", "0 0 3 * * ? Asia/Shanghai"];
    expect((await engine.up(program(at2))).succeeded).toBe(true);
    await page.getByRole("row", { name: /^i-db1, running: 1 run, none failed, next run in / }).waitFor();
    await page.getByRole("button", { name: "+1 d" }).click();
    await says(page, "1 d later: 3 runs, none failed");

    await tab(page, "What if");
    await page.getByLabel("What happens").selectOption("forbidden");
    await page.locator(".switch select").nth(1).selectOption("ModifyInvocationAttribute");
    await page.getByRole("button", { name: "Switch it on" }).click();
    await says(page, /^struck 0 times/);
    const refused = await engine.up(program(at3));
    expect(refused.succeeded).toBe(false);
    expect(refused.diagnostics.join("\n")).toContain("ModifyInvocationAttribute");
    await says(page, /^struck 1 time/);
    await tab(page, "Journal");
    await page.getByText("Forbidden.RAM").first().waitFor();
    await tab(page, "What if");
    await page.getByRole("button", { name: /^Clear this/ }).click();

    expect((await engine.up(program(at3))).steps.toSorted()).toEqual(["same now", "update nightly"]);
    await page.getByRole("button", { name: "+1 d" }).click();
    await page.getByRole("row", { name: /^i-web1, running: 3 runs, none failed, next run in / }).waitFor();
    await engine.destroy();
    await page.getByRole("row", { name: /^i-web1, running: 3 runs, none failed$/ }).waitFor();
    engine.remove();
  });

  test("what is hidden is shown when it is asked for, and the line to copy with it", async () => {
    const commands = [{ commandId: "c-1", name: "say", content: "echo TOKEN=abc {{word}}" }];
    const page = await visit({ instances: 1, commands });
    await call("InvokeCommand", { CommandId: "c-1", ...aim("i-emulated0001"), Parameters: '{"word":"hunter2"}' });
    await lane(page, "i-emulated0001").getByRole("rowheader").click();
    await page.getByRole("button", { name: /^Success say/ }).click();
    await says(page, "echo TOKEN=•••••• {{word}}");
    await says(page, /aliyun ecs InvokeCommand .*--Parameters '\{"word":"…"\}'/);
    expect(await page.locator("article").textContent()).not.toContain("abc");
    await page.getByRole("button", { name: "Show hidden values" }).click();
    await says(page, "echo TOKEN=abc {{word}}");
    await says(page, /--Parameters '\{"word":"hunter2"\}'/);
  });

  test("output shows as it comes", async () => {
    const commands = [
      { commandId: "c-1", name: "slow", content: "echo first; until [ -e go ]; do sleep 0.05; done; echo last" },
    ];
    const page = await visit({ instances: 1, commands, choices: { runningOutput: "tail" } });
    await call("InvokeCommand", { CommandId: "c-1", ...aim("i-emulated0001") });
    await page.getByRole("row", { name: /^i-emulated0001, running: 1 run/ }).waitFor();
    await lane(page, "i-emulated0001").getByRole("rowheader").click();
    await page.getByRole("button", { name: /^Running slow/ }).click();
    await says(page, "first");
    await says(page, /Running for \d/);
    await call("RunCommand", {
      Type: "RunShellScript",
      CommandContent: "dG91Y2ggZ28=",
      ContentEncoding: "Base64",
      ...aim("i-emulated0001"),
    });
    await says(page, /first\s+last/);
    await says(page, /^Took /);
  });

  test("a fault is switched on, strikes, is seen and is cleared", async () => {
    const page = await visit({ instances: 1, commands: [{ commandId: "c-1", name: "one", content: "true" }] });
    await tab(page, "What if");
    await page.getByLabel("What happens").selectOption("throttle");
    await page.locator(".switch select").nth(1).selectOption("InvokeCommand");
    await page.getByRole("spinbutton", { name: "Times" }).fill("2");
    await says(page, "Every InvokeCommand is throttled.");
    await page.getByRole("button", { name: "Switch it on" }).click();
    await says(page, /^struck 0 times, 2 to come$/);
    const invoke = async () => (await call("InvokeCommand", { CommandId: "c-1", ...aim("i-emulated0001") })).Code;
    expect(await invoke()).toBe("Throttling.User");
    await says(page, /^struck 1 time, 1 to come$/);
    await page.getByRole("button", { name: /^Clear this/ }).click();
    await says(page, /^Nothing: every call is answered/);
    expect(await invoke()).toBeUndefined();

    await page.getByRole("spinbutton", { name: /^Invocations a day/ }).fill("1");
    await page.getByRole("button", { name: /^Set Invocations a day/ }).click();
    await says(page, "1 of 1 used");
    expect(await invoke()).toBe("Invocation.ExceedQuota");
    await tab(page, "Journal");
    await page.getByText("Throttling.User").waitFor();
    await page.getByLabel("Outcome").selectOption("refused");
    expect(await page.locator(".journal li").count()).toBe(2);
  });

  test("a machine is stopped, started, rebooted, and its agent taken offline", async () => {
    const page = await visit({ instances: 1, clock: leapingClock() });
    await lane(page, "i-emulated0001").getByRole("rowheader").click();
    const state = (text: string) => page.locator("article .chip", { hasText: new RegExp(`^${text}$`) }).waitFor();
    await page.getByRole("button", { name: "Stop it" }).click();
    await state("stopped");
    await page.getByRole("button", { name: "Start it" }).click();
    await state("running");
    await page.getByRole("button", { name: "Take its agent offline" }).click();
    await state("agent offline");
    await page.getByRole("button", { name: "Bring its agent back" }).click();
    await state("running");
    await page.getByRole("button", { name: "Reboot it" }).click();
    await state("starting");
    await state("running");
  });

  test("a stopped clock stands until it is moved, to the next run or to a date", async () => {
    const page = await visit({ ...QUICKSTART, clock: drivenClock(EVENING) });
    await says(page, "stopped: it moves when it is advanced");
    await call("InvokeCommand", {
      CommandId: "c-quickstart",
      ...aim("i-web1"),
      Frequency: "0 0 2 * * ? Asia/Shanghai",
    });
    await page.getByRole("row", { name: /^i-web1, running: nothing ran, next run in 6 h$/ }).waitFor();
    await page.getByRole("button", { name: "Next run" }).click();
    await says(page, "6 h later: 1 run, none failed");
    await page.getByLabel("To a date, UTC").fill("2030-02-03T00:00:00");
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await says(page, "2 d 6 h later: 2 runs, none failed");
    await says(page, "2030-02-03 00:00:00");
  });

  test("by the keyboard alone: to a lane, along its runs, in and out", async () => {
    const page = await visit({
      instances: 3,
      clock: drivenClock(EVENING),
      commands: [{ commandId: "c-1", name: "one", content: "echo $((n += 1))" }],
    });
    await call("InvokeCommand", { CommandId: "c-1", ...aim("i-emulated0002"), Frequency: "rate(10m)" });
    await service.emulator.advance(3_600_000);
    await page.getByRole("row", { name: /^i-emulated0002, running: 6 runs/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.press("ArrowDown");
    await lane(page, "i-emulated0002").and(page.locator(":focus")).waitFor();
    await page.keyboard.press("ArrowRight");
    await says(page, /^run 6 · 6 seen here$/);
    await page.keyboard.press("ArrowLeft");
    await says(page, /^run 5 · 6 seen here$/);
    await says(page, /^one on i-emulated0002: Success, began 12:50:00/);
    await page.keyboard.press("+");
    expect(await page.getByLabel("Time that is seen").inputValue()).toBe(String(10 * 60_000));
  });

  test("a connection that breaks is said, and what happened meanwhile is caught up on", async () => {
    const gate = await openGate(() => new URL(service.url).port);
    const page = await visit(
      { instances: 1, commands: [{ commandId: "c-1", name: "one", content: "true" }] },
      {},
      (url) => url.replace(/:\d+\//, `:${gate.port}/`),
    );
    gate.shut();
    await page.getByRole("alert").getByText("Not connected.").waitFor();
    await call("InvokeCommand", { CommandId: "c-1", ...aim("i-emulated0001") });
    gate.open();
    await page.getByText("live", { exact: true }).waitFor();
    await page.getByRole("row", { name: /^i-emulated0001, running: 1 run, none failed/ }).waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await gate.close();
  });

  test("an address without its token asks for it, and one with another's is told", async () => {
    service = await openService({ control: true, instances: 1 });
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(service.url);
    await says(page, "This address lacks its token.");
    await page.getByLabel("Address or token").fill("another");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("alert").getByText("does not take the token").waitFor();
    await page.goto("about:blank");
    await page.goto(service.url);
    await page.getByLabel("Address or token").fill(service.emulator.pageUrl ?? "");
    await page.getByRole("button", { name: "Open" }).click();
    await lane(page, "i-emulated0001").waitFor();
  });

  test("without machines it says how to get one, and adds it", async () => {
    const page = await visit();
    await says(page, /^There is no machine yet\./);
    await page.getByRole("button", { name: "Add a machine" }).click();
    await lane(page, "i-emulated0001").waitFor();
  });

  test.each([
    ["light", { dark: false }],
    ["dark", { dark: true }],
    ["360 px wide", { width: 360, height: 740 }],
    ["360 px wide, dark", { width: 360, height: 740, dark: true }],
  ])("axe has nothing against it: %s", async (_title, look) => {
    const page = await visit({ ...QUICKSTART, clock: leapingClock() }, look);
    await call("InvokeCommand", { CommandId: "c-quickstart", ...aim("i-web1", "i-db1") });
    await call("InvokeCommand", { CommandId: "c-none" });
    service.emulator.updateInstance("i-web2", { status: "Stopped" });
    service.emulator.inject({ kind: "slow", ms: 0, every: 2 });
    await lane(page, "i-web2").getByText("stopped").waitFor();
    await page.evaluate(AXE);
    const violations = async () => {
      const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
      const all = (found as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] })
        .violations;
      return all.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    };
    expect(await violations()).toEqual([]);
    await tab(page, "What if");
    await says(page, /^struck /);
    expect(await violations()).toEqual([]);
    await lane(page, "i-db1").getByRole("rowheader").click();
    expect(await violations()).toEqual([]);
    await page.getByRole("button", { name: /^Success who-are-you/ }).click();
    await says(page, /^i-db1 runs Linux /);
    expect(await violations()).toEqual([]);
    const isWider = await page.evaluate("document.documentElement.scrollWidth > innerWidth");
    expect(isWider).toBe(false);
  });
});

/** A way to the emulator that can be shut. */
async function openGate(findPort: () => string) {
  const { connect } = await import("node:net");
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    if (!isOpen) {
      socket.destroy();
      return;
    }
    const beyond = connect(Number(findPort()), "127.0.0.1");
    beyond.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => beyond.destroy());
    socket.pipe(beyond).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" ? address?.port : undefined,
    shut: () => {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open: () => {
      isOpen = true;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
