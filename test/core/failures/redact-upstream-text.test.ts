import { expect, it } from 'vitest';
import { redactUpstreamText } from '#core/failures/redact-upstream-text.ts';

it('takes accounts, resources and addresses out of what a caller is shown', () => {
  const text =
    'User: arn:aws:sts::111111111111:assumed-role/acme-gateway-access/x of 111111111111 may not call https://bedrock-runtime.us-east-1.amazonaws.com/model, sorry';
  expect(redactUpstreamText(text)).toBe('User: (resource) of (account) may not call (address), sorry');
});

it('keeps the sentence short and on one line', () => {
  expect(redactUpstreamText(`too\n\nlong ${'x'.repeat(1000)}`)).toHaveLength(400);
  expect(redactUpstreamText('a\n b')).toBe('a b');
});
