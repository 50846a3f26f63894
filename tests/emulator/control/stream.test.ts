import { request } from "node:http";
import { drivenClock } from "../../../emulator";
import { formatEvent } from "../../../emulator/control/stream";
import { openService, type Parameters } from "../client";

const START = Date.parse("2026-06-01T00:00:00Z");

let service: Awaited<ReturnType<typeof openService>>;
beforeEach(async () => {
  service = await openService({ clock: drivenClock(START), control: true, instances: 2 });
});
afterEach(() => service.close());

/** A client that reads the stream as far as a text, and can go away. */
function watch(query: string, more: Parameters = {}) {
  const headers = { authorization: `Bearer ${service.emulator.controlToken}`, ...more };
  let received = "";
  let notice: () => void = () => {};
  const outgoing = request(`${service.url}/_emulator/events${query}`, { headers }, (incoming) => {
    incoming.setEncoding("utf8");
    incoming.on("data", (text: string) => {
      received += text;
      notice();
    });
    incoming.on("close", () => notice());
  });
  outgoing.on("error", () => {});
  outgoing.end();
  return {
    async until(text: string): Promise<string> {
      while (!received.includes(text)) {
        await new Promise<void>((resolve) => {
          notice = resolve;
        });
      }
      return received;
    },
    leave: () => outgoing.destroy(),
  };
}

test("an event is an id, a kind and one line of JSON", () => {
  const event = { kind: "machine", instanceId: "i-a", status: "Running", sequence: 7, at: START } as const;
  expect(formatEvent(event)).toBe(
    `id: 7\nevent: machine\ndata: {"kind":"machine","instanceId":"i-a","status":"Running","sequence":7,"at":${START}}\n\n`,
  );
});

test("what a script prints cannot make an event of its own", () => {
  const output = "one\n\nevent: machine\ndata: {}\r\n\u2028";
  const event = {
    ...({ kind: "run", phase: "ended", invokeId: "t-1", instanceId: "i-a", status: "Success" } as const),
    ...({ repeats: 1, exitCode: 0, runStatus: "Success", startTime: START, finishTime: START } as const),
    ...{ errorCode: "", output, sequence: 1, at: START },
  };
  const lines = formatEvent(event).split(/\r\n|\r|\n/);
  expect(lines).toHaveLength(5);
  expect(JSON.parse((lines[2] ?? "").slice("data: ".length)).output).toBe(output);
});

test("tells what was, then what comes", async () => {
  const watcher = watch("");
  expect(await watcher.until("id: 2\n")).toMatch(/^: events\n\nid: 1\nevent: machine\ndata: \{.*\}\n\nid: 2\n/);
  service.emulator.addInstance({ instanceId: "i-new" });
  expect(await watcher.until('"i-new"')).toContain("id: 3\nevent: machine\n");
  watcher.leave();
});

test("goes on where a client says that it was, or where it lost its connection", async () => {
  const [asked, back] = [watch("?since=1"), watch("?since=0", { "last-event-id": "1" })];
  expect(await asked.until("id: 2\n")).not.toContain("id: 1\n");
  expect(await back.until("id: 2\n")).not.toContain("id: 1\n");
  asked.leave();
  back.leave();
});

test("ends with the emulator", async () => {
  const watcher = watch("");
  await watcher.until("id: 2\n");
  await service.emulator.stop();
  watcher.leave();
});

test("a client that goes away is forgotten, and the others are told", async () => {
  const [first, second] = [watch(""), watch("")];
  await Promise.all([first.until("id: 2\n"), second.until("id: 2\n")]);
  first.leave();
  for (let number = 0; number < 100; number++) service.emulator.addInstance();
  await second.until("id: 102\n");
  second.leave();
});
