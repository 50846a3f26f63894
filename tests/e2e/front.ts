/**
 * Which front the stories run over. `jest.config.js` runs them over each, and gives `Invocation` of the plugin in the place of
 * the package's class; nothing else tells a story of one from that of the other, but for what stands in DIFFERENCES.
 */
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { Emulator } from "pulumi-cloud-assistant/emulator";

export interface Front {
  name: "dynamic" | "plugin";
  /** The resource's type, as states hold it. */
  type: string;
  /** The provider's process, by what it runs. */
  process: RegExp;
  /** The URN that the inputs of a resource hold. */
  toldUrn(urn: string | undefined): string | undefined;
  /** What a stack is configured with to reach the emulator. */
  configure(emulator: Emulator): ConfigMap;
}

const DYNAMIC: Front = {
  name: "dynamic",
  type: "pulumi-nodejs:dynamic/cloudassistant:Invocation",
  process: /^\S*node\b.*dynamic-provider/,
  toldUrn: (urn) => urn,
  configure: ({ url, regionId, accessKeyId, accessKeySecret }) => ({
    "alicloud:region": { value: regionId },
    "alicloud:accessKey": { value: accessKeyId },
    "alicloud:secretKey": { value: accessKeySecret, secret: true },
    "alicloud:endpoints": { value: JSON.stringify([{ ecs: url }]) },
  }),
};

const PLUGIN: Front = {
  name: "plugin",
  type: "cloudassistant:index:Invocation",
  process: /^\S*node\b.*pulumi-resource-cloudassistant/,
  toldUrn: () => undefined,
  configure: ({ url, regionId, accessKeyId, accessKeySecret }) => ({
    "cloudassistant:region": { value: regionId },
    "cloudassistant:accessKey": { value: accessKeyId },
    "cloudassistant:secretKey": { value: accessKeySecret, secret: true },
    "cloudassistant:endpoint": { value: url },
  }),
};

/** Set by jest.config.js. */
declare const FRONT: Front["name"];

export const front = FRONT === "plugin" ? PLUGIN : DYNAMIC;

/** What is so over one of them alone, and why. */
export const DIFFERENCES = {
  "an interrupted update": {
    dynamic: "ends when its runs do: the host answers the engine's Cancel, and the handlers do not hear of it",
    plugin: "ends at once, and the next one goes on waiting",
  },
  "a change that runs nothing": {
    dynamic: "leaves its dependants to be guessed at in a preview, since the host has no previews of its own",
    plugin: "is previewed with the outputs that stay",
  },
  "customTimeouts of a transform": {
    dynamic: "are not seen: the class has told the handlers those of the declaration by then",
    plugin: "bound the waits as those of the declaration do",
  },
  "the state": {
    dynamic: "holds the shim and the URN, since nothing else tells the handlers",
    plugin: "holds inputs and outputs alone",
  },
  import: {
    dynamic: "is refused, since the host cannot read what it has no state of",
    plugin: "works, and nothing differs afterwards",
  },
} as const;

/** A test of what is so over this front alone. */
export const only = (name: Front["name"], _difference: keyof typeof DIFFERENCES): jest.It =>
  front.name === name ? test : (test.skip as jest.It);
