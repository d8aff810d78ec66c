import type { Work } from '../call/work.ts';

/** Ours, and always the same: nothing that a caller wrote leaves before its own call does. */
const WAKING_TEXT = 'ping';

/** The least work that wakes a target of the model: one word in, one token out. */
export function wakingWork(model: string, kind: 'chat' | 'embedding'): Work {
  if (kind === 'embedding')
    return { kind, request: { model, texts: [WAKING_TEXT], purpose: 'search_document' } };
  const messages = [{ role: 'user', content: [{ text: WAKING_TEXT }] }] as const;
  return { kind, stream: false, request: { model, system: [], messages, inference: { maxTokens: 1 } } };
}
