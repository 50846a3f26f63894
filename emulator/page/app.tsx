/** The page as a whole: what is known of the emulator, handed to its parts. */
import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { Refused } from "./connection";
import { Faults } from "./faults";
import { Journal } from "./journal";
import { findNow, type Life } from "./life";
import { Machine } from "./machine";
import { Quotas } from "./quotas";
import { Run } from "./run";
import { openSession, type Session, type Status } from "./session";
import { follow, moveWith, type Span, widthOf } from "./span";
import type { Choice, Notice, Stage } from "./stage";
import { Timeline } from "./timeline";
import { Top } from "./top";
import { formatTime } from "./words";

const HOUR_MS = 3_600_000;
const TABS = ["Details", "What if", "Journal"] as const;
type Tab = (typeof TABS)[number];

export function App({ token }: { readonly token: string }) {
  return token === "" ? <NoToken /> : <Visit token={token} />;
}

function NoToken() {
  const [text, setText] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    // Pasted as it was printed: the address, or the token alone.
    const token = /token=([^&\s]+)/.exec(text)?.[1] ?? encodeURIComponent(text.trim());
    location.hash = `token=${token}`;
  };
  return (
    <main class="lone">
      <h1>Cloud Assistant emulator</h1>
      <p>
        This address lacks its token. The emulator prints the whole address when it starts with <code>--control</code>,
        below the <code>export</code> lines; open that one, or paste it here.
      </p>
      <form onSubmit={submit}>
        <label>
          Address or token
          <input value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} autocomplete="off" />
        </label>
        <button type="submit" class="primary" disabled={text.trim() === ""}>
          Open
        </button>
      </form>
    </main>
  );
}

function useSession(token: string): Session {
  const session = useMemo(() => openSession(token), [token]);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => session.subscribe(() => redraw(undefined)), [session]);
  return session;
}

/** Draws anew as time goes by: as often as it moves by a pixel or so. */
function useTicking(life: Life | undefined, span: Span): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const everyMs = Math.min(1_000, Math.max(100, widthOf(span) / 1_000));
  const goes = life !== undefined && !life.standsStill;
  useEffect(() => {
    if (!goes) return;
    const timer = setInterval(() => redraw(undefined), everyMs);
    return () => clearInterval(timer);
  }, [goes, everyMs]);
}

function Visit({ token }: { readonly token: string }) {
  const session = useSession(token);
  const [kept, setSpan] = useState<Span>(() => follow(0, HOUR_MS));
  const [zone, setZone] = useState("UTC");
  const [chosen, setChosen] = useState<Choice>();
  const [tab, setTab] = useState<Tab>("Journal");
  const [notice, setNotice] = useState<Notice>();
  const { life, status } = session;
  useTicking(life, kept);
  const now = life === undefined ? 0 : findNow(life, performance.now());
  const span = moveWith(kept, now);
  useEffect(() => session.lookAhead(Math.ceil(span.to / HOUR_MS) * HOUR_MS));

  if (life === undefined) return <Waiting status={status} />;
  const choose = (choice: Choice | undefined): void => {
    setChosen(choice);
    if (choice !== undefined) setTab("Details");
  };
  const stage: Stage = {
    ...{ life, now, zone, chosen, choose, say: setNotice, ask: session.ask },
    isConnected: status.kind === "connected",
    async attempt(work) {
      try {
        await work();
      } catch (error) {
        const text = error instanceof Refused ? error.message : "The emulator does not answer";
        setNotice({ text, tone: "bad", runs: [] });
      }
    },
  };
  return (
    <>
      <button type="button" class="skip" onClick={focusLanes}>
        To the machines
      </button>
      <Top stage={stage} status={status} span={span} setSpan={setSpan} />
      <Lost status={status} stage={stage} />
      <main class="halves">
        <Timeline stage={stage} span={span} setSpan={setSpan} setZone={setZone} />
        <section class="side" aria-label="Details, what if and journal">
          <Tabs tab={tab} setTab={setTab} faults={life.faults.length} />
          <div class="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${TABS.indexOf(tab)}`} tabIndex={0}>
            {tab === "Details" && <Details stage={stage} />}
            {tab === "What if" && (
              <>
                <Faults stage={stage} />
                <Quotas stage={stage} />
              </>
            )}
            {tab === "Journal" && <Journal stage={stage} />}
          </div>
        </section>
      </main>
      <NoticeBox notice={notice} stage={stage} close={() => setNotice(undefined)} />
    </>
  );
}

