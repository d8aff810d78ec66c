/** OpenAI's file object. Times are whole seconds. */
import type { StoredFile } from '../../batch/stored-file.ts';

export function openAiFile({ id, bytes, createdAt, expiresAt, filename, purpose }: StoredFile) {
  return {
    id,
    object: 'file',
    bytes,
    created_at: Math.floor(createdAt / 1000),
    expires_at: Math.floor(expiresAt / 1000),
    filename,
    purpose,
    // Stands for "uploaded": what is wrong with a file is said of the batch that reads it.
    status: 'processed',
    status_details: null,
  };
}

export interface ObjectPage<Item extends { readonly id: string }> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** A page as OpenAI's clients turn it over: `after` of the next one is `last_id`. */
export function openAiPage<Item extends { readonly id: string }>(
  { items, hasMore }: ObjectPage<Item>,
  show: (item: Item) => unknown,
) {
  return {
    object: 'list',
    data: items.map(show),
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
