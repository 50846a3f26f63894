/** Requests that nobody honest sends: refused or served, never a crash, and the next honest one is served. */
import { connect, type Socket } from "node:net";
import { createCommand, succeed } from "../calls";
import { openService, send, signV1, signV3 } from "../client";

jest.setTimeout(30_000);

let service: Awaited<ReturnType<typeof openService>>;
let address: { readonly host: string; readonly port: number };
beforeAll(async () => {
  service = await openService({ instances: 1 });
  const { hostname, port } = new URL(service.url);
  address = { host: hostname, port: Number(port) };
});
afterAll(() => service.close());
afterEach(async () => {
  await succeed(service, "DescribeRegions", {});
});

const open = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(address, () => resolve(socket));
    socket.on("error", reject);
  });

/** Sends raw bytes and gives what comes back until the other side closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = await open();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
    socket.write(bytes);
  });
}

describe("large", () => {
  test("a body of 10 MB is refused while it is still on its way", async () => {
    const before = process.memoryUsage().rss;
    const socket = await open();
    const answered = new Promise<string>((resolve) => {
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8")));
    });
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n");
    const piece = Buffer.alloc(64 * 1024, "x");
    for (let sent = 0; sent < 160 && socket.writable; sent++) socket.write(piece);
    expect((await answered).split("\r\n")[0]).toBe("HTTP/1.1 413 Payload Too Large");
    socket.destroy();
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("a body without an end is refused as well", async () => {
    const socket = await open();
    const answered = new Promise<string>((resolve) => {
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8")));
    });
    socket.on("error", () => {});
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    const piece = Buffer.alloc(64 * 1024, "x");
    for (let sent = 0; sent < 40 && socket.writable; sent++) {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write("\r\n");
    }
    expect(await answered).toMatch(
      /\{"RequestId":"[0-9A-F-]{36}","HostId":"x","Code":"RequestEntityTooLarge","Message":"The request is too large\."/,
    );
    socket.destroy();
  });

  test("10,000 parameters, signed, are served", async () => {
    const form = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`InstanceId.${index + 1}`, "i-0"]));
    const query = { Action: "StopInvocation", Format: "JSON", RegionId: "cn-hangzhou", InvokeId: "t-0" };
    const answer = await send(service.url, signV1(service.url, service, query, form));
    expect([answer.status, answer.body.Code]).toEqual([403, "InstanceIds.ExceedLimit"]);
  });

  test("10,000 parameters, unsigned, are refused", async () => {
    const body = Array.from({ length: 10_000 }, (_, index) => `InstanceId.${index + 1}=i-0`).join("&");
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await send(service.url, { method: "POST", path: "/?Format=JSON", headers, body });
    expect([answer.status, answer.body.Code]).toEqual([400, "MissingAccessKeyId"]);
  });

  test("content of 18 KB in the query, which Node refuses by default", async () => {
    const content = "%!é".repeat(4_000);
    const commandId = await createCommand(service, content);
    const { Commands } = await succeed(service, "DescribeCommands", {
      CommandId: commandId,
      ContentEncoding: "PlainText",
    });
    expect(Commands.Command[0].CommandContent).toBe(content);
  });

  test("headers of 1 MB are refused", async () => {
    expect(await exchange(`GET /?${"x".repeat(1024 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe("broken", () => {
  test.each<[string, string, RegExp]>([
    ["no HTTP", "hello\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", /^HTTP\/1\.1 400 /],
    [
      "a query that does not decode",
      "GET /?Action=%E0%A4%A&Format=JSON HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 400 [\s\S]*"Code":"MissingAccessKeyId"/,
    ],
    [
      "an Authorization of another kind",
      "GET /?Action=DescribeRegions&Format=JSON HTTP/1.1\r\nHost: x\r\nAuthorization: Basic eDp5\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 400 [\s\S]*"Code":"MissingAccessKeyId"/,
    ],
    [
      "a path of its own",
      "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 400 [\s\S]*"Code":"MissingAccessKeyId"/,
    ],
    [
      "a proxy's absolute target",
      "GET http://example.com/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      /^HTTP\/1\.1 400 /,
    ],
  ])("%s", async (_title, bytes, answer) => {
    expect(await exchange(bytes)).toMatch(answer);
  });

  test("a client that hangs up in the middle of its body", async () => {
    const socket = await open();
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
    await new Promise<void>((resolve) => socket.end(resolve));
    socket.destroy();
  });

  test("a client that hangs up before a slow answer", async () => {
    service.emulator.inject({ kind: "slow", times: 1, ms: 50 });
    const signed = signV3(service.url, service, "DescribeRegions", {});
    const socket = await open();
    const headers = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const seen = service.emulator.journal().length;
    socket.write(`POST ${signed.path} HTTP/1.1\r\n${headers.join("")}Content-Length: 0\r\n\r\n`);
    while (service.emulator.journal().length === seen) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
  });
});

describe("many", () => {
  test("a thousand connections that say nothing do not keep others out", async () => {
    const sockets = await Promise.all(Array.from({ length: 1_000 }, open));
    await succeed(service, "DescribeRegions", {});
    for (const socket of sockets) socket.destroy();
  });

  test("a sender that never ends its headers does not keep others out", async () => {
    const socket = await open();
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    await succeed(service, "DescribeRegions", {});
    socket.destroy();
  });

  test("three hundred calls at once are all answered", async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => service.call("DescribeRegions")));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});
