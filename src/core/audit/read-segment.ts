/** Puts the lines of one segment where they belong, and tells what is not there, there twice, or elsewhere. */
import { type ChainLine, linesOf, parseChainLine, type RecordLine, type SealLine } from './chain-lines.ts';
import type { ChainFinding } from './finding.ts';

interface PlacedLine<Line extends ChainLine = ChainLine> {
  readonly line: Line;
  /** As it stands there, without its end. */
  readonly text: string;
}

export interface ReadSegment {
  readonly first: number;
  /** Sequence of its last record, as far as anything says: `first - 1` where it has none. */
  readonly last: number;
  /** In the order of their sequence, each once. */
  readonly records: readonly PlacedLine<RecordLine>[];
  /** Undefined where it does not end in one that can be read. */
  readonly seal: PlacedLine<SealLine> | undefined;
  readonly findings: readonly ChainFinding[];
}

export interface SegmentText {
  readonly key: string;
  readonly text: string;
  /** Sequence of its first record: its key says so. */
  readonly first: number;
  /** The highest sequence that it may hold: what comes after it says so. Undefined where nothing does. */
  readonly lastMax: number | undefined;
}

interface NumberedLine {
  readonly number: number;
  readonly text: string;
  readonly line: ChainLine | undefined;
}

export function readSegment({ key, text, first, lastMax }: SegmentText): ReadSegment {
  const lines = linesOf(text).map(
    (each, index): NumberedLine => ({ number: index + 1, text: each, line: parseChainLine(each) }),
  );
  const findings: ChainFinding[] = [];
  const tell = (finding: Omit<ChainFinding, 'segment'>): void =>
    void findings.push({ segment: key, ...finding });
  const seal = sealOf(lines, first, tell);
  const body = seal === undefined ? lines : lines.slice(0, -1);
  const last = lastOf(body, { first, lastMax, sealed: seal?.line.last });
  const kept = new Map<number, PlacedLine<RecordLine>>();
  const strangers: NumberedLine[] = [];
  for (const each of body) {
    const { line, text: own } = each;
    if (line?.kind !== 'record' || line.sequence < first || line.sequence > last) strangers.push(each);
    else if (!kept.has(line.sequence)) kept.set(line.sequence, { line, text: own });
    else tell({ kind: 'record-repeated', ...nameOf(line), why: `it stands again in line ${each.number}` });
  }
  tellMissing({ first, last, kept, strangers }, tell);
  tellMoved([...kept.values()], tell);
  const records = [...kept.values()].sort((left, right) => left.line.sequence - right.line.sequence);
  return { first, last, records, seal, findings };
}

type Tell = (finding: Omit<ChainFinding, 'segment'>) => void;

const nameOf = ({ sequence, record }: RecordLine): Pick<ChainFinding, 'sequence' | 'id'> => ({
  sequence,
  id: record.id,
});

function sealOf(lines: readonly NumberedLine[], first: number, tell: Tell): ReadSegment['seal'] {
  const { line, text = '' } = lines.at(-1) ?? {};
  if (line?.kind !== 'seal') {
    tell({ kind: 'seal-missing', sequence: first, why: 'it does not end in its seal' });
    return undefined;
  }
  if (line.first === first) return { line, text };
  const why = `it seals records from ${line.first}, and stands where those from ${first} belong`;
  tell({ kind: 'seal-changed', sequence: first, why });
  return { line, text };
}

/** The seal's word, unless records of the segment stand against it, or what follows leaves no room. */
function lastOf(
  body: readonly NumberedLine[],
  known: {
    readonly first: number;
    readonly lastMax: number | undefined;
    readonly sealed: number | undefined;
  },
): number {
  const { first, sealed } = known;
  // Without anything that follows, a segment holds no more records than lines.
  const lastMax = known.lastMax ?? Math.max(sealed ?? 0, first + body.length - 1);
  const seen = body.flatMap(({ line }) =>
    line?.kind === 'record' && line.sequence <= lastMax ? [line.sequence] : [],
  );
  if (sealed === undefined) return lastMax;
  return Math.max(first - 1, Math.min(sealed, lastMax), ...runFrom(sealed, seen));
}

/** Those that follow a sequence without a gap. */
function runFrom(sequence: number, seen: readonly number[]): readonly number[] {
  const known = new Set(seen);
  const run: number[] = [];
  for (let next = sequence + 1; known.has(next); next += 1) run.push(next);
  return run;
}

/** A line that nobody can place stands for a record that is not there, as long as there are as many. */
function tellMissing(
  of: {
    readonly first: number;
    readonly last: number;
    readonly kept: ReadonlyMap<number, unknown>;
    readonly strangers: readonly NumberedLine[];
  },
  tell: Tell,
): void {
  const { first, last, kept } = of;
  const strangers = [...of.strangers];
  for (let sequence = first; sequence <= last; sequence += 1) {
    if (kept.has(sequence)) continue;
    const stranger = strangers.shift();
    if (stranger !== undefined) {
      tell({ kind: 'record-changed', sequence, why: `line ${stranger.number} ${strangeness(stranger)}` });
      continue;
    }
    let end = sequence;
    while (end < last && !kept.has(end + 1)) end += 1;
    tell({ kind: 'record-missing', sequence, lastSequence: end, why: 'no line of the segment holds it' });
    sequence = end;
  }
  for (const stranger of strangers) {
    const { line, number } = stranger;
    if (line?.kind === 'record')
      tell({
        kind: 'record-repeated',
        ...nameOf(line),
        why: `it stands in line ${number}, out of its place`,
      });
    else tell({ kind: 'line-unreadable', why: `line ${number} ${strangeness(stranger)}` });
  }
}

function strangeness({ line }: NumberedLine): string {
  if (line === undefined) return 'is no line of a chain';
  return line.kind === 'seal' ? 'is a seal, before the end' : `holds record ${line.sequence} in its place`;
}

/** The first one that does not stand where it was sealed. */
function tellMoved(inFile: readonly PlacedLine<RecordLine>[], tell: Tell): void {
  const inOrder = [...inFile].sort((left, right) => left.line.sequence - right.line.sequence);
  const at = inOrder.findIndex((each, index) => each !== inFile[index]);
  const [own, other] = [inOrder[at], inFile[at]];
  if (own === undefined || other === undefined) return;
  const why = `record ${other.line.sequence} stands in its place`;
  tell({ kind: 'record-moved', ...nameOf(own.line), why });
}
