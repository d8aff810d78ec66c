/** What one process learns of tenants' calls, in virtual time, with the writes that it leaves behind. */
import { createSeededRandom } from '#core/units/random.ts';
import { gatewayStart } from '#test/builders/a-gateway.ts';
import { createVirtualClock } from '#test/builders/virtual-clock.ts';
import {
  createLearnedBook,
  type LearnedBook,
  type LearnedBookDependencies,
} from '#usecases/gateway/learned-book.ts';
import type { GatewayEvent } from '#usecases/ports/gateway-metrics.ts';

export interface TestLearnedBook extends LearnedBook {
  readonly events: readonly GatewayEvent[];
  readonly lines: readonly string[];
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
}

export function aLearnedBook(changes: Partial<LearnedBookDependencies> = {}): TestLearnedBook {
  const events: GatewayEvent[] = [];
  const lines: string[] = [];
  const underWay: Promise<unknown>[] = [];
  const book = createLearnedBook({
    chains: { chainsMin: 3, neededShareMin: 0.5 },
    clock: createVirtualClock(gatewayStart, { leap: false }),
    random: createSeededRandom(1),
    log: { write: (_, event) => void lines.push(event) },
    metrics: { record: () => undefined, ejected: () => undefined, count: (event) => void events.push(event) },
    behind: { add: (work) => void underWay.push(work) },
    ...changes,
  });
  const settled = async (): Promise<void> => {
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) await next;
  };
  return { ...book, events, lines, settled };
}
