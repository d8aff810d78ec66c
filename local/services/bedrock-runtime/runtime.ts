import type { Serving } from '../../world/answers/serving.ts';
import type { World } from '../../world/world.ts';
import type { GrammarCache } from './compile-grammar.ts';

/** What an operation of the data plane works with. */
export interface Runtime {
  readonly world: World;
  readonly serving: Serving;
  readonly grammars: GrammarCache;
}
