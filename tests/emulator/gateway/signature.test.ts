import {
  createVerifier,
  formatV1StringToSign,
  formatV3StringToSign,
  type SignedRequest,
} from "../../../emulator/gateway/signature";

const v3: SignedRequest = {
  method: "POST",
  pathname: "/",
  headers: {
    host: "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-version": "2014-05-26",
    authorization:
      "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
  },
  query: new Map([
    ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"],
    ["RegionId", "cn-shanghai"],
  ]),
  parameters: new Map(),
  body: Buffer.alloc(0),
};

const v1Parameters = new Map([
  ["AccessKeyId", "testid"],
  ["Action", "DescribeRegions"],
  ["Format", "XML"],
  ["SignatureMethod", "HMAC-SHA1"],
  ["SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"],
  ["SignatureVersion", "1.0"],
  ["Timestamp", "2016-02-23T12:46:24Z"],
  ["Version", "2014-05-26"],
  ["Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="],
]);
const v1: SignedRequest = {
  method: "GET",
  pathname: "/",
  headers: { host: "ecs.aliyuncs.com" },
  query: v1Parameters,
  parameters: v1Parameters,
  body: Buffer.alloc(0),
};

const V3_SIGNED_AT = Date.parse("2023-10-26T10:22:32Z");
const V1_SIGNED_AT = Date.parse("2016-02-23T12:46:24Z");
const verifyV3 = (request: SignedRequest, wallClock = V3_SIGNED_AT) =>
  createVerifier("YourAccessKeyId", "YourAccessKeySecret", () => wallClock).verify(request);
const verifyV1 = (request: SignedRequest, wallClock = V1_SIGNED_AT) =>
  createVerifier("testid", "testsecret", () => wallClock).verify(request);

/** The request with some headers or parameters changed, or, with undefined, left out. */
function alterV3(changes: Readonly<Record<string, string | undefined>>): SignedRequest {
  const headers = Object.entries({ ...v3.headers, ...changes }).filter(
    (e): e is [string, string] => e[1] !== undefined,
  );
  return { ...v3, headers: Object.fromEntries(headers) };
}
function alterV1(changes: Readonly<Record<string, string | undefined>>): SignedRequest {
  const entries = Object.entries({ ...Object.fromEntries(v1Parameters), ...changes });
  const parameters = new Map(entries.filter((e): e is [string, string] => e[1] !== undefined));
  return { ...v1, parameters, query: parameters };
}

const refusal = (code: string) => expect.objectContaining({ name: "ServiceError", code });
const authorization = v3.headers.authorization ?? "";

describe("published vectors", () => {
  test("V3: the hashed canonical request", () => {
    const signedHeaders = Object.keys(v3.headers).filter((name) => name !== "authorization");
    expect(formatV3StringToSign(v3, signedHeaders)).toBe(
      "ACS3-HMAC-SHA256\n7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
    );
  });

  test("V3: the signature", () => {
    expect(() => verifyV3(v3)).not.toThrow();
  });

  test("V1: the string to sign", () => {
    expect(formatV1StringToSign("GET", v1Parameters)).toBe(
      "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26",
    );
  });

  test("V1: the signature", () => {
    expect(() => verifyV1(v1)).not.toThrow();
  });
});

describe("encoding", () => {
  test.each([
    ["a b+c", "a%20b%2Bc"],
    ["!'()*", "%21%27%28%29%2A"],
    ["-_.~", "-_.~"],
    ["中文", "%E4%B8%AD%E6%96%87"],
  ])("%s", (value, encoded) => {
    expect(formatV1StringToSign("POST", new Map([["P", value]]))).toBe(
      `POST&%2F&${encodeURIComponent(`P=${encoded}`)}`,
    );
  });

  test("names are sorted by their bytes", () => {
    const names = ["InstanceId.2", "InstanceId.11", "InstanceId.10", "InstanceId.1", "a", "Z"];
    const text = formatV1StringToSign("POST", new Map(names.map((name) => [name, ""])));
    expect(decodeURIComponent(text)).toBe("POST&/&InstanceId.1=&InstanceId.10=&InstanceId.11=&InstanceId.2=&Z=&a=");
  });
});

