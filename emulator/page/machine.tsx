/** One machine: how it is, what may be done to it, and what it ran and will run. */
import { findTone } from "./bars";
import { findStart } from "./execution";
import { sayState } from "./lane";
import { findLane, formatKey } from "./life";
import { nameRun, type Stage } from "./stage";
import { formatDistance, formatInstant, formatSpan } from "./words";

const MAX_RUNS = 50;
const MAX_FIRES = 5;

export function Machine({ stage, instanceId }: { readonly stage: Stage; readonly instanceId: string }) {
  const { life, now, zone, choose, ask, attempt, isConnected } = stage;
  const machine = life.machines.get(instanceId);
  if (machine === undefined) return <p class="empty">There is no machine "{instanceId}".</p>;
  const { status, agent, tags, timeZone } = machine;
  const isRunning = status === "Running";
  const patch = (body: object) =>
    attempt(async () => void (await ask("PATCH", `instances/${encodeURIComponent(instanceId)}`, body)));
  const reboot = () => attempt(async () => void (await ask("POST", "reboot", { instanceId })));
  const runs = findLane(life, instanceId).executions.slice(-MAX_RUNS).reverse();
  const fires = (life.fires.get(instanceId) ?? []).filter(({ at }) => at > now).slice(0, MAX_FIRES);
  return (
    <article class="machine" aria-label={`Machine ${instanceId}`}>
      <header>
        <h2>{machine.instanceName || instanceId}</h2>
        <p>
          <span class={`chip ${isRunning && agent.online ? "good" : "bad"}`}>{sayState(machine)}</span>{" "}
          {machine.instanceName !== instanceId && <code>{instanceId}</code>}
        </p>
      </header>
      <fieldset class="moves" disabled={!isConnected}>
        <legend>What if …</legend>
        <div class="group">
          <button type="button" onClick={() => patch({ status: isRunning ? "Stopped" : "Running" })}>
            {isRunning ? "Stop it" : "Start it"}
          </button>
          <button type="button" disabled={!isRunning} onClick={reboot}>
            Reboot it
          </button>
          <button
            type="button"
            disabled={!isRunning || agent.version === ""}
            onClick={() => patch({ agent: { online: !agent.online } })}
          >
            {agent.online || !isRunning ? "Take its agent offline" : "Bring its agent back"}
          </button>
        </div>
      </fieldset>
      <dl class="facts">
        <div>
          <dt>agent</dt>
          <dd>{agent.version === "" ? "none installed" : agent.version}</dd>
        </div>
        <div>
          <dt>system</dt>
          <dd>{machine.osType}</dd>
        </div>
        <div>
          <dt>its time</dt>
          <dd>
            {formatInstant(now, timeZone)} <small>{timeZone}</small>
          </dd>
        </div>
        <div>
          <dt>booted</dt>
          <dd>{formatInstant(Date.parse(machine.startTime), zone)}</dd>
        </div>
        <div>
          <dt>tags</dt>
          <dd>
            {Object.entries(tags)
              .map(([key, value]) => (value === "" ? key : `${key}=${value}`))
              .join(", ") || "none"}
          </dd>
        </div>
      </dl>
      <section aria-label="Next runs">
        <h3>Next runs</h3>
        {fires.length === 0 ? (
          <p class="empty">No schedule has it run.</p>
        ) : (
          <ul class="runs">
            {fires.map(({ at, invokeId }) => (
              <li key={`${invokeId}${at}`}>
                <span class="chip fire">{formatDistance(at - now)}</span> {nameRun(life, invokeId)}{" "}
                <small>{formatInstant(at, zone)}</small>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-label="Runs">
        <h3>Runs</h3>
        {runs.length === 0 ? (
          <p class="empty">Nothing has run here yet.</p>
        ) : (
          <ul class="runs">
            {runs.map((each) => (
              <li key={formatKey(each)}>
                <button type="button" onClick={() => choose({ ...each, kind: "run" })}>
                  <span class={`chip ${findTone(each)}`}>{each.status}</span> {nameRun(life, each.invokeId)}{" "}
                  <small>
                    {formatInstant(findStart(each), zone)}
                    {each.startTime !== undefined &&
                      each.finishTime !== undefined &&
                      ` · ${formatSpan(each.finishTime - each.startTime)}`}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </article>
  );
}
