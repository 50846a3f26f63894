/** One run: its command, its output as it comes, its times, and the request that made it. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { WholeInvocation } from "../control/invocations";
import type { WholeResult } from "../control/results";
import { findTone } from "./bars";
import type { Execution } from "./execution";
import { findLane, formatKey } from "./life";
import { hideSecrets } from "./secrets";
import { type Choice, nameRun, type Stage } from "./stage";
import { formatDistance, formatInstant, formatSpan, toZone } from "./words";

type Chosen = Extract<Choice, { kind: "run" }>;

export function Run({ stage, chosen }: { readonly stage: Stage; readonly chosen: Chosen }) {
  const { life, ask } = stage;
  const [isShown, setShown] = useState(false);
  const [invocation, setInvocation] = useState<WholeInvocation>();
  const [result, setResult] = useState<WholeResult>();
  const { invokeId, instanceId, repeats } = chosen;
  const execution = life.byKey.get(formatKey(chosen));
  const frequency = life.invocations.get(invokeId)?.frequency;

  useEffect(() => {
    let isWanted = true;
    const path = `invocations/${encodeURIComponent(invokeId)}${isShown ? "?values=all" : ""}`;
    ask<WholeInvocation>("GET", path).then(
      (answer) => isWanted && setInvocation(answer),
      () => isWanted && setInvocation(undefined),
    );
    return () => {
      isWanted = false;
    };
  }, [invokeId, isShown, frequency, execution?.finishTime]);
  useEffect(() => {
    let isWanted = true;
    setResult(undefined);
    const path = `results/${encodeURIComponent(invokeId)}?instanceId=${instanceId}&repeats=${repeats}`;
    ask<WholeResult>("GET", path).then(
      (answer) => isWanted && setResult(answer),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [invokeId, instanceId, repeats, execution?.finishTime]);

  const status = execution?.status ?? "Scheduled";
  // What runs tells its output by events; what is over is asked for once.
  const output =
    execution?.finishTime === undefined ? (execution?.output ?? result?.output) : (result?.output ?? execution.output);
  return (
    <article class="run" aria-label={`Run of ${nameRun(life, invokeId)} on ${instanceId}`}>
      <Head stage={stage} chosen={chosen} execution={execution} status={status} />
      <Times stage={stage} chosen={chosen} execution={execution} />
      <Ending execution={execution} result={result} />
      <Output
        text={output}
        isShown={isShown}
        dropped={result?.dropped ?? 0}
        isRunning={execution?.finishTime === undefined}
      />
      {invocation !== undefined && (
        <Command
          invocation={invocation}
          hasHiddenOutput={hideSecrets(output ?? "").isHidden}
          {...{ isShown, setShown, stage }}
        />
      )}
      <OnOthers stage={stage} chosen={chosen} />
    </article>
  );
}

function Head({
  stage,
  chosen,
  execution,
  status,
}: {
  readonly stage: Stage;
  readonly chosen: Chosen;
  readonly execution: Execution | undefined;
  readonly status: Execution["status"];
}) {
  const { life, choose } = stage;
  const { invokeId, instanceId, repeats } = chosen;
  const own = findLane(life, instanceId).executions.filter((each) => each.invokeId === invokeId);
  const place = own.findIndex((each) => each.repeats === repeats);
  const go = (step: number) => {
    const next = own[place + step];
    if (next !== undefined) choose({ ...next, kind: "run" });
  };
  return (
    <header>
      <h2>{nameRun(life, invokeId)}</h2>
      <p>
        <span class={`chip ${execution ? findTone(execution) : "off"}`}>{status}</span> on{" "}
        <button type="button" class="linkish" onClick={() => choose({ kind: "machine", instanceId })}>
          {instanceId}
        </button>
      </p>
      {own.length > 1 && (
        <p class="group">
          <button type="button" aria-label="The run before" disabled={place <= 0} onClick={() => go(-1)}>
            ‹
          </button>
          <span class="hint">
            run {repeats} · {own.length.toLocaleString("en")} seen here
          </span>
          <button type="button" aria-label="The run after" disabled={place >= own.length - 1} onClick={() => go(1)}>
            ›
          </button>
        </p>
      )}
    </header>
  );
}

/** In UTC, where the machine is, and where the schedule says: each once. */
function Times({
  stage,
  chosen,
  execution,
}: {
  readonly stage: Stage;
  readonly chosen: Chosen;
  readonly execution: Execution | undefined;
}) {
  const { life, now } = stage;
  const { invokeId, instanceId } = chosen;
  const machine = life.machines.get(instanceId)?.timeZone ?? "UTC";
  const schedule = life.schedules.find((each) => each.invokeId === invokeId && each.instanceIds.includes(instanceId));
  const zones = new Map([
    ["UTC", "UTC"],
    [toZone(machine), machine === schedule?.timeZone ? "machine and schedule" : "machine"],
  ]);
  if (schedule?.timeZone && !zones.has(toZone(schedule.timeZone))) zones.set(toZone(schedule.timeZone), "schedule");
  const { startTime, finishTime } = execution ?? {};
  const next = life.fires.get(instanceId)?.filter((fire) => fire.invokeId === invokeId && fire.at > now) ?? [];
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["began", startTime],
    ["ended", finishTime],
    ...next.slice(0, 3).map(({ at }, index) => [index === 0 ? "next" : "then", at] as const),
  ];
  return (
    <>
      <div class="scrolls" tabIndex={0} role="region" aria-label="Times of the run">
        <table>
          <thead>
            <tr>
              <td />
              {[...zones].map(([zone, whose]) => (
                <th key={zone} scope="col">
                  {zone}
                  {whose !== zone && <small> {whose}</small>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(
              ([what, at]) =>
                at !== undefined && (
                  <tr key={`${what}${at}`}>
                    <th scope="row">{what}</th>
                    {[...zones.keys()].map((zone) => (
                      <td key={zone}>{formatInstant(at, zone)}</td>
                    ))}
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </div>
      <p class="hint">
        {startTime !== undefined &&
          (finishTime === undefined
            ? `Running for ${formatSpan(Math.max(0, now - startTime))}. `
            : `Took ${formatSpan(finishTime - startTime)}. `)}
        {next[0] !== undefined && `Runs again ${formatDistance(next[0].at - now)}.`}
      </p>
    </>
  );
}

function Ending({
  execution,
  result,
}: {
  readonly execution: Execution | undefined;
  readonly result: WholeResult | undefined;
}) {
  if (execution === undefined) return <p class="empty">It has not run yet: it waits for its time.</p>;
  const { exitCode, errorCode } = execution;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["exit code", exitCode === undefined ? undefined : String(exitCode)],
    ["error code", errorCode || undefined],
    ["in words", result?.errorInfo || undefined],
  ];
  return <Facts facts={facts} />;
}

function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren | undefined])[] }) {
  const known = facts.filter(([, value]) => value !== undefined && value !== "");
  if (known.length === 0) return null;
  return (
    <dl class="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Output({
  text,
  isShown,
  dropped,
  isRunning,
}: {
  readonly text: string | undefined;
  readonly isShown: boolean;
  readonly dropped: number;
  readonly isRunning: boolean;
}) {
  const shown = useMemo(() => (isShown ? (text ?? "") : hideSecrets(text ?? "").text), [text, isShown]);
  return (
    <section aria-label="Output">
      <h3>Output{isRunning && text !== undefined && <small> as it comes</small>}</h3>
      {dropped > 0 && <p class="hint">The first {dropped.toLocaleString("en")} bytes are not kept.</p>}
      {shown === "" ? (
        <p class="empty">{isRunning ? "Nothing printed so far." : "It printed nothing."}</p>
      ) : (
        <pre class="output" tabIndex={0}>
          {shown}
        </pre>
      )}
    </section>
  );
}

