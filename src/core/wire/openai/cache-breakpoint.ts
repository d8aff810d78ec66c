import type { CachePointBlock } from '../../chat/chat-request.ts';
import type { Report } from './conversation.ts';

/** A part of a message behind which the caller would have the prompt kept. */
export interface MarkedPart {
  readonly prompt_cache_breakpoint?: { readonly mode: 'explicit' } | null | undefined;
}

/** The cache point that a part asks for; none without a mark. */
export function cachePointAfter({ prompt_cache_breakpoint: mark }: MarkedPart): readonly CachePointBlock[] {
  return mark == null ? [] : [{ cachePoint: {} }];
}

/** In the result of a call no target keeps a prompt. */
export function refuseCacheMarks(parts: readonly MarkedPart[], path: string, report: Report): void {
  for (const [index, { prompt_cache_breakpoint: mark }] of parts.entries()) {
    if (mark == null) continue;
    report(
      `${path}[${index}].prompt_cache_breakpoint`,
      'is not supported in the result of a call: set it on a message',
    );
  }
}
