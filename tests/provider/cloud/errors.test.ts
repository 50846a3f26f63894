import {
  ApiError,
  CLOCK_CODES,
  CREDENTIAL_CODES,
  CredentialsError,
  IDEMPOTENT_PROCESSING_CODES,
  isRetryable,
  mayHaveActed,
  NEVER_CONNECTED_CODES,
  NOT_FOUND_CODES,
  PERMISSION_CODES,
  THROTTLING_CODES,
  TRANSIENT_CODES,
  withTries,
} from "../../../provider/cloud/errors";

const CALL = { action: "InvokeCommand", endpoint: "ecs.cn-hangzhou.aliyuncs.com" };
const answered = (code: string, status: number, serviceMessage: string) =>
  new ApiError({ ...CALL, code, status, serviceMessage, requestId: "R-1" });
const unanswered = (networkCode: string) =>
  new ApiError({ ...CALL, code: "", status: 0, serviceMessage: "", networkCode });

describe("the kind of a code", () => {
  // [codes, kind, whether the same call may succeed later]
  const rows = [
    [THROTTLING_CODES, "throttled", true],
    [TRANSIENT_CODES, "transient", true],
    [IDEMPOTENT_PROCESSING_CODES, "transient", true],
    [PERMISSION_CODES, "denied", false],
    [CREDENTIAL_CODES, "credentials", false],
    [CLOCK_CODES, "credentials", false],
    [NOT_FOUND_CODES, "notFound", false],
    [["InvalidRegionId.NotFound", "InvalidParam.Frequency", "Operation.Forbidden", "NeverHeardOf"], "refused", false],
  ] as const;
  const cases = rows.flatMap(([codes, kind, retryable]) => codes.map((code) => [code, kind, retryable] as const));

  test.each(cases)("%s is %s", (code, kind, retryable) => {
    const error = answered(code, 400, "words");
    expect(error.kind).toBe(kind);
    expect(isRetryable(error)).toBe(retryable);
  });

  test("no status decides over a code that is listed", () => {
    expect(answered("Throttling.User", 429, "words").kind).toBe("throttled");
    expect(answered("InvalidInstance.NotFound", 500, "words").kind).toBe("notFound");
  });

  // [code, status, kind]
  test.each([
    ["SomethingNew", 503, "transient"],
    ["SomethingNew", 429, "throttled"],
    ["", 429, "throttled"],
    ["SomethingNew", 400, "refused"],
    ["Forbidden.RAM", 429, "denied"],
  ])("code %j with status %i is %s", (code, status, kind) => {
    expect(answered(code, status, "words").kind).toBe(kind);
  });
});

describe("whether the service may have acted", () => {
  test.each(NEVER_CONNECTED_CODES)("not when the network says %s", (networkCode) => {
    expect(mayHaveActed(unanswered(networkCode))).toBe(false);
  });

  test.each(["ECONNRESET", "ETIMEDOUT", "EPIPE", "ERR_NEVER_HEARD_OF"])("when the network says %s", (networkCode) => {
    expect(mayHaveActed(unanswered(networkCode))).toBe(true);
  });

  // [code, status, acted]
  test.each([
    ["InternalError.Dispatch", 500, true],
    ["ServiceUnavailable", 503, true],
    ["", 0, true],
    ["Throttling.User", 400, false],
    ["IdempotentProcessing", 403, false],
    ["InvalidCmdId.NotFound", 404, false],
  ])("with the code %j: %s", (code, status, acted) => {
    expect(mayHaveActed(answered(code, status, "words"))).toBe(acted);
  });
});

test("the service may have acted in an earlier try", () => {
  const refused = withTries(unanswered("ECONNREFUSED"), { count: 2, overMs: 1_000, mayHaveActed: true });
  expect(mayHaveActed(refused)).toBe(true);
});

