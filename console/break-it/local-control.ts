/** Writes to local mode's control API, which stands on the gateway's own origin. */
import type { TrafficOrder } from '#contract/local-traffic.ts';
import { ApiProblem, problemOf, unreachable } from '../shell/api-problem.ts';
import { type FaultRule, isSameRule } from './breakage.ts';

export class LocalControl {
  readonly #base: string;
  readonly #fetch: typeof fetch;

  constructor(base: string, call: typeof fetch) {
    this.#base = base;
    this.#fetch = call;
  }

  /** Adds one rule to those in force. @throws ApiProblem */
  async breakIt(rule: FaultRule): Promise<void> {
    const rules = await this.#rules();
    if (!rules.some((known) => isSameRule(known, rule))) await this.#call('PUT', 'faults', [...rules, rule]);
  }

  /** Takes one rule away, whoever made it, and leaves the others. @throws ApiProblem */
  async mend(rule: FaultRule): Promise<void> {
    const rules = await this.#rules();
    const at = rules.findIndex((known) => isSameRule(known, rule));
    if (at >= 0) await this.#call('PUT', 'faults', rules.toSpliced(at, 1));
  }

  /** @throws ApiProblem */
  async mendEverything(): Promise<void> {
    await this.#call('DELETE', 'faults');
  }

  /** @throws ApiProblem */
  async startTraffic(order: TrafficOrder): Promise<void> {
    await this.#call('PUT', 'traffic', order);
  }

  /** @throws ApiProblem */
  async stopTraffic(): Promise<void> {
    await this.#call('DELETE', 'traffic');
  }

  /** Read anew before each change: another tab, or a terminal, may have changed them. */
  async #rules(): Promise<readonly FaultRule[]> {
    return (await this.#call('GET', 'faults')) as readonly FaultRule[];
  }

  async #call(method: string, resource: string, body?: unknown): Promise<unknown> {
    let response: Response;
    try {
      response = await this.#fetch(new URL(`_local/${resource}`, this.#base).href, {
        method,
        credentials: 'omit',
        cache: 'no-store',
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (error) {
      throw unreachable(error);
    }
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const said = (answer as { readonly error?: unknown } | undefined)?.error;
    throw typeof said === 'string'
      ? new ApiProblem(response.status, `http_${response.status}`, said)
      : problemOf(response.status, answer);
  }
}
