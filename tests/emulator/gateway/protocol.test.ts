import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { drivenClock, type FaultKind } from "../../../emulator";
import { createCommand, succeed } from "../calls";
import {
  encode,
  formatTimestamp,
  type HttpRequest,
  openService,
  send,
  signV1,
  signV3,
  type Variation,
} from "../client";

type EmulatedService = Awaited<ReturnType<typeof openService>>;

let service: EmulatedService;
beforeAll(async () => {
  service = await openService({ instances: 1 });
});
afterAll(() => service.close());
beforeEach(() => {
  service.emulator.clearFaults();
  service.emulator.clearJournal();
});

const v3 = (action: string, parameters: Record<string, string> = {}, variation: Variation = {}): HttpRequest =>
  signV3(service.url, service, action, { RegionId: service.regionId, ...parameters }, variation);
const v1 = (query: Record<string, string>, form: Record<string, string> = {}, variation: Variation = {}): HttpRequest =>
  signV1(service.url, service, query, form, variation);
const answerOf = async (sent: HttpRequest) => {
  const answer = await send(service.url, sent);
  return [answer.status, answer.body?.Code, answer.body?.Message];
};

const REQUEST_ID = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;

describe("where the parts of a request may stand", () => {
  const form = `RegionId=cn-hangzhou&Name=n`;

  test.each<[string, () => HttpRequest]>([
    ["V3: action in a header, parameters in the query", () => v3("DescribeCommands")],
    ["V3: GET", () => v3("DescribeCommands", {}, { method: "GET" })],
    [
      "V3: parameters in a form body",
      () =>
        signV3(
          service.url,
          service,
          "DescribeCommands",
          {},
          {
            body: form,
            headers: { "content-type": "application/x-www-form-urlencoded" },
          },
        ),
    ],
    [
      "V3: parameters in both",
      () =>
        signV3(
          service.url,
          service,
          "DescribeCommands",
          { RegionId: "cn-hangzhou" },
          {
            body: "Name=n",
            headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
          },
        ),
    ],
    ["V1: everything in the query", () => v1({ Action: "DescribeCommands", Format: "JSON", RegionId: "cn-hangzhou" })],
    [
      "V1: GET",
      () => v1({ Action: "DescribeCommands", Format: "JSON", RegionId: "cn-hangzhou" }, {}, { method: "GET" }),
    ],
    [
      "V1 as Terraform and Pulumi send it: business parameters in the form body, Format in lower case",
      () => v1({ Action: "DescribeCommands", Format: "json" }, { RegionId: "cn-hangzhou" }),
    ],
    [
      "V1 as the aliyun CLI sends it: an empty SignatureType that is signed, x-acs headers that are not",
      () =>
        v1(
          { Action: "DescribeCommands", Format: "JSON", RegionId: "cn-hangzhou", SignatureType: "" },
          {},
          {
            headers: { "x-acs-action": "DescribeCommands", "x-acs-version": "2014-05-26" },
          },
        ),
    ],
  ])("%s", async (_title, sign) => {
    const answer = await send(service.url, sign());
    expect([answer.status, answer.body.Commands]).toEqual([200, { Command: [] }]);
    expect(answer.body.RequestId).toMatch(REQUEST_ID);
  });

  test.each(["a b+c&d=e", "!'()*", "-_.~", "中文 🚀", "%2F/?#", '{"k":"v"}'])(
    "a value of %j survives",
    async (value) => {
      const { CommandId } = await succeed(service, "CreateCommand", {
        Name: value,
        Type: "RunShellScript",
        CommandContent: "ZWNobyAx",
      });
      const { Commands } = await succeed(service, "DescribeCommands", { CommandId });
      expect(Commands.Command[0].Name).toBe(value);
      await succeed(service, "DeleteCommand", { CommandId });
    },
  );

  test("a URL that leaves !'()* bare, as the npm SDK does", async () => {
    const signed = v3("DescribeCommands", { Name: "!'()*" });
    const answer = await send(service.url, { ...signed, path: signed.path.replace(encode("!'()*"), "!'()*") });
    expect(answer.status).toBe(200);
  });
});

