import type { Work } from '#core/call/work.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { Target } from '#core/target.ts';
import type { CapacityLedger, LeaseAnswer } from '../ports/capacity-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelInvoker, TargetCall } from '../ports/model-invoker.ts';
import type { RequestIds } from '../ports/request-ids.ts';
import type { WriteBehind } from './write-behind.ts';

/** A target that wakes needs minutes; one call of a process in this time is enough to ask for it. */
const WAKE_WINDOW_MS = 60_000;
const WAKE_CALL_MS_MAX = 5000;

/**
 * Wakes scaled-to-zero targets: the failing call is itself what makes SageMaker scale out, and a gateway that only
 * avoids cold targets would keep them cold. One real spilled request per target and window is sent along, with one
 * output token (or its first text), beside the path of the answer; it is not counted in `x-spillway-attempts`, but in the metrics.
 *
 * The window is the whole gateway region's: whoever wakes a target takes the one slot there is for that, and never gives
 * it back. It lapses as a lease does, after half a minute; a process that took it or found it taken asks again after one.
 * Where the ledger does not decide, each process wakes by itself.
 */
export interface WakeUps {
  /** Takes only candidates that the decide stage judged. Waits for none; counts each call in the tally as it is sent. */
  send(candidates: readonly Candidate[], work: Work, tally: WakeUpTally): void;
}

/** Calls sent only to wake targets. Grows until the ledger has decided, long before a call's answer. */
export interface WakeUpTally {
  sent: number;
}

interface WakeUpParts {
  readonly invoker: ModelInvoker;
  readonly capacity: CapacityLedger;
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly behind: WriteBehind;
  /** Told of a target that answered. */
  readonly onAwake: (target: Target) => void;
}

interface Waking {
  readonly candidate: Candidate;
  readonly work: Work;
  readonly tally: WakeUpTally;
}

export function createWakeUps(parts: WakeUpParts): WakeUps {
  const askedAt = new Map<string, number>();
  return {
    send: (candidates, work, tally) => {
      const at = parts.clock.now();
      const due = candidates.filter(
        ({ target, verdict }) =>
          verdict.lawful && at - (askedAt.get(target.id) ?? Number.NEGATIVE_INFINITY) >= WAKE_WINDOW_MS,
      );
      for (const candidate of due) {
        askedAt.set(candidate.target.id, at);
        wake(parts, { candidate, work, tally });
      }
    },
  };
}

function wake(parts: WakeUpParts, waking: Waking): void {
  const answer = windowOf(parts, waking.candidate.target);
  const knock = (answered: LeaseAnswer): Promise<void> => knockIfFirst(parts, waking, answered);
  // An environment that froze before the call has left would wake nothing.
  parts.behind.add(answer instanceof Promise ? answer.then(knock) : knock(answer));
}

/** The target's window, for whoever comes first. */
function windowOf(
  { capacity, clock, ids }: WakeUpParts,
  { id }: Target,
): ReturnType<CapacityLedger['acquire']> {
  return capacity.acquire({
    limit: { target: `${id}#wake`, slots: 1, copies: 1 },
    leaseId: ids.next(),
    kvTokens: 0,
    slotsReserved: 0,
    at: clock.now(),
  });
}

async function knockIfFirst(parts: WakeUpParts, waking: Waking, answer: LeaseAnswer): Promise<void> {
  if (!answer.granted && answer.reason !== 'unknown') return;
  waking.tally.sent += 1;
  await knock(parts, waking);
}

/** A cold target fails; one that answers has woken since discovery looked. */
async function knock(
  { invoker, clock, onAwake }: WakeUpParts,
  { candidate: { target }, work }: Waking,
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
