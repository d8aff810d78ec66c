/**
 * The fields of one line of CSV as RFC 4180 has it, without fields that go over several lines. A separator is one character.
 * Undefined where a quote is not closed.
 */
export function csvFields(line: string, separator = ','): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const end = line.indexOf(separator, at);
      fields.push(line.slice(at, end === -1 ? line.length : end));
      if (end === -1) return fields;
      at = end + 1;
      continue;
    }
    const quoted = quotedField(line, at + 1);
    if (quoted === undefined) return undefined;
    fields.push(quoted.text);
    if (quoted.end >= line.length) return fields;
    if (line[quoted.end] !== separator) return undefined;
    at = quoted.end + 1;
  }
  return fields;
}

/** A doubled quote inside is one. */
function quotedField(
  line: string,
  from: number,
): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  let at = from;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote === -1) return undefined;
    text += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}
