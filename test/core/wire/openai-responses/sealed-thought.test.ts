import { expect, it } from 'vitest';
import { sealRedacted, sealSignature, unseal } from '#core/wire/openai-responses/sealed-thought.ts';

it('gives a thought back as it was sealed', () => {
  expect(unseal(sealSignature('c2ln'), 'Hm.')).toEqual({ reasoning: { text: 'Hm.', signature: 'c2ln' } });
  expect(unseal(sealRedacted('AAAA'), '')).toEqual({ reasoning: { redactedBase64: 'AAAA' } });
});

it.each(['gAAAAAB-of-another-provider', 'signature:', 'redacted:'])('refuses %s', (sealed) => {
  expect(unseal(sealed, '')).toMatch(/as an answer of this gateway gave it/);
});
