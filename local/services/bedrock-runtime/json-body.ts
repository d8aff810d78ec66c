import { isRecord } from '../../world/body-check.ts';
import { invalid } from './refusals.ts';

/** The JSON object in a request body; anything else is refused. */
export function parseJsonBody(body: Uint8Array | undefined): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body ?? new Uint8Array()));
  } catch {
    throw malformed('#: the body is not valid JSON');
  }
  if (!isRecord(value)) throw malformed('#: expected type: JSONObject');
  return value;
}

/** A body that does not fit the model, in the words of Bedrock. */
export function malformed(what: string) {
  return invalid(`Malformed input request: ${what}, please reformat your input and try again.`);
}

/** Refuses members that the model does not know. */
export function refuseOthers(body: Record<string, unknown>, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw malformed(`#: extraneous key [${unknown}] is not permitted`);
}
