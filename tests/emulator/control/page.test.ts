import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { openService, type Parameters, send, signV3 } from "../client";

const FOLDER = path.resolve(__dirname, "../../../dist/emulator/page");
const MAX_BYTES = 60 * 1024;

let service: Awaited<ReturnType<typeof openService>>;
beforeAll(async () => {
  service = await openService({ control: true });
});
afterAll(() => service.close());

const get = (place: string, headers: Parameters = {}) =>
  send(service.url, { method: "GET", path: place, headers, body: "" });

test.each([
  ["/", "text/html;charset=utf-8"],
  ["/_emulator/page.js", "text/javascript;charset=utf-8"],
  ["/_emulator/page.css", "text/css;charset=utf-8"],
  ["/_emulator/icon.svg", "image/svg+xml"],
])("%s is served to a browser that has no token yet, and lets in nothing from elsewhere", async (place, type) => {
  const { status, headers } = await get(place);
  expect([status, headers["content-type"]]).toEqual([200, type]);
  const policy = String(headers["content-security-policy"]).split("; ");
  expect(policy[0]).toBe("default-src 'none'");
  expect(policy.filter((part) => /unsafe|http|\*|data:/.test(part))).toEqual([]);
  expect(policy).toEqual(expect.arrayContaining(["script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]));
});

test("under another name, as one that was rebound, it is not", async () => {
  const { status, body } = await get("/", { host: "evil.example" });
  expect([status, body.error]).toEqual([
    403,
    'The control API must be asked under a loopback address: the header Host is "evil.example"',
  ]);
});

test("it holds no token, nothing inline, and no address of elsewhere", () => {
  const html = readFileSync(path.join(FOLDER, "index.html"), "utf8");
  expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]* src=)|https?:/);
  expect(html).not.toContain(service.emulator.controlToken);
});

test("the service's own requests at the same path are the service's", async () => {
  const { path: signed, headers } = signV3(service.url, service, "DescribeRegions", { RegionId: "cn-hangzhou" });
  expect((await get(signed, headers)).status).not.toBe(404);
  expect((await service.call("DescribeRegions")).body.Regions).toBeDefined();
  expect((await get("/?Action=DescribeRegions&Format=JSON")).body.Code).toBe("MissingAccessKeyId");
  const bare = await get("/", { "x-acs-action": "DescribeRegions", accept: "application/json" });
  expect(bare.body.Code).toBe("MissingAccessKeyId");
});

test("without the control API there is no page", async () => {
  const closed = await openService();
  const { status, body } = await send(closed.url, {
    method: "GET",
    path: "/",
    headers: { accept: "application/json" },
    body: "",
  });
  await closed.close();
  expect([status, body.Code, closed.emulator.pageUrl]).toEqual([400, "MissingAccessKeyId", undefined]);
});

test("its address has the token where no request carries it", () => {
  expect(service.emulator.pageUrl).toBe(`${service.url}/#token=${service.emulator.controlToken}`);
});

test(`all of it is at most ${MAX_BYTES} bytes, compressed`, () => {
  const whole = ["index.html", "page.js", "page.css", "icon.svg"].map((name) => readFileSync(path.join(FOLDER, name)));
  expect(gzipSync(Buffer.concat(whole)).length).toBeLessThanOrEqual(MAX_BYTES);
});
