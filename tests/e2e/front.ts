/**
 * Which front the stories run over. `jest.config.js` runs them over each, and gives `Invocation` of the plugin in the place of
 * the package's class; nothing else tells a story of one from that of the other, but for what stands in `differences.ts`.
 */
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { Emulator } from "pulumi-cloud-assistant/emulator";
import { PROVIDER } from "../../tools/processes";
import type { DIFFERENCES } from "./differences";

export interface Front {
  name: "dynamic" | "plugin";
  /** The resource's type, as states hold it. */
  type: string;
  /** The provider's process, by what it runs. */
  process: RegExp;
  /** The URN that the inputs of a resource hold. */
  toldUrn(urn: string | undefined): string | undefined;
  /** How a warning begins that a delete gives of a run that is over: see "the state" in differences.ts. */
  warnOfDeleted(name: string): string;
  /** What a stack is configured with to reach the emulator. */
  configure(emulator: Emulator): ConfigMap;
}

const DYNAMIC: Front = {
  name: "dynamic",
  type: "pulumi-nodejs:dynamic/cloudassistant:Invocation",
  process: PROVIDER,
  toldUrn: (urn) => urn,
  warnOfDeleted: () => "warning:",
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
  warnOfDeleted: (name) => `warning ${name}:`,
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

/** A test of what is so over this front alone. */
export const only = (name: Front["name"], _difference: keyof typeof DIFFERENCES): jest.It =>
  front.name === name ? test : (test.skip as jest.It);
