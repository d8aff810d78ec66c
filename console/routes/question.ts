/** What the page asks the gateway to explain, and how that stands in the address. */
import type { RouteList } from '#contract/route-history.ts';

export interface Question {
  readonly model: string;
  readonly residency: string;
  readonly lane: string;
  /** Gateway region. */
  readonly from: string;
}

const fields = ['model', 'residency', 'lane', 'from'] as const satisfies readonly (keyof Question)[];

/** What the address says where it is known, else what one asks first: the residency by default, the gateway that answers. */
export function questionFrom(query: URLSearchParams, known: RouteList): Question {
  const among = (name: keyof Question, values: readonly string[], usual: string | undefined): string => {
    const asked = query.get(name);
    return asked !== null && values.includes(asked) ? asked : (usual ?? values[0] ?? '');
  };
  const models = known.models.map(({ name }) => name);
  return {
    // A name with a slip of the pen is shown as it was typed, with what is known instead.
    model: query.get('model') ?? models[0] ?? '',
    residency: among('residency', known.residencies, known.defaultResidency),
    lane: among('lane', known.lanes, known.defaultLane),
    from: among('from', known.gateways, known.from),
  };
}

export function queryOf(question: Question): URLSearchParams {
  return new URLSearchParams(fields.map((name): [string, string] => [name, question[name]]));
}

/** The call that is explained: its words say nothing, because nobody reads them. */
export function explainCall(
  question: Question,
  known: RouteList,
): { readonly path: string; readonly body: unknown; readonly headers: Readonly<Record<string, string>> } {
  const { model, residency, lane, from } = question;
  const isEmbedding = known.models.some(({ name, kind }) => name === model && kind === 'embedding');
  const path = isEmbedding ? '/v1/embeddings' : '/v1/chat/completions';
  const query = new URLSearchParams({ for: path, from });
  return {
    path: `/spillway/v1/explain?${query}`,
    body: isEmbedding ? { model, input: 'Hello' } : { model, messages: [{ role: 'user', content: 'Hello' }] },
    headers: { 'x-spillway-residency': residency, 'x-spillway-lane': lane },
  };
}

/** Of the route that is asked about, with what its versions are asked with. */
export function routePath({ model, residency }: Pick<Question, 'model' | 'residency'>, part = ''): string {
  const query = new URLSearchParams({ residency });
  return `/spillway/v1/routes/${encodeURIComponent(model)}${part}?${query}`;
}
