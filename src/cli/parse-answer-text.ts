/**
 * What a gateway answered, as JSON or else as text, without characters that steer a terminal: names and reasons come from
 * clouds and configurations, and are shown.
 */
export function parseAnswerText(text: string): unknown {
  if (!maySteer.test(text)) return parseJson(text);
  const parsed = parseJson(text);
  return typeof parsed === 'string' ? harmless(parsed) : withoutSteering(parsed);
}

/** Spelled out in JSON, or as they are; most answers have none and are not looked through. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const maySteer = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\\u00[01789]|\\[bfr]/i;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const harmless = (text: string): string => text.replace(steering, '\ufffd');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function withoutSteering(value: unknown): unknown {
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value)) return value.map(withoutSteering);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [harmless(name), withoutSteering(member)]),
  );
}
