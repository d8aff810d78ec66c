/**
 * Makes segments of records that were handed over. Several sealers may run: where a segment begins there is one place
 * for it, and whoever finds it taken goes on after what stands there.
 *
 *     load head ─▶ create the segment after it ─▶ move the head
 *
 * A sealer that dies between the two steps leaves a segment that the head does not know. The next one finds its place
 * taken, proves it, and moves the head over it; the records come again from the queue and are known by then.
 */
import {
  type ChainHead,
  firstOfKey,
  genesis,
  type Segment,
  sealSegment,
  segmentKey,
} from '#core/audit/chain.ts';
import { linesOf, parseChainLine, type RecordLine } from '#core/audit/chain-lines.ts';
import { createChainCheck } from '#core/audit/check-chain.ts';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import { invariant } from '#core/units/invariant.ts';
import type { ChainHeadStore } from '../ports/chain-head-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Digest } from '../ports/digest.ts';
import type { Log } from '../ports/log.ts';
import type { SegmentStore } from '../ports/segment-store.ts';
import { createSealedNumbers } from './sealed-numbers.ts';

export interface SealerOptions {
  /** Name of the chain: its first record is chained to it. */
  readonly chain: string;
  readonly segments: SegmentStore;
  readonly heads: ChainHeadStore;
  readonly digest: Digest;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export interface Sealer {
  /**
   * Resolves when each of them is sealed, now or before.
   *
   * @throws HouseError: some may be sealed. All of them may be given again.
   */
  seal(records: readonly HandedRecord[]): Promise<void>;
}

/** Numbers that are remembered: at 20 a second, what came within the last quarter of an hour. */
const NUMBERS_MAX = 20_000;
/** Segments that are read for their numbers when a sealer starts. */
const LOOK_BACK_SEGMENTS_MAX = 30;
/** Segments of others that one call goes over. Its records come again. */
const TRIES_MAX = 200;

export function createSealer(options: SealerOptions): Sealer {
  return new ChainSealer(options);
}

class ChainSealer implements Sealer {
  readonly #options: SealerOptions;
  readonly #sealed = createSealedNumbers(NUMBERS_MAX);
  /** As far as the numbers are known. Undefined before the first call. */
  #known: ChainHead | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** One call after the other: each follows the head that the one before it made. */
  seal(records: readonly HandedRecord[]): Promise<void> {
    const sealing = this.#running.then(() => this.#seal(records));
    this.#running = sealing.catch(() => undefined);
    return sealing;
  }