function Command({
  invocation,
  isShown,
  setShown,
  hasHiddenOutput,
  stage,
}: {
  readonly invocation: WholeInvocation;
  readonly isShown: boolean;
  readonly hasHiddenOutput: boolean;
  readonly setShown: (isShown: boolean) => void;
  readonly stage: Stage;
}) {
  const { command, commandLine, parameters, frequency, repeatMode, tags } = invocation;
  const content = hideSecrets(command.content);
  const line = hideSecrets(commandLine);
  const names = Object.keys(parameters);
  const hasHidden = isShown || names.length > 0 || content.isHidden || line.isHidden || hasHiddenOutput;
  const copied = isShown ? commandLine : line.text;
  return (
    <>
      <section aria-label="Command">
        <h3>
          Command <small>{command.type}</small>
        </h3>
        <pre tabIndex={0}>{isShown ? command.content : content.text}</pre>
        {names.length > 0 && (
          <dl class="facts">
            {names.map((name) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{isShown ? <code>{parameters[name]}</code> : <span class="hint">hidden</span>}</dd>
              </div>
            ))}
          </dl>
        )}
        {hasHidden && (
          <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? "Hide values" : "Show hidden values"}
          </button>
        )}
      </section>
      <section aria-label="Invocation">
        <h3>Invocation</h3>
        <Facts
          facts={[
            ["id", <code>{invocation.invokeId}</code>],
            ["command", <code>{invocation.commandId}</code>],
            ["repeats", repeatMode === "Once" ? undefined : repeatMode],
            ["frequency", frequency === "" ? undefined : <code>{frequency}</code>],
            ["time-out", `${invocation.timeoutSeconds} s`],
            ["user", invocation.username],
            ["folder", invocation.workingDir],
            ["launcher", invocation.launcher],
            [
              "tags",
              Object.entries(tags)
                .map(([key, value]) => hideSecrets(`${key}=${value}`).text)
                .join(", "),
            ],
          ]}
        />
      </section>
      <section aria-label="The request again">
        <h3>The request again</h3>
        <pre class="wraps" tabIndex={0}>
          {copied}
        </pre>
        <Copy text={copied} stage={stage} isWhole={copied === commandLine && !copied.includes("…")} />
      </section>
    </>
  );
}

