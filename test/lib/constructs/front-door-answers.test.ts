import { describe, expect, it } from 'vitest';
import { frontDoorAnswers, frontDoorBody, frontDoorHeaders } from '#lib/constructs/front-door-answers.ts';

/** As API Gateway fills it in. */
const filled = (template: string, said: string) =>
  JSON.parse(
    template
      .replaceAll('$context.error.messageString', JSON.stringify(said))
      .replaceAll('$context.requestId', 'r-1'),
  );

describe('an answer of a front door', () => {
  it.each(frontDoorAnswers)('has one message for all clients: $type', (answer) => {
    const body = filled(frontDoorBody(answer), 'It says "no".');
    const message = answer.message ?? 'It says "no".';
    const error = { type: answer.kind, message, param: null, code: answer.code };
    expect(body).toEqual({ type: 'error', error, message, request_id: 'r-1' });
  });

  it('says when to come back only where that may help', () => {
    const waits = frontDoorAnswers.filter((answer) => frontDoorHeaders(answer)['retry-after'] !== undefined);
    expect(waits.map(({ type, status }) => [type, status])).toEqual([
      ['INTEGRATION_FAILURE', 503],
      ['THROTTLED', 429],
    ]);
  });

  it('leaves the status of whatever else happens as it is', () => {
    const rest = frontDoorAnswers.filter(({ type }) => type.startsWith('DEFAULT_'));
    expect(rest.map(({ status }) => status)).toEqual([undefined, undefined]);
  });
});
