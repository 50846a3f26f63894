import { createServer } from "node:net";
import { createClient } from "../../../provider/cloud/client";
import type { Settings } from "../../../provider/cloud/credentials";
import { ApiError, type CallFailure, CredentialsError } from "../../../provider/cloud/errors";
import { type Answer, failure, KEY, REQUEST_ID, type Service, startService, THROTTLED } from "./service";

let service: Service | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

const PARAMETERS = { CommandId: "c-1", Parameters: JSON.stringify({ password: "hunter22" }) };

/** No more patience than it takes: the others have time, however busy the machine is. */
function limitsFor(answer: Answer): Parameters<typeof createClient>[1] {
  if (answer === "silence") return { silenceMs: 100 };
  if (typeof answer === "object" && "endless" in answer) return { mostBytes: 1_000_000 };
  return typeof answer === "object" && "blankEveryMs" in answer ? { longestMs: 100 } : {};
}

async function callOf(answer: Answer, settings: Partial<Settings> = {}) {
  service = await startService(() => answer);
  const client = createClient({ ...service.settings, ...settings }, limitsFor(answer));
  return client.call("InvokeCommand", PARAMETERS);
}

const failedCall = (facts: Partial<CallFailure>) =>
  new ApiError({
    action: "InvokeCommand",
    endpoint: service?.settings.endpoint ?? "",
    code: "",
    status: 0,
    serviceMessage: "",
    ...facts,
  });

test("signs a call and gives the answer as it is", async () => {
  const answer = await callOf({ body: { RequestId: REQUEST_ID, InvokeId: "t-1" } });
  expect(answer).toEqual({ RequestId: REQUEST_ID, InvokeId: "t-1" });
  expect(service?.calls).toMatchObject([
    {
      action: "InvokeCommand",
      parameters: { RegionId: "cn-hangzhou", ...PARAMETERS },
      headers: {
        "x-acs-version": "2014-05-26",
        "user-agent": expect.stringContaining("pulumi-cloud-assistant"),
        authorization: expect.stringMatching(/^ACS3-HMAC-SHA256 Credential=LTAI-test-key,SignedHeaders=/),
      },
    },
  ]);
});

test.each<[string, unknown]>([
  ["a number for an id", { InvokeId: 7 }],
  ["a code that says all is well", { InvokeId: "t-1", Code: "200", Message: "OK" }],
])("takes %s", async (_, fields) => {
  const body = { RequestId: REQUEST_ID, ...(fields as object) };
  expect(await callOf({ body })).toEqual(body);
});

test("signs with a security token where there is one", async () => {
  await callOf(
    { body: { RequestId: REQUEST_ID, InvokeId: "t-1" } },
    { credential: async () => ({ ...KEY, securityToken: "token-of-the-session" }) },
  );
  expect(service?.calls).toMatchObject([{ headers: { "x-acs-security-token": "token-of-the-session" } }]);
});

test("says which endpoint and which region it is for", async () => {
  service = await startService(() => ({ body: {} }));
  expect(service.client).toMatchObject({ endpoint: service.settings.endpoint, regionId: "cn-hangzhou" });
});

const NO_ID = { missing: "InvokeId", requestId: REQUEST_ID };

