import type { FuzzedAnswer } from './judge-answer.ts';

/** How a stream of each wire format may end: whole, or with an error that says so. */
const wholeMarks = [
  'data: [DONE]',
  'event: message_stop',
  'event: response.completed',
  'event: response.incomplete',
];
const brokenMarks = ['stream_interrupted'];

/**
 * What is wrong with how a 200 ends; undefined when nothing is. Every stream ends whole or says that it broke, never
 * both and never neither. `intact`: what the target said was not bent inside its frames, so a whole answer holds all
 * of it and a broken one a beginning of it.
 */
export function endingComplaint(
  { status, headers, text }: FuzzedAnswer,
  { intact, trueText }: { readonly intact: boolean; readonly trueText: string },
): string | undefined {
  if (status !== 200) return undefined;
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('application/json')) return jsonComplaint(text);
  const whole = type.startsWith('application/vnd.amazon.eventstream')
    ? text.includes('messageStop') || text.includes('message_stop') || lastChunkIsWhole(text)
    : wholeMarks.some((mark) => text.includes(mark));
  const broken = brokenMarks.some((mark) => text.includes(mark)) || text.includes('Exception');
  if (whole && broken) return 'a stream that is whole and broken';
  if (!whole && !broken) return 'a stream that ends without a word';
  if (!intact) return undefined;
  const said = saidIn(text);
  if (whole && said !== '' && said !== trueText) return `a whole stream that says ${JSON.stringify(said)}`;
  return trueText.startsWith(said) ? undefined : `a broken stream that says ${JSON.stringify(said)}`;
}

function jsonComplaint(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return 'an answer that is no JSON';
  }
}

/** Bedrock's native streams carry their events as base64 inside frames. */
function lastChunkIsWhole(text: string): boolean {
  const chunks = [...text.matchAll(/"bytes":"([A-Za-z0-9+/=]+)"/g)];
  return Buffer.from(chunks.at(-1)?.[1] ?? '', 'base64')
    .toString('utf8')
    .includes('message_stop');
}

/** The text deltas of a stream in the formats that are written as lines; empty for the others. */
function saidIn(text: string): string {
  const deltas: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('data: {')) continue;
    const event = JSON.parse(line.slice('data: '.length)) as {
      readonly type?: string;
      readonly delta?: string | { readonly type?: string; readonly text?: string };
      readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
    };
    const chat = event.choices?.[0]?.delta?.content ?? '';
    const anthropic =
      typeof event.delta === 'object' && event.delta.type === 'text_delta' ? event.delta.text : '';
    const responses =
      event.type === 'response.output_text.delta' && typeof event.delta === 'string' ? event.delta : '';
    deltas.push(chat, anthropic ?? '', responses);
  }
  return deltas.join('');
}
