import type { ConsoleFile } from '../ports/console-files.ts';
import { answerRefusal, labelHeaders } from './answer.ts';
import { hasAlready, takesGzip } from './conditional.ts';
import type { ByteSource, GatewayAnswer } from './gateway-answer.ts';
import type { Services } from './services.ts';
import type { AnswerLabels, Arrival } from './stage.ts';

/** A hash of eight stands in the names of files that never change. */
const hashedName = /-[0-9A-Z]{8}\.[a-z]+$/;

const YEAR_SECONDS = 31_536_000;

/** Nothing but our own files, from our own origin, in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * GET /console and the files that it names: the same for everybody and without a secret; what they show is asked for
 * with the viewer's own key.
 *
 * @param name empty for the page itself; undefined for `/console/`
 */
export async function answerConsole(
  { consoleFiles: files, log }: Pick<Services, 'consoleFiles' | 'log'>,
  arrival: Arrival,
  name: string | undefined,
): Promise<GatewayAnswer> {
  const labels = { requestId: arrival.requestId };
  const absent = { code: 'not_found', message: 'There is nothing at this path.' } as const;
  if (files === undefined || name === 'index.html') return answerRefusal(absent, labels);
  if (name === undefined) return answerElsewhere(labels);
  try {
    const file = (await files.load()).get(name === '' ? 'index.html' : name);
    return file === undefined ? answerRefusal(absent, labels) : answerFile(file, arrival, name);
  } catch (error) {
    log.write('error', 'console-unreadable', { error: error instanceof Error ? error.message : 'unknown' });
    const message = 'The console’s files cannot be read. Answers to requests do not depend on them.';
    return answerRefusal({ code: 'not_ready', message, retryAfterMs: 1000 }, labels);
  }
}

/** The page names its files from where it stands, which is without the slash. */
function answerElsewhere(labels: AnswerLabels): GatewayAnswer {
  const headers = labelHeaders(labels);
  headers.set('location', '../console');
  return { status: 308, headers, body: null };
}

function answerFile(file: ConsoleFile, { request, requestId }: Arrival, name: string): GatewayAnswer {
  const zips = takesGzip(request.headers.get('accept-encoding'));
  const etag = `"${file.hash.slice(0, 32)}${zips ? '-gzip' : ''}"`;
  const headers = labelHeaders({ requestId });
  headers.set('etag', etag);
  headers.set('vary', 'accept-encoding');
  headers.set(
    'cache-control',
    hashedName.test(name) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
  );
  headers.set('content-security-policy', POLICY);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
  if (hasAlready(request.headers.get('if-none-match'), etag)) return { status: 304, headers, body: null };
  headers.set('content-type', file.contentType);
  if (!zips) return { status: 200, headers, body: file.text };
  headers.set('content-encoding', 'gzip');
  return { status: 200, headers, body: inOnePiece(file.gzipped) };
}

function inOnePiece(bytes: Uint8Array): ByteSource {
  return {
    pull: async (sink) => {
      sink.enqueue(bytes);
      sink.close();
    },
    cancel: () => undefined,
  };
}
