import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFields } from '#simulator/arrivals/csv-fields.ts';

describe('fields of CSV', () => {
  it.each([
    ['a,b,,c', ['a', 'b', '', 'c']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",x', ['say "hi"', 'x']],
    ['x,""', ['x', '']],
    ['"",', ['', '']],
  ])('reads %s', (line, fields) => {
    expect(csvFields(line)).toEqual(fields);
  });

  it.each(['"open', '"a"b,c', 'x,"open'])('says that %s cannot be read', (line) => {
    expect(csvFields(line)).toBeUndefined();
  });

  it('reads back whatever was quoted, with any separator', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1 }),
        fc.constantFrom(',', ';', '\t'),
        (fields, separator) => {
          const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(separator);
          expect(csvFields(line, separator)).toEqual(fields);
        },
      ),
    );
  });
});
