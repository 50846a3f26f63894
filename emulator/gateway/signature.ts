/**
 * Whether a request was signed by the holder of the key: V3 (ACS3-HMAC-SHA256, in headers) and V1 (HMAC-SHA1, in parameters).
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { missingParameter, refusal, signatureDoesNotMatch } from "../errors";
import { MAX_NONCES, SIGNATURE_WINDOW_SECONDS } from "../limits";
import type { Given } from "./parameters";

export interface SignedRequest {
  readonly method: string;
  readonly pathname: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Given;
  /** Query and form body together. */
  readonly parameters: Given;
  readonly body: Buffer;
}

export interface Verifier {
  /** Returns when the request is signed, fresh and new; otherwise throws the gateway's refusal. */
  verify(request: SignedRequest): void;
}

/**
 * @param wallClock milliseconds since the epoch. Clients sign with their own time, so this is the system's even when the emulator's clock is driven.
 */
export function createVerifier(accessKeyId: string, accessKeySecret: string, wallClock: () => number): Verifier {
  const nonces = new Set<string>();
  return {
    verify(request) {
      const claim = request.headers.authorization?.startsWith("ACS3-") ? readV3(request) : readV1(request);
      if (!isEqual(claim.accessKeyId, accessKeyId)) throw refusal("InvalidAccessKeyId.NotFound");
      const distanceMs = Math.abs(wallClock() - claim.signedAt);
      if (distanceMs > SIGNATURE_WINDOW_SECONDS * 1_000) throw refusal("InvalidTimeStamp.Expired");
      const stringToSign = claim.stringToSign();
      if (!isEqual(claim.signature, claim.sign(accessKeySecret, stringToSign))) {
        throw signatureDoesNotMatch(stringToSign);
      }
      // Only nonces of genuine requests are remembered, so that strangers cannot fill the memory.
      if (nonces.has(claim.nonce)) throw refusal("SignatureNonceUsed");
      nonces.add(claim.nonce);
      if (nonces.size > MAX_NONCES) forgetOldest(nonces);
    },
  };
}

function forgetOldest(nonces: Set<string>): void {
  const [oldest] = nonces;
  if (oldest !== undefined) nonces.delete(oldest);
}

/** What a request says about its own signature. */
interface Claim {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly nonce: string;
  readonly signedAt: number;
  stringToSign(): string;
  sign(accessKeySecret: string, stringToSign: string): string;
}

const SIGNED_V3_HEADERS = ["host", "x-acs-date", "x-acs-signature-nonce"];

function readV3(request: SignedRequest): Claim {
  const { headers } = request;
  const match = /^ACS3-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
    headers.authorization ?? "",
  );
  if (match === null) {
    throw refusal(
      headers.authorization?.startsWith("ACS3-HMAC-SHA256") ? "IncompleteSignature" : "InvalidSignatureMethod",
    );
  }
  const [, accessKeyId = "", list = "", signature = ""] = match;
  const signedHeaders = list.split(";");
  const mustBeSigned = [...SIGNED_V3_HEADERS, ...Object.keys(headers).filter((name) => name.startsWith("x-acs-"))];
  if (mustBeSigned.some((name) => !signedHeaders.includes(name))) throw refusal("IncompleteSignature");
  return {
    accessKeyId,
    signature,
    nonce: headers["x-acs-signature-nonce"] ?? "",
    signedAt: parseSignedAt(headers["x-acs-date"]),
    stringToSign: () => formatV3StringToSign(request, signedHeaders),
    sign: (secret, text) => createHmac("sha256", secret).update(text).digest("hex"),
  };
}

export function formatV3StringToSign(request: SignedRequest, signedHeaders: readonly string[]): string {
  const canonicalHeaders = signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`).join("");
  const canonicalRequest = [
    request.method,
    request.pathname,
    formatCanonicalParameters(request.query),
    canonicalHeaders,
    signedHeaders.join(";"),
    createHash("sha256").update(request.body).digest("hex"),
  ].join("\n");
  return `ACS3-HMAC-SHA256\n${createHash("sha256").update(canonicalRequest).digest("hex")}`;
}

function readV1(request: SignedRequest): Claim {
  const { parameters, method } = request;
  const need = (name: string): string => {
    const value = parameters.get(name);
    if (!value) throw missingParameter(name);
    return value;
  };
  const accessKeyId = need("AccessKeyId");
  const signature = need("Signature");
  if (need("SignatureMethod") !== "HMAC-SHA1") throw refusal("InvalidSignatureMethod");
  if (need("SignatureVersion") !== "1.0") throw refusal("InvalidSignatureVersion");
  return {
    accessKeyId,
    signature,
    nonce: need("SignatureNonce"),
    signedAt: parseSignedAt(need("Timestamp")),
    stringToSign: () => formatV1StringToSign(method, parameters),
    sign: (secret, text) => createHmac("sha1", `${secret}&`).update(text).digest("base64"),
  };
}

export function formatV1StringToSign(method: string, parameters: Given): string {
  const signed = new Map([...parameters].filter(([name]) => name !== "Signature"));
  return `${method}&%2F&${encode(formatCanonicalParameters(signed))}`;
}

function parseSignedAt(text: string | undefined): number {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) throw refusal("InvalidTimeStamp.Format");
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw refusal("InvalidTimeStamp.Format");
  return instant;
}

/** Sorted by the bytes of the name; clients leave `!'()*` bare in the URL, so everything is encoded anew. */
function formatCanonicalParameters(parameters: Given): string {
  return [...parameters]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

/** RFC 3986: only `A-Za-z0-9-_.~` stay. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Takes the same time however much of it is right. */
export function isEqual(given: string, expected: string): boolean {
  const a = createHash("sha256").update(given).digest();
  const b = createHash("sha256").update(expected).digest();
  return timingSafeEqual(a, b);
}
