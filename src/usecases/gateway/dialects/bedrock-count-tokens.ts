import { bedrockCountTokensSchema } from '#contract/bedrock-count-tokens.ts';
import { bodyViolations } from '#contract/body-violations.ts';
import { parseExactJson } from '#core/units/exact-json.ts';
import { chatRequestOfConverse } from '#core/wire/bedrock/chat-request-of-converse.ts';
import { jsonLimitViolation } from '#core/wire/json-limits.ts';
import { type ReadNativeChat, readBedrockAnthropic } from './bedrock-anthropic.ts';
import { bedrockErrors, bedrockHeaders } from './bedrock-errors.ts';
import type { BodyViolation, Dialect } from './dialect.ts';

/** POST /model/{modelId}/count-tokens: of a Converse call, or of an InvokeModel body in Anthropic's format. */
export const bedrockCountTokens: Dialect = {
  errors: bedrockErrors,
  read: (body, { model = '' }) => {
    const parsed = bedrockCountTokensSchema.safeParse(body);
    if (!parsed.success) return { ok: false, violations: bodyViolations(parsed.error.issues, {}) };
    const { converse, invokeModel } = parsed.data.input;
    const read =
      converse === undefined
        ? under('input.invokeModel.body', readNative(invokeModel?.body ?? '', model))
        : under('input.converse', chatRequestOfConverse(converse, model));
    if (!read.ok) return read;
    return {
      ok: true,
      work: {
        kind: 'count-tokens',
        request: read.request,
        writer: {
          whole: (identity, inputTokens) => ({ body: { inputTokens }, headers: bedrockHeaders(identity) }),
        },
      },
    };
  },
};

function readNative(base64: string, model: string): ReadNativeChat {
  const wrong = (message: string): ReadNativeChat => ({ ok: false, violations: [{ path: '', message }] });
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const tooMuch = jsonLimitViolation(text);
    if (tooMuch !== undefined) return wrong(tooMuch);
    value = parseExactJson(text);
  } catch {
    return wrong('must be JSON in UTF-8, in base64');
  }
  const isAnthropic = typeof value === 'object' && value !== null && 'anthropic_version' in value;
  return isAnthropic
    ? readBedrockAnthropic(value, model)
    : wrong(
        'must be in Anthropic’s format, with anthropic_version; count every other chat as input.converse',
      );
}

/** Violations with the path of the part that they are in. */
function under(path: string, read: ReadNativeChat): ReadNativeChat {
  if (read.ok) return read;
  const placed = ({ path: inner, message }: BodyViolation): BodyViolation => ({
    path: inner === '' ? path : inner.startsWith('[') ? `${path}${inner}` : `${path}.${inner}`,
    message,
  });
  return { ok: false, violations: read.violations.map(placed) };
}
