/** Where the page begins: the token stands behind the `#` of its address, where no request carries it. */
import { h, render } from "preact";
import { App } from "./app";

const root = document.getElementById("page");
if (root !== null) render(h(App, { token: new URLSearchParams(location.hash.slice(1)).get("token") ?? "" }), root);
// Another token in the address is another visit.
window.addEventListener("hashchange", () => location.reload());