describe("V3 refusals", () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ["another method of signing", { authorization: authorization.replace("SHA256", "SM3") }, "InvalidSignatureMethod"],
    ["no signature in it", { authorization: "ACS3-HMAC-SHA256 Credential=YourAccessKeyId" }, "IncompleteSignature"],
    ["an x-acs header that is not signed", { "x-acs-security-token": "t" }, "IncompleteSignature"],
    ["the date not signed", { authorization: authorization.replace("x-acs-date;", "") }, "IncompleteSignature"],
    ["an unknown key", { authorization: authorization.replace("Your", "Their") }, "InvalidAccessKeyId.NotFound"],
    ["no date", { "x-acs-date": undefined }, "InvalidTimeStamp.Format"],
    ["a date in another format", { "x-acs-date": "Thu, 26 Oct 2023 10:22:32 GMT" }, "InvalidTimeStamp.Format"],
    ["another action than was signed", { "x-acs-action": "DeleteInstances" }, "SignatureDoesNotMatch"],
    ["one digit off", { authorization: authorization.replace(/0$/, "1") }, "SignatureDoesNotMatch"],
  ])("%s", (_title, changes, code) => {
    expect(() => verifyV3(alterV3(changes))).toThrow(refusal(code));
  });

  test("another body than was signed", () => {
    expect(() => verifyV3({ ...v3, body: Buffer.from("x") })).toThrow(refusal("SignatureDoesNotMatch"));
  });

  test("another parameter than was signed", () => {
    expect(() => verifyV3({ ...v3, query: new Map([...v3.query, ["DryRun", "true"]]) })).toThrow(
      refusal("SignatureDoesNotMatch"),
    );
  });
});

describe("V1 refusals", () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
    ["no key", { AccessKeyId: undefined }, "MissingAccessKeyId"],
    ["no signature", { Signature: undefined }, "MissingSignature"],
    ["no method", { SignatureMethod: undefined }, "MissingSignatureMethod"],
    ["another method", { SignatureMethod: "HMAC-MD5" }, "InvalidSignatureMethod"],
    ["another version", { SignatureVersion: "2.0" }, "InvalidSignatureVersion"],
    ["no nonce", { SignatureNonce: undefined }, "MissingSignatureNonce"],
    ["no timestamp", { Timestamp: undefined }, "MissingTimestamp"],
    ["a timestamp in another format", { Timestamp: "2016-02-23 12:46:24" }, "InvalidTimeStamp.Format"],
    ["a day that does not exist", { Timestamp: "2016-13-23T12:46:24Z" }, "InvalidTimeStamp.Format"],
    ["an unknown key", { AccessKeyId: "other" }, "InvalidAccessKeyId.NotFound"],
    ["another action than was signed", { Action: "DescribeZones" }, "SignatureDoesNotMatch"],
    ["one parameter more", { SecurityToken: "" }, "SignatureDoesNotMatch"],
  ])("%s", (_title, changes, code) => {
    expect(() => verifyV1(alterV1(changes))).toThrow(refusal(code));
  });

  test("the message of a wrong signature shows the string the server signed", () => {
    expect(() => verifyV1(alterV1({ Signature: "AAAA" }))).toThrow(
      `Specified signature is not matched with our calculation. server string to sign is:${formatV1StringToSign("GET", v1Parameters)}`,
    );
  });
});

describe("freshness", () => {
  const WINDOW_MS = 15 * 60_000;

  test.each([-WINDOW_MS, WINDOW_MS])("%i ms away is fresh", (distanceMs) => {
    expect(() => verifyV3(v3, V3_SIGNED_AT + distanceMs)).not.toThrow();
  });

  test.each([-WINDOW_MS - 1, WINDOW_MS + 1])("%i ms away is expired", (distanceMs) => {
    expect(() => verifyV3(v3, V3_SIGNED_AT + distanceMs)).toThrow(refusal("InvalidTimeStamp.Expired"));
  });

  test("a nonce is taken once", () => {
    const verifier = createVerifier("testid", "testsecret", () => V1_SIGNED_AT);
    verifier.verify(v1);
    expect(() => verifier.verify(v1)).toThrow(refusal("SignatureNonceUsed"));
  });

  test("a request with a wrong signature does not use its nonce up", () => {
    const verifier = createVerifier("testid", "testsecret", () => V1_SIGNED_AT);
    expect(() => verifier.verify(alterV1({ Signature: "AAAA" }))).toThrow(refusal("SignatureDoesNotMatch"));
    expect(() => verifier.verify(v1)).not.toThrow();
  });
});
