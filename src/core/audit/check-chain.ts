/** Whether a chain, or a part of it, is what was sealed: one segment after the other, and at last the head. */
import type { ChainHead, Sha256Hex } from './chain.ts';
import type { RecordLine } from './chain-lines.ts';
import { type ChainLinks, followChain } from './chain-links.ts';
import { checkRoots } from './check-roots.ts';
import type { ChainFinding } from './finding.ts';
import { readSegment } from './read-segment.ts';
import type { ChainRoot } from './signed-root.ts';
import { createWriterBook, type MissingNumbers } from './writer-book.ts';

/** What keeps a stored segment from being deleted. */
export interface SegmentLock {
  readonly mode: 'compliance' | 'governance';
  /** ISO 8601, UTC. */
  readonly until: string;
}

interface SegmentToCheck {
  readonly key: string;
  readonly first: number;
  readonly text: string;
  readonly lock: SegmentLock | undefined;
  /** `first` of the segment that stands next. Undefined for the last one. */
  readonly nextFirst: number | undefined;
}

interface SegmentVersions {
  readonly key: string;
  readonly first: number;
  readonly versions: number;
  readonly isHidden: boolean;
}

export interface ChainReport {
  /** What is wrong, in the order of the chain; empty where nothing is. */
  readonly findings: readonly ChainFinding[];
  readonly segments: number;
  readonly records: number;
  /** Sequences that were looked at. Undefined where there are none. */
  readonly sequences: { readonly first: number; readonly last: number } | undefined;
  /** `at` of the earliest and of the latest decision. */
  readonly decided: { readonly from: string; readonly to: string } | undefined;
  readonly writers: number;
  /** Records that stand in the chain twice: their message came twice. */
  readonly sealedTwice: readonly { readonly sequence: number; readonly id: string }[];
  /** Numbers of writers that may still be on their way. */
  readonly onTheirWay: readonly MissingNumbers[];
  /** Records after the head: their sealer was cut off before it could move it, and the next one does. */
  readonly afterHead: number;
  /** When the first lock ends. Undefined where there is none. */
  readonly lockedUntil: string | undefined;
  readonly lockModes: readonly SegmentLock['mode'][];
}

export interface ChainCheckOptions {
  readonly sha256Hex: Sha256Hex;
  /** Where the part begins: the genesis for all of it. `hash` undefined takes the first line's word for what was before. */
  readonly start: { readonly sequence: number; readonly hash: string | undefined };
  /** Undefined where there is none. */
  readonly head: ChainHead | undefined;
  /** True where the part goes up to the end of the chain. */
  readonly toEnd: boolean;
  /** A number that is missing before a decision after this instant (ISO 8601) may still be on its way. */
  readonly arrivedUntil: string;
  /** What a witness signed of the chain. @default - nobody did */
  readonly roots?: readonly ChainRoot[] | undefined;
  /** Takes each record that can be read, in its order. */
  readonly onRecord?: ((line: RecordLine, segment: string) => void) | undefined;
}

export interface ChainCheck {
  /** In the order of their keys. */
  add(segment: SegmentToCheck): void;
  /** A place that keeps more than the one version which was sealed: after `add`, where it can be read at all. */
  addVersions(place: SegmentVersions): void;
  end(): ChainReport;
}

export function createChainCheck(options: ChainCheckOptions): ChainCheck {
  return new Check(options);
}

class Check implements ChainCheck {
  readonly #options: ChainCheckOptions;
  readonly #findings: ChainFinding[] = [];
  readonly #links: ChainLinks;
  readonly #roots;
  readonly #writers;
  readonly #sealedTwice: { sequence: number; id: string }[] = [];
  readonly #locks: SegmentLock[] = [];
  #last: number;
  #segments = 0;
  #records = 0;
  #decided: { from: string; to: string } | undefined;
  #headSeen = false;
  #isLastSegment = false;
  /** Whether anything was ever stored of what is looked at, hidden or not. */
  #stands = false;

