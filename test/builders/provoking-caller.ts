/** An application of the provoked run, and who breaks the world around it. */

export type Json = Readonly<Record<string, unknown>>;

export class ProvokingCaller {
  readonly #url: string;
  readonly #awsUrl: string;
  #chains = 0;

  constructor(url: string, awsUrl: string) {
    this.#url = url;
    this.#awsUrl = awsUrl;
  }

  async post(
    path: string,
    body: Json | FormData,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Json> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.#url}${path}`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk-local',
        ...(isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: isForm ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return text.startsWith('{') ? JSON.parse(text) : {};
  }

  chat(model: string, more: Json = {}, headers: Readonly<Record<string, string>> = {}): Promise<Json> {
    const body = {
      model,
      messages: [{ role: 'user', content: 'When is low water?' }],
      max_tokens: 40,
      ...more,
    };
    return this.post('/v1/chat/completions', body, headers);
  }

  /** One trace, never used before: an embedding, and then a word of each model. */
  async chain(...models: readonly string[]): Promise<void> {
    this.#chains += 1;
    const traceId = String(this.#chains).padStart(32, '4bf92f3577b34da6');
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
    await this.post('/v1/embeddings', { model: 'embed', input: 'low water' }, { traceparent });
    for (const model of models) await this.chat(model, {}, { traceparent });
  }

  /** Puts a batch of three lines in. Answers its id. */
  async batch(model: string): Promise<string> {
    const line = (id: string): string => {
      const body = { model, messages: [{ role: 'user', content: id }], max_tokens: 8 };
      return JSON.stringify({ custom_id: id, method: 'POST', url: '/v1/chat/completions', body });
    };
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([['ebb', 'flood', 'slack'].map(line).join('\n')]), 'tides.jsonl');
    const file = await this.post('/v1/files', form);
    const batch = await this.post('/v1/batches', {
      ...{ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' },
    });
    return String(batch.id);
  }

  /** Replaces all fault rules. */
  faults(rules: readonly Json[]): Promise<void> {
    return this.world('PUT', 'faults', rules);
  }

  /** Changes something of the local AWS. */
  async world(method: 'PUT' | 'PATCH', resource: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.#awsUrl}/_local/${resource}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  }
}
