/** Targets that serve each call as a test plans it, in virtual time. */
import type { VirtualTime } from '#simulator/engine/virtual-time.ts';
import type { ServedCall, Serving, ServingListener, ServingWorld } from '#simulator/world/serving.ts';
import type { EndpointStatus } from '#usecases/ports/endpoint-inventory.ts';

/** What happens with a call, by milliseconds after it began. */
export type ServingPlan = readonly {
  readonly afterMs: number;
  readonly does: (listener: ServingListener) => void;
}[];

export const writes =
  (tokens: number) =>
  (listener: ServingListener): void =>
    listener.wrote(tokens);
export const finishes = (listener: ServingListener): void => listener.finished();
export const fails =
  (signal: Parameters<ServingListener['failed']>[0]) =>
  (listener: ServingListener): void =>
    listener.failed(signal);

/** One token after a tenth of a second, the others a tenth later, and with them its end. */
export const wholeAnswer = ({ outputTokens, maxTokens }: ServedCall): ServingPlan => {
  const rest = Math.min(outputTokens, maxTokens) - 1;
  return [
    { afterMs: 100, does: writes(1) },
    ...(rest === 0 ? [] : [{ afterMs: 200, does: writes(rest) }]),
    { afterMs: 200, does: finishes },
  ];
};

export class PlannedServing implements ServingWorld {
  readonly calls: (ServedCall & { aborts: number })[] = [];
  readonly #time: VirtualTime;
  readonly #planOf: (call: ServedCall) => ServingPlan;

  /** @param planOf asked once for each call. @default - a whole answer */
  constructor(time: VirtualTime, planOf: (call: ServedCall) => ServingPlan = wholeAnswer) {
    this.#time = time;
    this.#planOf = planOf;
  }

  /** Every endpoint has two. */
  copiesOf(): EndpointStatus {
    return { status: 'InService', copiesInService: 2, copiesDesired: 2 };
  }

  begin(call: ServedCall, listener: ServingListener): Serving {
    const noted = { ...call, aborts: 0 };
    this.calls.push(noted);
    listener.left();
    const cancels = this.#planOf(call).map(({ afterMs, does }) =>
      this.#time.after(afterMs, () => does(listener)),
    );
    return {
      abort: () => {
        noted.aborts += 1;
        for (const cancel of cancels) cancel();
      },
    };
  }
}
