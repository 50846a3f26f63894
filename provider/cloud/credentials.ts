/** Which region, which endpoint, which key: stack configuration first, then the environment, then the machine. */

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Configuration, nameSetting } from "./configuration";
import { resolveEndpoint } from "./endpoint";
import { CredentialsError } from "./errors";

export interface Credential {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
}

/** Where the calls of one region go, and what they are signed with. */
export interface Settings {
  regionId: string;
  /** `host` or `host:port`. */
  endpoint: string;
  protocol: "HTTP" | "HTTPS";
  /**
   * Finds the access key; asked before every call, since a temporary one changes.
   * @throws {CredentialsError} when there is none.
   */
  credential(): Promise<Credential>;
}

/** The region of the configuration, `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION` or `ALIBABA_CLOUD_REGION_ID`, in this order. */
export function findRegionId(config: Configuration, environment: NodeJS.ProcessEnv): string | undefined {
  const { ALICLOUD_REGION, ALIBABA_CLOUD_REGION, ALIBABA_CLOUD_REGION_ID } = environment;
  return (
    present(config(nameSetting(config, "region"))) ??
    present(ALICLOUD_REGION) ??
    present(ALIBABA_CLOUD_REGION) ??
    present(ALIBABA_CLOUD_REGION_ID)
  );
}

/**
 * The settings of one region. The key is looked for later, at the first call:
 * `accessKey` and `secretKey`, `profile`, `ecsRoleName` of the configuration; the environment's
 * `ALICLOUD_*`, `ALIBABA_CLOUD_*`, `ALIBABACLOUD_*`; then the default chain of `@alicloud/credentials`.
 * @throws {SyntaxError} when the stack configuration of the endpoint cannot be understood.
 */
export function resolveSettings(regionId: string, config: Configuration, environment: NodeJS.ProcessEnv): Settings {
  return {
    regionId,
    ...resolveEndpoint(regionId, config, environment),
    credential: chooseSource(config, environment),
  };
}

type Source = () => Promise<Credential>;

/** The names under which one place keeps a key. */
interface KeyNames {
  id: string;
  secret: string;
  token: string;
}

const nameConfiguredKey = (config: Configuration): KeyNames => ({
  id: nameSetting(config, "accessKey"),
  secret: nameSetting(config, "secretKey"),
  token: nameSetting(config, "securityToken"),
});

const ENVIRONMENT_KEYS: readonly KeyNames[] = [
  { id: "ALICLOUD_ACCESS_KEY", secret: "ALICLOUD_SECRET_KEY", token: "ALICLOUD_SECURITY_TOKEN" },
  {
    id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABA_CLOUD_SECURITY_TOKEN",
  },
  {
    id: "ALIBABACLOUD_ACCESS_KEY_ID",
    secret: "ALIBABACLOUD_ACCESS_KEY_SECRET",
    token: "ALIBABACLOUD_SECURITY_TOKEN",
  },
];

const describeNoKey = (config: Configuration): string =>
  `no access key found: looked for "${nameSetting(config, "accessKey")}" and "${nameSetting(config, "profile")}" in the stack configuration, for ` +
  `${ENVIRONMENT_KEYS.map(({ id }) => `"${id}"`).join(", ")} and "ALICLOUD_PROFILE" in the environment, ` +
  'in "~/.aliyun/config.json" and "~/.alibabacloud/credentials", and for a RAM role of this machine; set one of them';

function chooseSource(config: Configuration, environment: NodeJS.ProcessEnv): Source {
  // The provider of @pulumi/alicloud would act as another identity, in another account perhaps.
  const setting = (name: string) => config(nameSetting(config, name));
  const assumed = ["assumeRole", "assumeRoleWithOidc"].find((name) => present(setting(name)));
  if (assumed !== undefined) return refuse(describeAssumed(config, assumed));
  const file = present(setting("sharedCredentialsFile") ?? environment.ALICLOUD_SHARED_CREDENTIALS_FILE);
  return (
    findKey(config, nameConfiguredKey(config)) ??
    findProfile(setting("profile"), file) ??
    findRole(setting("ecsRoleName")) ??
    findEnvironmentKey(environment) ??
    findProfile(environment.ALICLOUD_PROFILE, file) ??
    findRole(environment.ALICLOUD_ECS_ROLE_NAME) ??
    askLibrary(({ default: Chain }) => new Chain(), describeNoKey(config))
  );
}

const describeAssumed = (config: Configuration, setting: string): string =>
  `the role in "${nameSetting(config, setting)}" of the stack configuration cannot be assumed here: ` +
  `put it into a profile of mode "RamRoleArn" and name that in "${nameSetting(config, "profile")}"`;

function findEnvironmentKey(environment: NodeJS.ProcessEnv): Source | undefined {
  const sources = ENVIRONMENT_KEYS.map((names) => findKey((name) => environment[name], names));
  return sources.find((source) => source !== undefined);
}

