import { describe, expect, it } from 'vitest';
import { escapeMarkup } from '#simulator/report/escape-markup.ts';

describe('text in markup', () => {
  it('stays text, inside of quotes as well', () => {
    expect(escapeMarkup(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
  });
});
