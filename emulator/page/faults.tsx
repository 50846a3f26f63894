/** What goes wrong: faults to switch on, and those that are, with a way to end them. */
import { useState } from "preact/hooks";
import type { AnswerFaultKind, DeliveryFaultKind, Fault, FaultKind } from "../faults";
import type { Stage } from "./stage";
import { formatCount, formatSpan } from "./words";

const ANSWERS: Readonly<Record<AnswerFaultKind, string>> = {
  throttle: "is throttled",
  throttleRetryAfter: "is throttled, and told when to come back",
  errorBefore: "fails, without its effect",
  errorAfter: "fails, though it had its effect",
  unavailable: "finds the service unavailable",
  dropBefore: "is cut off, without its effect",
  dropAfter: "is cut off, though it had its effect",
  slow: "is answered late",
  html502: "gets a proxy's page",
  processing: "is told that the first one is still being worked on",
  forbidden: "is denied by RAM",
};
const DELIVERIES: Readonly<Record<DeliveryFaultKind, string>> = {
  deliveryTimeout: "does not reach the machine in time",
  agentAbsent: "finds no agent that runs",
  agentSilent: "finds an agent that does not respond",
  agentOld: "finds an agent that is too old",
  machineStopped: "finds the machine stopped",
};

const isDelivery = (kind: FaultKind): kind is DeliveryFaultKind => Object.hasOwn(DELIVERIES, kind);
const sayKind = (kind: FaultKind): string => (isDelivery(kind) ? DELIVERIES[kind] : ANSWERS[kind]);
const hasMs = (kind: FaultKind): boolean => kind === "slow" || kind === "throttleRetryAfter";

/** `Each 2nd InvokeCommand of "i-web1" is throttled` */
function sayFault({ kind, action, instanceId, every = 1, ms }: Fault): string {
  const what = isDelivery(kind) ? "delivery" : (action ?? "call");
  const which = every === 1 ? `Every ${what}` : `One ${what} of ${every}`;
  const where = instanceId === undefined ? "" : isDelivery(kind) ? ` to ${instanceId}` : ` that names ${instanceId}`;
  const late = ms === undefined || !hasMs(kind) ? "" : ` (${formatSpan(ms)})`;
  return `${which}${where} ${sayKind(kind)}${late}`;
}

export function Faults({ stage }: { readonly stage: Stage }) {
  const { life, ask, attempt, isConnected } = stage;
  const clear = (path: string) => attempt(async () => void (await ask("DELETE", path)));
  return (
    <section aria-label="Faults">
      <h2>What goes wrong</h2>
      {life.faults.length === 0 ? (
        <p class="empty">
          Nothing: every call is answered as the service would. Switch a fault on and run the program.
        </p>
      ) : (
        <>
          <ul class="faults">
            {life.faults.map((fault) => (
              <li key={fault.id}>
                <p>{sayFault(fault)}</p>
                <p class="hint">
                  struck {formatCount(fault.struck, "time")}
                  {fault.left === null ? ", until it is cleared" : `, ${fault.left} to come`}
                </p>
                <button type="button" disabled={!isConnected} onClick={() => clear(`faults/${fault.id}`)}>
                  Clear<span class="unseen"> this: {sayFault(fault)}</span>
                </button>
              </li>
            ))}
          </ul>
          {life.faults.length > 1 && (
            <button type="button" disabled={!isConnected} onClick={() => clear("faults")}>
              Clear all
            </button>
          )}
        </>
      )}
      <Switch stage={stage} />
    </section>
  );
}

function Switch({ stage }: { readonly stage: Stage }) {
  const { life, ask, attempt, isConnected } = stage;
  const [kind, setKind] = useState<FaultKind>("throttle");
  const [action, setAction] = useState("");
  const [instanceId, setInstanceId] = useState("");
  const [every, setEvery] = useState(1);
  const [times, setTimes] = useState("");
  const [ms, setMs] = useState("");
  const fault: Fault = {
    kind,
    ...(action === "" || isDelivery(kind) ? {} : { action }),
    ...(instanceId === "" ? {} : { instanceId }),
    ...(every === 1 ? {} : { every }),
    ...(times === "" ? {} : { times: Number(times) }),
    ...(ms === "" || !hasMs(kind) ? {} : { ms: Number(ms) }),
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => void (await ask("POST", "faults", fault)));
  };
  return (
    <form class="switch" onSubmit={submit}>
      <label class="wide">
        What happens
        <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as FaultKind)}>
          <optgroup label="A call">
            {Object.entries(ANSWERS).map(([name, words]) => (
              <option key={name} value={name}>
                {words} ({name})
              </option>
            ))}
          </optgroup>
          <optgroup label="A delivery to a machine">
            {Object.entries(DELIVERIES).map(([name, words]) => (
              <option key={name} value={name}>
                {words} ({name})
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <label>
        Action
        <select
          value={isDelivery(kind) ? "" : action}
          disabled={isDelivery(kind)}
          onChange={({ currentTarget }) => setAction(currentTarget.value)}
        >
          <option value="">any</option>
          {life.actions.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Machine
        <input
          list="machines"
          placeholder="any"
          value={instanceId}
          onInput={({ currentTarget }) => setInstanceId(currentTarget.value.trim())}
        />
        <datalist id="machines">
          {[...life.machines.keys()].slice(0, 200).map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
      </label>
      <label>
        Share
        <select value={every} onChange={({ currentTarget }) => setEvery(Number(currentTarget.value))}>
          {[1, 2, 3, 5, 10, 100].map((each) => (
            <option key={each} value={each}>
              {each === 1 ? "every one" : `one of ${each}`}
            </option>
          ))}
        </select>
      </label>
      <label>
        Times
        <input
          type="number"
          min="1"
          placeholder="until cleared"
          value={times}
          onInput={({ currentTarget }) => setTimes(currentTarget.value)}
        />
      </label>
      {hasMs(kind) && (
        <label>
          Milliseconds
          <input
            type="number"
            min="0"
            placeholder={kind === "slow" ? "5000" : "1000"}
            value={ms}
            onInput={({ currentTarget }) => setMs(currentTarget.value)}
          />
        </label>
      )}
      <p class="hint wide">{sayFault(fault)}.</p>
      <button type="submit" class="primary wide" disabled={!isConnected}>
        Switch it on
      </button>
    </form>
  );
}
