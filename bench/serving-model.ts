/**
 * How many inferences a second of processor time the engine models take: a day of 1.4 million of them on ten copies, and
 * where blocks of cache are short. `node bench/serving-model.ts [inferences]`
 *
 * Not included: the gateway, the world around it, and the making of arrivals.
 */

import { createSeededRandom } from '#core/units/random.ts';
import parameters from '#data/engine-parameters.json' with { type: 'json' };
import { DedicatedEndpoint } from '#simulator/serving/dedicated-endpoint.ts';
import { kvEngineOf } from '#simulator/serving/engine-parameters.ts';

const inferences = Number(process.argv[2] ?? 1_400_000);
const dialogue = kvEngineOf(parameters, 'dialogue');

measure('ten copies, blocks for all', { copies: 10, perSecond: 16.2, blocks: dialogue.blocks });
measure('ten copies that are full', { copies: 10, perSecond: 30, blocks: dialogue.blocks });
measure('ten copies, blocks are short', { copies: 10, perSecond: 30, blocks: 2_000 });

/** Arrivals by chance; lengths of a call vary to half and double. */
function measure(
  name: string,
  load: { readonly copies: number; readonly perSecond: number; readonly blocks: number },
): void {
  const { copies, perSecond, blocks } = load;
  const random = createSeededRandom(1);
  const endpoint = new DedicatedEndpoint({
    engine: { ...dialogue, blocks },
    scaling: {
      copiesMin: copies,
      copiesMax: copies + 1,
      targetConcurrencyPerCopy: 100,
      scaleOutMs: 258_000,
      wakeMs: 303_000,
      scaleInMs: 900_000,
    },
    lookMs: 10_000,
  });
  const counts = { first: 0, finished: 0, preempted: 0 };
  const events = {
    firstToken: () => {
      counts.first += 1;
    },
    finished: () => {
      counts.finished += 1;
    },
    preempted: () => {
      counts.preempted += 1;
    },
  };
  const before = process.cpuUsage();
  let [atMs, wakeUps, inFlightMost] = [0, 0, 0];
  for (let id = 0; id < inferences; id += 1) {
    atMs += (-Math.log(1 - random.next()) * 1_000) / perSecond;
    // As a world in virtual time does: from one moment to the next.
    for (let nextMs = endpoint.nextAtMs(); nextMs <= atMs; nextMs = endpoint.nextAtMs()) {
      endpoint.advance(nextMs, events);
      wakeUps += 1;
    }
    const stretch = 0.5 + 1.5 * random.next();
    const inputTokens = Math.round(1_000 * stretch);
    endpoint.enter(atMs, { id, inputTokens, outputTokens: Math.round(200 * stretch) });
    inFlightMost = Math.max(inFlightMost, endpoint.inFlight);
  }
  for (; endpoint.inFlight > 0; wakeUps += 1) endpoint.advance(endpoint.nextAtMs(), events);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  console.log(
    `${name}: ${inferences} in ${seconds.toFixed(1)} s of processor time, ${Math.round(inferences / seconds)}/s; ` +
      `${(wakeUps / inferences).toFixed(1)} wake-ups each, ${counts.preempted} thrown out, ${inFlightMost} in flight at the most, ` +
      `${(atMs / 1_000 / seconds).toFixed(0)} virtual seconds a second`,
  );
}
