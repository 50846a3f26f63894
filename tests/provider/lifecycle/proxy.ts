// Stands between the provider and the emulator and changes answers: what a service might say that ours does not.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** The answer to an action, changed or as it is. */
export type Alter = (action: string, answer: Record<string, unknown>) => unknown;

export interface Proxy {
  url: string;
  stop(): Promise<void>;
}

export async function startProxy(target: string, alter: Alter): Promise<Proxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    // The headers are signed, the host among them.
    const forwarded = request(new URL(url ?? "/", target), { method, headers, agent: false }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () => {
        const { "content-length": _, "transfer-encoding": __, ...kept } = answer.headers;
        const body = JSON.parse(Buffer.concat(pieces).toString());
        const altered = answer.statusCode === 200 ? alter(String(headers["x-acs-action"]), body) : body;
        outgoing.writeHead(answer.statusCode ?? 502, kept).end(JSON.stringify(altered));
      });
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Recorded {
  Invocations: { Invocation: Record<string, unknown>[] };
}

/** Changes every machine of every record that is answered, and the records themselves. */
export function alterRecords(
  instance: (fields: Record<string, unknown>) => Record<string, unknown>,
  record: (fields: Record<string, unknown>) => Record<string, unknown> = (fields) => fields,
): Alter {
  return (action, answer) => {
    if (action !== "DescribeInvocations") return answer;
    const { Invocations } = answer as unknown as Recorded;
    const Invocation = Invocations.Invocation.map((fields) => {
      const { InvokeInstance } = fields.InvokeInstances as { InvokeInstance: Record<string, unknown>[] };
      return record({ ...fields, InvokeInstances: { InvokeInstance: InvokeInstance.map(instance) } });
    });
    return { ...answer, Invocations: { Invocation } };
  };
}
