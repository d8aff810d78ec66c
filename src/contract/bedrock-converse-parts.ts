/** The parts of a Converse body that hold content. AWS's unions are objects of which exactly one member is there. */
import * as z from 'zod';

/** The name of a tool or a schema. */
export const name = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');

/** Members inside a Converse body that no target honours: refused by name, with the reason. */
export const refusedConverseMembers = {
  audio: 'no target is known to hear through Converse',
  'image.error': 'it is part of answers only',
  s3Location: 'the bucket would be read wherever it lies; send bytes',
  systemTool: 'a tool that the provider runs may carry the prompt to places that no residency bounds',
  toolAddition: 'tools are those of toolConfig for the whole conversation',
  toolRemoval: 'tools are those of toolConfig for the whole conversation',
  'toolResult.type': 'tools that the provider runs are not offered',
  'toolUse.type': 'tools that the provider runs are not offered',
} as const;

/** A known member that is not honoured: it may not be there, and the reason is told. */
export function refusedMember(member: keyof typeof refusedConverseMembers) {
  return z.undefined(`is not supported: ${refusedConverseMembers[member]}`).optional();
}

/** AWS's union: one member, and its value. */
export function oneOf<Shape extends z.ZodRawShape>(shape: Shape) {
  // Only members that are refused are optional: no use to name them.
  const members = Object.keys(shape).filter((member) => !(shape[member] instanceof z.ZodOptional));
  return z
    .strictObject(shape)
    .partial()
    .refine((value) => Object.values(value).filter((member) => member !== undefined).length === 1, {
      error: `must have exactly one of ${members.join(', ')}`,
      // What is wrong inside a member is said there.
      when: ({ issues }) => issues.length === 0,
    });
}

const s3Location = refusedMember('s3Location');
const bytes = z.base64('must be bytes in base64').min(1, 'must not be empty');

export const cachePoint = z.strictObject({
  type: z.literal('default'),
  ttl: z.enum(['5m', '1h']).optional(),
});

export const imageBlock = z.strictObject({
  format: z.enum(['png', 'jpeg', 'gif', 'webp']),
  source: oneOf({ bytes, s3Location }),
  error: refusedMember('image.error'),
});

const citations = z.strictObject({ enabled: z.boolean() });

export const documentBlock = z
  .strictObject({
    format: z.enum(['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md']).optional(),
    name: z
      .string()
      .max(200)
      .regex(
        /^(?! )(?:[a-zA-Z0-9\-()[\]]| (?! ))+$/,
        'must be letters, digits, hyphens, parentheses, square brackets and single spaces',
      ),
    source: oneOf({
      bytes,
      text: z.string(),
      content: z.array(z.strictObject({ text: z.string() })).min(1),
      s3Location,
    }),
    context: z.string().optional(),
    citations: citations.optional(),
  })
  .refine(({ format, source }) => format !== undefined || source.bytes === undefined, {
    path: ['format'],
    error: 'must name the format of the bytes',
    when: ({ issues }) => issues.length === 0,
  });

export const searchResult = z.strictObject({
  source: z.string(),
  title: z.string(),
  content: z.array(z.strictObject({ text: z.string() })).min(1),
  citations: citations.optional(),
});

export const videoBlock = z.strictObject({
  format: z.enum(['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp']),
  source: oneOf({ bytes, s3Location }),
});

export const guardContent = oneOf({
  text: z.strictObject({
    text: z.string(),
    qualifiers: z.array(z.enum(['grounding_source', 'query', 'guard_content'])).optional(),
  }),
  image: z.strictObject({ format: z.enum(['png', 'jpeg']), source: oneOf({ bytes }) }),
});
