// What a person reads on the real engine: one failure is one message, each note names its resource, nothing is obeyed.
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, startEmulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../../provider/cloud/client";
import { resolveSettings } from "../../provider/cloud/credentials";
import { type Engine, onEngine, openEngine } from "./engine";

let emulator: Emulator;
let engine: Engine;

beforeEach(async () => {
  emulator = await startEmulator({
    instances: [{ instanceId: "i-a" }],
    commands: [
      { commandId: "c-true", name: "true", content: "true" },
      { commandId: "c-loud", name: "loud", content: "printf '10 %%\\r100 %%\\n\\033[31mno\\007\\033[0m\\n'; exit 3" },
    ],
  });
  engine = await openEngine({ environment: emulator.environment });
});

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const program = (args: InvocationArgs) => async () => {
  new Invocation("run", args);
};

const TRUE = { commandId: "c-true", instanceIds: ["i-a"] };
const NIGHTLY = { ...TRUE, frequency: "0 0 2 * * ? UTC" };

/** Lines of what was printed that hold the text: one on the row, and one under "Diagnostics". */
const linesWith = (text: string, printed: string): string[] =>
  printed.split("\n").filter((line, i, lines) => line.includes(text) && line !== lines[i - 1]);

onEngine("one failure", () => {
  test("that is thrown is told on its row and in its diagnostics, and nowhere else", async () => {
    const reports = [await engine.preview(program({ ...TRUE, regionId: "cn-nowhere" }))];
    await engine.up(program(NIGHTLY));
    emulator.inject({ action: "StopInvocation", kind: "forbidden" });
    emulator.inject({ action: "DescribeInvocations", kind: "forbidden" });
    reports.push(await engine.refresh(), await engine.destroy());
    emulator.clearFaults();
    const failures = [
      "Cannot check Invocation before it runs in region",
      'Cannot read invocation "t-',
      'Cannot stop invocation "t-',
    ];
    expect(reports.map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
    reports.forEach(({ diagnostics, text }, i) => {
      const failure = failures[i] ?? "";
      expect(diagnostics.filter((line) => line.includes(failure))).toEqual([
        expect.stringMatching(new RegExp(`^error run: ${failure}`)),
      ]);
      expect(text).not.toContain("ExpectedFailure");
      const [, printed = ""] = text.split("Diagnostics:");
      expect(linesWith(failure, printed)).toHaveLength(1);
    });
    await engine.destroy();
  });

  test("of a machine is one error, in what a terminal would have shown", async () => {
    const { text, diagnostics } = await engine.up(program({ ...TRUE, commandId: "c-loud", maxOutputBytes: 0 }));
    expect(diagnostics[0]?.replace(/t-\w+/, "t-1").split("\n")).toEqual([
      "error run: 1 error occurred:",
      '\t* command "c-loud" failed on 1 of 1 instance (invocation "t-1")',
      '    "i-a": exited with code 3; last lines of "i-a" (24 bytes of its output are not kept):',
      "        100 %",
      "        no\\x07",
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\r\x07\x1b]/);
    expect((await engine.resources()).run?.outputs.results).toMatchObject({ "i-a": { output: "", dropped: 24 } });
  });
});

onEngine("a refresh", () => {
  test("says what differs, and nothing of what an update would do", async () => {
    await engine.up(program(NIGHTLY));
    const InvokeId = (await engine.resources()).run?.id ?? "";
    const client = createClient(resolveSettings(emulator.regionId, () => undefined, emulator.environment));
    await client.call("ModifyInvocationAttribute", { InvokeId, Frequency: "0 0 * * * ? UTC" });
    const drifted = await engine.refresh();
    expect(drifted.diagnostics).toEqual([
      'info run: schedule is "0 0 * * * ? UTC" at the service, and "0 0 2 * * ? UTC" in the program',
    ]);
    const previewed = await engine.preview(program(NIGHTLY));
    expect(previewed.diagnostics).toContainEqual(
      expect.stringMatching(/^info run: schedule can change in place, next run \S+ 02:00 UTC$/),
    );
    await client.call("StopInvocation", { InvokeId });
    const stopped = await engine.refresh();
    expect(stopped.diagnostics).toContain(`info run: invocation "${InvokeId}" was stopped from outside`);
    for (const { text } of [drifted, stopped]) expect(text).not.toMatch(/replaced:|in place|is started|runs again/);
  });

  test("of a failed run says where it failed", async () => {
    await engine.up(program({ ...TRUE, commandId: "c-loud" }));
    const { diagnostics } = await engine.refresh();
    expect(diagnostics).toEqual(["info run: failed on 1 of 1 instance"]);
  });
});

onEngine("a note", () => {
  test("names its resource where nothing else does", async () => {
    const { text } = await engine.preview(program(NIGHTLY), { diff: true });
    expect(text).toMatch(/^\s*run: next runs: \S+ 02:00 UTC, /m);
  });
});
