import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { CutOff, cutOff } from "../../../provider/cloud/cutoff";

const PATIENT = { longestMs: 60_000, mostBytes: 1_000_000 };

const closed: string[] = [];
const server = createServer((request, response) => {
  response.on("close", () => closed.push(request.url ?? ""));
  response.write("{");
  if (request.url === "/short") response.end("}");
  if (request.url !== "/endless") return;
  const more = (): void => {
    if (!response.destroyed) response.write(" ".repeat(100_000), () => setImmediate(more));
  };
  more();
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
  expect(await cutOff(PATIENT, () => read("/short"))).toBe("{}");
});

test("tells the status of an answer when it begins", async () => {
  const seen: number[] = [];
  await cutOff(
    PATIENT,
    () => read("/short"),
    (status) => seen.push(status),
  );
  expect(seen).toEqual([200]);
});

test("ends an answer that has more bytes than it may", async () => {
  const long = cutOff(PATIENT, () => read("/endless"));
  await expect(long).rejects.toMatchObject({ name: "CutOff", exceeded: "mostBytes" });
  await expect(long).rejects.toThrow("Cannot read the answer: it goes on after 1000000 bytes");
  while (!closed.includes("/endless")) await new Promise((resolve) => setImmediate(resolve));
});

test("gives the failure of what was sent", async () => {
  await expect(cutOff(PATIENT, () => Promise.reject(new RangeError("no")))).rejects.toThrow(new RangeError("no"));
});

test("ends a request that goes on, and none beside it", async () => {
  const beside = read("/beside");
  beside.catch(() => {});
  const late = cutOff({ ...PATIENT, longestMs: 50 }, () => read("/long"));
  await expect(late).rejects.toThrow(CutOff);
  await expect(late).rejects.toThrow("Cannot wait for the answer any longer: it has not ended after 50 ms");
  await new Promise((resolve) => setImmediate(resolve));
  while (!closed.includes("/long")) await new Promise((resolve) => setImmediate(resolve));
  expect(closed).not.toContain("/beside");
  server.closeAllConnections();
  await expect(beside).rejects.toThrow("aborted");
});
