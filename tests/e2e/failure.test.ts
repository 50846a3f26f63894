// Failures on the real engine: large ones fit, secret ones stay secret.
import { secret } from "@pulumi/pulumi";
import { Invocation, type InvocationArgs } from "pulumi-cloud-assistant";
import { type Emulator, type EmulatorOptions, startEmulator } from "pulumi-cloud-assistant/emulator";
import { type Engine, onEngine, openEngine } from "./engine";

let emulator: Emulator;
let engine: Engine;
let log: string;

async function open(options: EmulatorOptions): Promise<void> {
  log = "";
  emulator = await startEmulator({
    ...options,
    log: (line) => {
      log += `${line}\n`;
    },
  });
  engine = await openEngine({ environment: emulator.environment });
}

afterEach(async () => {
  engine.remove();
  await emulator.stop();
});

const program = (args: InvocationArgs) => async () => {
  new Invocation("run", args);
};

onEngine("a failure of 100 machines with 24 KB of output each", () => {
  test("keeps its state, from which the next update runs again only where it failed", async () => {
    const instanceIds = Array.from({ length: 100 }, (_, i) => `i-m${String(i).padStart(3, "0")}`);
    const output = "错".repeat(8_192);
    await open({
      instances: instanceIds.map((instanceId, i) => ({ instanceId, outcomes: { "*": { exitCode: i % 100, output } } })),
      commands: [{ commandId: "c-big", name: "big", content: "it" }],
    });
    const failed = await engine.up(program({ commandId: "c-big", instanceIds }));
    expect(failed.succeeded).toBe(false);
    expect(failed.diagnostics[0]).toMatch(/\* command "c-big" failed on 99 of 100 instances \(invocation "t-\w+"\)/);
    const { run } = await engine.resources();
    const results = run?.outputs.results as Record<string, { status: string; invokeId: string }>;
    expect(Object.keys(results).sort()).toEqual(instanceIds);
    expect(results["i-m000"]).toMatchObject({ status: "Success", invokeId: run?.id });

    emulator.clearJournal();
    await engine.up(program({ commandId: "c-big", instanceIds }));
    const [again] = emulator.journal().filter(({ action }) => action === "InvokeCommand");
    const named = Object.entries(again?.parameters ?? {}).flatMap(([name, id]) => (/^InstanceId/.test(name) ? id : []));
    expect(named.sort()).toEqual(instanceIds.slice(1));
  });
});

onEngine("a secret parameter", () => {
  test("is nowhere in clear through a life with failures", async () => {
    await open({
      instances: [{ instanceId: "i-a" }],
      commands: [
        {
          commandId: "c-login",
          name: "login",
          content: 'echo "logging in with {{password}}"; [ -e repaired ] || { touch repaired; exit 3; }',
        },
      ],
    });
    const word = "swordfish and chips";
    const parameters = { password: secret(word) };
    const login = { commandId: "c-login", instanceIds: ["i-a"], parameters };
    const reports = [
      await engine.preview(program({ ...login, timeout: 5 })),
      await engine.preview(program({ ...login, parameters: { passwort: secret(word) } })),
      await engine.up(program(login)),
    ];
    expect(reports.map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
    expect(reports[1]?.diagnostics).toEqual([
      expect.stringMatching(/^warning run: parameters lack "password", for which command "c-login" has no default: /),
      expect.stringMatching(
        /^error run: .*: parameters must hold only what the command defines: "passwort" is not among "password"; /,
      ),
    ]);
    expect(reports[2]?.text).toContain("exited with code 3; the output is not shown, since an input is secret");
    emulator.inject({ action: "InvokeCommand", kind: "forbidden" });
    reports.push(await engine.up(program(login)));
    emulator.clearFaults();
    reports.push(await engine.up(program(login)), await engine.refresh());
    expect(reports.map(({ succeeded }) => succeeded).slice(3)).toEqual([false, true, true]);
    const { run } = await engine.resources();
    expect(JSON.stringify(run?.outputs.results)).toContain(`logging in with ${word}`);
    const everything = [engine.stored(), log, ...reports.map((report) => JSON.stringify(report))].join("\n");
    expect(everything).toContain("c-login");
    const forms = [word, encodeURIComponent(word), Buffer.from(word).toString("base64").slice(0, 20)];
    expect(forms.filter((form) => everything.includes(form))).toEqual([]);
    await engine.destroy();
  });
});