function findKey(look: (name: string) => string | undefined, names: KeyNames): Source | undefined {
  const accessKeyId = present(look(names.id));
  const accessKeySecret = present(look(names.secret));
  if (accessKeyId === undefined && accessKeySecret === undefined) return undefined;
  if (accessKeyId === undefined) return refuse(`"${names.secret}" is set without "${names.id}": set both`);
  if (accessKeySecret === undefined) return refuse(`"${names.id}" is set without "${names.secret}": set both`);
  const credential = formatCredential(accessKeyId, accessKeySecret, look(names.token));
  return async () => credential;
}

function findRole(role: string | undefined): Source | undefined {
  const roleName = present(role);
  if (roleName === undefined) return undefined;
  return askLibrary(
    ({ default: Chain, Config }) => new Chain(new Config({ type: "ecs_ram_role", roleName })),
    `no key for the RAM role "${roleName}": check that it is attached to the instance that this runs on`,
  );
}

function findProfile(profile: string | undefined, file: string | undefined): Source | undefined {
  const name = present(profile);
  if (name === undefined) return undefined;
  let source: Promise<Source> | undefined;
  return async () => {
    source ??= chooseProfileSource(name, file);
    return (await source)();
  };
}

/** The file of the aliyun CLI. Keys in it are taken as they are; the other modes are the library's, which knows one file only. */
async function chooseProfileSource(name: string, file: string | undefined): Promise<Source> {
  const commonFile = join(homedir(), ".aliyun", "config.json");
  const path = file?.replace(/^~(?=\/)/, homedir()) ?? commonFile;
  const profile = await readProfile(name, path);
  const { mode = "", access_key_id = "", access_key_secret = "", sts_token } = profile;
  if (mode === "AK" || mode === "StsToken") {
    const credential = formatCredential(access_key_id, access_key_secret, sts_token);
    return async () => credential;
  }
  if (path !== commonFile) {
    return refuse(
      `profile "${name}" of "${path}" has mode "${mode}": only "AK" and "StsToken" are read from there; move it to "${commonFile}"`,
    );
  }
  return askLibrary(
    ({ default: Chain, CLIProfileCredentialsProvider: Profiles }) =>
      new Chain(null, Profiles.builder().withProfileName(name).build()),
    `profile "${name}" of "${path}" gives no key: check it with "aliyun configure get --profile ${name}"`,
  );
}

type Profile = Partial<Record<"name" | "mode" | "access_key_id" | "access_key_secret" | "sts_token", string>>;

async function readProfile(name: string, path: string): Promise<Profile> {
  const profiles = parseProfiles(await readFile(path, "utf8").catch(() => undefined));
  if (profiles === undefined) {
    throw new CredentialsError(`profile "${name}" cannot be read: "${path}" is no file of the aliyun CLI`);
  }
  const profile = profiles.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  const names = profiles.map((candidate) => `"${candidate.name}"`).join(", ");
  throw new CredentialsError(`no profile "${name}" in "${path}": it has ${names || "none"}`);
}

function parseProfiles(text: string | undefined): Profile[] | undefined {
  try {
    const { profiles } = JSON.parse(text ?? "") as { profiles?: unknown };
    return Array.isArray(profiles) ? profiles : undefined;
  } catch {
    return undefined;
  }
}

type Library = typeof import("@alicloud/credentials");

/**
 * Asks the library, which is loaded at the first call. Two of its habits are met here: a chain that failed goes on
 * asking its last link only, so the next attempt has a new one; and while a chain is searching, a second call would
 * ask the link just tried only, so both wait for the first. Its messages quote files with keys in them, so `explanation` is ours.
 */
function askLibrary(open: (library: Library) => InstanceType<Library["default"]>, explanation: string): Source {
  let chain: InstanceType<Library["default"]> | undefined;
  let search: Promise<Credential> | undefined;
  const ask = async () => {
    try {
      chain ??= open(require("@alicloud/credentials") as Library);
      const { accessKeyId, accessKeySecret, securityToken } = await chain.getCredential();
      return formatCredential(accessKeyId ?? "", accessKeySecret ?? "", securityToken);
    } catch {
      chain = undefined;
      throw new CredentialsError(explanation);
    } finally {
      search = undefined;
    }
  };
  return () => {
    search ??= ask();
    return search;
  };
}

function refuse(reason: string): Source {
  return async () => {
    throw new CredentialsError(reason);
  };
}

function formatCredential(accessKeyId: string, accessKeySecret: string, securityToken: string | undefined): Credential {
  const token = present(securityToken);
  return { accessKeyId, accessKeySecret, ...(token === undefined ? {} : { securityToken: token }) };
}

/** An empty text is as good as none. */
const present = (text: string | undefined): string | undefined => text?.trim() || undefined;
