import { stableHash } from '#core/units/stable-hash.ts';
import type { SentCall } from '../world/simulated-invoker.ts';
import type { Ended } from '../world/world.ts';

/** Counts of a run, and a running hash of its history: what two runs must have in common to be the same run. */
export class EventLog {
  #requests = 0;
  #calls = 0;
  #hash = 0;
  readonly #statuses = new Map<number, number>();

  sent({ target, request, gateway }: SentCall, atMs: number): void {
    this.#calls += 1;
    this.#note(`sent ${atMs} ${gateway} ${request?.id} ${target.id}`);
  }

  ended({ request, status, endedAtMs, target, attempts, view }: Ended): void {
    this.#requests += 1;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const { shownTokens, ends, breaks } = view;
    this.#note(
      `ended ${endedAtMs} ${request.id} ${status} ${target} ${attempts} ${shownTokens} ${ends} ${breaks}`,
    );
  }

  counts() {
    return {
      requests: this.#requests,
      calls: this.#calls,
      statuses: Object.fromEntries([...this.#statuses].sort(([one], [other]) => one - other)),
    };
  }

  fingerprint(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }

  #note(line: string): void {
    this.#hash = stableHash(`${this.#hash} ${line}`);
  }
}
