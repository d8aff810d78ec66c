import { strictestWords } from '#core/controls/strictest-words.ts';
import { houseError } from '#core/errors/catalogue.ts';
import type { ControlStore } from '../ports/control-store.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import type { RouteStore } from '../ports/route-store.ts';

/**
 * Words that are also kept in the strongly consistent set: the routing table has them first, as it has without the
 * set, so that no reader loses a word when the set is put up, taken away, or out of reach; then the set confirms them.
 * What is read is the strictest of both.
 *
 * @param controls of the same region
 */
export function confirmWords(words: OperatorStore, controls: ControlStore): OperatorStore {
  return {
    region: words.region,
    appendAudit: (entry) => words.appendAudit(entry),
    async loadDisabled() {
      const copies = await Promise.all([words.loadDisabled(), controls.loadDisabled()]);
      return strictestWords(copies, ({ target }) => target);
    },
    async saveDisabled(entry) {
      await words.saveDisabled(entry);
      await confirmed(words.region, () => controls.saveDisabled(entry));
    },
  };
}

/** Holds, as `confirmWords` has disabled targets; routes and signals stay where they are. */
export function confirmHolds(routes: RouteStore, controls: ControlStore): RouteStore {
  return {
    region: routes.region,
    load: (model, residency) => routes.load(model, residency),
    loadAll: () => routes.loadAll(),
    publish: (route) => routes.publish(route),
    loadHistory: (model, residency) => routes.loadHistory(model, residency),
    loadVersion: (model, residency, version) => routes.loadVersion(model, residency, version),
    loadSignals: () => routes.loadSignals(),
    saveSignal: (signal) => routes.saveSignal(signal),
    async loadHolds() {
      const copies = await Promise.all([routes.loadHolds(), controls.loadHolds()]);
      return strictestWords(copies, ({ model, residency }) => `${model} ${residency}`);
    },
    async saveHold(hold) {
      await routes.saveHold(hold);
      await confirmed(routes.region, () => controls.saveHold(hold));
    },
  };
}

/** @throws HouseError `control_unconfirmed`, whatever the reason: the order may hold, and nobody is sure of it */
async function confirmed(region: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw houseError('control_unconfirmed', {
      message: `the strongly consistent set did not confirm the order; the routing table of ${region} has it, and other regions as soon as their replicas do: give it again`,
      cause,
    });
  }
}
