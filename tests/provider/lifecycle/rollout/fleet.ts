// A rollout through its life, as the engine leads its two resources: the fleet first, then the verdict on it.
import type { RolloutInputs } from "../../../../provider/rules/rollout";
import { type Declared, declareResource, type Properties, type Resource } from "../resource";
import type { Service } from "../service";

export interface Fleet {
  readonly resource: Resource;
  /** An `up`: what came of the fleet, why the update failed, and all that was said. */
  up(declared: Partial<RolloutInputs>): Promise<Told>;
  preview(declared: Partial<RolloutInputs>): Promise<Told>;
  readonly outputs: Properties;
}

export interface Told {
  did: string;
  status: unknown;
  /** Why the update failed; empty when it did not. */
  reasons: string[];
  said: string[];
}

let fleets = 0;

export function declareFleet(service: Service, urn = urnOf(++fleets)): Fleet {
  const { handlers } = service;
  const resource = declareResource({ ...service, handlers: { ...handlers, ...handlers.fleet } }, undefined, urn);
  const judge = async (): Promise<string[]> => {
    const { status, generation, reasons } = resource.state?.outputs ?? {};
    return handlers.verdict.create({ status, generation, reasons }).then(
      () => [],
      (error: Error) => service.plain(error.message.split(/\n(?! )/)),
    );
  };
  const say = () => service.said().map((line) => line.replace(/^(warning: )?fleet-\d+: /, "$1"));
  return {
    resource,
    up: async (declared) => {
      const { did, reasons } = await resource.up(declared as Declared);
      const judged = reasons.length > 0 || resource.state === undefined ? reasons : await judge();
      return { did, status: resource.state?.outputs.status, reasons: judged, said: say() };
    },
    preview: async (declared) => {
      const { did, reasons } = await resource.preview(declared as Declared);
      return { did, status: resource.state?.outputs.status, reasons, said: say() };
    },
    get outputs() {
      return service.plain(resource.state?.outputs ?? {});
    },
  };
}

const urnOf = (n: number): string =>
  `urn:pulumi:dev::story::cloudassistant:index:Rollout$pulumi-nodejs:dynamic/cloudassistant:RolloutFleet::fleet-${n}`;
