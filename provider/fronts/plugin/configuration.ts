/** What a provider is configured with: `cloudassistant:…` of the stack, or the properties of an explicit provider. */
import type { Configuration } from "../../cloud/configuration";
import type { Properties } from "../../lifecycle/state";
import type { InputFailure } from "../../rules/declaration";
import { isUnknown } from "../../rules/unknown";
import { oneOf, type Rule, text } from "../../rules/values";

/** What stands before the colon of each setting in the stack's configuration. */
const NAMESPACE = "cloudassistant";

/**
 * The settings of a provider; each may be absent. A key is looked for in this order: `accessKey` and `secretKey`, `profile`,
 * `ecsRoleName`, then the same in the environment, then the default chain of Alibaba Cloud's credentials.
 */
export interface Settings {
  /** Region of what names none. Default: `ALICLOUD_REGION`, `ALIBABA_CLOUD_REGION` or `ALIBABA_CLOUD_REGION_ID` of the environment. */
  region?: string;
  /** Id of the access key. Default: `ALICLOUD_ACCESS_KEY` or `ALIBABA_CLOUD_ACCESS_KEY_ID` of the environment. */
  accessKey?: string;
  /** Secret of the access key. Default: `ALICLOUD_SECRET_KEY` or `ALIBABA_CLOUD_ACCESS_KEY_SECRET` of the environment. */
  secretKey?: string;
  /** Token of a temporary access key. Default: `ALICLOUD_SECURITY_TOKEN` or `ALIBABA_CLOUD_SECURITY_TOKEN` of the environment. */
  securityToken?: string;
  /** Profile of the aliyun CLI that gives the key. Default: `ALICLOUD_PROFILE` of the environment. */
  profile?: string;
  /** The file with the profile. Default: `ALICLOUD_SHARED_CREDENTIALS_FILE` of the environment, else `~/.aliyun/config.json`. */
  sharedCredentialsFile?: string;
  /** RAM role of the machine that this runs on, which gives the key. Default: `ALICLOUD_ECS_ROLE_NAME` of the environment. */
  ecsRoleName?: string;
  /**
   * Host of the service, with port and scheme or not, such as `http://127.0.0.1:8080`. Default: `ALIBABA_CLOUD_ENDPOINT_ECS` or
   * `ECS_ENDPOINT` of the environment, else the region's own.
   */
  endpoint?: string;
  /** `HTTP` or `HTTPS`; a scheme in `endpoint` decides over it. Default: `HTTPS`. */
  protocol?: string;
}

/** All that is known of one setting beside its words. */
interface Setting {
  rule: Rule;
  /** Whether it is kept as a secret, whatever the program says. */
  isSecret: boolean;
}

const plain = (rule: Rule): Setting => ({ rule, isSecret: false });
const secret: Setting = { rule: text(4096), isSecret: true };

export const SETTINGS: { readonly [K in keyof Required<Settings>]: Setting } = {
  region: plain(text(64, /^[a-z0-9-]+$/, 'a region id such as "cn-hangzhou"')),
  accessKey: secret,
  secretKey: secret,
  securityToken: secret,
  profile: plain(text(255)),
  sharedCredentialsFile: plain(text(4096)),
  ecsRoleName: plain(text(255)),
  endpoint: plain(
    text(
      255,
      /^(https?:\/\/)?[^/\s]+\/?$/i,
      'a host such as "ecs.cn-hangzhou.aliyuncs.com" or "http://127.0.0.1:8080"',
    ),
  ),
  protocol: plain(oneOf(["HTTP", "HTTPS"])),
};

const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];

const isSetting = (name: string): name is keyof Settings => Object.hasOwn(SETTINGS, name);

/** The engine's own, which it puts beside the settings. */
const isEngines = (name: string): boolean =>
  name.startsWith("__") || name === "version" || name === "pluginDownloadURL";

/** Everything that is wrong with them, at once. An empty text is as good as none. */
export function checkSettings(properties: Properties): InputFailure[] {
  const given = Object.entries(properties).filter(([name, value]) => !isEngines(name) && isGiven(value));
  const failures = given.flatMap(([name, value]) => {
    const reason = isSetting(name) ? SETTINGS[name].rule(normalize(name, value)) : describeStranger(name);
    return reason === undefined || isUnknown(value) ? [] : [{ property: name, reason: `${name} ${reason}` }];
  });
  const has = (name: keyof Settings) => isGiven(properties[name]);
  const alone = (name: keyof Settings, other: keyof Settings): InputFailure[] =>
    has(name) && !has(other)
      ? [{ property: name, reason: `${name} must be given together with ${other}: set both` }]
      : [];
  return [...failures, ...alone("accessKey", "secretKey"), ...alone("secretKey", "accessKey")];
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

const normalize = (name: string, value: unknown): unknown =>
  name === "protocol" && typeof value === "string" ? value.toUpperCase() : value;

function describeStranger(name: string): string {
  if (/^assumeRole/.test(name))
    return `is no setting of this provider; put the role into a profile of mode "RamRoleArn" and name that in profile`;
  const names = NAMES.map((known) => JSON.stringify(known)).join(", ");
  return `is no setting of this provider: it takes ${names}; correct the name, or remove it`;
}

/** The settings as the session reads them. */
export function createConfiguration(settings: Properties): Configuration {
  const value = (name: string) => {
    const setting = settings[name];
    return typeof setting === "string" && !isUnknown(setting) ? setting : undefined;
  };
  const endpoint = value("endpoint");
  const read = (key: string) => {
    const name = key.slice(NAMESPACE.length + 1);
    // A stack of @pulumi/alicloud has one for each product, in a list.
    return name === "endpoints" ? endpoint && JSON.stringify([{ ecs: endpoint }]) : value(name);
  };
  return Object.assign(read, { namespace: NAMESPACE });
}
