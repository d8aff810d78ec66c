import { describe, expect, it } from 'vitest';
import { compiledKey, compilingKey, isCompiled, isCompiling } from '#core/decide/schema-grammars.ts';
import { aTarget } from '#test/builders/a-target.ts';

const east = aTarget();
const west = aTarget({ region: 'us-west-2' });
const other = aTarget({ modelId: 'another.model-v1:0' });

const asked = (jsonSchemaKey: string | undefined, at: number) => ({
  needs: { jsonSchemaKey },
  conditions: {
    grammars: new Map([
      [compilingKey(east, 'a'), 100],
      [compiledKey(east, 'a'), 200],
    ]),
  },
  at,
});

describe('the grammar of a schema', () => {
  it('that compiles, compiles for the model everywhere, and for no other schema or model', () => {
    expect([east, west, other].map((target) => isCompiling(target, asked('a', 99)))).toEqual([
      true,
      true,
      false,
    ]);
    expect([isCompiling(east, asked('b', 99)), isCompiling(east, asked(undefined, 99))]).toEqual([
      false,
      false,
    ]);
    expect(isCompiling(east, asked('a', 100))).toBe(false);
  });

  it('that is compiled, is so at the one target that answered by it', () => {
    expect([east, west, other].map((target) => isCompiled(target, asked('a', 199)))).toEqual([
      true,
      false,
      false,
    ]);
    expect([isCompiled(east, asked('b', 199)), isCompiled(east, asked(undefined, 199))]).toEqual([
      false,
      false,
    ]);
    expect(isCompiled(east, asked('a', 200))).toBe(false);
  });
});