/** The address keeps its token, so that no link of the page may change what stands behind the `#`. */
function focusLanes(): void {
  document.querySelector<HTMLElement>('#lanes [tabindex="0"], #lanes[tabindex="0"]')?.focus();
}

function Details({ stage }: { readonly stage: Stage }) {
  const { chosen } = stage;
  if (chosen === undefined) {
    return <p class="empty">Choose a machine or a run on the left to see its command, its output and its times.</p>;
  }
  if (chosen.kind === "machine")
    return <Machine key={chosen.instanceId} stage={stage} instanceId={chosen.instanceId} />;
  return <Run key={chosen.invokeId} stage={stage} chosen={chosen} />;
}

function Tabs({
  tab,
  setTab,
  faults,
}: {
  readonly tab: Tab;
  readonly setTab: (tab: Tab) => void;
  readonly faults: number;
}) {
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (TABS.indexOf(tab) + step + TABS.length) % TABS.length;
    setTab(TABS[next] ?? tab);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Details, what if and journal" onKeyDown={move}>
      {TABS.map((name, index) => (
        <button
          key={name}
          id={`tab-${index}`}
          type="button"
          role="tab"
          aria-selected={name === tab}
          aria-controls="panel"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => setTab(name)}
        >
          {name}
          {name === "What if" && faults > 0 && (
            <span class="badge bad" title={`${faults} switched on`}>
              {faults}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}

function Waiting({ status }: { readonly status: Status }) {
  return (
    <main class="lone">
      <h1>Cloud Assistant emulator</h1>
      {status.kind === "refused" ? (
        <p role="alert">
          The emulator at {location.host} does not take the token of this address; another emulator may have started
          there. Open the address that it printed. It says: {status.message}
        </p>
      ) : (
        <p role="status">
          {status.kind === "lost"
            ? `Not connected: no emulator answers at ${location.host}. Trying again every second.`
            : "Connecting …"}
        </p>
      )}
    </main>
  );
}

function Lost({ status, stage }: { readonly status: Status; readonly stage: Stage }) {
  if (status.kind !== "lost" && status.kind !== "refused") return null;
  return (
    <p class="lost" role="alert">
      <strong>Not connected.</strong>{" "}
      {status.kind === "lost"
        ? `The emulator at ${location.host} does not answer; what you see is of ${formatTime(stage.life.heard.at, stage.zone)}. Trying again every second.`
        : `Another emulator answers at ${location.host}, and does not take this token: open the address that it printed.`}
    </p>
  );
}

const NOTICE_MS = 12_000;

function NoticeBox({
  notice,
  stage,
  close,
}: {
  readonly notice: Notice | undefined;
  readonly stage: Stage;
  readonly close: () => void;
}) {
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(close, NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const first = notice?.runs.find(({ status }) => status !== "Success") ?? notice?.runs.at(-1);
  return (
    <div class="notices" role="status">
      {notice !== undefined && (
        <div class={`notice ${notice.tone}`}>
          <span>{notice.text}</span>
          {first !== undefined && (
            <button type="button" onClick={() => stage.choose({ ...first, kind: "run" })}>
              {first.status === "Success" ? "Show the last" : "Show what failed"}
            </button>
          )}
          <button type="button" class="plain" aria-label="Close this notice" onClick={close}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}
