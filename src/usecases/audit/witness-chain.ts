/** Signs how far a chain is, and keeps it where nobody of the chain's account reaches. */
import type { ChainHead } from '#core/audit/chain.ts';
import { placeOfRoot, rootKey, rootText, signedRootText } from '#core/audit/signed-root.ts';
import { houseError } from '#core/errors/catalogue.ts';
import { isoOfInstant } from '#core/units/instant-ms.ts';
import type { ChainHeadStore } from '../ports/chain-head-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RootSigner } from '../ports/root-signer.ts';
import type { SegmentStore } from '../ports/segment-store.ts';

export interface WitnessedChain {
  /** Its name. */
  readonly chain: string;
  readonly heads: Pick<ChainHeadStore, 'load'>;
  /** Of this chain. */
  readonly roots: Pick<SegmentStore, 'create' | 'list'>;
}

export interface WitnessServices {
  readonly signer: Pick<RootSigner, 'sign'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** `fresh`: the last root speaks of enough of it. `empty`: nothing was ever sealed. */
export type Witnessed = 'signed' | 'fresh' | 'empty';

/** Once a day, whichever of its runs come late. */
const SIGNED_EVERY_MS = 23 * 3_600_000;
/** And sooner where so many records were sealed since. */
const RECORDS_MAX = 10_000;

/** How many chains came out how. */
export type WitnessRun = Readonly<Record<Witnessed, number>>;

/**
 * Every chain, whatever became of the others.
 *
 * @throws HouseError that says of which chains what went wrong
 */
export async function witnessChains(
  chains: readonly WitnessedChain[],
  services: WitnessServices,
): Promise<WitnessRun> {
  const run = { signed: 0, fresh: 0, empty: 0 };
  const problems: string[] = [];
  for (const each of chains) {
    try {
      run[await witnessChain(each, services)] += 1;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`${each.chain}: ${why}`);
      services.log.write('error', 'audit-root-failed', { chain: each.chain, why });
    }
  }
  if (problems.length === 0) return run;
  const message = `${problems.length} of ${chains.length} chains were not witnessed: ${problems.join('; ')}`;
  throw houseError('upstream_unavailable', { message, facts: { operation: 'witness' } });
}

/**
 * To be called every few minutes: signs once a day, also where nothing was sealed, and sooner where much was.
 *
 * @throws HouseError where it cannot be signed or kept, or where the chain ends before what was signed already
 */
export async function witnessChain(
  { chain, heads, roots }: WitnessedChain,
  { signer, clock, log }: WitnessServices,
): Promise<Witnessed> {
  // The roots first: each speaks of a head that is not beyond the one which is loaded then.
  const last = placeOfRoot((await roots.list()).at(-1)?.key ?? '');
  const head = await heads.load();
  if (last !== undefined && last.sequence > (head?.sequence ?? 0))
    throw movedBack({ chain, last, head }, log);
  if (head === undefined) return 'empty';
  const { sequence, hash } = head;
  const now = clock.now();
  if (last !== undefined && !isDue(last, sequence, now)) return 'fresh';
  const root = { chain, sequence, hash, signedAt: isoOfInstant(Math.floor(now / 1000) * 1000) };
  const signature = await signer.sign(rootText(root));
  // Where another one stands under the same second and sequence it says the same.
  await roots.create(rootKey(root), signedRootText({ root, signature }));
  log.write('info', 'audit-root-signed', { chain, sequence });
  return 'signed';
}

function isDue(
  last: { readonly sequence: number; readonly signedAt: string },
  sequence: number,
  now: number,
): boolean {
  return sequence - last.sequence >= RECORDS_MAX || last.signedAt <= isoOfInstant(now - SIGNED_EVERY_MS);
}

function movedBack(
  {
    chain,
    last,
    head,
  }: {
    readonly chain: string;
    readonly last: { readonly sequence: number };
    readonly head: ChainHead | undefined;
  },
  log: Log,
): Error {
  const facts = { chain, signed: last.sequence, head: head?.sequence ?? 0 };
  log.write('error', 'audit-root-ahead', facts);
  const message = `the chain ${chain} was signed up to record ${facts.signed}, and its head says ${facts.head}: somebody took records away`;
  return houseError('condition_lost', { message, facts: { operation: 'witness' } });
}
