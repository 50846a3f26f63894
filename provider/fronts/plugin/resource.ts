/** A type of resource, as the protocol calls its handlers: secrets by their places, and previews that do nothing. */
import type { InputFailure } from "../../rules/declaration";
import type { Call } from "../../runs/call";
import type { Limits } from "../../timeouts";
import type { Secrecy } from "../secrecy";
import type { ChangedProperties } from "./detail";
import type { Opened } from "./secrets";

/** What every request tells. */
export interface Step {
  urn: string;
  /** Seconds that the program gives it; absent where it does not bound it. */
  timeoutSeconds?: number | undefined;
  /** Of a read: whether a stack takes it in; one that a program only looks at has inputs. */
  isImport?: boolean;
}

export interface Checked {
  inputs: Opened;
  failures: InputFailure[];
}

export interface Difference {
  changes: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
  changed: ChangedProperties;
}

export interface Made {
  /** "" in a preview. */
  id: string;
  outputs: Opened;
}

export interface Found {
  id: string;
  outputs: Opened;
  inputs: Opened;
}

/** A failed step, whose state is to be kept. */
export class KeptFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Opened,
    readonly reasons: readonly string[],
    message: string,
  ) {
    super(message);
    this.name = "KeptFailure";
  }
}

export interface Resource {
  check(step: Step, olds: Opened, news: Opened): Promise<Checked>;
  diff(step: Step, id: string, olds: Opened, news: Opened): Promise<Difference>;
  create(step: Step, inputs: Opened, isPreview: boolean): Promise<Made>;
  /** @returns undefined for what is gone */
  read(step: Step, id: string, state: Opened, inputs: Opened): Promise<Found | undefined>;
  update(step: Step, id: string, olds: Opened, news: Opened, isPreview: boolean): Promise<Opened>;
  delete(step: Step, id: string, state: Opened): Promise<void>;
}

/** What a handler is told of its call. */
export type DescribeCall = (step: Step, secrecy: Secrecy, operation?: keyof Limits) => Call;
