import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRegionId, resolveSettings } from "../../../provider/cloud/credentials";
import { CredentialsError } from "../../../provider/cloud/errors";

type Names = Record<string, string>;

const findCredential = (config: Names, environment: Names) =>
  resolveSettings("cn-hangzhou", (key) => config[key], environment).credential();

describe("the region", () => {
  const everywhere = {
    ALICLOUD_REGION: "second",
    ALIBABA_CLOUD_REGION: "third",
    ALIBABA_CLOUD_REGION_ID: "fourth",
  };
  // [stack configuration, environment, region]
  test.each<[Names, Names, string | undefined]>([
    [{ "alicloud:region": "first" }, everywhere, "first"],
    [{ "alicloud:region": " " }, everywhere, "second"],
    [{}, { ...everywhere, ALICLOUD_REGION: "" }, "third"],
    [{}, { ALIBABA_CLOUD_REGION_ID: "fourth" }, "fourth"],
    [{}, {}, undefined],
  ])("%j and %j", (config, environment, regionId) => {
    expect(findRegionId((key) => config[key], environment)).toBe(regionId);
  });
});

describe("the key", () => {
  const stack = { "alicloud:accessKey": "stack", "alicloud:secretKey": "s1", "alicloud:securityToken": "t1" };
  const alicloud = { ALICLOUD_ACCESS_KEY: "alicloud", ALICLOUD_SECRET_KEY: "s2" };
  const alibabaCloud = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "alibaba_cloud",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s3",
    ALIBABA_CLOUD_SECURITY_TOKEN: "t3",
  };
  const alibabacloud = { ALIBABACLOUD_ACCESS_KEY_ID: "alibabacloud", ALIBABACLOUD_ACCESS_KEY_SECRET: "s4" };
  const everywhere = { ...alicloud, ...alibabaCloud, ...alibabacloud };

  // [stack configuration, environment, credential]
  test.each<[Names, Names, object]>([
    [stack, everywhere, { accessKeyId: "stack", accessKeySecret: "s1", securityToken: "t1" }],
    [{}, everywhere, { accessKeyId: "alicloud", accessKeySecret: "s2" }],
    [
      {},
      { ...alibabaCloud, ...alibabacloud },
      { accessKeyId: "alibaba_cloud", accessKeySecret: "s3", securityToken: "t3" },
    ],
    [{}, alibabacloud, { accessKeyId: "alibabacloud", accessKeySecret: "s4" }],
    [{ ...stack, "alicloud:securityToken": "" }, {}, { accessKeyId: "stack", accessKeySecret: "s1" }],
  ])("of %j and %j", async (config, environment, credential) => {
    expect(await findCredential(config, environment)).toEqual(credential);
  });

  // [stack configuration, environment, message]
  test.each<[Names, Names, string]>([
    [{ "alicloud:accessKey": "k" }, everywhere, '"alicloud:accessKey" is set without "alicloud:secretKey": set both'],
    [{}, { ALICLOUD_SECRET_KEY: "s" }, '"ALICLOUD_SECRET_KEY" is set without "ALICLOUD_ACCESS_KEY": set both'],
    [
      { ...stack, "alicloud:assumeRole": '{"roleArn":"acs:ram::1:role/r"}' },
      {},
      'the role in "alicloud:assumeRole" of the stack configuration cannot be assumed here: put it into a profile of mode "RamRoleArn" and name that in "alicloud:profile"',
    ],
    [
      { ...stack, "alicloud:assumeRoleWithOidc": '{"roleArn":"acs:ram::1:role/r"}' },
      {},
      'the role in "alicloud:assumeRoleWithOidc" of the stack configuration cannot be assumed here: put it into a profile of mode "RamRoleArn" and name that in "alicloud:profile"',
    ],
  ])("fails on %j and %j", async (config, environment, message) => {
    await expect(findCredential(config, environment)).rejects.toThrow(new CredentialsError(message));
  });
});

