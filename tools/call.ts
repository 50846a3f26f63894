/** Signed calls of an emulator, as a program makes them. */
import type { Emulator } from "pulumi-cloud-assistant/emulator";
import { createClient } from "../provider/cloud/client";
import { resolveSettings } from "../provider/cloud/credentials";

export type Call = ReturnType<typeof createClient>["call"];

export const openCalls = ({ regionId, environment }: Emulator): Call =>
  createClient(resolveSettings(regionId, () => undefined, { ...environment })).call;
