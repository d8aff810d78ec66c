/** A page of models as Anthropic lists them. */
const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1000;

export type ModelPage =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly param: string; readonly message: string };

/** A logical model has no date of release: Anthropic's own word for that is the epoch. */
export function anthropicModel(id: string) {
  return { type: 'model' as const, id, display_name: id, created_at: '1970-01-01T00:00:00Z' };
}

/** The part of the names that the query asks for: `limit`, and `after_id` or `before_id`. */
export function modelPage(names: readonly string[], query: URLSearchParams): ModelPage {
  const limitText = query.get('limit') ?? String(LIMIT_DEFAULT);
  const limit = /^\d{1,4}$/.test(limitText) ? Number(limitText) : 0;
  if (limit < 1 || limit > LIMIT_MAX)
    return { ok: false, param: 'limit', message: `limit must be a whole number from 1 to ${LIMIT_MAX}` };
  const afterId = query.get('after_id');
  const beforeId = query.get('before_id');
  if (afterId !== null && beforeId !== null)
    return { ok: false, param: 'before_id', message: 'before_id must be left out where after_id is given' };
  const cursor = afterId ?? beforeId;
  if (cursor !== null && !names.includes(cursor)) {
    const param = afterId === null ? 'before_id' : 'after_id';
    return { ok: false, param, message: `${param} must be the id of one of your models` };
  }
  const rest =
    afterId !== null
      ? names.slice(names.indexOf(afterId) + 1)
      : names.slice(0, beforeId === null ? names.length : names.indexOf(beforeId));
  const page = beforeId === null ? rest.slice(0, limit) : rest.slice(-limit);
  return {
    ok: true,
    body: {
      data: page.map(anthropicModel),
      has_more: page.length < rest.length,
      first_id: page[0] ?? null,
      last_id: page.at(-1) ?? null,
    },
  };
}
