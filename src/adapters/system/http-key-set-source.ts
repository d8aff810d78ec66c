/** Key sets over HTTPS. An address comes from the configuration alone, never from a token. */
import { keySetSchema } from '#contract/key-set.ts';
import type { KeySetSource } from '#usecases/ports/key-set-source.ts';

const LOAD_MS_MAX = 2_000;
/** A hundred RSA keys with their certificates. */
const BYTES_MAX = 1024 * 1024;

export const httpKeySetSource: KeySetSource = {
  async load(url) {
    const response = await fetch(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      // Another address than the one that is trusted would be another's word.
      redirect: 'error',
      signal: AbortSignal.timeout(LOAD_MS_MAX),
    });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
    return keySetSchema.parse(JSON.parse(await boundedText(response)));
  },
};

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BYTES_MAX) throw new Error(`a key set of more than ${BYTES_MAX} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
