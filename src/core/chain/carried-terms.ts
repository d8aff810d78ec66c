/**
 * A chain's terms as text, for a member of W3C's `tracestate`: how the calls of a chain that come to different
 * processes have the same ones without a table.
 *
 *     1;<lane>;<end of the deadline, epoch milliseconds in base 36, or ->;<first model>;<path of the first call>
 *
 * What comes back is a caller's word: its lane is judged as one that a header asks for, and its deadline can end a call
 * sooner, never later than a header's could.
 */
import { type Lane, lanes } from '../capacity/lane.ts';

export interface CarriedTerms {
  readonly lane: Lane;
  /** Epoch milliseconds. @default - the first call named no deadline */
  readonly until?: number | undefined;
  /** @default - the caller wrote the terms by itself, ahead of the first call */
  readonly first?: { readonly model: string; readonly route: string } | undefined;
}

const VERSION = '1';
const NONE = '-';
const endPattern = /^[0-9a-z]{1,9}$/;
const routePattern = /^\/[\w./:%-]{0,160}$/;
const modelPattern = /^[a-z][a-z0-9-]{0,40}$/;

/** A first call whose path would not fit is left out. */
export function textOfTerms({ lane, until, first }: CarriedTerms): string {
  const end = until === undefined ? NONE : Math.max(0, Math.floor(until)).toString(36);
  const start = `${VERSION};${lane};${end}`;
  return first === undefined || !routePattern.test(first.route)
    ? start
    : `${start};${first.model};${first.route}`;
}

/** Undefined for a text that is none, or of another version. */
export function readTerms(text: string): CarriedTerms | undefined {
  const [version, word, end = '', model, route, ...rest] = text.split(';');
  const lane = lanes.find((known) => known === word);
  if (version !== VERSION || lane === undefined || rest.length > 0) return undefined;
  if (end !== NONE && !endPattern.test(end)) return undefined;
  const until = end === NONE ? undefined : Number.parseInt(end, 36);
  if (model === undefined) return { lane, until };
  if (route === undefined || !modelPattern.test(model) || !routePattern.test(route)) return undefined;
  return { lane, until, first: { model, route } };
}
