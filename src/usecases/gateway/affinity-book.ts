import type { Work, WorkNeeds } from '#core/call/work.ts';
import { CACHE_KEPT_MS, cachedPrefix } from '#core/chat/cached-prefix.ts';
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { Usage } from '#core/chat/model-event.ts';
import type { Candidate } from '#core/decide/decision.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { ConversationHasher } from '../ports/conversation-hasher.ts';
import type { Placement } from './stage.ts';

/** Far more beginnings than are alive at once; beyond it the oldest go, and count as never seen. */
const ENTRIES_MAX = 20_000;

/** A beginning of a conversation of one tenant, model and residency, as a keyed hash. */
interface ConversationMark {
  readonly hash: string;
  /** How long it is kept once it was served. @default - nobody asked to keep it: it is only looked for */
  readonly keptMs?: number | undefined;
}

/** Every beginning of one call that an earlier turn may have asked to keep, the shortest first. At least one. */
export type ConversationMarks = readonly ConversationMark[];

/**
 * Which target last served which beginning of a conversation, as this process saw it: hashes, target ids and instants.
 * Calls without a sign that their prompt is to be kept have no marks and cost nothing here.
 */
export interface AffinityBook {
  marksOf(placement: Placement, call: AskedCall): ConversationMarks | undefined;
  /** The id of the target that served the longest beginning that is still kept. */
  lastServedBy(marks: ConversationMarks, at: InstantMs): string | undefined;
  /** A call with these marks was answered, or broke off. */
  ended(marks: ConversationMarks, end: EndedCall, at: InstantMs): void;
}

interface AskedCall {
  readonly work: Work;
  readonly needs: WorkNeeds;
}

interface EndedCall {
  /** Who answered last. */
  readonly candidate: Candidate;
  /** `answered`, `resumed`, `cancelled` or an error code. */
  readonly outcome: string;
  /** What the target told. @default - nothing */
  readonly usage?: Usage | undefined;
}

interface Served {
  readonly target: string;
  readonly keptMs: number;
  readonly until: InstantMs;
}

export function createAffinityBook(hasher: ConversationHasher): AffinityBook {
  const served = new Map<string, Served>();
  const keptAt = (hash: string, at: InstantMs): Served | undefined => {
    const known = served.get(hash);
    return known !== undefined && known.until > at ? known : undefined;
  };
  const put = (hash: string, entry: Served): void => {
    served.delete(hash);
    served.set(hash, entry);
    if (served.size <= ENTRIES_MAX) return;
    const oldest = served.keys().next().value;
    if (oldest !== undefined) served.delete(oldest);
  };
  return {
    marksOf: (placement, { work, needs }) =>
      work.kind === 'chat' && saysToKeep(work.request, needs)
        ? marksUnder(hasher, placement, work.request)
        : undefined,
    lastServedBy: (marks, at) => {
      for (let index = marks.length - 1; index >= 0; index -= 1) {
        const known = keptAt(marks[index]?.hash ?? '', at);
        if (known !== undefined) return known.target;
      }
      return undefined;
    },
    ended: (marks, end, at) => {
      if (!keeps(end)) return;
      const target = end.candidate.target.id;
      for (const { hash, keptMs: asked } of marks) {
        // Reading from a cache prolongs it, where an earlier turn set its point and this one did not.
        const known = keptAt(hash, at);
        const keptMs = asked ?? (known?.target === target ? known.keptMs : undefined);
        if (keptMs !== undefined) put(hash, { target, keptMs, until: at + keptMs });
      }
    },
  };
}

function saysToKeep(request: ChatRequest, needs: WorkNeeds): boolean {
  const hasPoints = needs.work !== 'embedding' && needs.features.includes('prompt-caching');
  return hasPoints || request.promptCacheKey !== undefined;
}

function marksUnder(
  hasher: ConversationHasher,
  { tenant, policy }: Placement,
  request: ChatRequest,
): ConversationMarks | undefined {
  const marks: ConversationMark[] = [];
  const scope = hasher.begin(JSON.stringify([tenant.name, request.model, policy.name]));
  if (request.promptCacheKey !== undefined)
    marks.push({ hash: hasher.extend(scope, `key ${request.promptCacheKey}`), keptMs: CACHE_KEPT_MS });
  let link = scope;
  for (const { text, keptMs } of cachedPrefix(request)) {
    link = hasher.extend(link, text);
    marks.push({ hash: link, keptMs });
  }
  return marks.length === 0 ? undefined : marks;
}

/** Whether its cache holds the prompt now: it answered with the points, or told that it read or wrote a cache. */
function keeps({ candidate, outcome, usage }: EndedCall): boolean {
  const answered = outcome === 'answered' || outcome === 'resumed';
  if (answered && candidate.dropped?.includes('prompt-caching') !== true) return true;
  return (usage?.cacheReadInputTokens ?? 0) > 0 || (usage?.cacheWriteInputTokens ?? 0) > 0;
}
