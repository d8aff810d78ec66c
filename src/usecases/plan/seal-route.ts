import { canonicalJson } from '#core/plan/canonical-json.ts';
import type { Route, RouteDraft } from '#core/plan/route.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import type { Digest } from '../ports/digest.ts';

/** A draft as it is published: with its version, its time, and the checksum that lets every reader prove it whole. */
export function sealRoute(
  draft: RouteDraft,
  options: { readonly version: number; readonly at: InstantMs; readonly digest: Digest },
): Route {
  const { version, at, digest } = options;
  const route = { ...draft, version, publishedAt: isoOfInstant(at) };
  return { ...route, checksum: checksumOf(route, digest) };
}

/** SHA-256 of the canonical form of a route without its checksum; takes any object, as a table may hold more. */
export function checksumOf(route: object, digest: Digest): string {
  const { checksum: _, ...content } = route as { readonly checksum?: unknown };
  return digest.sha256Hex(canonicalJson(content));
}
