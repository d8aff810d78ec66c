/**
 * Calls of KMS: one protocol, signed as calls to models are. For the few that there are a client of the SDK would go into
 * the bundle.
 */
import * as z from 'zod';
import { houseError } from '#core/errors/catalogue.ts';
import { isHouseError } from '#core/errors/house-error.ts';
import type { AwsAccess } from './aws-clients.ts';
import { signUpstreamRequest } from './sigv4-signer.ts';
import { toHouseError } from './to-house-error.ts';
import { serviceAddress } from './upstream-address.ts';

export interface KmsAccess extends AwsAccess {
  /** Whose credentials sign. */
  readonly account: string;
}

export interface KmsCall<Answer> {
  readonly operation: string;
  readonly order: object;
  readonly schema: z.ZodType<Answer>;
}

/** Of one call. */
const CALL_MS_MAX = 10_000;
const ATTEMPTS_MAX = 3;
const STATUS_OK = 200;

const refusalSchema = z.object({ __type: z.string(), message: z.string().optional() });

/**
 * Calls that may be made again are, where the trouble passes.
 *
 * @throws HouseError, or an Error that goes by KMS's own name
 */
export async function callKms<Answer>(
  access: KmsAccess,
  { operation, order, schema }: KmsCall<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send(access, operation, JSON.stringify(order));
      if (answer.status !== STATUS_OK) throw refusal(operation, answer);
      return readAnswer(answer.text, operation, schema);
    } catch (error) {
      const known = toHouseError(error, operation);
      if (attempt >= ATTEMPTS_MAX || !isHouseError(known) || !known.retryable) throw known;
    }
  }
}

async function send(access: KmsAccess, operation: string, body: string) {
  const { account, region, credentials, endpoint } = access;
  const address = serviceAddress({ service: 'kms', account, region }, endpoint);
  // What `fetch` says of its host by itself is what was signed.
  const { host: _host, ...headers } = signUpstreamRequest(
    {
      ...{ address, path: '/', body },
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
    },
    typeof credentials === 'function' ? await credentials() : credentials,
    new Date(),
  );
  const signal = AbortSignal.timeout(CALL_MS_MAX);
  const answer = await fetch(address.origin, { method: 'POST', headers, body, signal });
  return { status: answer.status, text: await answer.text() };
}

/** As the SDK would throw it. */
function refusal(operation: string, { status, text }: { readonly status: number; readonly text: string }) {
  const told = refusalSchema.safeParse(parsed(text));
  const error = new Error(told.success ? (told.data.message ?? '') : `status ${status}`);
  error.name = told.success ? (told.data.__type.split('#').at(-1) ?? operation) : `Status${status}`;
  return Object.assign(error, { $metadata: { httpStatusCode: status } });
}

function readAnswer<Answer>(text: string, operation: string, schema: z.ZodType<Answer>): Answer {
  const read = schema.safeParse(parsed(text));
  if (read.success) return read.data;
  const message = `${operation} of KMS answered what cannot be read: ${read.error.message}`;
  throw houseError('answer_malformed', { message, facts: { operation } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
