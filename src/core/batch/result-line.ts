/** What became of a line, as OpenAI's output and error files say it, and as it is kept until the file is whole. */
import { parseExactJson } from '../units/exact-json.ts';

/** Which line of which batch. */
export interface LineName {
  readonly batch: string;
  /** From 1, in the file. */
  readonly number: number;
  readonly customId: string;
}

export interface LineResult {
  /** From 0, in its chunk. */
  readonly index: number;
  /** True for a line of the output file; every other stands in the error file. */
  readonly completed: boolean;
  /** True where the end of the window met the line before it was called. */
  readonly expired: boolean;
  /** One JSON object without a line's end. */
  readonly json: string;
}

const LINE_DIGITS = 5;

/** The call was answered, well or badly. @param answer.body the JSON that a caller would have got */
export function answeredLine(
  index: number,
  name: LineName,
  answer: { readonly status: number; readonly requestId: string; readonly body: string },
): LineResult {
  const { status, requestId, body } = answer;
  // A body that passed as it came may stand on several lines.
  const oneLine = /[\r\n]/.test(body) ? JSON.stringify(parseExactJson(body)) : body;
  const response = `{"status_code":${status},"request_id":${JSON.stringify(requestId)},"body":${oneLine}}`;
  return {
    index,
    completed: status === 200,
    expired: false,
    json: `{${headOf(name)},"response":${response},"error":null}`,
  };
}

const reasons = {
  expired: {
    code: 'batch_expired',
    message: 'This request was not executed before the completion window ended.',
  },
  cancelled: {
    code: 'batch_cancelled',
    message: 'The batch was cancelled before this request was executed.',
  },
  'gave-up': {
    code: 'dispatch_failed',
    message: 'Whatever executed this request broke off again and again; it may have been executed.',
  },
} as const;

export type UnansweredReason = keyof typeof reasons;

/** There is no answer, and there will be none. */
export function unansweredLine(index: number, name: LineName, reason: UnansweredReason): LineResult {
  return {
    index,
    completed: false,
    expired: reason === 'expired',
    json: `{${headOf(name)},"response":null,"error":${JSON.stringify(reasons[reason])}}`,
  };
}

function headOf({ batch, number, customId }: LineName): string {
  const id = `batch_req_${batch.replace(/^batch_/, '')}_${String(number).padStart(LINE_DIGITS, '0')}`;
  return `"id":"${id}","custom_id":${JSON.stringify(customId)}`;
}

const SIGN_COMPLETED = '+';
const SIGN_FAILED = '-';
const SIGN_EXPIRED = '!';

/** One line, with its end. */
export function keptLine({ index, completed, expired, json }: LineResult): string {
  const sign = completed ? SIGN_COMPLETED : expired ? SIGN_EXPIRED : SIGN_FAILED;
  return `${index}${sign}${json}\n`;
}

const keptPattern = /^(\d+)([+!-])(\{.*\})$/;

/** The whole lines of a text; one that a broken write cut short is none. */
export function keptResults(text: string): readonly LineResult[] {
  return text.split('\n').flatMap((line) => {
    const [, index, sign, json] = keptPattern.exec(line) ?? [];
    if (index === undefined || json === undefined) return [];
    const completed = sign === SIGN_COMPLETED;
    return [{ index: Number(index), completed, expired: sign === SIGN_EXPIRED, json }];
  });
}
