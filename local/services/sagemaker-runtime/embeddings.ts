import { embedText } from '../../world/answers/embed-text.ts';
import { countTokens } from '../../world/answers/tokens.ts';
import { type ContainerBody, checkModel } from './container-body.ts';
import { misfit } from './container-error.ts';
import type { Container } from './find-container.ts';

/** As of many open embedding models; a caller cannot choose it. */
const DIMENSIONS = 1_024;

/** Whether a body means the embeddings API: both APIs come in by the one path that SageMaker knows. */
export function meansEmbeddings(body: ContainerBody): boolean {
  return body.input !== undefined && body.messages === undefined;
}

interface EmbeddingsAnswer {
  readonly object: 'list';
  readonly model: unknown;
  readonly data: readonly object[];
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

/** The answer of OpenAI's embeddings API, or a refusal with 422 of what does not fit. */
export function embeddings(body: ContainerBody, container: Container): EmbeddingsAnswer {
  const { input, model, encoding_format: format = 'float' } = body;
  checkModel(model, container.servedModel);
  if (format !== 'float') throw misfit('encoding_format', 'float');
  const texts: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string' && text !== ''))
    throw misfit('input', 'a text or a list of texts, none of them empty');
  const given = texts as readonly string[];
  const tokens = given.reduce((sum, text) => sum + countTokens(text), 0);
  return {
    object: 'list',
    model: model ?? container.label,
    data: given.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: embedText(text, DIMENSIONS),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
