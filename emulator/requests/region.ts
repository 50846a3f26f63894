/** Regions: a call for another region than the emulated one finds nothing there. */
import type { Refusal } from "../gateway/action";

export const regionRefusals: readonly Refusal<{ readonly RegionId: string }>[] = [
  ["InvalidRegionId.NotFound", ({ RegionId }, store) => !store.regionIds.includes(RegionId)],
];
