import { useState } from 'preact/hooks';
import type { SlowRequest } from '#contract/live.ts';
import { utcClock } from '../shell/times.ts';
import { duration, placeOf, type TimelineStep, timelineOf } from './timeline.ts';

const LISTED_MAX = 12;

/** The slowest that just ended; one of them with where its time went. The chosen one stays when it leaves the list. */
export function SlowRequests({ slow }: { readonly slow: readonly SlowRequest[] }) {
  const [chosen, setChosen] = useState<SlowRequest>();
  const shown = chosen ?? slow[0];
  if (shown === undefined)
    return <p class="dim">No request was slower than the p95 of its model since you opened this page.</p>;
  return (
    <div class="live-slow">
      <ul class="live-slow-list" aria-label="Slow requests, newest first">
        {slow.slice(0, LISTED_MAX).map((request) => (
          <li key={request.requestId}>
            <button
              type="button"
              class="quiet"
              aria-pressed={request.requestId === shown.requestId}
              onClick={() => setChosen(request)}
            >
              <span class="mono">{utcClock(Date.parse(request.arrivedAt))}</span> {request.model}{' '}
              <strong>{duration(request.totalMs)}</strong> {request.outcome}
            </button>
          </li>
        ))}
      </ul>
      <Timeline request={shown} />
    </div>
  );
}

function Timeline({ request }: { readonly request: SlowRequest }) {
  return (
    <section class="live-timeline" aria-label="Where the time went">
      <p>
        <span class="mono">{request.requestId}</span>
        <br />
        {request.model}, residency {request.residency}, lane {request.lane}
      </p>
      <ol>
        {timelineOf(request).map((step) => (
          <Step key={`${step.what} ${step.startMs}`} step={step} totalMs={request.totalMs} />
        ))}
      </ol>
    </section>
  );
}

const marks = { plain: '•', good: '✓', bad: '✗' } as const;

function Step({ step, totalMs }: { readonly step: TimelineStep; readonly totalMs: number }) {
  const { x, width } = placeOf(step, totalMs);
  return (
    <li>
      <span class={`live-step-what ${step.tone}`}>
        <span aria-hidden="true">{marks[step.tone]} </span>
        {step.what}
      </span>
      <span class="live-step-time">
        {step.startMs === undefined ? 'time not known' : `at ${duration(step.startMs)}`}
        {step.lengthMs > 0 ? ` for ${duration(step.lengthMs)}` : ''}
      </span>
      {step.startMs !== undefined && (
        <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" class={step.tone}>
          <rect x="0" y="3" width="1000" height="2" class="live-rail" />
          <rect x={x} y="0" width={width} height="8" />
        </svg>
      )}
    </li>
  );
}
