/**
 * Who may ask the control API. It rewrites commands that run on this machine, and a web page that is open on it, or a name that was
 * rebound to the loopback address, reaches it as well: so a token, a name that is this machine's, and no page but the emulator's own.
 */
import type { HttpRequest } from "../gateway/protocol";
import { isEqual } from "../gateway/signature";

/** An answer other than success, as the control API gives it. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

/** Whether a host, without its port, is this machine and no other. */
export const isLoopback = (host: string): boolean => /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/i.test(host);

/**
 * @param token what the request must carry
 * @param host the address that the emulator listens on: good as a name for it as well
 * @throws ControlError that says what is missing, the first thing alone
 */
export function refuseStrangers(request: HttpRequest, token: string, host: string): void {
  const { method, headers, body } = request;
  refuseOtherNames(request, host);
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    throw new ControlError(
      403,
      `The control API answers no page but its own: the header Origin is "${headers.origin}"`,
    );
  }
  if (!isEqual(readToken(headers.authorization ?? ""), token)) {
    throw new ControlError(
      401,
      'The control API must be asked with its token, as the header "Authorization: Bearer TOKEN": it stands among the export lines that the emulator prints, and is controlToken of what startEmulator gives',
    );
  }
  // A page may send a form or text to anywhere without asking; JSON it may not.
  const mustBeJson = method === "POST" || method === "PATCH" || body.length > 0;
  if (mustBeJson && !isJson(headers["content-type"] ?? "")) {
    throw new ControlError(
      415,
      `The body must be JSON, and the header Content-Type must say so with application/json: it is "${headers["content-type"] ?? ""}"`,
    );
  }
}

/**
 * Refuses a name that is not this machine's, as one that was rebound to the loopback address.
 * @throws ControlError
 */
export function refuseOtherNames({ headers }: HttpRequest, host: string): void {
  const named = readHost(headers.host ?? "");
  if (named === undefined || !(isLoopback(named) || named === host)) {
    throw new ControlError(
      403,
      `The control API must be asked under a loopback address: the header Host is "${headers.host ?? ""}"`,
    );
  }
}

/** The name in `name:port`, `[::1]:port`. */
function readHost(header: string): string | undefined {
  return /^(?:\[([0-9a-f:]+)\]|([^:[\]]+))(?::\d+)?$/i.exec(header)?.slice(1).find(Boolean);
}

const readToken = (header: string): string => /^Bearer +(\S+)$/i.exec(header)?.[1] ?? "";

const isJson = (type: string): boolean => /^application\/json *(;|$)/i.test(type);
