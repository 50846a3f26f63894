import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import path from "node:path";
import { findBackend } from "../../../provider/fronts/backend";

const home = mkdtempSync(path.join(tmpdir(), "backend-"));
afterAll(() => rmSync(home, { recursive: true }));

const login = (text: string) => writeFileSync(path.join(home, "credentials.json"), text);

test.each([
  ["https://api.pulumi.com", "https://api.pulumi.com"],
  ["https://api.pulumi.com/", "https://api.pulumi.com"],
  ["s3://states?region=eu", "s3://states?region=eu"],
  ["file:///states", `file://${hostname()}/states`],
  ["file:///states/", `file://${hostname()}/states`],
  ["file://~", `file://${hostname()}${homedir()}`],
  ["file://~/states", `file://${hostname()}${homedir()}/states`],
  ["file://./states", `file://${hostname()}/project/states`],
])("%s is %s", (PULUMI_BACKEND_URL, backend) => {
  expect(findBackend({ PULUMI_BACKEND_URL, PULUMI_HOME: home }, "/project")).toBe(backend);
});

test.each([
  ['{"current":"https://api.pulumi.com"}', "https://api.pulumi.com"],
  ['{"current":"file:///states"}', `file://${hostname()}/states`],
  ['{"current":5}', ""],
  ["{}", ""],
  ["not JSON", ""],
])("where the environment says nothing, the CLI's login %s is %j", (credentials, backend) => {
  login(credentials);
  expect(findBackend({ PULUMI_HOME: home }, "/project")).toBe(backend);
});

test("the same path is another backend for another folder of the machine alone where it is relative", () => {
  const at = (directory: string) => findBackend({ PULUMI_BACKEND_URL: "file://./s" }, directory);
  expect(at("/one")).not.toBe(at("/two"));
});
