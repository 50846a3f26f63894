import { type Configuration, nameSetting } from "./configuration";

/**
 * Regions whose calls go elsewhere than to `ecs.<region>.aliyuncs.com`; source: the endpoint map of `@alicloud/ecs20140526`, less
 * the finance regions of Shanghai and Shenzhen, which have endpoints of their own (endpoints page, 2026-04).
 */
const ENDPOINTS: Readonly<Record<string, string>> = {
  "cn-beijing-gov-1": "ecs.aliyuncs.com",
  "cn-hangzhou-finance": "ecs.aliyuncs.com",
  "cn-north-2-gov-1": "ecs.aliyuncs.com",
};

export interface Endpoint {
  /** `host` or `host:port`. */
  endpoint: string;
  protocol: "HTTP" | "HTTPS";
}

/**
 * Where the calls of a region go: `endpoints` of the configuration, `ALIBABA_CLOUD_ENDPOINT_ECS`, `ECS_ENDPOINT`, else the region's own.
 * The first three may carry a scheme, which decides over `protocol` of the configuration (default HTTPS).
 * @throws {SyntaxError} when the stack configuration cannot be understood.
 */
export function resolveEndpoint(regionId: string, config: Configuration, environment: NodeJS.ProcessEnv): Endpoint {
  const endpoints = nameSetting(config, "endpoints");
  const protocol = nameSetting(config, "protocol");
  const text =
    parseEndpoints(config(endpoints), endpoints) ||
    environment.ALIBABA_CLOUD_ENDPOINT_ECS?.trim() ||
    environment.ECS_ENDPOINT?.trim() ||
    ENDPOINTS[regionId] ||
    `ecs.${regionId}.aliyuncs.com`;
  const { scheme, host } = /^(?:(?<scheme>https?):\/\/)?(?<host>[^/\s]+)(?:\/|$)(?!\/)/i.exec(text)?.groups ?? {};
  if (host === undefined)
    throw new SyntaxError(
      `Cannot read endpoint ${JSON.stringify(text)}: must be a host such as "ecs.example.com", with "http://" or "https://" before it or nothing; correct it`,
    );
  return { endpoint: host, protocol: parseProtocol(scheme ?? config(protocol) ?? "HTTPS", protocol) };
}

/** A list in the stack configuration arrives as JSON text: `[{"ecs":"http://127.0.0.1:8080"}]`. */
function parseEndpoints(text: string | undefined, key: string): string | undefined {
  if (text === undefined) return undefined;
  const entries: unknown[] = [parseJson(text, key)].flat();
  const endpoints = entries.map((entry) => (entry as { ecs?: unknown } | null)?.ecs);
  const endpoint = endpoints.find((candidate) => candidate !== undefined && candidate !== "");
  if (endpoint === undefined) return undefined;
  if (typeof endpoint === "string") return endpoint.trim();
  throw new SyntaxError(
    `Cannot read "${key}" of the stack configuration: "ecs" must be text such as "https://ecs.example.com": it is ${JSON.stringify(endpoint)}`,
  );
}

function parseJson(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(
      `Cannot read "${key}" of the stack configuration: must be a list such as [{"ecs": "https://ecs.example.com"}]: it is ${JSON.stringify(text)}; set it with "pulumi config set --path '${key}[0].ecs' https://ecs.example.com"`,
    );
  }
}

function parseProtocol(text: string, key: string): "HTTP" | "HTTPS" {
  const protocol = text.trim().toUpperCase();
  if (protocol === "HTTP" || protocol === "HTTPS") return protocol;
  throw new SyntaxError(`Cannot read "${key}" of the stack configuration: must be "HTTP" or "HTTPS": it is "${text}"`);
}
