import type { Shape } from './shape.ts';
import { parseTimestamp } from './timestamps.ts';
import { serializationError } from './wire-error.ts';

/** One text of a path, a query or a header as its scalar. */
export function fromText(shape: Shape, text: string, name: string): unknown {
  switch (shape.kind) {
    case 'number':
    case 'big-number':
      if (text.trim() === '' || Number.isNaN(Number(text)))
        throw serializationError(`'${name}' must be a number.`);
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw serializationError(`'${name}' must be true or false.`);
      return text === 'true';
    case 'timestamp': {
      const date = parseTimestamp(text, shape.format ?? 'date-time');
      if (date === undefined) throw serializationError(`'${name}' must be a timestamp.`);
      return date;
    }
    case 'blob':
      return new Uint8Array(Buffer.from(text, 'base64'));
    default:
      return text;
  }
}
