/** The emulator's events as server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html. */
import type { EmulatorEvent } from "../events";

export const EVENT_STREAM = "text/event-stream;charset=utf-8";

/** Its number is the event's id, so that a client which comes back tells where it was; the data is one line of JSON. */
export const formatEvent = (event: EmulatorEvent): string =>
  `id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;

/** A comment before the first event: the client sees at once that it is connected. */
export async function* formatStream(events: AsyncIterable<EmulatorEvent>): AsyncGenerator<string> {
  yield ": events\n\n";
  for await (const event of events) yield formatEvent(event);
}
