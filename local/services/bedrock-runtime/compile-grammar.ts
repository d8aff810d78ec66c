/** The first call with a schema waits while its grammar is compiled: as long as the control API says, by default not at all. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConverseRequest } from '@aws-sdk/client-bedrock-runtime';
import type { CallContext } from '../../service.ts';
import type { ModelState } from '../../world/model-catalogue.ts';

/** More than any test sends; the oldest go, and are compiled again. */
const GRAMMARS_MAX = 10_000;

/** When each grammar of an account, a region and a model is there. What a caller began, goes on without it. */
export class GrammarCache {
  readonly #readyMs = new Map<string, number>();

  /** Resolves when the grammar of the request's schema is there, or as soon as the caller went away. */
  async whenCompiled(request: ConverseRequest, model: ModelState, context: CallContext): Promise<void> {
    const schema = request.outputConfig?.textFormat?.structure?.jsonSchema?.schema;
    if (schema === undefined || model.grammarCompileMs === 0) return;
    const { account, region, signal } = context;
    const digest = createHash('sha256').update(schema).digest('base64');
    const key = `${account}/${region}/${model.fact.modelId} ${digest}`;
    const readyMs = this.#readyMs.get(key) ?? this.#begin(key, model.grammarCompileMs);
    const leftMs = readyMs - performance.now();
    if (leftMs > 0) await sleep(leftMs, undefined, { signal }).catch(() => undefined);
  }

  #begin(key: string, compileMs: number): number {
    const readyMs = performance.now() + compileMs;
    this.#readyMs.set(key, readyMs);
    const oldest = this.#readyMs.keys().next().value;
    if (this.#readyMs.size > GRAMMARS_MAX && oldest !== undefined) this.#readyMs.delete(oldest);
    return readyMs;
  }
}
