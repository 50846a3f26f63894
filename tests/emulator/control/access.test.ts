import { ControlError, isLoopback, refuseStrangers } from "../../../emulator/control/access";
import { openService, type Parameters, send } from "../client";

const HOST = "127.0.0.1:8080";
const TOKEN = "Bearer secret";
const JSON_TYPE = "application/json";
const HINT =
  'The control API must be asked with its token, as the header "Authorization: Bearer TOKEN": it stands among the export lines that the emulator prints, and is controlToken of what startEmulator gives';

const knock = (method: string, headers: Parameters, body = "", host = "127.0.0.1") =>
  refuseStrangers({ method, url: "/_emulator/faults", headers, body: Buffer.from(body) }, "secret", host);

describe("lets in", () => {
  test.each<[string, string, Parameters]>([
    ["who reads", "GET", { host: HOST, authorization: TOKEN }],
    ["who changes", "POST", { host: HOST, authorization: TOKEN, "content-type": JSON_TYPE }],
    ["who clears", "DELETE", { host: HOST, authorization: TOKEN }],
    [
      "a type with a charset",
      "POST",
      { host: HOST, authorization: TOKEN, "content-type": `${JSON_TYPE}; charset=utf-8` },
    ],
    ["a scheme in another case", "GET", { host: HOST, authorization: "bearer secret" }],
    ["localhost", "GET", { host: "localhost:8080", authorization: TOKEN }],
    ["another loopback address", "GET", { host: "127.1.2.3", authorization: TOKEN }],
    ["the loopback address of IPv6", "GET", { host: "[::1]:8080", authorization: TOKEN }],
    ["the emulator's own page", "GET", { host: HOST, origin: `http://${HOST}`, authorization: TOKEN }],
  ])("%s", (_title, method, headers) => {
    expect(() => knock(method, headers)).not.toThrow();
  });

  test("the address it listens on", () => {
    expect(() => knock("GET", { host: "10.0.0.5:80", authorization: TOKEN }, "", "10.0.0.5")).not.toThrow();
  });
});