  constructor(options: ChainCheckOptions) {
    this.#options = options;
    this.#last = options.start.sequence;
    this.#writers = createWriterBook({ fromStart: options.start.sequence === 0 });
    this.#roots = checkRoots(options.roots ?? [], options.sha256Hex);
    this.#links = followChain({
      hash: options.start.hash,
      sha256Hex: options.sha256Hex,
      tell: (finding) => void this.#findings.push(finding),
    });
  }

  add(segment: SegmentToCheck): void {
    const { key, first, text, lock, nextFirst } = segment;
    this.#segments += 1;
    this.#stands = true;
    this.#isLastSegment = nextFirst === undefined && this.#options.toEnd;
    if (lock === undefined)
      this.#findings.push({
        kind: 'lock-missing',
        segment: key,
        sequence: first,
        why: 'anybody may delete it',
      });
    else this.#locks.push(lock);
    if (first > this.#last + 1) {
      this.#findings.push({
        kind: 'segment-missing',
        sequence: this.#last + 1,
        lastSequence: first - 1,
        why: `nothing is stored between them and ${key}`,
      });
      this.#links.breakOff();
    }
    this.#follow(key, readSegment({ key, first, text, lastMax: this.#lastMax(first, nextFirst) }));
  }

  addVersions({ key, first, versions, isHidden }: SegmentVersions): void {
    this.#stands = true;
    const of = { segment: key, sequence: first };
    if (isHidden) {
      const why = 'somebody deleted it: what was sealed is a version under the mark of deletion';
      this.#findings.push({ kind: 'segment-hidden', ...of, why });
    } else if (versions > 1) {
      const why = `${versions} versions are kept there, and the oldest is what was sealed`;
      this.#findings.push({ kind: 'segment-overlaid', ...of, why });
    }
  }

  #lastMax(first: number, nextFirst: number | undefined): number | undefined {
    if (nextFirst !== undefined) return nextFirst - 1;
    const { head, toEnd } = this.#options;
    return toEnd && head?.segment === first ? head.sequence : undefined;
  }

  #follow(key: string, { last, first, records, seal, findings }: ReturnType<typeof readSegment>): void {
    this.#findings.push(...findings);
    let expected = first;
    for (const { line, text } of records) {
      const { sequence, previous, record } = line;
      const follows = sequence === expected;
      this.#links.add({ kind: 'record', segment: key, sequence, id: record.id, text, previous, follows });
      expected = sequence + 1;
      this.#count(line);
      this.#options.onRecord?.(line, key);
    }
    if (seal === undefined) this.#links.breakOff();
    else {
      const { text, line } = seal;
      const follows = expected === last + 1;
      this.#links.add({ kind: 'seal', segment: key, sequence: last, text, previous: line.previous, follows });
      this.#roots.seal(last, text);
      this.#compareWithHead(key, last, text);
    }
    this.#last = Math.max(this.#last, last);
  }

  /** Where the head is the end of the chain, the last link is held against it as any other one. */
  #compareWithHead(segment: string, last: number, text: string): void {
    const { head, sha256Hex } = this.#options;
    if (head === undefined || head.sequence !== last) return;
    this.#headSeen = true;
    if (this.#isLastSegment || sha256Hex(text) === head.hash) return;
    const why = 'it is not what the head speaks of';
    this.#findings.push({ kind: 'seal-changed', segment, sequence: last, why });
  }

  #count(line: RecordLine): void {
    this.#records += 1;
    const { at, id } = line.record;
    if (!this.#writers.add(line)) this.#sealedTwice.push({ sequence: line.sequence, id });
    this.#decided ??= { from: at, to: at };
    if (at < this.#decided.from) this.#decided.from = at;
    if (at > this.#decided.to) this.#decided.to = at;
  }

  end(): ChainReport {
    const { toEnd, head, arrivedUntil, start } = this.#options;
    this.#links.end(toEnd && head?.sequence === this.#last ? head.hash : undefined);
    if (toEnd && head !== undefined) this.#compareEnd(head);
    else if (toEnd) this.#missHead();
    this.#findings.push(...this.#roots.end({ after: start.sequence, last: this.#last, toEnd }));
    const missing = this.#writers.missing();
    for (const each of missing) if (each.before <= arrivedUntil) this.#findings.push(neverArrived(each));
    const untils = this.#locks.map(({ until }) => until).sort();
    return {
      findings: inOrder(this.#findings),
      segments: this.#segments,
      records: this.#records,
      sequences: this.#segments === 0 ? undefined : { first: start.sequence + 1, last: this.#last },
      decided: this.#decided,
      writers: this.#writers.writers(),
      sealedTwice: this.#sealedTwice,
      onTheirWay: missing.filter(({ before }) => before > arrivedUntil),
      afterHead: toEnd && head !== undefined ? Math.max(0, this.#last - head.sequence) : 0,
      lockedUntil: untils[0],
      lockModes: [...new Set(this.#locks.map(({ mode }) => mode))].sort(),
    };
  }

  #missHead(): void {
    if (!this.#stands) return;
    const why = 'there are segments, and no head that says where they end';
    this.#findings.push({ kind: 'head-missing', why });
  }

  #compareEnd(head: ChainHead): void {
    const { start } = this.#options;
    if (head.sequence > this.#last) {
      const span = { sequence: this.#last + 1, lastSequence: head.sequence };
      const why = 'the head speaks of them, and no segment holds them';
      this.#findings.push({ kind: 'tail-missing', ...span, why });
    } else if (!this.#headSeen && head.sequence > start.sequence) {
      const why = `no segment ends where the head says that one does, at record ${head.sequence}`;
      this.#findings.push({ kind: 'head-missing', sequence: head.sequence, why });
    }
  }
}

function neverArrived({ writer, from, to, before }: MissingNumbers): ChainFinding {
  const which = from === to ? `number ${from}` : `numbers ${from} to ${to}`;
  return { kind: 'never-arrived', why: `${which} of writer ${writer}, decided before ${before}` };
}

/** What has no place in the chain comes last. */
function inOrder(findings: readonly ChainFinding[]): readonly ChainFinding[] {
  const place = ({ sequence = Number.MAX_SAFE_INTEGER }: ChainFinding): number => sequence;
  // Of one place, what is sure stands before what cannot be said.
  const doubt = ({ kind }: ChainFinding): number => (kind === 'record-unproved' ? 1 : 0);
  return [...findings].sort((left, right) => doubt(left) - doubt(right) || place(left) - place(right));
}
