/** Random Converse bodies that are right in every way, for properties. */
import fc from 'fast-check';

const text = fc.string({ minLength: 1 });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const bytes = fc.base64String({ minLength: 4, maxLength: 40 });
const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const cachePoint = fc.record(
  { type: fc.constant('default'), ttl: fc.constantFrom('5m', '1h') },
  { requiredKeys: ['type'] },
);
const image = fc.record({
  format: fc.constantFrom('png', 'jpeg', 'gif', 'webp'),
  source: fc.record({ bytes }),
});
const citations = fc.record({ enabled: fc.boolean() });
const texts = fc.array(fc.record({ text }), { minLength: 1, maxLength: 3 });
const document = fc.record(
  {
    format: fc.constantFrom('pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'),
    name: fc.stringMatching(/^[a-zA-Z0-9()[\]-]{1,20}$/),
    source: fc.oneof(fc.record({ bytes }), fc.record({ text }), fc.record({ content: texts })),
    context: text,
    citations,
  },
  { requiredKeys: ['format', 'name', 'source'] },
);
const searchResult = fc.record(
  { source: text, title: text, content: texts, citations },
  { requiredKeys: ['source', 'title', 'content'] },
);
const video = fc.record({ format: fc.constantFrom('mp4', 'three_gp'), source: fc.record({ bytes }) });
const guardContent = fc.oneof(
  fc.record({
    text: fc.record(
      { text, qualifiers: fc.uniqueArray(fc.constantFrom('grounding_source', 'query', 'guard_content')) },
      { requiredKeys: ['text'] },
    ),
  }),
  fc.record({
    image: fc.record({ format: fc.constantFrom('png', 'jpeg'), source: fc.record({ bytes }) }),
  }),
);
const reasoningContent = fc.oneof(
  fc.record({ reasoningText: fc.record({ text, signature: text }, { requiredKeys: ['text'] }) }),
  fc.record({ redactedContent: bytes }),
);
const part = fc.oneof(
  fc.record({ text }),
  fc.record({ image }),
  fc.record({ document }),
  fc.record({ video }),
  fc.record({ searchResult }),
);
const userBlock = fc.oneof(part, fc.record({ cachePoint }), fc.record({ guardContent }));
const assistantBlock = fc.oneof(
  fc.record({ text }),
  fc.record({ reasoningContent }),
  fc.record({ cachePoint }),
  fc.record({ citationsContent: fc.record({ content: texts, citations: fc.array(json, { maxLength: 2 }) }) }),
);

/** A call and its result, each in a turn of its own. */
const toolTurns = fc
  .record({
    toolUseId: name,
    name,
    input: json,
    content: fc.array(fc.oneof(part, fc.record({ json })), { maxLength: 3 }),
    status: fc.option(fc.constantFrom('success', 'error'), { nil: undefined }),
  })
  .map(({ toolUseId, name: tool, input, content, status }) => [
    { role: 'assistant', content: [{ toolUse: { toolUseId, name: tool, input } }] },
    {
      role: 'user',
      content: [{ toolResult: { toolUseId, content, ...(status === undefined ? {} : { status }) } }],
    },
  ]);
const plainTurns = fc
  .tuple(
    fc.array(assistantBlock, { minLength: 1, maxLength: 3 }),
    fc.array(userBlock, { minLength: 1, maxLength: 3 }),
  )
  .map(([said, asked]) => [
    { role: 'assistant', content: said },
    { role: 'user', content: asked },
  ]);
const messages = fc
  .tuple(
    fc.array(userBlock, { minLength: 1, maxLength: 3 }),
    fc.array(fc.oneof(toolTurns, plainTurns), { maxLength: 3 }),
  )
  .map(([first, turns]) => [{ role: 'user', content: first }, ...turns.flat()]);

const toolConfig = fc
  .uniqueArray(
    fc.record({
      toolSpec: fc.record(
        { name, description: text, inputSchema: fc.record({ json }), strict: fc.boolean() },
        { requiredKeys: ['name', 'inputSchema'] },
      ),
      cachePoint: fc.option(cachePoint, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ toolSpec }) => toolSpec.name },
  )
  .chain((tools) =>
    fc.record({
      tools: fc.constant(
        tools.flatMap(({ toolSpec, cachePoint: point }): object[] => [
          { toolSpec },
          ...(point === undefined ? [] : [{ cachePoint: point }]),
        ]),
      ),
      toolChoice: fc.constantFrom(
        { auto: {} },
        { any: {} },
        { tool: { name: tools[0]?.toolSpec.name ?? '' } },
      ),
    }),
  );

const thinking = fc.record({ type: fc.constant('enabled'), budget_tokens: fc.nat(4096) });

/** Without a JSON answer, which goes to targets as a tool, and with all that has a default said. */
export const anyConverseBody = fc.record(
  {
    messages,
    system: fc.array(fc.oneof(fc.record({ text }), fc.record({ cachePoint }), fc.record({ guardContent })), {
      minLength: 1,
      maxLength: 3,
    }),
    inferenceConfig: fc.record(
      {
        maxTokens: fc.integer({ min: 1, max: 10_000 }),
        temperature: fc.double({ min: 0, max: 1, noNaN: true }),
        topP: fc.double({ min: 0, max: 1, noNaN: true }),
        stopSequences: fc.array(text, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['maxTokens'] },
    ),
    toolConfig,
    guardrailConfig: fc.record(
      {
        guardrailIdentifier: name,
        guardrailVersion: fc.constantFrom('DRAFT', '1'),
        trace: fc.constantFrom('enabled', 'disabled', 'enabled_full'),
        streamProcessingMode: fc.constantFrom('sync', 'async'),
      },
      { requiredKeys: ['guardrailIdentifier', 'guardrailVersion'] },
    ),
    additionalModelRequestFields: fc.record(
      { top_k: fc.integer(), thinking: fc.oneof(json, thinking) },
      { requiredKeys: ['thinking'] },
    ),
    additionalModelResponseFieldPaths: fc.array(fc.constantFrom('/stop_sequence', '/a/b'), {
      minLength: 1,
      maxLength: 10,
    }),
    // Schemas drop a member that would be a prototype: a label of that name is nobody's.
    requestMetadata: fc.dictionary(
      name.filter((each) => each !== '__proto__'),
      fc.string({ maxLength: 20 }),
      { minKeys: 1 },
    ),
    performanceConfig: fc.record({ latency: fc.constantFrom('standard', 'optimized') }),
    serviceTier: fc.record({ type: fc.constantFrom('priority', 'default', 'flex', 'reserved') }),
    outputConfig: fc.record({ effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max') }),
  },
  { requiredKeys: ['messages', 'inferenceConfig'] },
);
