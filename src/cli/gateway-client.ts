import { type AvailabilityChanges, availabilityChangesSchema } from '#contract/availability-changes.ts';
import { unfoldAvailability } from '#contract/compact-availability.ts';
import {
  type Availability,
  availabilitySchema,
  compactAvailabilitySchema,
  type Explanation,
  explanationSchema,
  responseHeaders,
} from '#contract/http.ts';
import { parseAnswerText } from './parse-answer-text.ts';
import { CommandFailure } from './usage-error.ts';

/** Talks to one gateway. Every failure is a CommandFailure with one sentence that says what to do next. */
export interface GatewayClient {
  readonly url: string;
  loadAvailability(filter: Readonly<Record<string, string | undefined>>): Promise<Availability>;
  /** Of all pages. */
  loadAvailabilityChanges(filter: Readonly<Record<string, string | undefined>>): Promise<AvailabilityChanges>;
  /** The gateway's JSON, as it is. */
  loadRoute(model: string, query: Readonly<Record<string, string | undefined>>): Promise<GatewayAnswer>;
  /** What would happen to the call of `path` with this body. */
  explain(question: {
    readonly path: string;
    readonly body: unknown;
    readonly residency: string | undefined;
    /** @default - that of the key's tenant */
    readonly lane?: string | undefined;
  }): Promise<Explanation>;
  listModels(): Promise<readonly string[]>;
  /** Ready, or what is missing. */
  loadReadiness(): Promise<{ readonly ready: boolean; readonly detail: string }>;
}

interface GatewayAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface ReadAnswer extends GatewayAnswer {
  readonly headers: Headers;
}

const REQUEST_MS_MAX = 15_000;
/** Of a thousand changes each: more than anybody reads. */
const PAGES_MAX = 50;

