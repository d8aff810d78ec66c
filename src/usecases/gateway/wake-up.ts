import type { Work } from '#core/call/work.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { Target } from '#core/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelInvoker, TargetCall } from '../ports/model-invoker.ts';
import type { WriteBehind } from './write-behind.ts';

/** A target that wakes needs minutes; one call in this time is enough to ask for it. */
const WAKE_WINDOW_MS = 60_000;
const WAKE_CALL_MS_MAX = 5000;

/**
 * Wakes scaled-to-zero targets: the failing call is itself what makes SageMaker scale out, and a gateway that only
 * avoids cold targets would keep them cold. One real spilled request per target and window is sent along, with one
 * output token (or its first text), beside the path of the answer; it is not counted in `x-spillway-attempts`, but in the metrics.
 */
export interface WakeUps {
  /** Takes only candidates that the decide stage judged. Answers how many calls were sent; waits for none. */
  send(candidates: readonly Candidate[], work: Work): number;
}

interface WakeUpParts {
  readonly invoker: ModelInvoker;
  readonly clock: Clock;
  readonly behind: WriteBehind;
  /** Told of a target that answered. */
  readonly onAwake: (target: Target) => void;
}

export function createWakeUps(parts: WakeUpParts): WakeUps {
  const wokenAt = new Map<string, number>();
  return {
    send: (candidates, work) => {
      const at = parts.clock.now();
      const due = candidates.filter(
        ({ target, verdict }) =>
          verdict.lawful && at - (wokenAt.get(target.id) ?? Number.NEGATIVE_INFINITY) >= WAKE_WINDOW_MS,
      );
      for (const { target } of due) wokenAt.set(target.id, at);
      // An environment that froze before the call has left would wake nothing.
      for (const candidate of due) parts.behind.add(knock(parts, candidate, work));
      return due.length;
    },
  };
}

/** A cold target fails; one that answers has woken since discovery looked. */
async function knock(
  { invoker, clock, onAwake }: WakeUpParts,
  { target }: Candidate,
  work: Work,
): Promise<void> {
  const over = new AbortController();
  clock.sleep(WAKE_CALL_MS_MAX, over.signal).then(
    () => over.abort(),
    () => undefined,
  );
  try {
    await ask(invoker, { target, connectMsMax: 1000, signal: over.signal }, work);
    if (!over.signal.aborted) onAwake(target);
  } catch {
    // The refusal is the wake-up.
  } finally {
    over.abort();
  }
}

/** As little of the work as wakes a target. Counting never gets here: what sleeps cannot count. */
async function ask(invoker: ModelInvoker, call: TargetCall, work: Work): Promise<void> {
  if (work.kind === 'embedding') {
    await invoker.embed({ ...call, request: { ...work.request, texts: work.request.texts.slice(0, 1) } });
    return;
  }
  const events = await invoker.converse({ ...call, request: work.request, maxTokens: 1 });
  for await (const _event of events) if (call.signal.aborted) break;
}
