/** Whether a chain, or a part of it, still holds what its witness signed. */
import type { Sha256Hex } from './chain.ts';
import type { ChainFinding } from './finding.ts';
import type { ChainRoot } from './signed-root.ts';

export interface RootsCheck {
  /** The seal after the record of a sequence, as its line stands there. */
  seal(sequence: number, text: string): void;
  /** @param part the sequences that were looked at, and whether they go up to the end of the chain */
  end(part: {
    readonly after: number;
    readonly last: number;
    readonly toEnd: boolean;
  }): readonly ChainFinding[];
}

/** @param roots whose signatures are the witness's */
export function checkRoots(roots: readonly ChainRoot[], sha256Hex: Sha256Hex): RootsCheck {
  const signed = new Set(roots.map(({ sequence }) => sequence));
  const sealed = new Map<number, string>();
  return {
    seal(sequence, text) {
      if (signed.has(sequence)) sealed.set(sequence, sha256Hex(text));
    },
    end({ after, last, toEnd }) {
      const within = roots.filter(({ sequence }) => sequence > after && sequence <= last);
      const findings = within.flatMap((root) => contradiction(root, sealed.get(root.sequence)));
      const furthest = roots.reduce<ChainRoot | undefined>(
        (best, root) => (root.sequence > (best?.sequence ?? last) ? root : best),
        undefined,
      );
      return toEnd && furthest !== undefined ? [...findings, beyondEnd(furthest, last)] : findings;
    },
  };
}

function contradiction({ sequence, hash, signedAt }: ChainRoot, sealed: string | undefined): ChainFinding[] {
  if (sealed === hash) return [];
  const found = sealed === undefined ? 'no segment ends there now' : 'what is sealed there now is another';
  const why = `a root that was signed on ${signedAt} speaks of the chain up to there, and ${found}`;
  return [{ kind: 'root-contradicted', sequence, why }];
}

function beyondEnd({ sequence, signedAt }: ChainRoot, last: number): ChainFinding {
  const why = `on ${signedAt} the witness signed that they were sealed, and the chain ends before them`;
  return { kind: 'root-beyond-end', sequence: last + 1, lastSequence: sequence, why };
}
