/**
 * Where a call to a target goes and for what it is signed: host, credential scope and account, made from one value.
 *
 * Invariant: with no endpoint override, the region in the host is the region of the credential scope is the region of
 * the target. A prompt sent to another region than the one it was judged for would break residency without a trace.
 */
import type { Target, TargetKind } from '#core/target.ts';
import { invariant } from '#core/units/invariant.ts';
import { isRegionId } from '#core/units/region-id.ts';

export interface UpstreamAddress {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The `host` header. */
  readonly host: string;
  /** Region of the credential scope. */
  readonly region: string;
  /** Whose credentials sign. */
  readonly account: string;
  readonly signingName: 'bedrock' | 'sagemaker';
}

const signingNames = { bedrock: 'bedrock', sagemaker: 'sagemaker' } as const satisfies Record<
  TargetKind,
  string
>;
const hostPrefixes = { bedrock: 'bedrock-runtime', sagemaker: 'runtime.sagemaker' } as const satisfies Record<
  TargetKind,
  string
>;

/**
 * @param endpoint an origin that stands for all services and regions (the local stand-in, `AWS_ENDPOINT_URL`); the
 *   region then travels in the credential scope alone
 */
export function upstreamAddress(
  target: Pick<Target, 'account' | 'region' | 'kind'>,
  endpoint: string | undefined,
): UpstreamAddress {
  // A region from a table becomes part of a host name: anything but a region code could name another host.
  invariant(
    isRegionId(target.region),
    () => `a target's region must be a region code, not ${JSON.stringify(target.region)}`,
  );
  const origin =
    endpoint ?? `https://${hostPrefixes[target.kind]}.${target.region}.${domainSuffix(target.region)}`;
  const { host, origin: normal } = parsedOrigin(origin);
  return {
    origin: normal,
    host,
    region: target.region,
    account: target.account,
    signingName: signingNames[target.kind],
  };
}

/** Parsed once: a gateway calls a few dozen origins, each of them a thousand times a second. */
const parsedOrigins = new Map<string, { readonly origin: string; readonly host: string }>();
const PARSED_MAX = 1_000;

function parsedOrigin(text: string): { readonly origin: string; readonly host: string } {
  const known = parsedOrigins.get(text);
  if (known !== undefined) return known;
  if (parsedOrigins.size >= PARSED_MAX) parsedOrigins.clear();
  const { origin, host } = new URL(text);
  parsedOrigins.set(text, { origin, host });
  return { origin, host };
}

/** DNS suffix by AWS partition, as the SDK's partition table has them. */
function domainSuffix(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  return 'amazonaws.com';
}

/** One path segment, percent-encoded once as RFC 3986 wants it (`:` and `/` of ids and ARNs included). */
export function pathSegment(text: string): string {
  // A segment of dots alone names another path, and no encoding keeps it from doing so.
  invariant(!/^\.{1,2}$/.test(text), () => `a name in a path must not be ${JSON.stringify(text)}`);
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
