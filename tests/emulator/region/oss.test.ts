// What is delivered to OSS, over HTTP and in the folder.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drivenClock } from "../../../emulator";
import { lookAtHistory, lookAtRun, run, succeed } from "../calls";
import { describeEmulated, openService } from "../client";

const ONE = "i-emulated0001";

describeEmulated("delivery to OSS", () => {
  let directory: string;
  let service: Awaited<ReturnType<typeof openService>>;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "oss-test-"));
  });
  afterEach(async () => {
    await service.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = async (choices: object = {}) => {
    const clock = drivenClock(Date.parse("2026-06-01T00:00:00Z"));
    const windows = { instanceId: "i-windows", osType: "windows" as const, outcomes: { "*": { output: "done" } } };
    service = await openService({ clock, directory, choices, instances: [{}, windows] });
  };
  const object = (...names: string[]) => join(directory, "oss", ...names);

  test("a run's whole output, of which the record holds the tail", async () => {
    await open();
    const id = await run(service, "seq 1 20000", { "InstanceId.1": ONE, OssOutputDelivery: "oss://bucket/logs/" });
    await service.emulator.advance(5_000);
    const uri = `oss://bucket/logs/${id}/${ONE}/1.txt`;
    expect(await lookAtRun(service, id)).toMatchObject({
      OssOutputStatus: "Finished",
      OssOutputUri: uri,
      OssOutputErrorCode: "",
      OssOutputErrorInfo: "",
    });
    const written = readFileSync(object("bucket", "logs", id, ONE, "1.txt"), "utf8");
    expect(written).toBe(Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join(""));
  });

  test("under way while it runs, and a run that prints nothing leaves an empty object", async () => {
    await open();
    const id = await run(service, "sleep 60", { "InstanceId.1": ONE, OssOutputDelivery: "oss://bucket" });
    await service.emulator.advance(1_000);
    expect(await lookAtRun(service, id)).toMatchObject({ OssOutputStatus: "InProgress" });
    await succeed(service, "StopInvocation", { InvokeId: id });
    await service.emulator.advance(1_000);
    expect(await lookAtRun(service, id)).toMatchObject({ OssOutputStatus: "Finished" });
    expect(readFileSync(object("bucket", id, ONE, "1.txt"), "utf8")).toBe("");
  });

  test("each run of a schedule has its own", async () => {
    await open();
    const more = { "InstanceId.1": ONE, OssOutputDelivery: "oss://bucket", Frequency: "rate(2m)" };
    const id = await run(service, "echo now", more);
    await service.emulator.advance(245_000);
    const history = await lookAtHistory(service, id);
    expect(history.map(({ OssOutputUri }) => OssOutputUri)).toEqual([
      `oss://bucket/${id}/${ONE}/2.txt`,
      `oss://bucket/${id}/${ONE}/1.txt`,
    ]);
    expect(readdirSync(object("bucket", id, ONE)).sort()).toEqual(["1.txt", "2.txt"]);
  });

  test("a scripted answer is delivered as well", async () => {
    await open();
    const { InvokeId } = await succeed(service, "RunCommand", {
      Type: "RunBatScript",
      CommandContent: "dir",
      "InstanceId.1": "i-windows",
      OssOutputDelivery: "oss://bucket/a",
    });
    await service.emulator.advance(1_000);
    expect(readFileSync(object("bucket", "a", InvokeId, "i-windows", "1.txt"), "utf8")).toBe("done");
  });

  test("nothing leaves the folder, whatever the place is called", async () => {
    await open();
    const id = await run(service, "echo out", { "InstanceId.1": ONE, OssOutputDelivery: "oss://../../../b/%2e%2e" });
    await service.emulator.advance(1_000);
    expect(readFileSync(object("b", "%252e%252e", id, ONE, "1.txt"), "utf8")).toBe("out\n");
  });

  test("a machine that may not write there has its run all the same", async () => {
    await open({ ossOutput: "denied" });
    const id = await run(service, "echo out", { "InstanceId.1": ONE, OssOutputDelivery: "oss://bucket" });
    await service.emulator.advance(1_000);
    expect(await lookAtRun(service, id)).toMatchObject({
      InvocationStatus: "Success",
      OssOutputStatus: "Failed",
      OssOutputUri: "",
      OssOutputErrorCode: "AccessDenied",
      OssOutputErrorInfo: "You have no right to access this object because of bucket acl.",
    });
    expect(existsSync(object())).toBe(false);
  });
});
