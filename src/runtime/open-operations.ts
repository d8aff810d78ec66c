/** Operations over HTTP, where the configuration names somebody who may order them. */
import { cryptoDigest } from '#adapters/system/crypto-digest.ts';
import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import type { Operations } from '#usecases/gateway/gateway.ts';
import { runOperation } from '#usecases/operate/run-operation.ts';
import { controlSetting } from '#usecases/plan/control-setting.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ControlStore } from '#usecases/ports/control-store.ts';
import type { Log } from '#usecases/ports/log.ts';
import type { ObservationStore } from '#usecases/ports/observation-store.ts';
import type { OperatorStore } from '#usecases/ports/operator-store.ts';
import type { RouteStore } from '#usecases/ports/route-store.ts';
import { withConfirmedWords } from './open-controls.ts';

/** Undefined where nobody may: the roles of such gateways have no permission for any of it either. */
export function openOperations(options: {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly operators: Operations['operators'];
  readonly stores: {
    readonly routesAtHome: RouteStore;
    readonly words: OperatorStore;
    /** Where words are confirmed. @default nothing confirms them */
    readonly controls?: ControlStore | undefined;
    readonly observations: ObservationStore;
  };
  readonly clock: Clock;
  readonly log: Log;
}): Operations | undefined {
  const { config, facts, operators, stores, clock, log } = options;
  const { principals, tokens } = config.operators;
  if (principals.length + tokens.length === 0) return undefined;
  const setting = controlSetting(config, facts);
  const words = withConfirmedWords(stores.words, stores.controls);
  const dependencies = { ...stores, words, clock, log, digest: cryptoDigest, setting, facts };
  return { operators, run: (operation, order) => runOperation(dependencies, operation, order) };
}
