/** The life of an `Invocation`: plain calls, whatever front they come through. */
export { check } from "./check";
export { create } from "./create";
export { destroy } from "./delete";
export { diff } from "./diff";
export { foreseeCreate, foreseeUpdate } from "./foresee";
export { listExisting } from "./list";
export { type Read, read, readExisting } from "./read";
export { update } from "./update";
