/** The life of a `Rollout`: its fleet, which never fails over machines, and its verdict, which does. */
export { checkFleet } from "./check";
export { destroyFleet } from "./delete";
export { diffFleet } from "./diff";
export { foreseeFleet } from "./foresee";
export { readFleet } from "./read";
export { createFleet, updateFleet } from "./update";
export { checkVerdict, createVerdict, diffVerdict, updateVerdict, VERDICT_INPUTS } from "./verdict";