describe("a failure", () => {
  // [what, answer, facts]
  test.each<[string, Answer, Partial<CallFailure>]>([
    [
      "of the request",
      failure(400, "InvalidParam.Frequency", "The specified frequency is invalid."),
      {
        code: "InvalidParam.Frequency",
        status: 400,
        serviceMessage: "The specified frequency is invalid.",
        requestId: REQUEST_ID,
      },
    ],
    [
      "of the service",
      failure(500, "InternalError.Dispatch", "An error occurred when you dispatched the request."),
      {
        code: "InternalError.Dispatch",
        status: 500,
        serviceMessage: "An error occurred when you dispatched the request.",
        requestId: REQUEST_ID,
      },
    ],
    [
      "by throttling",
      { ...(THROTTLED as { body: unknown }), status: 400, headers: { "x-acs-retry-after": "1500" } },
      {
        code: "Throttling.User",
        status: 400,
        serviceMessage: "Request was denied due to user flow control.",
        requestId: REQUEST_ID,
        retryAfterMs: 1_500,
      },
    ],
    [
      "that quotes secrets",
      failure(400, "Odd", `"hunter22" of ${KEY.accessKeyId} and ${KEY.accessKeySecret}`),
      { code: "Odd", status: 400, serviceMessage: '"[hidden]" of [hidden] and [hidden]', requestId: REQUEST_ID },
    ],
    ["of a proxy", { html: "<h1>Bad gateway</h1>", status: 502 }, { status: 502 }],
    ["of a proxy that sends elsewhere", { html: "", status: 302 }, { status: 302 }],
    ["of a proxy that throttles", { html: "<h1>Too many requests</h1>", status: 429 }, { status: 429 }],
    ["of a proxy that says it is fine", { html: "<h1>Log in</h1>", status: 200 }, {}],
    ["of a proxy that answers in JSON", { body: {} }, {}],
    [
      "of the service, with the status of a success",
      { body: { RequestId: REQUEST_ID, Code: "Throttling.User", Message: "Too fast." } },
      { code: "Throttling.User", status: 200, serviceMessage: "Too fast.", requestId: REQUEST_ID },
    ],
    ["without an object", { body: null }, {}],
    ["without a body", { status: 403, body: null }, { status: 403 }],
    ["without a code", { status: 403, body: {} }, { status: 403 }],
    ["without the id of what it began", { body: { RequestId: REQUEST_ID } }, NO_ID],
    ["with an empty id", { body: { RequestId: REQUEST_ID, InvokeId: "" } }, NO_ID],
    ["with an id of blanks", { body: { RequestId: REQUEST_ID, InvokeId: " \t" } }, NO_ID],
    ["with an id that is none", { body: { RequestId: REQUEST_ID, InvokeId: { a: 1 } } }, NO_ID],
    ["with a list of ids", { body: { RequestId: REQUEST_ID, InvokeId: ["t-1"] } }, NO_ID],
    ["to keep its answer short", { endless: true }, { unreadable: "it is longer than any of the service's" }],
    ["of the connection", "close", { networkCode: "ECONNRESET" }],
    ["to answer in time", "silence", { networkCode: "ETIMEDOUT" }],
    ["to end its answer", { blankEveryMs: 40 }, { networkCode: "ETIMEDOUT" }],
  ])("%s", async (_, answer, facts) => {
    const call = callOf(answer);
    const error = await call.catch((reason: unknown) => reason);
    expect(error).toEqual(failedCall(facts));
    expect({ ...(error as object) }).toEqual({ ...failedCall(facts) });
    expect(error).toBeInstanceOf(ApiError);
  });

  test("to connect", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const endpoint = `127.0.0.1:${port}`;
    const client = createClient({ regionId: "cn-hangzhou", endpoint, protocol: "HTTP", credential: async () => KEY });
    await expect(client.call("InvokeCommand", PARAMETERS)).rejects.toThrow(
      `Cannot call InvokeCommand at "${endpoint}": connection refused; check the network, the region and the endpoint`,
    );
  });

  test("to find a key", async () => {
    const credential = async () => {
      throw new CredentialsError("no access key found");
    };
    const error = await callOf({ body: {} }, { credential }).catch((reason: unknown) => reason);
    expect(error).toEqual(failedCall({ credentials: new CredentialsError("no access key found") }));
    expect(error).toMatchObject({ kind: "credentials" });
    expect(service?.calls).toEqual([]);
  });
});

test("fails to read a key without quoting what was thrown", async () => {
  const credential = async () => {
    throw new Error("cannot parse {secret: hunter22}");
  };
  const error = await callOf({ body: {} }, { credential }).catch((reason: unknown) => reason);
  expect(error).toEqual(failedCall({ credentials: new CredentialsError("no access key could be read") }));
});

// "There is none" is an empty list, or their number alone.
test.each([
  ["DescribeInvocations", "Invocations"],
  ["DescribeInstances", "Instances"],
  ["DescribeCommands", "Commands"],
  ["DescribeCloudAssistantStatus", "InstanceCloudAssistantStatusSet"],
])("%s fails without its list, and takes an empty one", async (action, missing) => {
  const bodies = [{}, { [missing]: {} }, { [missing]: [] }, { TotalCount: 0 }];
  service = await startService((_, count) => ({ body: { RequestId: REQUEST_ID, ...bodies[count - 1] } }));
  const { client, settings } = service;
  await expect(client.call(action, {})).rejects.toEqual(
    new ApiError({ ...failedCall({ missing, requestId: REQUEST_ID }), action, endpoint: settings.endpoint }),
  );
  for (const body of bodies.slice(1)) expect(await client.call(action, {})).toEqual({ RequestId: REQUEST_ID, ...body });
});

test("takes whatever a dry run answers, which begins nothing", async () => {
  service = await startService(() => ({ body: { RequestId: REQUEST_ID } }));
  const dryRun = service.client.call("InvokeCommand", { RepeatMode: "DryRun" });
  expect(await dryRun).toEqual({ RequestId: REQUEST_ID });
});

test("ends an answer that never does on a connection that is used again, and frees it", async () => {
  const closed: number[] = [];
  service = await startService((_, count) =>
    count === 1 ? { body: { RequestId: REQUEST_ID } } : { blankEveryMs: 20, onClose: () => closed.push(count) },
  );
  const client = createClient(service.settings, { longestMs: 500 });
  await client.call("DescribeRegions", {});
  await expect(client.call("DescribeRegions", {})).rejects.toMatchObject({ networkCode: "ETIMEDOUT" });
  while (closed.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(closed).toEqual([2]);
});
