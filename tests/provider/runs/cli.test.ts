import { systemClock } from "../../../provider/cloud/clock";
import { main } from "../../../provider/runs/cli";
import { declareResource } from "../lifecycle/resource";
import { openService, type Service } from "../lifecycle/service";

let service: Service;

const NIGHTLY = "0 0 2 * * ? Asia/Shanghai";

beforeEach(async () => {
  service = await openService({ instances: ["i-a", "i-b"].map((instanceId) => ({ instanceId })) });
});
afterEach(() => service.stop());

const runs = async (...args: string[]) => {
  const { stdout, stderr, exitCode } = await main(args, {
    environment: service.emulator.environment,
    clock: systemClock,
  });
  return { exitCode, stdout: service.plain(stdout), stderr: service.plain(stderr) };
};

/** A live schedule that the next update saw, a one-shot of which nobody has seen that it is saved, and one by hand. */
async function story(): Promise<{ schedule: string; script: string; byHand: string }> {
  const [schedule, script] = [declareResource(service), declareResource(service)];
  const commandId = service.addCommand("true");
  const declared = { commandId, instanceIds: ["i-a", "i-b"], frequency: NIGHTLY };
  await schedule.up(declared);
  await schedule.up({ ...declared, instanceIds: ["i-a"] });
  await script.up({ commandId, instanceIds: ["i-a"] });
  const byHand = await service.invokeByHand({ CommandId: commandId, "InstanceId.1": "i-a", Frequency: NIGHTLY });
  service.calls();
  const name = (urn: string) => urn.split("::").at(-1) ?? "";
  return { schedule: name(schedule.urn), script: name(script.urn), byHand };
}

test("says that there is nothing", async () => {
  expect(await runs()).toEqual({
    exitCode: 0,
    stdout: 'Nothing of this package is live or unrecorded in region "cn-hangzhou".\n',
    stderr: "",
  });
});

test("lists what is live or unrecorded, and nothing that others started", async () => {
  const { schedule, script } = await story();
  const { stdout } = await runs();
  const rows = stdout.split("\n").map((row) => row.split(/ {2,}/));
  expect(rows.slice(0, 3)).toEqual([
    ["invocation", "status", "recorded", "project/stack/resource", "when", "on"],
    [expect.any(String), "Success", "not seen in a state yet", `story/dev/${script}`, "Once", "1 instance"],
    [expect.any(String), "Scheduled", "not seen in a state yet", `story/dev/${schedule}`, NIGHTLY, "2 instances"],
  ]);
  expect(stdout).toContain('2 runs in region "cn-hangzhou".');
});

test("prints JSON, of one project or stack", async () => {
  await story();
  expect(JSON.parse((await runs("--json", "--project", "story", "--stack", "dev")).stdout)).toHaveLength(2);
  expect(JSON.parse((await runs("--json", "--stack", "prod")).stdout)).toEqual([]);
  const [script] = JSON.parse((await runs("--json")).stdout);
  expect(script).toEqual({
    invokeId: expect.any(String),
    status: "Success",
    isUnsaved: true,
    resource: expect.stringMatching(/^story\/dev\/story-\d+$/),
    repeatMode: "Once",
    frequency: "",
    creationTime: expect.stringMatching(/Z$/),
    instanceIds: ["i-a"],
  });
});

test("stops one, which is over then", async () => {
  const { schedule } = await story();
  const live = JSON.parse(
    (await main(["--json"], { environment: service.emulator.environment, clock: systemClock })).stdout,
  );
  const { invokeId } = live.find(({ status }: { status: string }) => status === "Scheduled");
  const stopped = await main(["--stop", invokeId], { environment: service.emulator.environment, clock: systemClock });
  expect(stopped).toEqual({
    exitCode: 0,
    stdout: `Stopped invocation "${invokeId}" of "story/dev/${schedule}": Stopped\n`,
    stderr: "",
  });
  const again = await main(["--stop", invokeId], { environment: service.emulator.environment, clock: systemClock });
  expect(again.stdout).toBe(`Invocation "${invokeId}" of "story/dev/${schedule}" is over: Stopped\n`);
});

test("leaves alone what somebody else started, and what is not there", async () => {
  const { byHand } = await story();
  const environment = service.emulator.environment;
  expect(await main(["--stop", byHand], { environment, clock: systemClock })).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: `Cannot stop invocation "${byHand}": it carries no tag of this package, so somebody else started it; stop it where it was started, or in the console\n`,
  });
  expect(await main(["--stop", "t-none"], { environment, clock: systemClock })).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: 'Cannot stop invocation "t-none": there is none in region "cn-hangzhou"\n',
  });
});

test("tells what the service refuses", async () => {
  service.emulator.inject({ action: "DescribeInvocations", kind: "forbidden" });
  const { exitCode, stderr } = await runs();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Cannot look at the runs in region "cn-hangzhou": Cannot call DescribeInvocations at .*\n$/);
});

test.each([
  [["--stakc", "dev"], /^Unknown option '--stakc'\nTry "cloud-assistant runs --help"\n$/],
  [["all"], /^Unexpected argument 'all'\nTry /],
  [["--stop"], /^Option '--stop <value>' argument missing\nTry /],
  ...["region", "project", "stack", "stop"].map((name): [string[], RegExp] => [
    [`--${name}`, ""],
    new RegExp(`^--${name} must have a value: it is empty; write one, or leave the option out\nTry `),
  ]),
])("tells a wrong command line with 2: %j", async (args, message) => {
  const { exitCode, stderr } = await runs(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

test("needs a region", async () => {
  expect(await main([], { environment: {}, clock: systemClock })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr:
      'No region given: write --region, or set ALICLOUD_REGION or ALIBABA_CLOUD_REGION\nTry "cloud-assistant runs --help"\n',
  });
});

test("helps", async () => {
  expect((await runs("--help")).stdout).toMatch(/^Usage: cloud-assistant runs \[options\]\n/);
});
