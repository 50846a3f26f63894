import { createHandlers } from "../../../../provider/fronts/dynamic/handlers";
import { openService } from "../../lifecycle/service";

test("two sessions in one process do not see each other", async () => {
  const [here, there] = [
    await openService({ instances: 1 }),
    await openService({ instances: 1, region: "cn-beijing" }),
  ];
  const news = { commandId: "c-none", instanceIds: ["i-none"], __urn: "urn:pulumi:dev::p::t::same" };
  for (const [service, regionId] of [
    [here, "cn-hangzhou"],
    [there, "cn-beijing"],
  ] as const) {
    const { inputs, failures } = await service.handlers.check({}, news);
    expect(inputs).toMatchObject({ regionId });
    expect(failures?.map(({ reason }) => reason)[0]).toContain(`there is no "c-none" in region "${regionId}"`);
    // What one has asked, and said, the other asks and says anew.
    expect(service.calls()).not.toEqual([]);
  }
  await Promise.all([here.stop(), there.stop()]);
});

test("a configuration replaces the one before it, and nothing is resolved before it is needed", async () => {
  const handlers = createHandlers({
    environment: {},
    clock: { now: () => 0, sleep: async () => {} },
    tell: async () => {},
    engine: async () => true,
    backend: "",
  });
  const news = { commandId: "c-1", instanceIds: ["i-1"], preflight: false };
  for (const region of ["cn-beijing", undefined, "cn-hangzhou"]) {
    await handlers.configure({ config: { get: (key) => (key === "alicloud:region" ? region : undefined) } });
    const { inputs } = await handlers.check({}, news);
    expect((inputs as { regionId?: string }).regionId).toBe(region);
  }
});

test("a state that the plugin wrote is brought up to date, since without the shim nothing could be deleted", async () => {
  const service = await openService({ instances: 1 });
  const commandId = service.addCommand("echo hello");
  const written = {
    commandId,
    instanceIds: service.emulator.instanceIds,
    regionId: service.emulator.regionId,
    repeatMode: "Once",
  };
  const results = {
    [service.emulator.instanceIds[0] ?? ""]: { status: "Success", output: "", dropped: 0, repeats: 1, invokeId: "t-1" },
  };
  const state = { ...written, status: "Success", results, schemaVersion: 1 };
  const news = { ...written, __urn: "urn:pulumi:dev::p::t::same", __provider: "the shim" };
  expect(await service.handlers.diff("t-1", state, news)).toEqual({ changes: true });
  const { outs } = await service.handlers.update("t-1", state, news);
  expect(outs).toMatchObject({ ...state, __provider: "the shim" });
  expect(await service.handlers.diff("t-1", { ...outs }, news)).toEqual({ changes: false });
  expect(service.calls()).toEqual([]);
  await service.stop();
});

test("of a rollout that the plugin rolled out as well, without a call", async () => {
  const service = await openService({ instances: 2 });
  const { fleet, verdict } = service.handlers;
  const declared = {
    commandId: service.addCommand("echo hello"),
    instanceIds: service.emulator.instanceIds,
    regionId: service.emulator.regionId,
    repeatMode: "Once",
  };
  const { id, outs } = await fleet.create(declared);
  const news = { ...declared, __urn: "urn:pulumi:dev::p::t::agent-fleet", __provider: "the shim" };
  service.emulator.clearJournal();
  expect(await fleet.diff(id, outs ?? {}, news)).toEqual({ changes: true });
  const { outs: taken } = await fleet.update(id, outs ?? {}, news);
  expect(taken).toEqual({ ...outs, __urn: news.__urn, __provider: "the shim" });
  expect(await fleet.diff(id, taken ?? {}, news)).toEqual({ changes: false });

  const { status, generation, reasons } = outs ?? {};
  const told = { status, generation, reasons };
  const later = { ...told, __provider: "the shim" };
  expect(await verdict.diff(id, told, later)).toEqual({ changes: true });
  expect(await verdict.diff(id, { ...(await verdict.update(id, told, later)).outs }, later)).toEqual({
    changes: false,
  });
  expect(service.calls()).toEqual([]);
  await service.stop();
});
