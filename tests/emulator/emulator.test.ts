import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock, type EmulatorOptions, startEmulator } from "../../emulator";
import { run, succeed } from "./calls";
import { openService } from "./client";

const START = Date.parse("2026-06-01T00:00:00Z");

describe("startEmulator", () => {
  test("what it is without options", async () => {
    const emulator = await startEmulator();
    expect(emulator).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      regionId: "cn-hangzhou",
      accessKeyId: expect.stringMatching(/^LTAI[0-9a-f]{20}$/),
      accessKeySecret: expect.stringMatching(/^[0-9a-f]{30}$/),
      controlToken: expect.stringMatching(/^[\w-]{32}$/),
      sequence: 0,
      instanceIds: [],
      environment: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.accessKeySecret,
        ALIBABA_CLOUD_REGION: "cn-hangzhou",
        ALIBABA_CLOUD_ENDPOINT_ECS: emulator.url,
      },
    });
    expect(emulator.journal()).toEqual([]);
    await emulator.stop();
  });

  test("each has a key and a port of its own", async () => {
    const [one, two] = await Promise.all([startEmulator(), startEmulator()]);
    expect(one?.url).not.toBe(two?.url);
    expect(one?.accessKeySecret).not.toBe(two?.accessKeySecret);
    await Promise.all([one?.stop(), two?.stop()]);
  });

  test("instances by number", async () => {
    const emulator = await startEmulator({ instances: 3 });
    expect(emulator.instanceIds).toEqual(["i-emulated0001", "i-emulated0002", "i-emulated0003"]);
    expect(emulator.addInstance()).toBe("i-emulated0004");
    expect(emulator.instanceIds).toHaveLength(4);
    await emulator.stop();
  });

  test("a port that is taken", async () => {
    const first = await startEmulator();
    const port = Number(new URL(first.url).port);
    await expect(startEmulator({ port })).rejects.toThrow(expect.objectContaining({ code: "EADDRINUSE" }));
    await first.stop();
  });

  test("with the control API, the environment holds its token", async () => {
    const emulator = await startEmulator({ control: true, controlToken: "t0ken" });
    expect(emulator.environment.CLOUD_ASSISTANT_EMULATOR_TOKEN).toBe("t0ken");
    await emulator.stop();
  });

  test.each<[EmulatorOptions, string]>([
    ...["", " ", "two words", "line\nbreak", "Schlüssel"].map((controlToken): [EmulatorOptions, string] => [
      { controlToken },
      "Cannot start: controlToken must be letters, digits and signs, without blanks",
    ]),
    [{ latencyMs: -1 }, "Cannot start: latencyMs must be 0 to 3600000: current value is -1"],
    [{ latencyMs: 1e12 }, "Cannot start: latencyMs must be 0 to 3600000: current value is 1000000000000"],
    [{ accessKeyId: "" }, "Cannot start: accessKeyId must be letters, digits and signs, without blanks"],
    [{ accessKeySecret: "" }, "Cannot start: accessKeySecret must be letters, digits and signs, without blanks"],
    [
      { instances: [{ instanceId: "web" }] },
      'Cannot add instance "web": the id must be "i-" or "mi-" and 1 to 64 letters or digits',
    ],
    // Its folder could not be made.
    [
      { instances: [{ instanceId: `i-${"a".repeat(300)}` }] },
      `Cannot add instance "i-${"a".repeat(300)}": the id must be "i-" or "mi-" and 1 to 64 letters or digits`,
    ],
    [
      { instances: [{ instanceId: "i-a" }, { instanceId: "i-a" }] },
      'Cannot add instance "i-a": the id must be new and there is one already',
    ],
    [
      { commands: ["one", "two"].map((name) => ({ commandId: "c-a", name, content: "" })) },
      'Cannot add command "c-a": the id must be new and there is one already',
    ],
    ...["", "cn hangzhou", "cn-hangzhou\n", "$(id)"].map((region): [EmulatorOptions, string] => [
      { region },
      `Cannot start: a region must be letters, digits and hyphens: current value is ${JSON.stringify(region)}`,
    ]),
    [{ regions: [""] }, 'Cannot start: a region must be letters, digits and hyphens: current value is ""'],
  ])("refuses %j", async (options, message) => {
    await expect(startEmulator(options)).rejects.toThrow(new RangeError(message));
  });
});

describe("the clock", () => {
  test("everything is dated by it", async () => {
    const service = await openService({ clock: drivenClock(START), instances: 1 });
    const invokeId = await run(service, "echo 1", { "InstanceId.1": "i-emulated0001" });
    const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId: invokeId });
    expect(Invocations.Invocation[0].CreationTime).toBe("2026-06-01T00:00:00Z");
    expect(service.emulator.journal()[0]?.at).toBe(START);
    await service.close();
  });

  test("the system's cannot be advanced", async () => {
    const emulator = await startEmulator();
    await expect(emulator.advance(1)).rejects.toThrow(
      new TypeError(
        "Cannot advance the clock: it must be a driven clock and it is the system's; pass drivenClock(start)",
      ),
    );
    await emulator.stop();
  });

  test("on the system's a command runs by itself", async () => {
    const service = await openService({ instances: 1 });
    const invokeId = await run(service, "echo 1", { "InstanceId.1": "i-emulated0001" });
    const look = async (): Promise<string> => {
      const { Invocations } = await succeed(service, "DescribeInvocations", { InvokeId: invokeId });
      const { InvocationStatus } = Invocations.Invocation[0];
      return InvocationStatus === "Pending" || InvocationStatus === "Running" ? look() : InvocationStatus;
    };
    expect(await look()).toBe("Success");
    await service.close();
  });
});

describe("stop", () => {
  test("ends what runs and removes the sandboxes, and may be called again", async () => {
    const service = await openService({ clock: drivenClock(START), instances: 1 });
    const folder = mkdtempSync(join(tmpdir(), "emulator-test-"));
    await run(service, `echo $$ > ${folder}/pid; pwd > ${folder}/home; sleep 600`, {
      "InstanceId.1": "i-emulated0001",
    });
    await service.emulator.advance(1_000);
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    const home = readFileSync(join(folder, "home"), "utf8").trim();
    expect([process.kill(pid, 0), existsSync(home)]).toEqual([true, true]);
    await service.close();
    expect(() => process.kill(pid, 0)).toThrow(expect.objectContaining({ code: "ESRCH" }));
    expect(existsSync(home)).toBe(false);
    await service.emulator.stop();
    rmSync(folder, { recursive: true });
  });

  test("one that could not start leaves nothing behind", async () => {
    const list = () =>
      readdirSync(tmpdir()).filter((name) => name.startsWith(`cloud-assistant-emulator-${process.pid}-`));
    const emulator = await startEmulator();
    const port = Number(new URL(emulator.url).port);
    await Promise.allSettled([startEmulator({ port }), startEmulator({ instances: [{ instanceId: "web" }] })]);
    expect(list()).toHaveLength(1);
    await emulator.stop();
    expect(list()).toEqual([]);
  });

  test("leaves a folder of one's own", async () => {
    const directory = mkdtempSync(join(tmpdir(), "emulator-test-"));
    const service = await openService({ clock: drivenClock(START), instances: 1, directory });
    await run(service, "echo kept > kept", { "InstanceId.1": "i-emulated0001" });
    await service.emulator.advance(1_000);
    await service.close();
    expect(readdirSync(join(directory, "i-emulated0001", "root"))).toEqual(["kept"]);
    rmSync(directory, { recursive: true });
  });
});
