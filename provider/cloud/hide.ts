/** Takes secrets out of a text that somebody will read. */

/** What stands in the place of a secret. */
export const HIDDEN = "[hidden]";

/** The text without any of these secrets, in whatever form it quotes them. */
export function hide(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return longestFirst.reduce(hideOne, text);
}

/** A short value is hidden where it stands alone: hiding every "1" would make the rest unreadable. */
function hideOne(text: string, secret: string): string {
  if (secret.length >= 6) return formatQuoted(secret).reduce((left, form) => left.replaceAll(form, HIDDEN), text);
  const literal = secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\w-])${literal}(?![\\w-])`, "g"), HIDDEN);
}

/** The forms that a text may take where it is quoted: as it is, in JSON, in a URL. */
function formatQuoted(text: string): string[] {
  // Half a surrogate pair cannot be put into a URL; on the wire it is U+FFFD.
  const wellFormed = Buffer.from(text).toString();
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(wellFormed)];
}
