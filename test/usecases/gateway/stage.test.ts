import { expect, it } from 'vitest';
import { passed, refused } from '#usecases/gateway/stage.ts';

it('hands a value down or ends the request, and the two cannot be mixed up', () => {
  const refusal = { code: 'not_found', message: 'There is nothing.' } as const;
  expect(passed(undefined)).toEqual({ ok: true, value: undefined });
  expect(refused(refusal)).toEqual({ ok: false, refusal });
});
