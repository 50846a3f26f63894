/** One signed call of the service, by Alibaba Cloud's own libraries: neither product has a part in what is seen. */
import Credential from "@alicloud/credentials";
import OpenApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";

/** What was answered: a body, or the code of a refusal and its message. */
export interface Answer {
  /** Empty when the call succeeded. */
  readonly code: string;
  readonly message: string;
  // biome-ignore lint/suspicious/noExplicitAny: a question looks into it, and what it does not find is an answer too
  readonly body: any;
}

/** @throws Error when there was no answer of the service */
export type Call = (action: string, parameters: Readonly<Record<string, string>>) => Promise<Answer>;

export interface Access {
  readonly regionId: string;
  /** With its scheme, such as `https://ecs.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string;
  /** Default: what `@alicloud/credentials` finds in the environment and on this machine. */
  readonly key?: { readonly accessKeyId: string; readonly accessKeySecret: string };
}

const VERSION = "2014-05-26";
const TIMEOUT_MS = 15_000;

export function connect({ regionId, endpoint, key }: Access): Call {
  const { protocol, host } = new URL(endpoint);
  const scheme = protocol.slice(0, -1);
  const client = new OpenApi(
    new $OpenApiUtil.Config({
      ...(key ?? { credential: new Credential() }),
      endpoint: host,
      protocol: scheme,
      regionId,
      userAgent: "pulumi-cloud-assistant-live",
    }),
  );
  const runtime = new RuntimeOptions({ readTimeout: TIMEOUT_MS, connectTimeout: TIMEOUT_MS });
  return async (action, parameters) => {
    const params = new $OpenApiUtil.Params({
      ...{ action, version: VERSION, protocol: scheme, pathname: "/", method: "POST", authType: "AK" },
      ...{ style: "RPC", reqBodyType: "formData", bodyType: "json" },
    });
    const request = new $OpenApiUtil.OpenApiRequest({ query: { RegionId: regionId, ...parameters } });
    try {
      const { body } = await client.callApi(params, request, runtime);
      return { code: "", message: "", body };
    } catch (error) {
      return readRefusal(action, error);
    }
  };
}

/** The libraries' messages quote the whole URL, and with it the parameters: only the body of the answer is read. */
function readRefusal(action: string, error: unknown): Answer {
  const { data, code } = error as { data?: { Code?: unknown; Message?: unknown }; code?: unknown };
  if (typeof data?.Code === "string") return { code: data.Code, message: String(data.Message ?? ""), body: data };
  throw new Error(`Cannot call ${action}: there was no answer of the service (${String(code ?? "no code")})`);
}
