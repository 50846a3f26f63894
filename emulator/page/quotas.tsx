/** What of an account's quotas is used, and how much there is: a smaller number shows early what a fleet runs into. */
import { useState } from "preact/hooks";
import type { Stage } from "./stage";

interface Line {
  readonly name: "commands" | "invocationsPerDay" | "callsPerMinute";
  readonly words: string;
  readonly used: number | undefined;
  readonly limit: number | null;
}

export function Quotas({ stage }: { readonly stage: Stage }) {
  const { commands, invocationsPerDay, callsPerMinute } = stage.life.quotas;
  const lines: readonly Line[] = [
    { name: "commands", words: "Commands", ...commands },
    { name: "invocationsPerDay", words: "Invocations a day (UTC)", ...invocationsPerDay },
    { name: "callsPerMinute", words: "Calls a minute, of each action", used: undefined, ...callsPerMinute },
  ];
  return (
    <section aria-label="Quotas">
      <h2>Quotas</h2>
      {lines.map((line) => (
        <QuotaLine key={line.name} line={line} stage={stage} />
      ))}
    </section>
  );
}

function QuotaLine({ line, stage }: { readonly line: Line; readonly stage: Stage }) {
  const { name, words, used, limit } = line;
  const [text, setText] = useState<string>();
  const shown = text ?? (limit === null ? "" : String(limit));
  const submit = (event: Event): void => {
    event.preventDefault();
    void stage.attempt(async () => {
      const value = shown === "" ? null : Number(shown);
      await stage.ask("PATCH", "quotas", { [name]: value });
      stage.life.quotas = await stage.ask("GET", "quotas");
      setText(undefined);
    });
  };
  return (
    <form class="quota" onSubmit={submit}>
      <label>
        {words}
        <input
          type="number"
          min="0"
          required={name !== "callsPerMinute"}
          placeholder="no limit"
          value={shown}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={text === undefined || !stage.isConnected}>
        Set<span class="unseen"> {words}</span>
      </button>
      {used !== undefined && limit !== null && (
        <p class="hint">
          <meter min={0} max={Math.max(1, limit)} value={used} aria-label={`${words} used`} />{" "}
          {used.toLocaleString("en")} of {limit.toLocaleString("en")} used
        </p>
      )}
    </form>
  );
}
