import type { AnthropicBody } from './anthropic-body.ts';
import { marksOf } from './blocks-of-anthropic.ts';
import type { Report } from './report.ts';

/** Anthropic's own bound; Bedrock has the same. */
const MARKS_MAX = 4;

/** The marks of a body in the order of the prompt: tools, system, messages, then the mark at the whole. */
export function checkCacheMarks(body: AnthropicBody, report: Report): void {
  const { tools, system, messages, cache_control: whole } = body;
  const marks = [
    ...(tools ?? []).map(({ cache_control: mark }) => mark),
    ...(typeof system === 'object' ? system.map(({ cache_control: mark }) => mark) : []),
    ...messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.flatMap(marksOf))),
    whole,
  ].filter((mark) => mark != null);
  if (marks.length > MARKS_MAX)
    report('cache_control', `must stand at most ${MARKS_MAX} times in a request; found ${marks.length}`);
  const short = marks.findIndex(({ ttl }) => ttl !== '1h');
  if (short >= 0 && marks.slice(short).some(({ ttl }) => ttl === '1h'))
    report('cache_control', 'must not have the ttl 1h after one of 5m: what is kept longer stands first');
}