  async #seal(records: readonly HandedRecord[]): Promise<void> {
    const { segments } = this.#options;
    let head = await this.#catchUp();
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const fresh = this.#freshOf(records);
      if (fresh.length === 0) return;
      const segment = this.#segmentAfter(head, fresh);
      if (await segments.create(segmentKey(segment.first), segment.text)) {
        await this.#moveHead(head, segment.head);
        this.#remember(fresh);
        this.#options.log.write('info', 'audit-segment-sealed', {
          segment: segment.first,
          records: fresh.length,
        });
        return;
      }
      head = await this.#goOver(head);
    }
    throw stuck(`${TRIES_MAX} segments of others came before it`);
  }

  #segmentAfter(after: ChainHead, records: readonly HandedRecord[]): Segment {
    const { digest, clock } = this.#options;
    const sealedAt = isoOfInstant(clock.now());
    return sealSegment({ after, records, sealedAt, sha256Hex: digest.sha256Hex });
  }

  #freshOf(records: readonly HandedRecord[]): readonly HandedRecord[] {
    const inBatch = new Set<string>();
    const fresh = records.filter((record) => {
      const number = numberOf(record);
      if (this.#sealed.has(number) || inBatch.has(number)) return false;
      inBatch.add(number);
      return true;
    });
    return fresh.sort(byTime);
  }

  #remember(records: readonly HandedRecord[]): void {
    for (const record of records) this.#sealed.add(numberOf(record));
  }

  /** Whoever moved it before did so over the same segment: no other one can stand there. */
  async #moveHead(from: ChainHead, to: ChainHead): Promise<void> {
    const moved = await this.#options.heads.move(from, to);
    this.#known = to;
    if (!moved) this.#options.log.write('info', 'audit-head-moved-before', { sequence: to.sequence });
  }

  /** The head, with the numbers of what was sealed shortly before it. */
  async #catchUp(): Promise<ChainHead> {
    const head = (await this.#options.heads.load()) ?? (await this.#begin());
    const known = this.#known;
    if (known !== undefined && known.sequence >= head.sequence) return head;
    await this.#readBack(head, known?.sequence ?? 0);
    this.#known = head;
    return head;
  }

  /**
   * Where nothing was ever sealed, or one segment alone was and its sealer died before it could make the head. Whoever
   * hid a chain and its head must not get another one of the same name.
   */
  async #begin(): Promise<ChainHead> {
    const { heads, segments, chain, digest, log } = this.#options;
    const listed = await segments.list();
    const [segment, ...more] = listed.filter(({ key }) => firstOfKey(key) !== undefined);
    const isFirst = segment?.key === segmentKey(1) && segment.versions === 1 && !segment.isHidden;
    if (segment === undefined || (isFirst && more.length === 0)) return genesis(chain, digest.sha256Hex);
    // Others may have begun meanwhile: each moved the head before it sealed a second segment.
    const head = await heads.load();
    if (head !== undefined) return head;
    log.write('error', 'audit-head-missing', { chain, segments: more.length + 1 });
    throw stuck(
      'the head is gone, and there are segments: no second chain begins under the name of the first',
    );
  }

  async #readBack(head: ChainHead, until: number): Promise<void> {
    const { segments, log } = this.#options;
    let first = head.segment;
    for (let count = 0; first > until && count < LOOK_BACK_SEGMENTS_MAX; count += 1) {
      const stored = await segments.read(segmentKey(first));
      if (stored === undefined) {
        // New records are still sealed: verify says what is gone, and whoever is asked to look finds this too.
        log.write('error', 'audit-segment-missing', { segment: segmentKey(first) });
        return;
      }
      const lines = linesOf(stored.text).map(parseChainLine);
      const own = lines.filter((line): line is RecordLine => line?.kind === 'record');
      this.#remember(own);
      const seal = lines.at(-1);
      if (own.length === 0 || seal?.kind !== 'seal' || seal.before >= first) return;
      first = seal.before;
    }
  }

  /** Takes a segment that stands after the head for what it is: sealed by somebody else, or by one who died. */
  async #goOver(head: ChainHead): Promise<ChainHead> {
    const { segments, digest } = this.#options;
    const first = head.sequence + 1;
    const key = segmentKey(first);
    const stored = await segments.read(key);
    if (stored === undefined) throw stuck(`${key} stands there and cannot be read`);
    const records: RecordLine[] = [];
    const check = createChainCheck({
      ...{ sha256Hex: digest.sha256Hex, start: head, head: undefined, toEnd: false, arrivedUntil: '' },
      onRecord: (line) => void records.push(line),
    });
    check.add({ key, first, ...stored, nextFirst: undefined });
    const { findings, sequences } = check.end();
    const wrong = findings.find(({ kind }) => kind !== 'lock-missing');
    if (wrong !== undefined) throw stuck(`${key} does not follow the head: ${wrong.kind}, ${wrong.why}`);
    invariant(sequences !== undefined && firstOfKey(key) === first, `${key} is its own name`);
    const seal = linesOf(stored.text).at(-1) ?? '';
    const next = { sequence: sequences.last, hash: digest.sha256Hex(seal), segment: first };
    await this.#moveHead(head, next);
    this.#remember(records);
    return next;
  }
}

/** Not its id, which comes from a request. */
const numberOf = ({ writer, number }: HandedRecord): string => `${writer} ${number}`;

/** For who reads it: a queue gives them in no order. */
const byTime = ({ record: { at: left } }: HandedRecord, { record: { at: right } }: HandedRecord): number =>
  left < right ? -1 : left > right ? 1 : 0;

const stuck = (why: string): Error =>
  houseError('condition_lost', { message: `audit segment: ${why}`, facts: { operation: 'seal' } });
