/** Requests as they come, the newest first: which action, what was answered, and the run that it led to. */
import { useState } from "preact/hooks";
import type { JournalEntry } from "../journal";
import type { Answered } from "./life";
import { findLastRun, type Stage } from "./stage";
import { formatTime } from "./words";

const MAX_ROWS = 200;
const OUTCOMES = ["all", "succeeded", "refused", "cut off"] as const;
type Outcome = (typeof OUTCOMES)[number];

const judge = ({ status, code }: Answered): Exclude<Outcome, "all"> =>
  status === 0 ? "cut off" : code === "" && status < 400 ? "succeeded" : "refused";

export function Journal({ stage }: { readonly stage: Stage }) {
  const { life, ask, attempt, isConnected } = stage;
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<Outcome>("all");
  const wanted = text.trim().toLowerCase();
  const found: Answered[] = [];
  let count = 0;
  for (const entry of life.journal.toReversed()) {
    const { action, code, invokeId = "", requestId } = entry;
    const isFound = [action, code, invokeId, requestId].some((each) => each.toLowerCase().includes(wanted));
    if (!isFound || (outcome !== "all" && judge(entry) !== outcome)) continue;
    count++;
    if (found.length < MAX_ROWS) found.push(entry);
  }
  const clear = () =>
    attempt(async () => {
      await ask("DELETE", "journal");
      life.journal = [];
      stage.say({ text: "The journal is empty", tone: "good", runs: [] });
    });
  return (
    <section aria-label="Journal">
      <h2 class="unseen">Journal</h2>
      <div class="tools">
        <label class="find">
          <span class="unseen">Find requests by action, code or id</span>
          <input
            type="search"
            placeholder="Action, code or id"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label>
          <span class="unseen">Outcome</span>
          <select value={outcome} onChange={({ currentTarget }) => setOutcome(currentTarget.value as Outcome)}>
            {OUTCOMES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="button" disabled={!isConnected || life.journal.length === 0} onClick={clear}>
          Forget
        </button>
      </div>
      {count === 0 ? (
        <p class="empty">
          {life.journal.length === 0
            ? "No request yet. Whatever a program asks the service shows here, as it comes."
            : "No request matches."}
        </p>
      ) : (
        <ul class="journal" aria-label={`Requests, the newest first: ${count.toLocaleString("en")}`}>
          {found.map((entry) => (
            <Request key={entry.requestId} entry={entry} stage={stage} />
          ))}
        </ul>
      )}
      {count > MAX_ROWS && (
        <p class="hint">and {(count - MAX_ROWS).toLocaleString("en")} older ones: find among them</p>
      )}
    </section>
  );
}

function Request({ entry, stage }: { readonly entry: Answered; readonly stage: Stage }) {
  const { life, zone, choose, ask, attempt } = stage;
  const { action, code, status, at, requestId, invokeId } = entry;
  const [whole, setWhole] = useState<JournalEntry>();
  const run = invokeId === undefined ? undefined : findLastRun(life, invokeId);
  const verdict = judge(entry);
  const look = () =>
    attempt(async () => setWhole(whole === undefined ? await ask("GET", `journal/${requestId}`) : undefined));
  return (
    <li>
      <button type="button" class="request" aria-expanded={whole !== undefined} onClick={look}>
        <time dateTime={new Date(at).toISOString()}>{formatTime(at, zone)}</time>
        <span class="action">{action || "(no action)"}</span>
        <span class={`chip ${verdict === "succeeded" ? "good" : verdict === "refused" ? "bad" : "late"}`}>
          {verdict === "cut off" ? "cut off" : code || status}
        </span>
      </button>
      {run !== undefined && (
        <button type="button" class="linkish" onClick={() => choose({ ...run, kind: "run" })}>
          run
          <span class="unseen">
            {" "}
            of {action} at {formatTime(at, zone)}
          </span>
        </button>
      )}
      {whole !== undefined && (
        <dl class="facts">
          <div>
            <dt>RequestId</dt>
            <dd>
              <code>{requestId}</code>
            </dd>
          </div>
          {Object.entries(whole.parameters).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value === "…" ? <span class="hint">hidden</span> : <code>{value}</code>}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
