import { InvalidAttributeName, InvalidAttributeValue } from '@aws-sdk/client-sqs';

/** Where messages go that were received too often. */
interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** The attributes of a queue, read. */
export interface QueueSettings {
  readonly delayMs: number;
  readonly messageBytesMax: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly visibilityMs: number;
  readonly redrive: Redrive | undefined;
  readonly kmsKeyId: string | undefined;
  /** As the caller wrote them, and defaults for the rest. */
  readonly attributes: Readonly<Record<string, string>>;
}

interface NumberAttribute {
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

const numbers = {
  DelaySeconds: { min: 0, max: 900, initial: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, initial: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, initial: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, initial: 30 },
  KmsDataKeyReusePeriodSeconds: { min: 60, max: 86_400, initial: 300 },
} satisfies Record<string, NumberAttribute>;

/** Those that only callers who set them see again. */
const shownWhenSet = new Set(['KmsDataKeyReusePeriodSeconds']);

const texts = new Set(['KmsMasterKeyId', 'SqsManagedSseEnabled', 'RedrivePolicy']);

/** Reads attributes on top of others. Throws InvalidAttributeName or InvalidAttributeValue. */
export function readSettings(
  given: Readonly<Record<string, string | undefined>>,
  before: Readonly<Record<string, string>> = {},
): QueueSettings {
  for (const [name, value] of Object.entries(given)) checkAttribute(name, value);
  const merged: Record<string, string> = { ...before };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === '') delete merged[name];
    else merged[name] = value;
  }
  const seconds = (name: keyof typeof numbers) => Number(merged[name] ?? numbers[name].initial);
  return {
    delayMs: seconds('DelaySeconds') * 1000,
    messageBytesMax: seconds('MaximumMessageSize'),
    retentionMs: seconds('MessageRetentionPeriod') * 1000,
    waitMs: seconds('ReceiveMessageWaitTimeSeconds') * 1000,
    visibilityMs: seconds('VisibilityTimeout') * 1000,
    redrive: merged.RedrivePolicy === undefined ? undefined : readRedrive(merged.RedrivePolicy),
    kmsKeyId: merged.KmsMasterKeyId,
    attributes: merged,
  };
}

/** What GetQueueAttributes shows of the settings. */
export function shownSettings({ attributes, kmsKeyId }: QueueSettings): Record<string, string> {
  const initial = Object.entries(numbers)
    .filter(([name]) => !shownWhenSet.has(name))
    .map(([name, attribute]) => [name, String(attribute.initial)]);
  const sse = { SqsManagedSseEnabled: String(kmsKeyId === undefined) };
  return { ...Object.fromEntries(initial), ...sse, ...attributes };
}

function checkAttribute(name: string, value: string | undefined): void {
  if (Object.hasOwn(numbers, name)) {
    const { min, max } = numbers[name as keyof typeof numbers];
    if (/^\d{1,9}$/.test(value ?? '') && Number(value) >= min && Number(value) <= max) return;
    throw invalidValue(name, value, `a whole number from ${min} to ${max}`);
  }
  if (!texts.has(name)) {
    const message = `Unknown Attribute ${name}, or one that the local AWS does not offer.`;
    throw new InvalidAttributeName({ message, $metadata: {} });
  }
  if (name === 'SqsManagedSseEnabled' && value !== 'true' && value !== 'false')
    throw invalidValue(name, value, 'true or false');
}

function readRedrive(text: string): Redrive {
  const wanted = 'JSON with deadLetterTargetArn and maxReceiveCount from 1 to 1000';
  let given: Record<string, unknown> | null;
  try {
    given = JSON.parse(text);
  } catch {
    throw invalidValue('RedrivePolicy', text, wanted);
  }
  const { deadLetterTargetArn, maxReceiveCount } = given ?? {};
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !(Number.isInteger(count) && count >= 1 && count <= 1000))
    throw invalidValue('RedrivePolicy', text, wanted);
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function invalidValue(name: string, value: string | undefined, wanted: string): Error {
  const message = `Value ${value} for parameter ${name} is invalid. Reason: Must be ${wanted}.`;
  return new InvalidAttributeValue({ message, $metadata: {} });
}
