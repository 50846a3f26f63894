import { drivenClock } from "../../../emulator";
import { openService } from "../client";
import { ask } from "./ask";

test("machines with their state and their agent's", async () => {
  const service = await openService({
    clock: drivenClock(Date.parse("2026-06-01T00:00:00Z")),
    control: true,
    instances: [
      { instanceId: "i-a", instanceName: "web", tags: { role: "web" }, timeZone: "Europe/London" },
      { instanceId: "i-b", osType: "windows", status: "Stopped", agent: { version: "" } },
    ],
  });
  const { status, body } = await ask(service, "GET", "/instances");
  await service.close();
  expect(status).toBe(200);
  expect(body).toEqual({
    instanceIds: ["i-a", "i-b"],
    instances: [
      {
        instanceId: "i-a",
        instanceName: "web",
        status: "Running",
        osType: "linux",
        networkType: "vpc",
        zoneId: "cn-hangzhou-b",
        timeZone: "Europe/London",
        tags: { role: "web" },
        startTime: "2026-05-31T23:00:00Z",
        agent: {
          version: "2.2.3.857",
          online: true,
          lastHeartbeatTime: "2026-06-01T00:00:00Z",
          activeTaskCount: 0,
        },
      },
      expect.objectContaining({
        instanceId: "i-b",
        osType: "windows",
        status: "Stopped",
        agent: { version: "", online: false, lastHeartbeatTime: "", activeTaskCount: 0 },
      }),
    ],
  });
});
