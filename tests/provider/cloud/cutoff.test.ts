import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { CutOff, cutOff } from "../../../provider/cloud/cutoff";

const closed: string[] = [];
const server = createServer((request, response) => {
  response.on("close", () => closed.push(request.url ?? ""));
  response.write("{");
  if (request.url === "/short") response.end("}");
});
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

const read = (path: string) =>
  new Promise<string>((resolve, reject) => {
    get(url(path), (response) => {
      let text = "";
      response.on("data", (piece) => {
        text += piece;
      });
      response.on("end", () => resolve(text)).on("error", reject);
    }).on("error", reject);
  });

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("gives what was sent for, if that ends in time", async () => {
  expect(await cutOff(60_000, () => read("/short"))).toBe("{}");
});

test("gives the failure of what was sent", async () => {
  await expect(cutOff(60_000, () => Promise.reject(new RangeError("no")))).rejects.toThrow(new RangeError("no"));
});

test("ends a request that goes on, and none beside it", async () => {
  const beside = read("/beside");
  beside.catch(() => {});
  const late = cutOff(50, () => read("/long"));
  await expect(late).rejects.toThrow(CutOff);
  await expect(late).rejects.toThrow("Cannot wait for the answer any longer: it has not ended after 50 ms");
  await new Promise((resolve) => setImmediate(resolve));
  while (!closed.includes("/long")) await new Promise((resolve) => setImmediate(resolve));
  expect(closed).not.toContain("/beside");
  server.closeAllConnections();
  await expect(beside).rejects.toThrow("aborted");
});
