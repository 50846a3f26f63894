import { resolveEndpoint } from "../../../provider/cloud/endpoint";

const endpoints = (value: unknown) => ({ "alicloud:endpoints": JSON.stringify(value) });

// [what, region, stack configuration, environment, endpoint, protocol]
test.each<[string, string, Record<string, string>, Record<string, string>, string, string]>([
  ["the region's own", "eu-central-1", {}, {}, "ecs.eu-central-1.aliyuncs.com", "HTTPS"],
  ["a region served elsewhere", "cn-hangzhou-finance", {}, {}, "ecs.aliyuncs.com", "HTTPS"],
  ["a finance region's own", "cn-shanghai-finance-1", {}, {}, "ecs.cn-shanghai-finance-1.aliyuncs.com", "HTTPS"],
  ["another's", "cn-shenzhen-finance-1", {}, {}, "ecs.cn-shenzhen-finance-1.aliyuncs.com", "HTTPS"],
  [
    "within a VPC",
    "cn-hangzhou",
    endpoints([{ ecs: "ecs-vpc.cn-hangzhou.aliyuncs.com" }]),
    {},
    "ecs-vpc.cn-hangzhou.aliyuncs.com",
    "HTTPS",
  ],
  ["the stack's protocol", "cn-hangzhou", { "alicloud:protocol": "http" }, {}, "ecs.cn-hangzhou.aliyuncs.com", "HTTP"],
  ["the stack's endpoint", "cn-hangzhou", endpoints([{ ecs: "ecs.example.com" }]), {}, "ecs.example.com", "HTTPS"],
  ["with a scheme", "cn-hangzhou", endpoints([{ ecs: "http://127.0.0.1:8080" }]), {}, "127.0.0.1:8080", "HTTP"],
  ["not in a list", "cn-hangzhou", endpoints({ ecs: "http://127.0.0.1:8080/" }), {}, "127.0.0.1:8080", "HTTP"],
  ["the second of a list", "cn-hangzhou", endpoints([{ sts: "x" }, { ecs: "ecs.y" }]), {}, "ecs.y", "HTTPS"],
  ["none for ecs", "cn-hangzhou", endpoints([{ sts: "sts.x" }]), {}, "ecs.cn-hangzhou.aliyuncs.com", "HTTPS"],
  [
    "the stack's before the environment's",
    "cn-hangzhou",
    endpoints([{ ecs: "ecs.stack" }]),
    { ALIBABA_CLOUD_ENDPOINT_ECS: "ecs.environment" },
    "ecs.stack",
    "HTTPS",
  ],
  [
    "the environment's, whose scheme decides",
    "cn-hangzhou",
    { "alicloud:protocol": "HTTP" },
    { ALIBABA_CLOUD_ENDPOINT_ECS: "https://ecs.environment" },
    "ecs.environment",
    "HTTPS",
  ],
  [
    "ALIBABA_CLOUD_ENDPOINT_ECS first",
    "cn-hangzhou",
    {},
    { ALIBABA_CLOUD_ENDPOINT_ECS: "first:1", ECS_ENDPOINT: "second:2" },
    "first:1",
    "HTTPS",
  ],
  ["ECS_ENDPOINT", "cn-hangzhou", {}, { ALIBABA_CLOUD_ENDPOINT_ECS: "", ECS_ENDPOINT: "x:2" }, "x:2", "HTTPS"],
])("%s", (_, regionId, config, environment, endpoint, protocol) => {
  expect(resolveEndpoint(regionId, (key) => config[key], environment)).toEqual({ endpoint, protocol });
});

// [key, value, message]
test.each([
  [
    "alicloud:endpoints",
    "ecs.example.com",
    'Cannot read "alicloud:endpoints" of the stack configuration: must be a list such as [{"ecs": "https://ecs.example.com"}]: it is "ecs.example.com"; set it with "pulumi config set --path \'alicloud:endpoints[0].ecs\' https://ecs.example.com"',
  ],
  [
    "alicloud:endpoints",
    '[{"ecs":8080}]',
    'Cannot read "alicloud:endpoints" of the stack configuration: "ecs" must be text such as "https://ecs.example.com": it is 8080',
  ],
  [
    "alicloud:protocol",
    "gopher",
    'Cannot read "alicloud:protocol" of the stack configuration: must be "HTTP" or "HTTPS": it is "gopher"',
  ],
])("fails on %s %s", (key, value, message) => {
  const config = (asked: string) => (asked === key ? value : undefined);
  expect(() => resolveEndpoint("cn-hangzhou", config, {})).toThrow(new SyntaxError(message));
});

test.each(["ftp://ecs.example.com", "http://", "//ecs.example.com", "ecs example"])("fails on endpoint %s", (text) => {
  expect(() => resolveEndpoint("cn-hangzhou", () => undefined, { ECS_ENDPOINT: text })).toThrow(
    new SyntaxError(
      `Cannot read endpoint "${text}": must be a host such as "ecs.example.com", with "http://" or "https://" before it or nothing; correct it`,
    ),
  );
});
