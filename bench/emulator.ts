/**
 * `npm run build && npx tsx bench/emulator.ts`: what the emulator costs, measured on the built command in a process of its own.
 * Start: from spawning Node to the printed address. Memory: resident, idle, after a thousand calls. Rate: signed DescribeInstances
 * of ten machines and DescribeInvocations of one invocation each, over 16 connections, signed beforehand so that the client takes little time from it.
 * Fails when a bound is missed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createHmac, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatTable } from "./table";

const MAX_START_MS = 250;
const MAX_IDLE_MB = 60;
const MIN_CALLS_PER_SECOND = 3_000;

const STARTS = 7;
const INSTANCES = 10;
const INVOCATIONS = 100;
const CONNECTIONS = 16;
const CALLS = 20_000;
const KEY = { accessKeyId: "bench", accessKeySecret: "bench" };

interface Service {
  readonly process: ChildProcess;
  readonly host: string;
  readonly startMs: number;
}

const CLI = path.resolve(process.argv[2] ?? path.join(__dirname, "../dist/emulator/cli.js"));

function start(): Promise<Service> {
  const spawnedMs = performance.now();
  const options = ["--port", "0", "--instances", String(INSTANCES)];
  const key = ["--access-key-id", KEY.accessKeyId, "--access-key-secret", KEY.accessKeySecret];
  const child = spawn(process.execPath, [CLI, ...options, ...key], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`The emulator ended with ${code}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      const host = /http:\/\/([^,\s]+)/.exec(chunk.toString())?.[1];
      if (host !== undefined) resolve({ process: child, host, startMs: performance.now() - spawnedMs });
    });
  });
}

async function stop({ process: child }: Service): Promise<void> {
  child.removeAllListeners("exit");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function measureStart(): Promise<number> {
  const roundsMs: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const service = await start();
    roundsMs.push(service.startMs);
    await stop(service);
  }
  return roundsMs.sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
}

/** One V3-signed request as it goes over the wire. */
function sign(host: string, action: string, parameters: Readonly<Record<string, string>>): string {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const all: Readonly<Record<string, string>> = { RegionId: "cn-hangzhou", ...parameters };
  const query = Object.keys(all)
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(all[name] ?? "")}`)
    .join("&");
  const headers: Readonly<Record<string, string>> = {
    host,
    "x-acs-action": action,
    "x-acs-content-sha256": sha256(""),
    "x-acs-date": `${new Date().toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": randomUUID(),
    "x-acs-version": "2014-05-26",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const names = Object.keys(headers).join(";");
  const canonical = `POST\n/\n${query}\n${lines.join("")}\n${names}\n${sha256("")}`;
  const signature = createHmac("sha256", KEY.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${KEY.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return `POST /?${query} HTTP/1.1\r\n${lines.join("").replaceAll("\n", "\r\n")}content-length: 0\r\nauthorization: ${authorization}\r\n\r\n`;
}

/** Sends requests one after another over one connection and gives their bodies. */
function exchange(host: string, requests: readonly string[]): Promise<string[]> {
  const { hostname, port } = new URL(`http://${host}`);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const bodies: string[] = [];
    let received = "";
    const next = (): void => {
      const request = requests[bodies.length];
      if (request === undefined) {
        socket.destroy();
        resolve(bodies);
      } else {
        socket.write(request);
      }
    };
    socket.on("error", reject);
    socket.on("connect", next);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const head = received.indexOf("\r\n\r\n");
      const length = /content-length: (\d+)/i.exec(received)?.[1];
      if (head === -1 || length === undefined || received.length < head + 4 + Number(length)) return;
      if (!received.startsWith("HTTP/1.1 200")) {
        reject(new Error(`The emulator answered ${received}`));
        socket.destroy();
        return;
      }
      bodies.push(received.slice(head + 4));
      received = "";
      next();
    });
  });
}

async function invokeMany(host: string): Promise<readonly string[]> {
  const command = { Name: "bench", Type: "RunShellScript", CommandContent: "ZWNobyAx" };
  const [created = "{}"] = await exchange(host, [sign(host, "CreateCommand", command)]);
  const { CommandId } = JSON.parse(created);
  const invoke = () => sign(host, "InvokeCommand", { CommandId, "InstanceId.1": "i-emulated0001" });
  const answers = await exchange(host, Array.from({ length: INVOCATIONS }, invoke));
  return answers.map((answer) => JSON.parse(answer).InvokeId);
}

/** @param signNext the request number N of all */
async function measureRate(host: string, signNext: (number: number) => string): Promise<number> {
  const lanes = Array.from({ length: CONNECTIONS }, (_lane, lane) =>
    Array.from({ length: CALLS / CONNECTIONS }, (_call, call) => signNext(lane + call)),
  );
  const startMs = performance.now();
  await Promise.all(lanes.map((requests) => exchange(host, requests)));
  return CALLS / ((performance.now() - startMs) / 1_000);
}

/** Resident memory in MB; Linux tells it. */
function readMemory({ process: child }: Service): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

type Row = [what: string, value: string, bound: string, holds: boolean];

async function main(): Promise<void> {
  if (!existsSync(CLI)) throw new Error(`There is no "${CLI}": run "npm run build" first`);
  const startMs = await measureStart();
  const service = await start();
  await sleep(2_000);
  const idleMb = readMemory(service);
  const invokeIds = await invokeMany(service.host);
  await sleep(2_000);
  const { host } = service;
  const describeInvocation = (number: number): string =>
    sign(host, "DescribeInvocations", { InvokeId: invokeIds[number % invokeIds.length] ?? "" });
  const describeInstances = (): string => sign(host, "DescribeInstances", {});
  await measureRate(host, describeInvocation);
  const invocationsPerSecond = await measureRate(host, describeInvocation);
  const instancesPerSecond = await measureRate(host, describeInstances);
  const busyMb = readMemory(service);
  await stop(service);

  const rows: Row[] = [
    ["start", `${Math.round(startMs)} ms`, `under ${MAX_START_MS} ms`, startMs < MAX_START_MS],
    ["memory, idle", `${Math.round(idleMb)} MB`, `under ${MAX_IDLE_MB} MB`, idleMb < MAX_IDLE_MB],
    [`memory, after ${3 * CALLS} calls`, `${Math.round(busyMb)} MB`, "", true],
    ...Object.entries({ DescribeInvocations: invocationsPerSecond, DescribeInstances: instancesPerSecond }).map(
      ([action, perSecond]): Row => [
        `signed ${action}`,
        `${Math.round(perSecond)} a second`,
        `over ${MIN_CALLS_PER_SECOND} a second`,
        perSecond > MIN_CALLS_PER_SECOND,
      ],
    ),
  ];
  console.log(
    formatTable(
      ["emulator", "value", "must be", ""],
      rows.map(([what, value, bound, holds]) => [what, value, bound, holds ? "" : "MISSED"]),
    ),
  );
  if (rows.some(([, , , holds]) => !holds)) process.exitCode = 1;
}

void main();
