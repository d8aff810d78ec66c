/**
 * cli/doctor: asks everything that Spillway stands on one harmless question each, and ends in what a person must do.
 *
 * Invariant: a check never changes anything and never throws: what went wrong is its answer. The folder owns no state.
 */
import type { ProbeFailure } from '#runtime/cli-runtime.ts';
import { nothingListens, silentLocalAws } from '../nothing-listens.ts';

export interface Check {
  /** Heading that it is shown under. */
  readonly area: string;
  /** What was asked: an API operation or a thing. */
  readonly subject: string;
  /** Where: `region (account)`, a URL, a file. */
  readonly place: string;
  /** `advice` works, but will disappoint; `skipped` could not be asked. */
  readonly status: 'fine' | 'broken' | 'advice' | 'skipped';
  /** What was answered, for people. */
  readonly detail: string;
  /** What to do, for `broken` and `advice`; the same words for the same deed, so that places can be put together. */
  readonly todo?: string | undefined;
}

export interface Todo {
  readonly text: string;
  readonly places: readonly string[];
  readonly must: boolean;
}

/** Deeds instead of findings: what must be done first, each once with all its places. */
export function listTodos(checks: readonly Check[]): readonly Todo[] {
  const todos = new Map<string, { text: string; places: string[]; must: boolean }>();
  for (const check of checks) {
    if (check.todo === undefined) continue;
    const todo = todos.get(check.todo) ?? { text: check.todo, places: [], must: false };
    if (!todo.places.includes(check.place)) todo.places.push(check.place);
    todos.set(check.todo, { ...todo, must: todo.must || check.status === 'broken' });
  }
  const all = [...todos.values()];
  return [...all.filter((todo) => todo.must), ...all.filter((todo) => !todo.must)];
}

/** What a person does about a failed call. `permission` is the IAM action that the call needs. */
export function todoOfFailure(
  failure: ProbeFailure,
  call: {
    readonly permission: string;
    /** What to do when the thing asked about does not exist. */
    readonly whenMissing?: string | undefined;
    readonly local: boolean;
    readonly awsUrl: string;
    /** Where it was asked, if an account must enable that region. @default - no region that must be enabled */
    readonly optInPlace?: { readonly account: string; readonly region: string } | undefined;
  },
): string {
  // The same error tells of credentials that nobody knows and of a region that was never enabled.
  if (failure.kind === 'credentials' && call.optInPlace !== undefined) {
    const { account, region } = call.optInPlace;
    return `Enable ${region} in account ${account} (account:EnableRegion): an opt-in region takes no credentials before. Where it is enabled, sign in again with tokens of a regional STS endpoint.`;
  }
  switch (failure.kind) {
    case 'unreachable':
      if (call.local && !nothingListens(failure)) return silentLocalAws(call.awsUrl);
      return call.local
        ? `Start local mode with \`npm start\`: nothing answers at ${call.awsUrl} (or name it with --aws-url).`
        : 'Find out why AWS cannot be reached from here: network, DNS, proxy, or a region that the account has not enabled.';
    case 'denied':
      return `Allow ${call.permission} to these credentials; a service control policy may deny it too.`;
    case 'credentials':
      return call.local
        ? `Check --aws-url: what answers at ${call.awsUrl} does not take the local credentials.`
        : 'Sign in again (`aws sso login`) or check the keys of the profile.';
    case 'missing':
      return (
        call.whenMissing ??
        `Create what ${call.permission} did not find, or take it out of the configuration.`
      );
    case 'throttled':
      return 'Wait a minute and run doctor again: AWS throttled the call.';
    case 'other':
      return `Look into this failure of ${call.permission}: ${failure.name}: ${failure.message}`;
  }
}

/** A failure in one line for people: the words of HTTP libraries about connections are replaced by what happened. */
export function wordsOfFailure({ name, message }: Pick<ProbeFailure, 'name' | 'message'>): string {
  const late = /exceeded the configured (?:timeout of )?(\d+) ms/.exec(message)?.[1];
  if (late !== undefined) return `no answer within ${Number(late) / 1000} s`;
  if (/ECONNRESET|socket hang up/.test(message)) return 'the connection broke before an answer';
  return `${name}: ${message}`;
}
