/**
 * The stand-in's control API on the gateways' own ports, so that a page that a gateway served can ask for faults. It
 * stands in front of the gateway, in local mode alone: a deployed one has no such path.
 */
import { controlPrefix, refusalOfCaller } from '#local/control/control-server.ts';
import type { ServeOptions } from '#server/node-server.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';

type Handle = ServeOptions['handle'];

/** Answers what is asked of the control API, keeps the console for this machine, and hands everything else on. */
export function behindControlDoor(awsUrl: string, handle: Handle): Handle {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname.startsWith(controlPrefix)) return passOn(request, `${awsUrl}${pathname}${search}`);
    // Its page offers a key: a site that had its own name lead to this machine would read it there.
    const refusal = isConsole.test(pathname) ? refusalOf(request) : undefined;
    return refusal === undefined ? handle(request) : Promise.resolve(forbidden(refusal));
  };
}

const isConsole = /^\/console(\/|$)/;

/** As the stand-in takes it itself. */
const BODY_BYTES_MAX = 25 * 1024 * 1024;

async function passOn(request: GatewayRequest, url: string): Promise<Response> {
  // Asked again by this process, the caller's own host would be lost: it is judged here.
  const refusal = refusalOf(request);
  if (refusal !== undefined) return forbidden(refusal);
  const body = await wholeBody(request);
  if (body === undefined)
    return Response.json(
      { error: `the body is longer than ${BODY_BYTES_MAX} bytes, which are the most` },
      { status: 413 },
    );
  const answer = await fetch(url, {
    method: request.method,
    ...(body.length === 0 ? {} : { body }),
    signal: request.signal,
  });
  const allow = answer.headers.get('allow');
  return new Response(await answer.text(), {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(allow === null ? {} : { allow }),
    },
  });
}

function refusalOf({ headers }: GatewayRequest): string | undefined {
  return refusalOfCaller({
    host: headers.get('host') ?? undefined,
    origin: headers.get('origin') ?? undefined,
  });
}

const forbidden = (error: string): Response => Response.json({ error }, { status: 403 });

/** Undefined where it is longer than it may be. */
async function wholeBody({ body }: GatewayRequest): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > BODY_BYTES_MAX) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