describe("the sentence", () => {
  const HEAD = 'Cannot call InvokeCommand at "ecs.cn-hangzhou.aliyuncs.com"';

  // [failure, sentence after its head]
  const rows: [ApiError, string][] = [
    [
      answered("Throttling.User", 400, "Request was denied due to user flow control."),
      ": the service throttles this action: Request was denied due to user flow control (Throttling.User, HTTP 400, request id R-1); wait a minute, or ask for a higher rate limit of this action in Quota Center",
    ],
    [
      answered("ServiceUnavailable", 503, "Temporary failure."),
      ": the service failed: Temporary failure (ServiceUnavailable, HTTP 503, request id R-1); try again later",
    ],
    [
      answered("Forbidden.RAM", 403, "User not authorized to operate on the specified resource."),
      ': permission denied: User not authorized to operate on the specified resource (Forbidden.RAM, HTTP 403, request id R-1); allow "ecs:InvokeCommand" on "acs:ecs:*:*:instance/*" and "acs:ecs:*:*:command/*" for this key in RAM',
    ],
    [
      answered("InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."),
      ": the access key is not accepted: Specified access key is not found (InvalidAccessKeyId.NotFound, HTTP 404, request id R-1); check the access key, its secret and its security token",
    ],
    [
      answered("InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."),
      ": Specified time stamp or date value is expired (InvalidTimeStamp.Expired, HTTP 400, request id R-1); set the clock of this machine",
    ],
    [
      answered("InvalidCmdId.NotFound", 404, "The specified command ID does not exist."),
      ": The specified command ID does not exist (InvalidCmdId.NotFound, HTTP 404, request id R-1)",
    ],
    [answered("NeverHeardOf", 400, ""), ": the service gave no reason (NeverHeardOf, HTTP 400, request id R-1)"],
    [unanswered("ECONNREFUSED"), ": connection refused; check the network, the region and the endpoint"],
    [
      unanswered("ENOTFOUND"),
      ": the name of the host cannot be resolved (ENOTFOUND); check the network, the region and the endpoint",
    ],
    [unanswered("ETIMEDOUT"), ": no answer in time; check the network, the region and the endpoint"],
    [
      new ApiError({ ...CALL, code: "", status: 0, serviceMessage: "" }),
      ": the answer is not one of the service; check for a proxy in between, or try again later",
    ],
    [
      new ApiError({ ...CALL, code: "", status: 0, serviceMessage: "", missing: "InvokeId", requestId: "R-1" }),
      ": the answer has no InvokeId (request id R-1); try again later",
    ],
    [
      new ApiError({ ...CALL, code: "", status: 0, serviceMessage: "", credentials: new CredentialsError("no key") }),
      ": no key",
    ],
    [
      withTries(unanswered("ETIMEDOUT"), { count: 4, overMs: 12_900, mayHaveActed: true }),
      " (4 tries over 13 s): no answer in time; check the network, the region and the endpoint",
    ],
    [
      withTries(unanswered("ETIMEDOUT"), { count: 1, overMs: 900, mayHaveActed: false }),
      ": no answer in time; check the network, the region and the endpoint",
    ],
  ];

  test.each(rows.map(([error, sentence]) => [sentence, error] as const))("%s", (sentence, error) => {
    expect(error.message).toBe(HEAD + sentence);
  });

  test("keeps the facts through more tries", () => {
    const { name: _, ...facts } = answered("Throttling.Api", 400, "Slow down.");
    const tries = { count: 3, overMs: 2_000, mayHaveActed: false };
    expect(withTries(answered("Throttling.Api", 400, "Slow down."), tries)).toMatchObject({ ...facts, tries });
  });

  test("has no id, which the engine takes for a half-made resource", () => {
    expect(answered("NeverHeardOf", 400, "words")).not.toHaveProperty("id");
  });
});

describe("secrets", () => {
  // [what the service says, what is left of it]
  test.each([
    ["the value hunter22 is bad", "the value [hidden] is bad"],
    ["the value a%20b%20c%20d%20e is bad", "the value [hidden] is bad"],
    ['{"value":"quo\\"te\\nline"}', '{"value":"[hidden]"}'],
    ['the value "1" is bad, 10 is good', 'the value "[hidden]" is bad, 10 is good'],
    ["GET /?Signature=abc%3D&Parameters=%7B%7D&RegionId=r", "GET /?Signature=[hidden]&Parameters=[hidden]&RegionId=r"],
    ["not matched. server string to sign is:POST&%2F&AccessKeyId%3Dk", "not matched"],
    ["the longest goes first: hunter22-and-more", "the longest goes first: [hidden]"],
    ["nothing to hide", "nothing to hide"],
  ])("%s", (said, left) => {
    const error = new ApiError({
      ...CALL,
      code: "NeverHeardOf",
      status: 400,
      serviceMessage: said,
      secrets: ["hunter22", "hunter22-and-more", "a b c d e", 'quo"te\nline', "half \ud83d", "1", ""],
    });
    expect(error.serviceMessage).toBe(left);
    expect(error.message).toBe(
      `Cannot call InvokeCommand at "ecs.cn-hangzhou.aliyuncs.com": ${left} (NeverHeardOf, HTTP 400)`,
    );
  });
});