describe("formats", () => {
  test.each<[string, () => HttpRequest, string]>([
    ["V1 without Format: XML", () => v1({ Action: "DescribeRegions" }), "text/xml"],
    ["V1 with Format=XML", () => v1({ Action: "DescribeRegions", Format: "xml" }), "text/xml"],
    ["V1 with Format=JSON", () => v1({ Action: "DescribeRegions", Format: "JSON" }), "application/json"],
    ["V3 with accept: application/json", () => v3("DescribeRegions"), "application/json"],
    ["V3 with accept: */*", () => v3("DescribeRegions", {}, { headers: { accept: "*/*" } }), "application/json"],
    ["V3 with accept: text/xml", () => v3("DescribeRegions", {}, { headers: { accept: "text/xml" } }), "text/xml"],
    ["V3 with Format=XML", () => v3("DescribeRegions", { Format: "XML" }), "text/xml"],
  ])("%s", async (_title, sign, type) => {
    const answer = await send(service.url, sign());
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, `${type};charset=utf-8`]);
  });

  test("an answer in XML", async () => {
    const { text } = await send(service.url, v1({ Action: "DescribeRegions" }));
    expect(text.replace(/<RequestId>[0-9A-F-]{36}<\/RequestId>/, "<RequestId/>")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeRegionsResponse><RequestId/><Regions><Region><RegionId>cn-hangzhou</RegionId><RegionEndpoint>ecs.cn-hangzhou.aliyuncs.com</RegionEndpoint><LocalName>cn-hangzhou</LocalName><Status>available</Status></Region></Regions></DescribeRegionsResponse>',
    );
  });

  test("an error in XML", async () => {
    const { status, text } = await send(service.url, v1({ Action: "DescribeCommands" }));
    expect(status).toBe(400);
    expect(text.replace(/[0-9A-F]{8}-[0-9A-F-]{27}/g, "ID").replace(service.url.slice("http://".length), "HOST")).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><RequestId>ID</RequestId><HostId>HOST</HostId><Code>MissingRegionId</Code><Message>RegionId is mandatory for this action.</Message><Recommend>https://api.aliyun.com/troubleshoot?q=MissingRegionId&amp;product=Ecs&amp;requestId=ID</Recommend></Error>',
    );
  });

  test("an error in JSON", async () => {
    const { body } = await send(service.url, signV3(service.url, service, "DescribeCommands", {}));
    expect(body).toEqual({
      RequestId: expect.stringMatching(REQUEST_ID),
      HostId: service.url.slice("http://".length),
      Code: "MissingRegionId",
      Message: "RegionId is mandatory for this action.",
      Recommend: `https://api.aliyun.com/troubleshoot?q=MissingRegionId&product=Ecs&requestId=${body.RequestId}`,
    });
  });

  test("gzip when it is asked for", async () => {
    const url = new URL(service.url);
    const signed = v3("DescribeRegions", {}, { headers: { "accept-encoding": "gzip" } });
    const packed = await new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      const outgoing = request(
        { host: url.hostname, port: url.port, method: signed.method, path: signed.path, headers: signed.headers },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () =>
            resolve({ encoding: incoming.headers["content-encoding"], bytes: Buffer.concat(chunks) }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
    expect(packed.encoding).toBe("gzip");
    expect(JSON.parse(gunzipSync(packed.bytes).toString("utf8")).Regions.Region).toHaveLength(1);
  });
});

