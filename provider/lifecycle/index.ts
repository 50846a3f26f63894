/** The seven handlers behind the shim, as states of every version of this package import them. */

export { check } from "./check";
export { configure } from "./configure";
export { create } from "./create";
export { destroy as delete } from "./delete";
export { diff } from "./diff";
export { read } from "./read";
export { update } from "./update";
