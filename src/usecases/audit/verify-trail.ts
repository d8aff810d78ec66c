/** Proves the chain of one region, or a part of it, from what is stored. */
import { firstOfKey, genesis } from '#core/audit/chain.ts';
import type { RecordLine } from '#core/audit/chain-lines.ts';
import { type ChainReport, createChainCheck } from '#core/audit/check-chain.ts';
import type { ChainRoot } from '#core/audit/signed-root.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ChainHeadStore } from '../ports/chain-head-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { ListedSegment, SegmentStore } from '../ports/segment-store.ts';
import { overdue, type RootSource, readRoots } from './read-roots.ts';

export interface VerifyTrailQuestion {
  readonly chain: string;
  readonly segments: Pick<SegmentStore, 'list' | 'read'>;
  readonly heads: Pick<ChainHeadStore, 'load'>;
  /** What its witness signed. @default - nothing: what was taken from the end together with the head is not seen */
  readonly rootSource?: RootSource | undefined;
  readonly digest: Digest;
  readonly clock: Pick<Clock, 'now'>;
  /** Only what was sealed from then on, and one segment more. Epoch milliseconds. @default - the beginning */
  readonly from?: number | undefined;
  /** Only what was sealed until then, and one segment more. Epoch milliseconds. @default - the end */
  readonly to?: number | undefined;
  /** Takes each record that can be read, in the order of the chain. @default - nobody does */
  readonly onRecord?: ((line: RecordLine, segment: string) => void) | undefined;
}

/** Segments that are read ahead: one read takes as long as S3 is away. */
const READ_AHEAD = 8;
/** What is missing for longer did not only wait for its turn: a message that failed is hidden for six minutes. */
const ON_THE_WAY_MS = 15 * 60_000;

/** What a chain's own lines prove, and what its witness says. */
export interface TrailReport extends ChainReport {
  /** The last root of the witness. Undefined where there is none, or nobody asked. */
  readonly signed: { readonly sequence: number; readonly at: string } | undefined;
}

/** @throws HouseError */
export async function verifyTrail(question: VerifyTrailQuestion): Promise<TrailReport> {
  const { chain, rootSource } = question;
  // Before the head: what is signed meanwhile speaks of more than is looked at.
  const witness = rootSource === undefined ? undefined : await readRoots(chain, rootSource);
  const roots = witness?.signed.map(({ root }) => root) ?? [];
  const { report, sealedFrom, toEnd } = await verifyChain(question, roots);
  if (witness === undefined) return { ...report, signed: undefined };
  const late = toEnd
    ? overdue(roots, { now: question.clock.now(), sealedFrom, isCopy: rootSource?.isCopy })
    : [];
  const last = roots.at(-1);
  return {
    ...report,
    findings: [...report.findings, ...witness.findings, ...late],
    signed: last === undefined ? undefined : { sequence: last.sequence, at: last.signedAt },
  };
}

async function verifyChain(question: VerifyTrailQuestion, roots: readonly ChainRoot[]) {
  const { chain, segments, digest, clock } = question;
  const { head, all } = await readEnds(question);
  const { wanted, start, toEnd } = partOf(all, question, genesis(chain, digest.sha256Hex));
  const check = createChainCheck({
    ...{ sha256Hex: digest.sha256Hex, start, head, roots },
    // That there is none is no matter of a part.
    toEnd: toEnd || head === undefined,
    arrivedUntil: isoOfInstant(clock.now() - ON_THE_WAY_MS),
    onRecord: question.onRecord,
  });
  const reads = wanted.slice(0, READ_AHEAD).map(({ key }) => readAhead(segments, key));
  for (const [index, place] of wanted.entries()) {
    const { key, first } = place;
    const stored = await reads.shift();
    const later = wanted[index + READ_AHEAD];
    if (later !== undefined) reads.push(readAhead(segments, later.key));
    // One that went away meanwhile is missing like any other.
    if (stored !== undefined) check.add({ key, first, ...stored, nextFirst: wanted[index + 1]?.first });
    check.addVersions(place);
  }
  return { report: check.end(), sealedFrom: all[0]?.storedAt, toEnd };
}

/**
 * The head first: what is sealed meanwhile stands after it, and nothing seems to be missing. Where there was none, and
 * there are segments, the chain may have begun in between: then both are read again.
 */
async function readEnds({ heads, segments }: Pick<VerifyTrailQuestion, 'heads' | 'segments'>) {
  const read = async () => {
    const head = await heads.load();
    return { head, all: placesOf(await segments.list()) };
  };
  const ends = await read();
  return ends.head === undefined && ends.all.length > 0 ? await read() : ends;
}

interface PlacedSegment extends ListedSegment {
  readonly first: number;
}

function placesOf(listed: readonly ListedSegment[]): readonly PlacedSegment[] {
  return listed.flatMap((each) => {
    const first = firstOfKey(each.key);
    return first === undefined ? [] : [{ ...each, first }];
  });
}

/** A segment more on each side: the one before says what the first was chained to, the one after vouches for the last. */
function partOf(
  all: readonly PlacedSegment[],
  { from, to }: Pick<VerifyTrailQuestion, 'from' | 'to'>,
  origin: { readonly sequence: number; readonly hash: string },
) {
  const after = from === undefined ? 0 : all.findIndex(({ storedAt }) => storedAt >= from);
  const begin = Math.max(0, (after < 0 ? all.length : after) - 1);
  const beyond = to === undefined ? -1 : all.findIndex(({ storedAt }) => storedAt > to);
  const wanted = all.slice(begin, beyond < 0 ? undefined : beyond + 1);
  const [first] = wanted;
  const isWhole = begin === 0 || first === undefined;
  return {
    wanted,
    start: isWhole ? origin : { sequence: first.first - 1, hash: undefined },
    toEnd: beyond < 0 || beyond + 1 >= all.length,
  };
}

/** Who awaits it learns of a failure; until then it is nobody's. */
function readAhead(segments: Pick<SegmentStore, 'read'>, key: string): ReturnType<SegmentStore['read']> {
  const reading = segments.read(key);
  reading.catch(() => undefined);
  return reading;
}
