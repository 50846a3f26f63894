import { drivenClock } from "../../../emulator";
import { createCommand, invoke, succeed } from "../calls";
import { openService } from "../client";
import { ask } from "./ask";

const START = Date.parse("2026-06-01T00:00:00Z");
const ONE = "i-emulated0001";

let service: Awaited<ReturnType<typeof openService>>;
let invokeId: string;
beforeAll(async () => {
  service = await openService({ clock: drivenClock(START), control: true, instances: 2 });
  const commandId = await createCommand(service, "echo {{word}}; exit 3", { Name: "say", EnableParameter: "true" });
  await invoke(service, commandId, { "InstanceId.1": "i-emulated0002", Parameters: '{"word":"first"}' });
  invokeId = await invoke(service, commandId, {
    "InstanceId.1": ONE,
    Parameters: '{"word":"hunter2"}',
    "Tag.1.Key": "owner",
    "Tag.1.Value": "me",
  });
  await service.emulator.advance(1_000);
});
afterAll(() => service.close());

const failed = {
  instanceId: ONE,
  status: "Failed",
  repeats: 1,
  exitCode: 3,
  startTime: "2026-06-01T00:00:00Z",
  finishTime: "2026-06-01T00:00:00Z",
  errorCode: "ExitCodeNonzero",
  errorInfo: expect.any(String),
  outputBytes: 8,
  dropped: 0,
};

test("the newest first, each with its runs and without the values of its parameters", async () => {
  const { body, text } = await ask(service, "GET", "/invocations");
  expect(body.total).toBe(2);
  expect(body.invocations).toEqual([
    {
      invokeId,
      commandId: expect.stringMatching(/^c-/),
      commandName: "say",
      repeatMode: "Once",
      frequency: "",
      timeoutSeconds: 60,
      parameterNames: ["word"],
      tags: { owner: "me" },
      creationTime: "2026-06-01T00:00:00Z",
      status: "Failed",
      runs: [failed],
    },
    expect.objectContaining({ commandName: "say", status: "Failed" }),
  ]);
  expect(text).not.toContain("hunter2");
});

test("no more than one asks for", async () => {
  const { body } = await ask(service, "GET", "/invocations?limit=1");
  expect([body.total, body.invocations.map((each: { invokeId: string }) => each.invokeId)]).toEqual([2, [invokeId]]);
});

test("one of them, with what it printed", async () => {
  const { body } = await ask(service, "GET", `/invocations/${invokeId}`);
  expect(body).toMatchObject({ invokeId, runs: [{ ...failed, output: "hunter2\n" }] });
});

test("its command, the names of its parameters, and the request that would make it again", async () => {
  const { body, text } = await ask(service, "GET", `/invocations/${invokeId}`);
  expect(body).toMatchObject({
    command: { type: "RunShellScript", content: "echo {{word}}; exit 3" },
    parameters: { word: "…" },
  });
  expect(body.commandLine).toContain(`aliyun ecs InvokeCommand --profile emulator --endpoint ${service.url.slice(7)} `);
  expect(text.replace("hunter2\\n", "")).not.toContain("hunter2");
});

test("with their values, for whoever asks", async () => {
  const { body } = await ask(service, "GET", `/invocations/${invokeId}?values=all`);
  expect(body.parameters).toEqual({ word: "hunter2" });
  expect(body.commandLine).toContain(`--Parameters '{"word":"hunter2"}'`);
});

test("one that was forgotten", async () => {
  const gone = await invoke(service, await createCommand(service, "true"), { "InstanceId.1": ONE });
  service.emulator.expire(gone);
  expect((await ask(service, "GET", `/invocations/${gone}`)).status).toBe(404);
  expect((await succeed(service, "DescribeInvocations", { InvokeId: gone })).TotalCount).toBe(0);
});
