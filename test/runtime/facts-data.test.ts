import { describe, expect, it } from 'vitest';
import { shippedFacts } from '#runtime/facts-data.ts';

describe('shippedFacts', () => {
  it('are compiled once, from the data that ships', () => {
    const facts = shippedFacts();
    expect(shippedFacts()).toBe(facts);
    expect(facts.jurisdictionsOf('eu-central-1')).toContain('EU');
    expect(facts.plainOffered('amazon.nova-lite-v1:0', 'us-east-1')).toBe(true);
  });
});
