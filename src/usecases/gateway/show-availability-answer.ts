/**
 * Availability on its way to whoever asked. A large company's is 30 MB of JSON: it is folded first, place by place, which
 * leaves a megabyte to hold for a caller that reads slowly, and is written out again as fast as that is read.
 */
import { AvailabilityFolder, unfoldPlace } from '#contract/compact-availability.ts';
import { type Availability, type CompactAvailability, responseHeaders } from '#contract/http.ts';
import type { Digest } from '../ports/digest.ts';
import { answerRefusal, labelHeaders } from './answer.ts';
import { hasAlready, takesGzip } from './conditional.ts';
import type { ByteSource, GatewayAnswer } from './gateway-answer.ts';
import { gzippedSource } from './gzipped-source.ts';
import { createPauses } from './pauses.ts';
import { printable } from './printable.ts';
import type { Services } from './services.ts';
import { type Arrival, passed, refused, type Staged } from './stage.ts';

type Head = Omit<Availability, 'targets'>;

export interface ToldAvailability {
  readonly head: Head;
  /** By account and region. */
  readonly places: readonly ToldPlace[];
}

export interface ToldPlace {
  readonly account: string;
  readonly region: string;
  /** By id. Computed when it is asked for. */
  readonly targets: () => Availability['targets'];
}

interface Folded {
  readonly dictionaries: Pick<CompactAvailability, 'names' | 'conditions' | 'reaches' | 'times'>;
  /** A `CompactPlace` each, as JSON: an eighth of what it takes as objects. */
  readonly places: readonly string[];
}

type Format = 'full' | 'compact';

/** What is sent at once: enough for a compressor to find what is alike, little to hold. */
const PART_CHARACTERS = 64 * 1024;

const encoder = new TextEncoder();

/** `format` of the query: `compact` for few bytes. */
export async function answerTold(
  { clock, digest }: Pick<Services, 'clock' | 'digest'>,
  { request, url, requestId }: Arrival,
  { head, places }: ToldAvailability,
): Promise<GatewayAnswer> {
  const format = formatOf(url);
  if (!format.ok) return answerRefusal(format.refusal, { requestId });
  const pause = createPauses(clock);
  const folded = await foldAll(places, pause);
  const headers = labelHeaders({ requestId });
  const etag = digest && etagOf(digest, { head, folded }, format.value);
  if (etag !== undefined) headers.set('etag', etag);
  headers.set(responseHeaders.asOf, head.asOf);
  headers.set('cache-control', 'private, no-cache');
  headers.set('vary', 'accept-encoding, authorization');
  if (etag !== undefined && hasAlready(request.headers.get('if-none-match'), etag))
    return { status: 304, headers, body: null };
  headers.set('content-type', 'application/json');
  const texts = format.value === 'compact' ? compactTexts(head, folded) : fullTexts(head, folded);
  const body = sourceOf(texts, pause);
  if (!takesGzip(request.headers.get('accept-encoding'))) return { status: 200, headers, body };
  headers.set('content-encoding', 'gzip');
  return { status: 200, headers, body: gzippedSource(body) };
}

function formatOf({ searchParams }: URL): Staged<Format> {
  const format = searchParams.get('format') ?? '';
  if (format === '' || format === 'full') return passed('full');
  if (format === 'compact') return passed('compact');
  const message = `format must be full or compact, not "${printable(format)}"`;
  return refused({ code: 'invalid_request', message, param: 'format' });
}

async function foldAll(
  places: readonly ToldPlace[],
  pause: () => Promise<void> | undefined,
): Promise<Folded> {
  const folder = new AvailabilityFolder();
  const texts: string[] = [];
  for (const place of places) {
    const folded = folder.fold(place, place.targets());
    if (folded.targets.length > 0) texts.push(JSON.stringify(folded));
    await pause();
  }
  return { dictionaries: folder.dictionaries, places: texts };
}

/** Weak: when it was looked at is left out, so that who has the rest is told that alone, in a header. */
function etagOf(
  digest: Digest,
  { head: { asOf: _asOf, ...head }, folded }: { readonly head: Head; readonly folded: Folded },
  format: Format,
): string {
  const text = JSON.stringify([head, folded.dictionaries]) + folded.places.join('');
  return `W/"${digest.sha256Hex(text).slice(0, 32)}-${format}"`;
}

function* compactTexts(head: Head, { dictionaries, places }: Folded) {
  yield `${opened({ ...head, ...dictionaries })},"places":[`;
  for (const [index, place] of places.entries()) yield index === 0 ? place : `,${place}`;
  yield ']}';
}

function* fullTexts(head: Head, { dictionaries, places }: Folded) {
  yield `${opened(head)},"targets":[`;
  for (const [index, place] of places.entries()) {
    const targets = JSON.stringify(unfoldPlace(dictionaries, JSON.parse(place)));
    yield `${index === 0 ? '' : ','}${targets.slice(1, -1)}`;
  }
  yield ']}';
}

/** An object's JSON without its end. */
const opened = (value: object): string => JSON.stringify(value).slice(0, -1);

function sourceOf(texts: Iterator<string>, pause: () => Promise<void> | undefined): ByteSource {
  return {
    async pull(sink) {
      await pause();
      let part = '';
      while (part.length < PART_CHARACTERS) {
        const { done, value } = texts.next();
        if (done === true) {
          if (part !== '') sink.enqueue(encoder.encode(part));
          sink.close();
          return;
        }
        part += value;
      }
      sink.enqueue(encoder.encode(part));
    },
    cancel: () => void texts.return?.(),
  };
}