describe("refuses", () => {
  const host = (name: string): string =>
    `The control API must be asked under a loopback address: the header Host is "${name}"`;
  const origin = (page: string): string =>
    `The control API answers no page but its own: the header Origin is "${page}"`;
  const type = (name: string): string =>
    `The body must be JSON, and the header Content-Type must say so with application/json: it is "${name}"`;

  test.each<[string, string, Parameters, number, string]>([
    ["no token", "GET", { host: HOST }, 401, HINT],
    ["another token", "GET", { host: HOST, authorization: "Bearer Secret" }, 401, HINT],
    ["an empty token", "GET", { host: HOST, authorization: "Bearer " }, 401, HINT],
    ["a token of another scheme", "GET", { host: HOST, authorization: "Basic secret" }, 401, HINT],
    ["a token and more", "GET", { host: HOST, authorization: "Bearer secret x" }, 401, HINT],
    ["no host", "GET", { authorization: TOKEN }, 403, host("")],
    ["a name that was rebound", "GET", { host: "evil.example", authorization: TOKEN }, 403, host("evil.example")],
    ["it with a port", "GET", { host: "evil.example:8080", authorization: TOKEN }, 403, host("evil.example:8080")],
    [
      "a name that begins so",
      "GET",
      { host: "127.0.0.1.evil.example", authorization: TOKEN },
      403,
      host("127.0.0.1.evil.example"),
    ],
    ["a name that ends so", "GET", { host: "evil.localhost", authorization: TOKEN }, 403, host("evil.localhost")],
    [
      "a name with a user",
      "GET",
      { host: "localhost@evil.example", authorization: TOKEN },
      403,
      host("localhost@evil.example"),
    ],
    ["two names", "GET", { host: "localhost,evil.example", authorization: TOKEN }, 403, host("localhost,evil.example")],
    ["another address", "GET", { host: "10.0.0.5", authorization: TOKEN }, 403, host("10.0.0.5")],
    [
      "a page of the web",
      "POST",
      { host: HOST, origin: "https://evil.example", authorization: TOKEN },
      403,
      origin("https://evil.example"),
    ],
    [
      "a page of another port",
      "POST",
      { host: HOST, origin: "http://127.0.0.1:3000", authorization: TOKEN },
      403,
      origin("http://127.0.0.1:3000"),
    ],
    ["a page in a frame or a file", "POST", { host: HOST, origin: "null", authorization: TOKEN }, 403, origin("null")],
    ["text", "POST", { host: HOST, authorization: TOKEN, "content-type": "text/plain" }, 415, type("text/plain")],
    [
      "a form",
      "POST",
      { host: HOST, authorization: TOKEN, "content-type": "application/x-www-form-urlencoded" },
      415,
      type("application/x-www-form-urlencoded"),
    ],
    ["no type", "PATCH", { host: HOST, authorization: TOKEN }, 415, type("")],
    [
      "what only begins like JSON",
      "POST",
      { host: HOST, authorization: TOKEN, "content-type": "application/jsonp" },
      415,
      type("application/jsonp"),
    ],
  ])("%s", (_title, method, headers, status, message) => {
    expect(() => knock(method, headers)).toThrow(new ControlError(status, message));
    try {
      knock(method, headers);
    } catch (error) {
      expect(error).toMatchObject({ name: "ControlError", status });
    }
  });

  test("a body of another kind, whatever the method", () => {
    const headers = { host: HOST, authorization: TOKEN, "content-type": "text/plain" };
    expect(() => knock("DELETE", headers, "{}")).toThrow(new ControlError(415, type("text/plain")));
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.255.0.1", true],
  ["::1", true],
  ["LOCALHOST", true],
  ["0.0.0.0", false],
  ["127.0.0.1.x", false],
  ["::ffff:127.0.0.1", false],
])("%s is this machine alone: %s", (host, isOwn) => {
  expect(isLoopback(host)).toBe(isOwn);
});

// What a page that is open in a browser on this machine can send without asking.
test("over HTTP, a stranger changes nothing and sees nothing", async () => {
  const service = await openService({
    control: true,
    commands: [{ commandId: "c-1", name: "one", content: "echo 1" }],
  });
  const seed = JSON.stringify({ commandId: "c-1", name: "evil", content: "echo evil" });
  const strangers: Parameters[] = [
    { "content-type": "text/plain", origin: "https://evil.example" },
    { "content-type": "application/json" },
    { "content-type": "text/plain", authorization: `Bearer ${service.emulator.controlToken}` },
    {
      host: "evil.example",
      "content-type": "application/json",
      authorization: `Bearer ${service.emulator.controlToken}`,
    },
  ];
  const statuses = [];
  for (const headers of strangers) {
    statuses.push(
      (await send(service.url, { method: "POST", path: "/_emulator/commands", headers, body: seed })).status,
    );
  }
  const preflight = { "access-control-request-method": "POST", origin: "https://evil.example" };
  const asked = await send(service.url, {
    method: "OPTIONS",
    path: "/_emulator/commands",
    headers: preflight,
    body: "",
  });
  const read = await send(service.url, { method: "GET", path: "/_emulator/journal", headers: {}, body: "" });
  const { Commands } = (await service.call("DescribeCommands", { ContentEncoding: "PlainText" })).body;
  await service.close();
  expect([statuses, asked.status, read.status]).toEqual([[403, 401, 415, 403], 403, 401]);
  expect(asked.headers).not.toHaveProperty("access-control-allow-origin");
  expect(read.headers).toMatchObject({ "www-authenticate": "Bearer", "cache-control": "no-store" });
  expect(Commands.Command).toMatchObject([{ CommandId: "c-1", CommandContent: "echo 1" }]);
});
