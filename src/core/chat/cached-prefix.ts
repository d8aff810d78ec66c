import type { CachePoint, ChatRequest, ContentBlock, SystemBlock } from './chat-request.ts';

/** How long a provider keeps a prompt that is not used, where the cache point does not say otherwise. */
export const CACHE_KEPT_MS = 300_000;
const LONG_CACHE_KEPT_MS = 3_600_000;

/** One part of what a model reads, in the order in which it reads them. */
export interface PrefixPiece {
  /** The same for the same part in the same place of a turn; of two kinds of parts never the same. */
  readonly text: string;
  /** For how long all up to this piece is kept. @default - no cache point stands behind it */
  readonly keptMs?: number | undefined;
}

/**
 * All that a model reads up to the caller's last cache point: tools, system, then the turns. The points themselves
 * are no part of it, since callers move them on from turn to turn. Empty where the caller set none.
 */
export function cachedPrefix({ tools, system, messages }: ChatRequest): readonly PrefixPiece[] {
  const pieces: Piece[] = [];
  let cached = 0;
  const mark = ({ ttl }: CachePoint): void => {
    const last = pieces.at(-1);
    if (last === undefined) return;
    last.keptMs = ttl === '1h' ? LONG_CACHE_KEPT_MS : CACHE_KEPT_MS;
    cached = pieces.length;
  };
  const read = (kind: Piece['kind'], block: ContentBlock | SystemBlock): void => {
    if ('cachePoint' in block) mark(block.cachePoint);
    else pieces.push({ kind, part: block });
  };
  for (const { cachePoint, ...specification } of tools?.specifications ?? []) {
    pieces.push({ kind: 'tool', part: specification });
    if (cachePoint !== undefined) mark(cachePoint);
  }
  for (const block of system) read('system', block);
  for (const { role, content } of messages) for (const block of content) read(role, block);
  // What stands behind the last point is never put into words.
  return pieces
    .slice(0, cached)
    .map(({ kind, part, keptMs }) => ({ text: `${kind} ${spelled(part)}`, keptMs }));
}

/** No JSON begins as a text is spelled here, which is most of a prompt and needs none. */
function spelled(part: object): string {
  return 'text' in part ? `=${String(part.text)}` : JSON.stringify(part);
}

interface Piece {
  readonly kind: 'tool' | 'system' | 'user' | 'assistant';
  readonly part: object;
  keptMs?: number;
}