test("a front with settings of its own is told of those alone", async () => {
  const settings: Names = { "cloudassistant:accessKey": "k", "alicloud:secretKey": "s" };
  const configuration = Object.assign((key: string) => settings[key], { namespace: "cloudassistant" });
  await expect(resolveSettings("cn-hangzhou", configuration, {}).credential()).rejects.toThrow(
    new CredentialsError('"cloudassistant:accessKey" is set without "cloudassistant:secretKey": set both'),
  );
});

describe("a profile of a file of the aliyun CLI", () => {
  let directory: string;
  let file: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "credentials-"));
    file = join(directory, "config.json");
    const profiles = [
      { name: "plain", mode: "AK", access_key_id: "k", access_key_secret: "s" },
      { name: "temporary", mode: "StsToken", access_key_id: "k", access_key_secret: "s", sts_token: "t" },
      { name: "role", mode: "RamRoleArn", access_key_id: "k", access_key_secret: "s", ram_role_arn: "acs:…" },
    ];
    await writeFile(file, JSON.stringify({ current: "plain", profiles }));
    await writeFile(join(directory, "broken.json"), "{ access_key_secret: hunter22");
  });
  afterAll(() => rm(directory, { recursive: true }));

  const of = (profile: string, path: string) => ({
    "alicloud:profile": profile,
    "alicloud:sharedCredentialsFile": path,
  });

  test("of mode AK", async () => {
    expect(await findCredential(of("plain", file), {})).toEqual({ accessKeyId: "k", accessKeySecret: "s" });
  });

  test("of mode StsToken, named in the environment", async () => {
    const environment = { ALICLOUD_PROFILE: "temporary", ALICLOUD_SHARED_CREDENTIALS_FILE: file };
    const credential = { accessKeyId: "k", accessKeySecret: "s", securityToken: "t" };
    expect(await findCredential({}, environment)).toEqual(credential);
  });

  test("fails on a mode that the file may not have", async () => {
    const message = new RegExp(
      `^profile "role" of "${file}" has mode "RamRoleArn": only "AK" and "StsToken" are read from there; move it to ".*/\\.aliyun/config\\.json"$`,
    );
    await expect(findCredential(of("role", file), {})).rejects.toThrow(message);
  });

  test("fails on a name that the file does not have", async () => {
    const message = `no profile "other" in "${file}": it has "plain", "temporary", "role"`;
    await expect(findCredential(of("other", file), {})).rejects.toThrow(new CredentialsError(message));
  });

  test.each(["broken.json", "absent.json"])("fails on %s without quoting it", async (name) => {
    const path = join(directory, name);
    const message = `profile "plain" cannot be read: "${path}" is no file of the aliyun CLI`;
    await expect(findCredential(of("plain", path), {})).rejects.toThrow(new CredentialsError(message));
  });
});

describe("the default chain", () => {
  const surroundings = process.env;
  beforeEach(() => {
    process.env = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" };
  });
  afterEach(() => {
    process.env = surroundings;
  });

  const NO_KEY =
    'no access key found: looked for "alicloud:accessKey" and "alicloud:profile" in the stack configuration, for "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID" and "ALICLOUD_PROFILE" in the environment, in "~/.aliyun/config.json" and "~/.alibabacloud/credentials", and for a RAM role of this machine; set one of them';

  test("fails when there is no key anywhere, and says where was looked", async () => {
    await expect(findCredential({}, {})).rejects.toThrow(new CredentialsError(NO_KEY));
  });

  test("starts anew after it has failed, for all who wait for it", async () => {
    const { credential } = resolveSettings("cn-hangzhou", () => undefined, {});
    await expect(credential()).rejects.toThrow(new CredentialsError(NO_KEY));
    process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = "k";
    process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = "s";
    const found = { accessKeyId: "k", accessKeySecret: "s" };
    expect(await Promise.all([credential(), credential()])).toEqual([found, found]);
  });
});
