import { type Chunk, heldOn, letGo } from '#core/batch/chunk.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import { type DispatchServices, retentionMs } from './batch-services.ts';

const TRIES_MAX = 5;
const RETRY_MS = 200;

/** The chunk is another's by now: what this holder still learns of it is kept beside, and decides nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

type Change = Parameters<typeof heldOn>[1];

/** A chunk as its holder has it. Every change is written before anything follows from it. */
export class ChunkLease {
  readonly #services: Pick<DispatchServices, 'store' | 'clock' | 'pace' | 'config'>;
  #chunk: Chunk;
  #renewedAt: number;

  /** @param chunk as it was taken, and written */
  constructor(services: Pick<DispatchServices, 'store' | 'clock' | 'pace' | 'config'>, chunk: Chunk) {
    this.#services = services;
    this.#chunk = chunk;
    this.#renewedAt = services.clock.now();
  }

  get chunk(): Chunk {
    return this.#chunk;
  }

  /** Before a lease runs out there is time for two more tries. */
  get isDue(): boolean {
    return this.#services.clock.now() - this.#renewedAt >= this.#services.pace.leaseMs / 3;
  }

  /** Writes the change, and holds on for a whole lease from now. @throws LeaseLost, or HouseError */
  async hold(change: Change): Promise<void> {
    const at = this.#services.clock.now();
    await this.#save((chunk) => heldOn(chunk, change, at + this.#services.pace.leaseMs));
    this.#renewedAt = at;
  }

  /** @param made whether anything came of having it @throws LeaseLost, or HouseError */
  async letGo(made: boolean): Promise<void> {
    await this.#save((chunk) => letGo(chunk, { made }));
  }

  /** @throws LeaseLost, or HouseError */
  async #save(change: (chunk: Chunk) => Chunk): Promise<void> {
    await this.save(change(this.#chunk), change);
  }

  /** @throws LeaseLost where the chunk is another's, or HouseError where the store does not tell */
  async save(wanted: Chunk, again: (chunk: Chunk) => Chunk): Promise<void> {
    const { store, clock } = this.#services;
    let changed = wanted;
    for (let tries = 1; ; tries += 1) {
      const written = await this.#try(changed, tries);
      if (written === true) break;
      await clock.sleep(written === 'unknown' ? RETRY_MS * tries : 0);
      // A write whose answer was lost may stand: what stands tells.
      const standing = await store.loadChunk(changed.batch, changed.index).catch(unlessLast(tries));
      if (standing === undefined) continue;
      if (standing.revision === changed.revision && isSame(standing, changed)) break;
      if (standing.holder !== this.#chunk.holder) throw new LeaseLost('the chunk is held by another');
      changed = again(standing);
    }
    this.#chunk = changed;
  }

  async #try(chunk: Chunk, tries: number): Promise<boolean | 'unknown'> {
    const { store, clock } = this.#services;
    try {
      return await store.saveChunk(chunk, clock.now() + retentionMs(this.#services));
    } catch (error) {
      if (!isHouseError(error) || tries >= TRIES_MAX) throw error;
      return 'unknown';
    }
  }
}

function unlessLast(tries: number) {
  return (error: unknown): undefined => {
    if (!isHouseError(error) || tries >= TRIES_MAX) throw error;
    return undefined;
  };
}

function isSame(standing: Chunk, changed: Chunk): boolean {
  return (
    standing.holder === changed.holder &&
    standing.part === changed.part &&
    standing.leaseUntil === changed.leaseUntil &&
    standing.begun.join() === changed.begun.join()
  );
}
