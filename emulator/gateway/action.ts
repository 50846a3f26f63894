/**
 * What an operation is: a table of what it takes, what it refuses and in which order, and what it does.
 * Refuse in order, act last.
 */
import { createHash } from "node:crypto";
import { type ErrorCode, refusal } from "../errors";
import { CLIENT_TOKEN_LIFETIME_HOURS, MAX_CLIENT_TOKEN_CHARACTERS, MAX_CLIENT_TOKENS } from "../limits";
import type { Store } from "../region/store";
import { type Given, parseRequest, type Request, type Takes } from "./parameters";

/** A body without its RequestId. */
export type Answer = Readonly<Record<string, unknown>>;

/** The code, and when it is the answer. */
export type Refusal<R> = readonly [code: ErrorCode, applies: (request: R, store: Store) => boolean];

export interface Action {
  readonly name: string;
  readonly takes: Takes;
  /** Codes of the refusals, in the order in which they are looked at. */
  readonly refuses: readonly ErrorCode[];
  perform(given: Given, store: Store): Answer;
}

export function defineAction<T extends Takes>(definition: {
  readonly name: string;
  readonly takes: T;
  readonly refuses: readonly Refusal<Request<T>>[];
  act(request: Request<T>, store: Store): Answer;
}): Action {
  const { name, takes, refuses, act } = definition;
  return {
    name,
    takes,
    refuses: refuses.map(([code]) => code),
    perform(given, store) {
      const request = parseRequest(takes, given);
      const token = "ClientToken" in takes ? given.get("ClientToken") : undefined;
      return answerOnce(name, token, given, takes, store, () => {
        for (const [code, applies] of refuses) {
          if (applies(request, store)) throw refusal(code, store.choices.statuses);
        }
        return act(request, store);
      });
    },
  };
}

/** The same ClientToken with the same parameters gets the first answer again; the token is looked up before anything is refused. */
function answerOnce(
  name: string,
  token: string | undefined,
  given: Given,
  takes: Takes,
  store: Store,
  perform: () => Answer,
): Answer {
  if (!token) return perform();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the token may hold any ASCII character
  if (token.length > MAX_CLIENT_TOKEN_CHARACTERS || !/^[\x00-\x7f]*$/.test(token)) {
    throw refusal("InvalidClientToken.Malformed");
  }
  const now = store.clock.now();
  const key = `${name} ${token}`;
  const fingerprint = formatFingerprint(given, takes);
  const known = store.tokens.get(key);
  if (known !== undefined && known.expires > now) {
    if (known.fingerprint !== fingerprint) throw refusal("IdempotentParameterMismatch");
    return known.answer;
  }
  const answer = perform();
  store.tokens.set(key, { fingerprint, answer, expires: now + CLIENT_TOKEN_LIFETIME_HOURS * 3_600_000 });
  for (const oldest of store.tokens.keys()) {
    if (store.tokens.size <= MAX_CLIENT_TOKENS) break;
    store.tokens.delete(oldest);
  }
  return answer;
}

/** Only what the operation takes counts: a retry carries a new nonce, date and signature. */
function formatFingerprint(given: Given, takes: Takes): string {
  const relevant = [...given].filter(([key]) => Object.hasOwn(takes, key.split(".", 1)[0] ?? key)).sort();
  return createHash("sha256").update(JSON.stringify(relevant)).digest("hex");
}
