/** Targets that behave as a test says: answer, fail, hang, stall or break, in virtual time. */
import type { ChatRequest } from '#core/chat/chat-request.ts';
import type { ModelEvent, Usage } from '#core/chat/model-event.ts';
import type { EmbeddingAnswer, EmbeddingRequest } from '#core/embedding/embedding-request.ts';
import type { UpstreamSignal } from '#core/failures/upstream-signal.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import {
  type EmbeddingCall,
  type ModelCall,
  type ModelInvoker,
  type TargetCall,
  UpstreamFailure,
} from '#usecases/ports/model-invoker.ts';

export interface Script {
  /** Milliseconds before the head. @default 0 */
  readonly afterMs?: number;
  readonly failsBefore?: UpstreamSignal;
  /** Never answers, until it is aborted. */
  readonly hangs?: 'before' | 'after-events';
  readonly events?: readonly ModelEvent[];
  /** After the events. */
  readonly failsInside?: UpstreamSignal;
  /** Milliseconds between two events. @default 0 */
  readonly betweenMs?: number;
  /** Milliseconds before each event by its place, over `betweenMs`. */
  readonly delaysMs?: readonly number[];
  /** Of work that is no chat: the answer, where it is not the usual one. */
  readonly embedding?: EmbeddingAnswer;
  readonly inputTokens?: number;
}

interface ScriptedCall {
  readonly target: string;
  /** 0 for work without output. */
  readonly maxTokens: number;
  readonly call: TargetCall & { readonly request: ChatRequest | EmbeddingRequest };
  /** Events that were pulled. */
  pulled: number;
  aborted: boolean;
}

export interface ScriptedInvoker extends ModelInvoker {
  readonly calls: readonly ScriptedCall[];
  /** From now on the target follows this script; with several, one each call and the last for ever. */
  script(target: string, ...scripts: readonly Script[]): void;
}

export const usageOf = (inputTokens: number, outputTokens: number): Usage => ({ inputTokens, outputTokens });

/** A good answer in the given pieces. */
export function answering(
  pieces: readonly string[] = ['Hello', ' there'],
  usage: Usage = usageOf(5, 2),
): Script {
  return {
    events: [
      ...textEvents(pieces),
      { type: 'message-stop', stopReason: 'end_turn' },
      { type: 'usage', usage },
    ],
  };
}

export function textEvents(pieces: readonly string[]): readonly ModelEvent[] {
  const deltas = pieces.map((text) => ({ type: 'text-delta' as const, index: 0, text }));
  return [{ type: 'message-start' }, ...deltas, { type: 'block-stop', index: 0 }];
}

export function aSignal(changes: Partial<UpstreamSignal> = {}): UpstreamSignal {
  return { service: 'bedrock-runtime', kind: 'answer', phase: 'before', message: 'scripted', ...changes };
}

/** Targets without a script answer well. */
export function createScriptedInvoker(clock: Clock): ScriptedInvoker {
  const scripts = new Map<string, readonly Script[]>();
  const calls: ScriptedCall[] = [];
  const nextScript = (target: string): Script => {
    const [first = answering(), ...others] = scripts.get(target) ?? [];
    if (others.length > 0) scripts.set(target, others);
    return first;
  };
  return {
    calls,
    script: (target, ...given) => {
      scripts.set(target, given);
    },
    converse: async (call) => {
      const { script, record } = await begin(call, call.maxTokens);
      return play(clock, script, { call, record });
    },
    embed: async (call) => {
      const { script } = await begin(call, 0);
      return script.embedding ?? vectorsOf(call);
    },
    countTokens: async (call) => {
      const { script } = await begin(call, 0);
      return script.inputTokens ?? 5;
    },
  };

  async function begin(call: ScriptedCall['call'], maxTokens: number) {
    const script = nextScript(call.target.id);
    const record: ScriptedCall = { target: call.target.id, maxTokens, call, pulled: 0, aborted: false };
    calls.push(record);
    if (script.failsBefore?.kind !== 'credentials') call.onSent?.();
    call.signal.addEventListener('abort', () => {
      record.aborted = true;
    });
    if (script.afterMs !== undefined) await clock.sleep(script.afterMs, call.signal);
    if (script.hangs === 'before') await forever(call.signal);
    if (script.failsBefore !== undefined) throw new UpstreamFailure(script.failsBefore);
    return { script, record };
  }
}

/** Each text as its length and its first letter. */
function vectorsOf({ request }: EmbeddingCall): EmbeddingAnswer {
  const embeddings = request.texts.map((text) => {
    const vector = Array.from({ length: request.dimensions ?? 4 }, () => 0);
    return vector.with(0, text.length).with(1, text.charCodeAt(0));
  });
  return { embeddings, inputTokens: request.texts.length };
}

async function* play(
  clock: Clock,
  script: Script,
  { call, record }: { readonly call: ModelCall; readonly record: ScriptedCall },
) {
  for (const [index, event] of (script.events ?? []).entries()) {
    const delayMs = script.delaysMs?.[index] ?? script.betweenMs;
    if (delayMs !== undefined) await clock.sleep(delayMs, call.signal);
    record.pulled += 1;
    yield event;
  }
  if (script.hangs === 'after-events') await forever(call.signal);
  if (script.failsInside !== undefined) throw new UpstreamFailure(script.failsInside);
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
