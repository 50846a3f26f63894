/**
 * How the action tests speak: signed requests to an emulator, or, with CLOUD_ASSISTANT_LIVE=1, to the real service.
 * Live, run the files whose cases need no seeded machine or command: createCommand, untagResources, describeRegions, describeAccountAttributes,
 * describeCommands, and, but for the rows that name a seeded id, deleteCommand and modifyCommand. None has been run live yet.
 * The signer is the tests' own, so that it proves something about the emulator's.
 */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";

export type Parameters = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into it and says what it expects
  readonly body: any;
}

export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** The service under test. */
export interface Service extends Key {
  readonly url: string;
  readonly regionId: string;
  /** One call, signed with V3; RegionId is added unless it is given, `undefined` leaves a parameter out. */
  call(action: string, parameters?: Readonly<Record<string, string | undefined>>): Promise<Answer>;
  close(): Promise<void>;
}

export const isLive = process.env.CLOUD_ASSISTANT_LIVE === "1";

/** For tests that drive the emulator itself; the real service cannot be told to fail. */
export const describeEmulated = isLive ? describe.skip : describe;

/** The real service, from the environment. */
function openLive(): Service {
  const need = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new Error(`Cannot run live: ${name} must be set`);
    return value;
  };
  const regionId = need("ALIBABA_CLOUD_REGION");
  const key = {
    accessKeyId: need("ALIBABA_CLOUD_ACCESS_KEY_ID"),
    accessKeySecret: need("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
  };
  return createService(`https://ecs.${regionId}.aliyuncs.com`, regionId, key, async () => {});
}

/** The emulator, with the machines and commands of `options`; or the real service, with what the account has. */
export async function openService(options: EmulatorOptions = {}): Promise<Service & { readonly emulator: Emulator }> {
  if (isLive) {
    const live = openLive();
    return Object.defineProperty(live, "emulator", {
      get: () => {
        throw new Error("There is no emulator behind the real service; use describeEmulated");
      },
    }) as Service & { readonly emulator: Emulator };
  }
  const emulator = await startEmulator(options);
  return { ...createService(emulator.url, emulator.regionId, emulator, () => emulator.stop()), emulator };
}

function createService(url: string, regionId: string, key: Key, close: () => Promise<void>): Service {
  return {
    url,
    regionId,
    accessKeyId: key.accessKeyId,
    accessKeySecret: key.accessKeySecret,
    call(action, parameters = {}) {
      const all = Object.entries({ RegionId: regionId, ...parameters });
      const given = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
      return send(url, signV3(url, key, action, Object.fromEntries(given)));
    },
    close,
  };
}

export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

const formatQuery = (parameters: Parameters): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
    .join("&");

const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

export const formatTimestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** What of a signed request a test wants to be different. */
export interface Variation {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Parameters;
}

/** Everything in the query, the action in a header. */
export function signV3(
  url: string,
  key: Key,
  action: string,
  parameters: Parameters,
  variation: Variation = {},
): HttpRequest {
  const { method = "POST", body = "" } = variation;
  const headers: Record<string, string> = {
    host: new URL(url).host,
    "x-acs-action": action,
    "x-acs-version": "2014-05-26",
    "x-acs-date": formatTimestamp(Date.now()),
    "x-acs-signature-nonce": randomUUID(),
    "x-acs-content-sha256": sha256(body),
    ...variation.headers,
  };
  const names = Object.keys(headers)
    .filter((name) => name === "host" || name === "content-type" || name.startsWith("x-acs-"))
    .sort();
  const query = formatQuery(parameters);
  const canonical = [
    method,
    "/",
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const signature = createHmac("sha256", key.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${key.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { method, path: `/?${query}`, headers: { accept: "application/json", ...headers, authorization }, body };
}

/** The query's and the body's parameters signed together, as the Terraform provider and the `aliyun` CLI do. */
export function signV1(
  url: string,
  key: Key,
  query: Parameters,
  form: Parameters,
  variation: Variation = {},
): HttpRequest {
  const { method = "POST" } = variation;
  const signed: Parameters = {
    AccessKeyId: key.accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureNonce: randomUUID(),
    SignatureVersion: "1.0",
    Timestamp: formatTimestamp(Date.now()),
    Version: "2014-05-26",
    ...query,
  };
  const stringToSign = `${method}&%2F&${encode(formatQuery({ ...signed, ...form }))}`;
  const signature = createHmac("sha1", `${key.accessKeySecret}&`).update(stringToSign).digest("base64");
  const headers = {
    host: new URL(url).host,
    "content-type": "application/x-www-form-urlencoded",
    ...variation.headers,
  };
  return {
    method,
    path: `/?${formatQuery({ ...signed, Signature: signature })}`,
    headers,
    body: formatQuery(form),
  };
}

export function send(url: string, { method, path, headers, body }: HttpRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith("https:") ? secureRequest : request;
    const outgoing = open(
      `${url}${path}`,
      { method, headers: { ...headers, "content-length": String(Buffer.byteLength(body)) } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const isJson = incoming.headers["content-type"]?.includes("json") ?? false;
          const body = isJson && !incoming.headers["content-encoding"] ? JSON.parse(text) : undefined;
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
