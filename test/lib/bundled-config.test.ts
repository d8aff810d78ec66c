import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { bundledConfig } from '#lib/bundled-config.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

describe('bundledConfig', () => {
  it('drops the keys of tenants and nothing else', () => {
    const text = bundledConfig(acme);
    expect(text).not.toContain('sk-local');
    const parsed = parseConfig(JSON.parse(text));
    const demo = acme.tenants.demo;
    expect(demo?.keys).toEqual(['sk-local']);
    expect(parsed).toEqual({ ok: true, config: { ...acme, tenants: { demo: { ...demo, keys: [] } } } });
  });

  it('drops the pipeline, which changes no function', () => {
    const pipeline = { archive: { bucket: 'acme-sources', key: 'spillway.zip' } };
    expect(bundledConfig(checkedConfig({ ...acme, pipeline }))).toBe(bundledConfig(acme));
  });
});