function Copy({ text, stage, isWhole }: { readonly text: string; readonly stage: Stage; readonly isWhole: boolean }) {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      const rest = isWhole ? "" : "; hidden values are not part of it: show them first";
      stage.say({ text: `Copied${rest}`, tone: "good", runs: [] });
    } catch {
      stage.say({ text: "The browser does not let the page copy: mark the line instead", tone: "bad", runs: [] });
    }
  };
  return (
    <button type="button" onClick={copy}>
      Copy
    </button>
  );
}

const MAX_OTHERS = 100;

/** What became of the same invocation on the other machines. */
function OnOthers({ stage, chosen }: { readonly stage: Stage; readonly chosen: Chosen }) {
  const { life, choose } = stage;
  const last = new Map<string, Execution>();
  for (const lane of life.lanes.values())
    for (const each of lane.executions) if (each.invokeId === chosen.invokeId) last.set(each.instanceId, each);
  last.delete(chosen.instanceId);
  if (last.size === 0) return null;
  const worstFirst = [...last.values()].sort((a, b) => Number(a.status === "Success") - Number(b.status === "Success"));
  return (
    <section aria-label="On other machines">
      <h3>
        On other machines <small>{last.size.toLocaleString("en")}</small>
      </h3>
      <ul class="runs">
        {worstFirst.slice(0, MAX_OTHERS).map((each) => (
          <li key={each.instanceId}>
            <button type="button" onClick={() => choose({ ...each, kind: "run" })}>
              <span class={`chip ${findTone(each)}`}>{each.status}</span> {each.instanceId}
            </button>
          </li>
        ))}
      </ul>
      {last.size > MAX_OTHERS && <p class="hint">and {(last.size - MAX_OTHERS).toLocaleString("en")} more</p>}
    </section>
  );
}
