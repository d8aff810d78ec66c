/** The canonical chat as the body of TGI's own `/generate` format: one text, and how to go on from it. */
import type { ChatRequest, ContentBlock } from '#core/chat/chat-request.ts';
import { type ChatTemplate, writePrompt } from '#core/chat/prompt-template.ts';
import { invariant } from '#core/units/invariant.ts';

export interface TgiBodyOptions {
  readonly chatTemplate: ChatTemplate;
  readonly maxTokens: number;
  readonly stream: boolean;
}

export function tgiBody(request: ChatRequest, { chatTemplate, maxTokens, stream }: TgiBodyOptions): string {
  // Such requests need a capability that the decide stage knows this container to lack.
  invariant(request.tools === undefined, 'TGI’s own format has no tools');
  return JSON.stringify({
    inputs: promptOf(request, chatTemplate),
    parameters: {
      max_new_tokens: maxTokens,
      ...drawing(request.inference),
      seed: request.sampling?.seed,
      frequency_penalty: request.sampling?.frequencyPenalty,
      stop: request.inference.stopSequences,
      grammar: grammarOf(request.responseFormat),
      return_full_text: false,
      details: true,
      // A stream counts its input by itself and refuses this.
      decoder_input_details: stream ? undefined : true,
    },
    stream,
  });
}

function promptOf({ system, messages }: ChatRequest, template: ChatTemplate): string {
  return writePrompt(template, {
    // Cache points are left out: these engines find common beginnings by themselves.
    system: system.flatMap((block) => ('text' in block ? [block.text] : [])).join('\n\n'),
    turns: messages.map(({ role, content }) => ({ role, text: content.flatMap(textOfBlock).join('\n') })),
  });
}

/** Thoughts of earlier turns are left out, as the templates of models that think do. */
function textOfBlock(block: ContentBlock): readonly string[] {
  if ('text' in block) return [block.text];
  invariant('reasoning' in block || 'cachePoint' in block, 'TGI’s own format takes text only');
  return [];
}

/** Unasked it would always take the likeliest token; and it refuses the words that others have for that. */
function drawing({ temperature, topP }: ChatRequest['inference']) {
  if (temperature === 0 || topP === 0) return { do_sample: false };
  return { do_sample: true, temperature, top_p: topP === undefined || topP >= 1 ? undefined : topP };
}

function grammarOf(format: ChatRequest['responseFormat']) {
  if (format === undefined) return undefined;
  invariant(format.kind === 'json-schema', 'TGI’s own format wants a schema');
  return { type: 'json', value: format.schema };
}
