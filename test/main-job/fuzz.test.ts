/** What the fuzzer finds in a run that is short; `npm run fuzz` takes a million requests. */
import { describe, expect, it } from 'vitest';
import { fuzzRequests } from '#test/fuzz/fuzz-requests.ts';
import { fuzzUpstream, trueText } from '#test/fuzz/fuzz-upstream.ts';
import { complaintAbout } from '#test/fuzz/judge-answer.ts';
import { endingComplaint } from '#test/fuzz/judge-stream.ts';

describe('the fuzzer', () => {
  it('finds nothing in bent requests, and reaches targets with some', { timeout: 60_000 }, async () => {
    const { findings, calls } = await fuzzRequests({ seed: 1, requests: 3000 });
    expect(findings).toEqual([]);
    expect(calls).toBeGreaterThan(300);
  });

  it('finds nothing in bent answers, and lets some pass whole', { timeout: 60_000 }, async () => {
    const { findings, statuses } = await fuzzUpstream({ seed: 1, answers: 500 });
    expect(findings).toEqual([]);
    expect(statuses['200'] ?? 0).toBeGreaterThan(50);
  });
});

const json = new Headers({ 'content-type': 'application/json', 'x-spillway-request-id': 'r' });
const stream = new Headers({ 'content-type': 'text/event-stream; charset=utf-8' });
const delta = (content: string) => `data: {"choices":[{"delta":{"content":${JSON.stringify(content)}}}]}\n\n`;

describe('its judge', () => {
  it.each([
    ['a defect', 500, '{"error":{"code":"internal_error"}}', 'a defect'],
    ['a status of its own', 418, '{}', "nobody's"],
    ['no code', 400, '{"error":{"message":"no"}}', 'without a code'],
    ['a wrong status', 404, '{"error":{"code":"invalid_request"}}', 'instead of 400'],
    ['a stack', 400, '{"error":{"code":"invalid_request","message":"at f (a.ts:1)"}}', 'internals'],
  ])('complains of %s', (_, status, text, complaint) => {
    expect(complaintAbout({ status, headers: json, text })).toContain(complaint);
  });

  it.each([
    ['an end without a word', delta('One'), 'without a word'],
    ['a whole stream that lacks text', `${delta('One')}data: [DONE]\n\n`, 'a whole stream that says'],
    [
      'text that nobody said',
      `${delta('Two')}data: {"error":{"code":"stream_interrupted"}}\n\n`,
      'a broken stream',
    ],
    ['two endings', `data: {"error":{"code":"stream_interrupted"}}\n\ndata: [DONE]\n\n`, 'whole and broken'],
  ])('complains of %s', (_, text, complaint) => {
    expect(endingComplaint({ status: 200, headers: stream, text }, { intact: true, trueText })).toContain(
      complaint,
    );
  });

  it('is content with what is right', () => {
    const whole = { status: 200, headers: stream, text: `${delta(trueText)}data: [DONE]\n\n` };
    expect(endingComplaint(whole, { intact: true, trueText })).toBeUndefined();
    const refusal = { status: 400, headers: json, text: '{"error":{"code":"invalid_request"}}' };
    expect(complaintAbout(refusal)).toBeUndefined();
  });
});
