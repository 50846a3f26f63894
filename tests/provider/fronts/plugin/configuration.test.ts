import { resolveSettings } from "../../../../provider/cloud/credentials";
import { checkSettings, createConfiguration } from "../../../../provider/fronts/plugin/configuration";
import { UNKNOWN } from "../../../../provider/rules/unknown";

// [settings, failures]
test.each<[Record<string, unknown>, string[]]>([
  [{}, []],
  [{ region: "cn-beijing", protocol: "http", endpoint: "http://127.0.0.1:8080/" }, []],
  [{ region: UNKNOWN, endpoint: UNKNOWN, accessKey: UNKNOWN, secretKey: "s" }, []],
  [{ region: "", profile: null, version: "0.1.0", pluginDownloadURL: "http://x", __internal: {} }, []],
  [
    { reigon: "cn-beijing" },
    [
      'reigon is no setting of this provider: it takes "region", "accessKey", "secretKey", "securityToken", "profile", "sharedCredentialsFile", "ecsRoleName", "endpoint", "protocol"; correct the name, or remove it',
    ],
  ],
  [
    { assumeRole: "{}" },
    [
      'assumeRole is no setting of this provider; put the role into a profile of mode "RamRoleArn" and name that in profile',
    ],
  ],
  [
    { region: "Peking!", endpoint: "http://a/b", protocol: "gopher", profile: 1 },
    [
      'region must be a region id such as "cn-hangzhou": current value is "Peking!"',
      'endpoint must be a host such as "ecs.cn-hangzhou.aliyuncs.com" or "http://127.0.0.1:8080": current value is "http://a/b"',
      'protocol must be one of "HTTP", "HTTPS": current value is "GOPHER"',
      "profile must be a string: current value is of type number",
    ],
  ],
  [{ accessKey: "k" }, ["accessKey must be given together with secretKey: set both"]],
  [{ secretKey: "s" }, ["secretKey must be given together with accessKey: set both"]],
])("%j", (settings, reasons) => {
  expect(checkSettings(settings).map(({ reason }) => reason)).toEqual(reasons);
});

test("they decide where a call goes, and what it is signed with", async () => {
  const configuration = createConfiguration({
    region: "cn-beijing",
    accessKey: "k",
    secretKey: "s",
    endpoint: "http://127.0.0.1:8080",
  });
  const { endpoint, protocol, credential } = resolveSettings("cn-beijing", configuration, { ALICLOUD_ACCESS_KEY: "e" });
  expect([endpoint, protocol, await credential()]).toEqual([
    "127.0.0.1:8080",
    "HTTP",
    { accessKeyId: "k", accessKeySecret: "s" },
  ]);
  expect(configuration("cloudassistant:region")).toBe("cn-beijing");
  expect(createConfiguration({ region: UNKNOWN })("cloudassistant:region")).toBeUndefined();
  expect(resolveSettings("cn-beijing", createConfiguration({ protocol: "http" }), {})).toMatchObject({
    endpoint: "ecs.cn-beijing.aliyuncs.com",
    protocol: "HTTP",
  });
});