export function createGatewayClient(options: { readonly url: string; readonly key: string }): GatewayClient {
  const url = options.url.replace(/\/+$/, '');
  const call = (path: string, init: RequestInit = {}) =>
    callGateway(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${options.key}`, ...init.headers },
    });
  const expectOk = async (path: string, init?: RequestInit): Promise<unknown> => {
    const answer = await call(path, init);
    if (answer.status !== 200) throw refusal(url, answer);
    return answer.body;
  };
  const looks = new AvailabilityLooks(url, call);
  return {
    url,
    loadAvailability: (filter) =>
      looks.load(`/spillway/v1/availability${queryOf({ ...filter, format: 'compact' })}`),
    loadAvailabilityChanges: (filter) =>
      loadPages(`/spillway/v1/availability/changes${queryOf({ ...filter, limit: '1000' })}`, async (path) =>
        parseAnswer(availabilityChangesSchema, await expectOk(path), url),
      ),
    loadRoute: async (model, query) => {
      const answer = await call(`/spillway/v1/routes/${encodeURIComponent(model)}${queryOf(query)}`);
      if (answer.status !== 200 && answer.status !== 404) throw refusal(url, answer);
      return answer;
    },
    explain: async ({ path, body, residency, lane }) => {
      const headers = {
        'content-type': 'application/json',
        ...(residency === undefined ? {} : { 'x-spillway-residency': residency }),
        ...(lane === undefined ? {} : { 'x-spillway-lane': lane }),
      };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return parseAnswer(
        explanationSchema,
        await expectOk(`/spillway/v1/explain${queryOf({ for: path })}`, init),
        url,
      );
    },
    listModels: async () => modelNames(await expectOk('/v1/models')),
    loadReadiness: async () => {
      const { status, body } = await call('/readyz');
      return { ready: status === 200, detail: status === 200 ? '' : JSON.stringify(body).slice(0, 300) };
    },
  };
}

/** Who looks again and again is told by the gateway where nothing moved since. */
class AvailabilityLooks {
  readonly #url: string;
  readonly #call: (path: string, init: RequestInit) => Promise<ReadAnswer>;
  #last: { readonly path: string; readonly etag: string; readonly answer: Availability } | undefined;

  constructor(url: string, call: (path: string, init: RequestInit) => Promise<ReadAnswer>) {
    this.#url = url;
    this.#call = call;
  }

  async load(path: string): Promise<Availability> {
    const last = this.#last?.path === path ? this.#last : undefined;
    const told = await this.#call(path, {
      headers: last === undefined ? {} : { 'if-none-match': last.etag },
    });
    if (last !== undefined && told.status === 304)
      return { ...last.answer, asOf: told.headers.get(responseHeaders.asOf) ?? last.answer.asOf };
    if (told.status !== 200) throw refusal(this.#url, told);
    const answer = readAvailability(told.body, this.#url);
    const etag = told.headers.get('etag');
    this.#last = etag === null ? undefined : { path, etag, answer };
    return answer;
  }
}

/** A gateway of an older version knows no compact form. */
function readAvailability(body: unknown, url: string): Availability {
  const isWhole = typeof body === 'object' && body !== null && 'targets' in body;
  if (isWhole) return parseAnswer(availabilitySchema, body, url);
  const compact = parseAnswer(compactAvailabilitySchema, body, url);
  try {
    return unfoldAvailability(compact);
  } catch (error) {
    throw new CommandFailure(`The answer of ${url} contradicts itself.`, error);
  }
}

async function loadPages(
  path: string,
  load: (path: string) => Promise<AvailabilityChanges>,
): Promise<AvailabilityChanges> {
  const { next, ...first } = await load(path);
  const changes = [...first.changes];
  let rest = next;
  for (let page = 1; rest !== undefined && page < PAGES_MAX; page += 1) {
    const more = await load(rest);
    changes.push(...more.changes);
    rest = more.next;
  }
  return { ...first, changes, ...(rest === undefined ? {} : { next: rest }) };
}

async function callGateway(url: string, init: RequestInit): Promise<ReadAnswer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parseAnswerText(text) };
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** Nobody answered, in one sentence that says what to do next. */
export function unreachable(url: string, error: unknown): CommandFailure {
  const { origin, hostname } = new URL(url);
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (error instanceof Error && error.name === 'TimeoutError')
    return new CommandFailure(
      `The gateway at ${origin} did not answer within ${REQUEST_MS_MAX / 1000} s.`,
      error,
    );
  const local = hostname === '127.0.0.1' || hostname === 'localhost';
  const advice = local
    ? 'Start local mode with `npm start`, or name your gateway with --url.'
    : 'Check --url and the way to it.';
  const what = code === 'ECONNREFUSED' ? 'Nothing listens' : `No answer (${code || 'connection failed'})`;
  return new CommandFailure(`${what} at ${origin}. ${advice}`, error);
}

/** The gateway's own words and code, with what a person does about the codes that have a remedy here. */
export function refusal(url: string, { status, body }: GatewayAnswer): CommandFailure {
  const { code, message } = errorOf(body);
  const remedies: Readonly<Record<string, string>> = {
    invalid_api_key: ' Name a key of a tenant with --key.',
    not_ready: ' Try again in a moment.',
    unknown_residency: ' See `residencies` in the configuration.',
    model_not_found: ' See `spillway routes` for the models.',
    not_found: ' Is this a Spillway gateway? Check --url.',
  };
  const said = message === '' ? '' : `: ${message}`;
  return new CommandFailure(
    `The gateway at ${url} refused (${status}${code === '' ? '' : ` ${code}`})${said}${remedies[code] ?? ''}`,
  );
}

function errorOf(body: unknown): { readonly code: string; readonly message: string } {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const member = (name: 'code' | 'message'): string => {
    const facts: { code?: unknown; message?: unknown } =
      typeof error === 'object' && error !== null ? error : {};
    const value = facts[name];
    return typeof value === 'string' ? value : '';
  };
  return { code: member('code'), message: member('message') };
}

function parseAnswer<Answer>(
  schema: {
    safeParse(
      value: unknown,
    ):
      | { success: true; data: Answer }
      | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
  },
  body: unknown,
  url: string,
): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandFailure(
    `The answer of ${url} is not what this version understands (${issue?.path.join('.') || 'body'}: ${issue?.message}). Is it a Spillway gateway of the same version?`,
  );
}

function modelNames(body: unknown): readonly string[] {
  const data = typeof body === 'object' && body !== null && 'data' in body ? body.data : undefined;
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
      ? [entry.id]
      : [],
  );
}

function queryOf(filter: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
