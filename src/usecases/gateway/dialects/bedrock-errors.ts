import { bedrockErrorName } from '#core/wire/bedrock/error-names.ts';
import type { ErrorFormat } from './dialect.ts';

/**
 * Bedrock Runtime's errors: every path under /model/. The header names the exception, as AWS's SDKs read it before
 * anything else; the members beside `message` become members of the exception in those that copy them.
 */
export const bedrockErrors: ErrorFormat = {
  body: ({ message, code, param, gateways }) => ({
    message,
    code,
    // The model stands in Bedrock's paths, under this name.
    ...(param === undefined ? {} : { param: param === 'model' ? 'modelId' : param }),
    ...(gateways === undefined ? {} : { gateways }),
  }),
  headers: (error) => ({ 'x-amzn-errortype': bedrockErrorName(error), ...bedrockHeaders(error) }),
};

/** Where AWS's SDKs find the id of a request, answered or refused. */
export function bedrockHeaders({ requestId }: { readonly requestId: string }) {
  return { 'x-amzn-requestid': requestId };
}