describe("the gateway refuses", () => {
  test.each<[string, () => HttpRequest, unknown[]]>([
    [
      "an unsigned request",
      () => ({ method: "GET", path: "/?Action=DescribeRegions&Format=JSON", headers: {}, body: "" }),
      [400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action."],
    ],
    [
      "another method than GET and POST",
      () => v3("DescribeRegions", {}, { method: "PUT" }),
      [400, "UnsupportedHTTPMethod", "This http method is not supported."],
    ],
    [
      "an unknown format",
      () => v3("DescribeRegions", { Format: "YAML" }),
      [400, "InvalidFormat", "Specified parameter Format is not valid."],
    ],
    ["no action", () => v1({ Format: "JSON" }), [400, "MissingAction", "Action is mandatory for this action."]],
    [
      "an unknown action",
      () => v3("DescribeMoon"),
      [404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."],
    ],
    ...["RebootInstances", "SendFile", "RunInstances", "DescribeImages", "CreateActivation"].map(
      (action): [string, () => HttpRequest, unknown[]] => [
        `${action}, which is real but not emulated`,
        () => v3(action),
        [
          400,
          "Emulator.NotSupported",
          `The emulator does not support the action ${action}, which is a real one of ECS.`,
        ],
      ],
    ),
    [
      "a real action in another case",
      () => v3("rebootinstances"),
      [404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."],
    ],
    [
      "an action that is a property of every object",
      () => v3("constructor"),
      [404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."],
    ],
    [
      "another version",
      () => v3("DescribeRegions", {}, { headers: { "x-acs-version": "2016-03-14" } }),
      [400, "InvalidVersion", "Specified parameter Version is not valid."],
    ],
    [
      "an unknown key",
      () => signV3(service.url, { accessKeyId: "nobody", accessKeySecret: "x" }, "DescribeRegions", {}),
      [404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."],
    ],
    [
      "an expired date",
      () => v3("DescribeRegions", {}, { headers: { "x-acs-date": formatTimestamp(Date.now() - 16 * 60_000) } }),
      [400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."],
    ],
    [
      "a date of the future",
      () => v1({ Action: "DescribeRegions", Format: "JSON", Timestamp: formatTimestamp(Date.now() + 16 * 60_000) }),
      [400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."],
    ],
  ])("%s", async (_title, sign, expected) => {
    expect(await answerOf(sign())).toEqual(expected);
  });

  test.each<[string, (nonce: string) => HttpRequest]>([
    ["V3", (nonce) => v3("DescribeRegions", {}, { headers: { "x-acs-signature-nonce": nonce } })],
    ["V1", (nonce) => v1({ Action: "DescribeRegions", Format: "JSON", SignatureNonce: nonce })],
  ])("a replayed nonce of %s", async (_title, sign) => {
    const nonce = randomUUID();
    expect((await send(service.url, sign(nonce))).status).toBe(200);
    expect(await answerOf(sign(nonce))).toEqual([
      400,
      "SignatureNonceUsed",
      "Specified signature nonce was used already.",
    ]);
  });

  test("an action that V1 did not sign", async () => {
    const headers = { "x-acs-action": "DescribeCommands" };
    const signed = v1({ Action: "DescribeRegions", Format: "JSON", RegionId: "cn-hangzhou" }, {}, { headers });
    expect((await send(service.url, signed)).body).toHaveProperty("Regions");
    expect(await answerOf(v1({ Format: "JSON" }, {}, { headers }))).toEqual([
      400,
      "MissingAction",
      "Action is mandatory for this action.",
    ]);
  });

  test("a wrong secret, before anything is stored", async () => {
    const parameters = { RegionId: "cn-hangzhou", Name: "n", Type: "RunShellScript", CommandContent: "ZWNobyAx" };
    const stranger = { accessKeyId: service.accessKeyId, accessKeySecret: "wrong" };
    const [status, code] = await answerOf(signV3(service.url, stranger, "CreateCommand", parameters));
    expect([status, code]).toEqual([400, "SignatureDoesNotMatch"]);
    expect((await succeed(service, "DescribeCommands", { Name: "n" })).TotalCount).toBe(0);
  });
});

describe("faults", () => {
  test.each<[FaultKind, unknown[]]>([
    ["throttle", [400, "Throttling.User", "Request was denied due to user flow control."]],
    ["throttleRetryAfter", [400, "Throttling.User", "Request was denied due to user flow control."]],
    ["errorBefore", [500, "InternalError.Dispatch", "An error occurred when you dispatched the request."]],
    ["errorAfter", [500, "InternalError.Dispatch", "An error occurred when you dispatched the request."]],
    ["unavailable", [503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."]],
    ["processing", [403, "IdempotentProcessing", "The previous idempotent request(s) is still processing."]],
    [
      "forbidden",
      [
        403,
        "Forbidden.RAM",
        "User not authorized to operate on the specified resource, or this API doesn't support RAM. You are not authorized to do this action. You should be authorized by RAM. Action: ecs:DescribeCommands.",
      ],
    ],
    ["html502", [502, undefined, undefined]],
  ])("%s", async (kind, expected) => {
    service.emulator.inject({ kind, times: 1 });
    expect(await answerOf(v3("DescribeCommands"))).toEqual(expected);
    expect((await send(service.url, v3("DescribeCommands"))).status).toBe(200);
  });

  test.each<[FaultKind, boolean]>([
    ["errorBefore", false],
    ["errorAfter", true],
    ["dropBefore", false],
    ["dropAfter", true],
    ["html502", false],
    ["throttle", false],
    ["processing", false],
    ["forbidden", false],
  ])("%s: took effect: %s", async (kind, tookEffect) => {
    const Name = `fault-${kind}`;
    service.emulator.inject({ kind, action: "CreateCommand", times: 1 });
    const sent = v3("CreateCommand", { Name, Type: "RunShellScript", CommandContent: "ZWNobyAx" });
    await Promise.allSettled([send(service.url, sent)]);
    expect((await succeed(service, "DescribeCommands", { Name })).TotalCount).toBe(tookEffect ? 1 : 0);
  });

  test.each(["dropBefore", "dropAfter"] as const)("%s cuts the connection", async (kind) => {
    service.emulator.inject({ kind, times: 1 });
    await expect(send(service.url, v3("DescribeRegions"))).rejects.toThrow(
      expect.objectContaining({ code: "ECONNRESET" }),
    );
  });

  test("forbidden tells what was not allowed", async () => {
    service.emulator.inject({ kind: "forbidden", action: "DescribeCommands", times: 1 });
    expect((await send(service.url, v3("DescribeCommands"))).body.AccessDeniedDetail).toEqual({
      AuthAction: "ecs:DescribeCommands",
      AuthPrincipalType: "SubUser",
      NoPermissionType: "ImplicitDeny",
      PolicyType: "AccountLevelIdentityBasedPolicy",
    });
  });

  test("throttleRetryAfter tells when, throttle does not", async () => {
    service.emulator.inject({ kind: "throttleRetryAfter", times: 1, ms: 250 });
    expect((await send(service.url, v3("DescribeRegions"))).headers["x-acs-retry-after"]).toBe("250");
    service.emulator.inject({ kind: "throttle", times: 1 });
    expect((await send(service.url, v3("DescribeRegions"))).headers).not.toHaveProperty("x-acs-retry-after");
  });

  test("slow answers later, but acts at once", async () => {
    service.emulator.inject({ kind: "slow", action: "CreateCommand", times: 1, ms: 200 });
    const started = performance.now();
    const slow = send(
      service.url,
      v3("CreateCommand", { Name: "slow", Type: "RunShellScript", CommandContent: "ZQ==" }),
    );
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (service.emulator.journal().some(({ action }) => action === "CreateCommand")) resolve();
        else setImmediate(check);
      };
      check();
    });
    expect((await succeed(service, "DescribeCommands", { Name: "slow" })).TotalCount).toBe(1);
    expect((await slow).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(200);
  });

  test("a fault of one machine strikes calls that name it", async () => {
    service.emulator.inject({ kind: "throttle", instanceId: "i-emulated0001" });
    const other = await send(service.url, v3("DescribeInstances", { InstanceIds: '["i-other"]' }));
    const listed = await answerOf(v3("DescribeInstances", { InstanceIds: '["i-emulated0001"]' }));
    const numbered = await answerOf(v3("DescribeCloudAssistantStatus", { "InstanceId.1": "i-emulated0001" }));
    const single = await answerOf(v3("DescribeInvocations", { InstanceId: "i-emulated0001" }));
    expect([other.status, listed[1], numbered[1], single[1]]).toEqual([
      200,
      "Throttling.User",
      "Throttling.User",
      "Throttling.User",
    ]);
  });
});

describe("calls per minute", () => {
  test("beyond them an action is denied until the next minute of the clock; others are not", async () => {
    const clock = drivenClock(Date.parse("2026-06-01T00:00:30Z"));
    const limited = await openService({ callsPerMinute: 2, clock });
    const codes = async (action: string, count: number) => {
      const answers = [];
      for (let call = 0; call < count; call++) answers.push((await limited.call(action)).body.Code ?? "");
      return answers;
    };
    expect(await codes("DescribeCommands", 4)).toEqual(["", "", "Throttling.User", "Throttling.User"]);
    expect(await codes("DescribeInstances", 1)).toEqual([""]);
    await limited.emulator.advance(29_999);
    expect(await codes("DescribeCommands", 1)).toEqual(["Throttling.User"]);
    await limited.emulator.advance(1);
    expect(await codes("DescribeCommands", 2)).toEqual(["", ""]);
    await limited.close();
  });
});

describe("journal", () => {
  test("every request with its answer's code, without what belongs to the protocol", async () => {
    await send(service.url, v1({ Action: "DescribeCommands", Format: "JSON", RegionId: "cn-hangzhou", Name: "n" }));
    const { body } = await service.call("DeleteCommand", { CommandId: "c-0" });
    service.emulator.inject({ kind: "dropBefore", times: 1 });
    await Promise.allSettled([service.call("DescribeRegions")]);
    expect(service.emulator.journal()).toEqual([
      {
        action: "DescribeCommands",
        parameters: { RegionId: "cn-hangzhou", Name: "n" },
        code: "",
        status: 200,
        at: expect.any(Number),
        requestId: expect.stringMatching(REQUEST_ID),
      },
      {
        action: "DeleteCommand",
        parameters: { RegionId: "cn-hangzhou", CommandId: "c-0" },
        code: "InvalidCmdId.NotFound",
        status: 404,
        at: expect.any(Number),
        requestId: body.RequestId,
      },
      expect.objectContaining({ action: "DescribeRegions", code: "", status: 0 }),
    ]);
  });

  test("the log shows no secret", async () => {
    const lines: string[] = [];
    const logged = await openService({ instances: 1, log: (line) => lines.push(line) });
    const commandId = await createCommand(logged, "echo {{password}}", { EnableParameter: "true" });
    await succeed(logged, "InvokeCommand", {
      CommandId: commandId,
      "InstanceId.1": "i-emulated0001",
      Parameters: '{"password":"hunter2"}',
    });
    await logged.close();
    const text = lines.join("\n");
    expect(lines).toHaveLength(2);
    expect(text).toContain("InvokeCommand 200");
    expect(text).not.toMatch(/hunter2|echo/);
    expect(text).not.toContain(logged.accessKeySecret);
    expect(text).not.toContain(logged.accessKeyId);
    expect(text).not.toContain("Signature");
  });
});
