/**
 * Follows the hashes from line to line. Nobody vouches for a line but the one after it, and for the last one the head.
 *
 * Of several broken links in a row only the last names a line that was changed for sure: its successor is proved by
 * what comes after it. The lines before it have no witness left, and are called unproved.
 */
import type { Sha256Hex } from './chain.ts';
import type { ChainFinding } from './finding.ts';

interface ChainLink {
  /** Where it stands, for who reads of it. */
  readonly segment: string | undefined;
  readonly kind: 'record' | 'seal' | 'start';
  readonly sequence: number;
  readonly id?: string | undefined;
  readonly hash: string;
}

export interface ChainLinks {
  /** The next line. `follows`: nothing between it and the line before it is known to be missing. */
  add(
    next: Omit<ChainLink, 'hash'> & {
      readonly text: string;
      readonly previous: string;
      readonly follows: boolean;
    },
  ): void;
  /** The line before is not at hand: what comes next vouches for nothing that was seen. */
  breakOff(): void;
  /** What the head says of the last line; undefined where nothing does. */
  end(hash: string | undefined): void;
}

export function followChain(start: {
  /** Hash of the line before the first. Undefined where it is not known: then the first line's word is taken. */
  readonly hash: string | undefined;
  readonly sha256Hex: Sha256Hex;
  readonly tell: (finding: ChainFinding) => void;
}): ChainLinks {
  const { sha256Hex, tell } = start;
  let before: ChainLink | undefined =
    start.hash === undefined
      ? undefined
      : { segment: undefined, kind: 'start', sequence: 0, hash: start.hash };
  let broken: ChainLink[] = [];
  const flush = (): void => {
    for (const link of broken.slice(0, -1)) if (link.kind !== 'start') tell(unproved(link));
    const last = broken.at(-1);
    if (last !== undefined) tell(changed(last));
    broken = [];
  };
  const witness = (previous: string): void => {
    if (before === undefined) return;
    if (before.hash === previous) flush();
    else broken.push(before);
  };
  return {
    add({ text, previous, follows, ...rest }) {
      if (follows) witness(previous);
      else flush();
      before = { ...rest, hash: sha256Hex(text) };
    },
    breakOff() {
      flush();
      before = undefined;
    },
    end(hash) {
      if (hash !== undefined) witness(hash);
      flush();
    },
  };
}

const named = ({ segment, sequence, id }: ChainLink) => ({ segment, sequence, id });

function changed(link: ChainLink): ChainFinding {
  switch (link.kind) {
    case 'record':
      return {
        kind: 'record-changed',
        ...named(link),
        why: 'it is not what the line after it was chained to',
      };
    case 'seal':
      return { kind: 'seal-changed', ...named(link), why: 'it is not what the line after it was chained to' };
    case 'start':
      return { kind: 'record-changed', sequence: 1, why: 'the chain does not begin where this chain begins' };
  }
}

function unproved(link: ChainLink): ChainFinding {
  const kind = link.kind === 'seal' ? 'seal-changed' : 'record-unproved';
  return { kind, ...named(link), why: 'the line that vouched for it was changed' };
}
