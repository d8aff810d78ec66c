import { createChainBook } from './chain-book.ts';
import { createChainNotes } from './chain-notes.ts';
import type { GatewayDependencies } from './gateway.ts';
import { createLearnedBook } from './learned-book.ts';
import type { Services } from './services.ts';
import type { WriteBehind } from './write-behind.ts';

type ChainDependencies = Pick<
  GatewayDependencies,
  'config' | 'servesMany' | 'learned' | 'chainMetrics' | 'clock' | 'random' | 'log' | 'metrics'
>;

/** A process that sees every call of a chain learns by itself what it needs; one of many asks the table what it saw. */
export function openChains(
  dependencies: ChainDependencies,
  behind: WriteBehind,
): Pick<Services, 'chains' | 'chainNotes' | 'learned'> {
  const { config, servesMany, learned: store, chainMetrics: metrics, clock } = dependencies;
  const learned = createLearnedBook({ ...dependencies, chains: config.chains, behind });
  const hasModel = (name: string): boolean => Object.hasOwn(config.models, name);
  if (servesMany === true || store === undefined || metrics === undefined)
    return { learned, chains: createChainBook({ learned, hasModel }), chainNotes: undefined };
  const { foretold } = learned;
  return {
    learned,
    chains: createChainBook({ learned: { foretold }, hasModel }),
    chainNotes: createChainNotes({ learned, metrics, behind, now: clock.now }),
  };
}
