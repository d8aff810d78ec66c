/**
 * The stand-in's control API on the gateways' own ports, so that a page that a gateway served can ask for faults. It
 * stands in front of the gateway, in local mode alone: a deployed one has no such path.
 */
import { controlPrefix, refusalOfCaller } from '#local/control/control-server.ts';
import type { ServeOptions } from '#server/node-server.ts';
import type { GatewayRequest } from '#usecases/gateway/gateway-request.ts';

type Handle = ServeOptions['handle'];

/** Answers what is asked of the control API, and hands everything else on. */
export function behindControlDoor(awsUrl: string, handle: Handle): Handle {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    return pathname.startsWith(controlPrefix)
      ? passOn(request, `${awsUrl}${pathname}${search}`)
      : handle(request);
  };
}

async function passOn(request: GatewayRequest, url: string): Promise<Response> {
  // Asked again by this process, the caller's own host would be lost: it is judged here.
  const host = request.headers.get('host') ?? undefined;
  const origin = request.headers.get('origin') ?? undefined;
  const refusal = refusalOfCaller({ host, origin });
  if (refusal !== undefined) return Response.json({ error: refusal }, { status: 403 });
  const body = await wholeBody(request);
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

async function wholeBody({ body }: GatewayRequest): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  return Buffer.concat(parts);
}
