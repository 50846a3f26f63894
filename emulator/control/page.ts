/** The page, as it is served: three files that hold no secret, so that a browser which has no token yet can get them. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { HttpReply, HttpRequest } from "../gateway/protocol";

/** By their path. The stream and the operations carry the token; it stands behind the `#`, which no browser sends. */
const FILES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  "/": { name: "index.html", type: "text/html;charset=utf-8" },
  "/_emulator/page.js": { name: "page.js", type: "text/javascript;charset=utf-8" },
  "/_emulator/page.css": { name: "page.css", type: "text/css;charset=utf-8" },
  "/_emulator/icon.svg": { name: "icon.svg", type: "image/svg+xml" },
};

/** Nothing from elsewhere, nothing inline, in nobody's frame, and no text that becomes code. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-cache",
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The service's own requests come to the same path, signed; a browser that is sent to an address signs nothing. */
export const isPage = ({ method, url, headers }: HttpRequest): boolean =>
  method === "GET" && Object.hasOwn(FILES, url) && !("authorization" in headers) && !("x-acs-action" in headers);

/** Built beside this file in the package; where this runs from its source, it was built into `dist`. */
const FOLDERS = ["../page", "../../dist/emulator/page"].map((folder) => path.join(__dirname, folder));

/** @throws Error when the page was never built */
export function answerPage({ url }: HttpRequest): HttpReply {
  const { name, type } = FILES[url] ?? { name: "", type: "" };
  const folder = FOLDERS.find((each) => existsSync(path.join(each, "page.js")));
  if (folder === undefined) throw new Error("Cannot serve the page: it must be built; run npm run compile");
  return {
    status: 200,
    headers: { ...HEADERS, "content-type": type },
    body: readFileSync(path.join(folder, name)),
    delayMs: 0,
  };
}
