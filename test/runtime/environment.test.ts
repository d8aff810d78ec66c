import { describe, expect, it } from 'vitest';
import { readEnvironment } from '#runtime/environment.ts';

describe('readEnvironment', () => {
  it('takes what the product knows, and nothing else', () => {
    expect(
      readEnvironment({ SPILLWAY_PORT: '1', AWS_REGION: 'eu-west-1', AWS_SECRET_ACCESS_KEY: 'x' }),
    ).toEqual({
      SPILLWAY_PORT: '1',
      AWS_REGION: 'eu-west-1',
    });
  });

  it('counts an empty variable as absent', () => {
    expect(readEnvironment({ SPILLWAY_PORT: '' })).toEqual({});
  });
});
