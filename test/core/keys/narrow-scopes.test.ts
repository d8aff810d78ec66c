import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowScopes } from '#core/keys/narrow-scopes.ts';

const residencies = fc.subarray(['us', 'eu', 'japan', 'anywhere']);
const models = fc.subarray(['*', 'chat-large', 'chat-small', 'embed']);
const tenants = fc.record({ residencies, models, fallback: fc.nat() }).map(({ fallback, ...scopes }) => {
  const defaultResidency = scopes.residencies[fallback % (scopes.residencies.length + 1)];
  return { ...scopes, ...(defaultResidency === undefined ? {} : { defaultResidency }) };
});
const keys = fc.record({ residencies, models }, { requiredKeys: [] });

const mayUse = (scopes: { readonly models: readonly string[] }, model: string) =>
  scopes.models.includes('*') || scopes.models.includes(model);
const everyModel = ['chat-large', 'chat-small', 'embed', 'one-that-comes-later'];

describe('the scopes of a key', () => {
  it('never widen the residencies of the tenant, nor its default', () => {
    fc.assert(
      fc.property(tenants, keys, (tenant, key) => {
        const narrowed = narrowScopes(tenant, key);
        for (const name of narrowed.residencies) {
          expect(tenant.residencies).toContain(name);
          if (key.residencies !== undefined) expect(key.residencies).toContain(name);
        }
        if (narrowed.defaultResidency !== undefined) {
          expect(narrowed.defaultResidency).toBe(tenant.defaultResidency);
          expect(narrowed.residencies).toContain(narrowed.defaultResidency);
        }
      }),
    );
  });

  it('never widen the models of the tenant', () => {
    fc.assert(
      fc.property(tenants, keys, fc.constantFrom(...everyModel), (tenant, key, model) => {
        const allowed =
          mayUse(tenant, model) && (key.models === undefined || mayUse({ models: key.models }, model));
        expect(mayUse(narrowScopes(tenant, key), model)).toBe(allowed);
      }),
    );
  });

  it('leave the tenant as it is where the key names none', () => {
    fc.assert(
      fc.property(tenants, (tenant) => {
        expect(narrowScopes(tenant, {})).toEqual(tenant);
      }),
    );
  });
});
