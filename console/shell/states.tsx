/** How every page says that it waits, has nothing, shows what is old, or could not read. */
import type { ComponentChildren } from 'preact';
import type { ApiProblem } from './api-problem.ts';
import { timeAgo, utcTime } from './times.ts';

/** Keeps the room that what is to come will take. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="state" role="status">
      <span class="state-mark" aria-hidden="true">
        …
      </span>
      <p>Reading {what}.</p>
    </div>
  );
}

export function Empty(props: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="state" role="status">
      <span class="state-mark" aria-hidden="true">
        ○
      </span>
      <h2>{props.title}</h2>
      <p>{props.children}</p>
    </div>
  );
}

/** In place of what could not be read; with what to do about it. */
export function Problem(props: { readonly problem: ApiProblem; readonly onRetry: () => void }) {
  const { problem, onRetry } = props;
  return (
    <div class="state state-bad" role="alert">
      <span class="state-mark" aria-hidden="true">
        ✗
      </span>
      <h2>{problem.code === 'model_not_found' ? 'No such model' : 'This could not be read'}</h2>
      <p>{problem.message}</p>
      <p class="dim">
        {problem.status === 0 ? 'No answer' : `HTTP ${problem.status}`}, {problem.code}
      </p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

/** Above what is shown although it is old; takes the same room when all is well. */
export function Freshness(props: {
  readonly asOf: string;
  readonly now: number;
  /** Why it is old. Undefined where it is not. */
  readonly staleBecause: string | undefined;
}) {
  const { asOf, now, staleBecause } = props;
  return (
    <p class={staleBecause === undefined ? 'freshness' : 'freshness freshness-stale'} role="status">
      {staleBecause === undefined ? '' : <strong>⚠ Stale: </strong>}
      As of <time dateTime={asOf}>{utcTime(asOf)}</time>, {timeAgo(asOf, now)}.
      {staleBecause === undefined ? '' : ` ${staleBecause}`}
    </p>
  );
}

/** What could not be read, where the rest of the page goes on. */
export function UnreadPart({ problem, again }: { readonly problem: ApiProblem; readonly again: () => void }) {
  return (
    <p class="bad" role="alert">
      ✗ {problem.message}{' '}
      <button type="button" class="quiet" onClick={again}>
        Try again
      </button>
    </p>
  );
}
