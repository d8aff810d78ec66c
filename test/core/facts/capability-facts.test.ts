import { describe, expect, it } from 'vitest';
import { embeddingModelFacts } from '#core/embedding/bedrock-embedding-models.ts';
import capabilities from '#data/capabilities.json' with { type: 'json' };
import catalogue from '#data/catalogue.json' with { type: 'json' };
import {
  type CapabilityFile,
  capabilitiesDocument,
  capabilityFaults,
} from '../../../scripts/capability-facts.ts';

const file: CapabilityFile = capabilities;
const told = { file, catalogue: catalogue.models };

describe('data/capabilities.json', () => {
  it('has an entry for every model, and a known source for every fact', () => {
    expect(capabilityFaults(file, catalogue.models)).toEqual([]);
    expect(file.models.flatMap((row) => Object.keys(row)).length).toBeGreaterThan(500);
  });

  const faultsWith = (row: Record<string, unknown>) =>
    capabilityFaults({ ...file, models: [{ id: 'a.b', ...row }] }, [{ id: 'a.b' }]);

  it.each([
    ['a fact without a source', { tools: [true] }, 'a.b.tools has no source'],
    ['an unknown source', { tools: [true, 'rumour'] }, 'a.b.tools names an unknown source: rumour'],
    ['a lone dispute', { tools: [null, 'scan'] }, 'a.b.tools is disputed by fewer than two sources'],
    [
      'a second-hand no',
      { tools: [false, 'models.dev'] },
      'a.b.tools is a second-hand "no": it would take targets out of routes',
    ],
    ['another kind of value', { tools: ['yes', 'scan'] }, 'a.b.tools has a value of another kind'],
    ['an unknown fact', { charm: [true, 'scan'] }, 'a.b.charm is no known fact'],
  ])('would fail on %s', (_, row, fault) => {
    expect(faultsWith(row)).toEqual([fault]);
  });

  it('would fail on a model without an entry, an entry without a model, and a source that says nothing', () => {
    expect(capabilityFaults({ ...file, models: [{ id: 'a.b' }, { id: 'a.b' }] }, [{ id: 'c.d' }])).toEqual([
      'c.d has no entry',
      'a.b is no model of the catalogue',
      'a.b is no model of the catalogue',
      'a.b has two entries',
    ]);
    const sources = [{ id: 'x', kind: 'first-hand', of: 'a page', url: 'somewhere', at: '2026' }];
    expect(capabilityFaults({ asOf: '', sources, models: [] }, [])).toHaveLength(1);
  });

  it('agrees with the lengths of vectors that the gateway asks for', () => {
    const known = capabilities.models.flatMap((row) =>
      row.dimensions === undefined ? [] : [[row.id, row.dimensions[0]]],
    );
    expect(known.length).toBeGreaterThan(3);
    for (const [id, dimensions] of known)
      expect(embeddingModelFacts(String(id))?.dimensions, String(id)).toEqual(dimensions);
  });
});

it('docs/models.md says what the facts say', async () => {
  await expect(capabilitiesDocument(told)).toMatchFileSnapshot('../../../docs/models.md');
});
