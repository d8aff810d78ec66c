/** One line of a batch's file: OpenAI's `{ custom_id, method, url, body }`. */
import { isJsonObject, parseExactJson } from '../units/exact-json.ts';
import { jsonLimitViolation } from '../wire/json-limits.ts';
import type { BatchEndpoint } from './batch.ts';
import type { LineProblem } from './line-problems.ts';

/** A line that can be called, as far as the line itself tells. */
export interface BatchLine {
  /** The caller's own name for it: unique in the file. */
  readonly customId: string;
  readonly model: string;
  /** As the endpoint takes it. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type ReadLine =
  | { readonly ok: true; readonly line: BatchLine }
  /** `customId`: where at least that could be read. */
  | {
      readonly ok: false;
      readonly customId?: string | undefined;
      readonly problems: readonly LineProblem[];
    };

const CUSTOM_ID_CHARACTERS_MAX = 512;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param number from 1: for the problems, all of the line at once */
export function readBatchLine(bytes: Uint8Array, number: number, endpoint: BatchEndpoint): ReadLine {
  const read = readJson(bytes);
  if ('violation' in read) return { ok: false, problems: [malformed(number, read.violation)] };
  const { value } = read;
  if (!isJsonObject(value)) return { ok: false, problems: [malformed(number, 'it must be a JSON object')] };
  const { custom_id: customId, body } = value;
  const problems = [...envelopeProblems(value, endpoint), ...bodyProblems(body)].map((each) => ({
    ...each,
    line: number,
  }));
  const known = typeof customId === 'string' ? customId : undefined;
  if (problems.length > 0 || !isJsonObject(body) || known === undefined || typeof body.model !== 'string')
    return { ok: false, customId: known, problems };
  return { ok: true, line: { customId: known, model: body.model, body } };
}

function readJson(bytes: Uint8Array): { readonly value: unknown } | { readonly violation: string } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { violation: 'it must be UTF-8' };
  }
  if (text.trim() === '') return { violation: 'it is empty' };
  const violation = jsonLimitViolation(text);
  if (violation !== undefined) return { violation: `it ${violation}` };
  try {
    return { value: parseExactJson(text) };
  } catch {
    return { violation: 'it cannot be parsed' };
  }
}

const malformed = (line: number, why: string): LineProblem => ({
  code: 'invalid_json_line',
  message: `Each line must hold one JSON object: ${why}.`,
  line,
});

function envelopeProblems(
  { custom_id: customId, method, url }: Readonly<Record<string, unknown>>,
  endpoint: BatchEndpoint,
): LineProblem[] {
  const problems: LineProblem[] = [];
  if (typeof customId !== 'string' || customId === '' || customId.length > CUSTOM_ID_CHARACTERS_MAX) {
    const message = `custom_id must be a text of 1 to ${CUSTOM_ID_CHARACTERS_MAX} characters.`;
    problems.push({ code: codeOf(customId), message, param: 'custom_id' });
  }
  if (method !== 'POST') {
    problems.push({
      code: method === undefined ? codeOf(method) : 'invalid_method',
      message: 'method must be "POST".',
      param: 'method',
    });
  }
  if (url !== endpoint) {
    const message = `url must be the endpoint of the batch, "${endpoint}".`;
    problems.push({ code: url === undefined ? codeOf(url) : 'invalid_url', message, param: 'url' });
  }
  return problems;
}

function bodyProblems(body: unknown): LineProblem[] {
  if (!isJsonObject(body)) {
    return [{ code: codeOf(body), message: 'body must be the JSON object of a call.', param: 'body' }];
  }
  const problems: LineProblem[] = [];
  if (typeof body.model !== 'string' || body.model === '') {
    problems.push({
      code: codeOf(body.model),
      message: 'body.model must name a model.',
      param: 'body.model',
    });
  }
  if (body.stream === true) {
    const message = 'body.stream must not be true: nobody reads a stream here.';
    problems.push({ code: 'invalid_request', message, param: 'body.stream' });
  }
  return problems;
}

function codeOf(value: unknown): string {
  return value === undefined ? 'missing_required_parameter' : 'invalid_request';
}
