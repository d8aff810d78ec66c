/** The body of POST /model/{modelId}/count-tokens: what is counted, as Converse or InvokeModel would have it. */
import * as z from 'zod';
import { bedrockConverseSchema } from './bedrock-converse.ts';
import { oneOf } from './bedrock-converse-parts.ts';

export const bedrockCountTokensSchema = z.strictObject({
  input: oneOf({
    converse: bedrockConverseSchema.pick({
      messages: true,
      system: true,
      toolConfig: true,
      additionalModelRequestFields: true,
    }),
    /** The body of an InvokeModel call, in base64. */
    invokeModel: z.strictObject({ body: z.base64('must be the JSON body of a call, in base64').min(1) }),
  }),
});
