/** Text with what looks like a secret hidden, so that a page can be shown to others. */

const NAME =
  "(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?(?:id|secret))?|credential|private[_-]?key)s?";
const VALUE = `("[^"\\n]*"|'[^'\\n]*'|[^\\s"';&|]+)`;
/** `password=…`, `"token": "…"`. */
const ASSIGNED = new RegExp(
  `((?:^|[^A-Za-z0-9])[A-Za-z0-9_-]{0,40}${NAME}["']?[ \\t]{0,4}[=:][ \\t]{0,4})${VALUE}`,
  "gi",
);
/** `--password …` */
const OPTION = new RegExp(`(--[A-Za-z0-9-]{0,40}${NAME}[ \\t]{1,4})${VALUE}`, "gi");
const BEARER = /(\b(?:bearer|basic) +)([\w.~+/=-]{8,})/gi;
/** Keys of Alibaba Cloud, tokens of GitHub, JSON web tokens. */
const KNOWN =
  /\b(?:LTAI[A-Za-z0-9]{10,40}|gh[pousr]_[A-Za-z0-9]{20,80}|eyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{4,4000})/g;

const DOTS = "••••••";

/** @returns the text, and whether something is hidden in it */
export function hideSecrets(text: string): { readonly text: string; readonly isHidden: boolean } {
  const hidden = text.replace(ASSIGNED, hide).replace(OPTION, hide).replace(BEARER, `$1${DOTS}`).replace(KNOWN, DOTS);
  return { text: hidden, isHidden: hidden !== text };
}

const hide = (whole: string, name: string, value: string): string => (isReference(value) ? whole : name + DOTS);

/** A variable or a parameter of the command says where the secret comes from, not what it is. */
const isReference = (value: string): boolean => /^["']?(?:\$|\{\{)/.test(value);
