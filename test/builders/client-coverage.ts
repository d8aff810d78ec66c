/**
 * What each client proves of each wire format, by the tests in test/main-job/clients. `test/main-job/clients.test.ts`
 * checks that they exist and writes docs/clients.md.
 */
import type { TestReference } from './test-titles.ts';

export const columns = [
  'plain',
  'streamed',
  'tools',
  'JSON schema',
  'images',
  'documents',
  'thoughts',
  'errors',
  'broken stream',
  'abort',
] as const;
type Column = (typeof columns)[number];

export interface CoverageRow {
  readonly format: string;
  readonly client: string;
  readonly proofs: Readonly<Partial<Record<Column, TestReference>>>;
  /** What the format does not have; where it is for another reason, a note says so. */
  readonly absent?: readonly Column[];
  /** What a mark alone would hide: sentences, which the docs show under the table. */
  readonly notes?: Readonly<Partial<Record<Column, string>>>;
}

/** Titles of one file, each for the columns that it proves. */
function proofs(
  file: string,
  titles: Readonly<Record<string, readonly Column[]>>,
): Readonly<Partial<Record<Column, TestReference>>> {
  const found: Partial<Record<Column, TestReference>> = {};
  for (const [title, proved] of Object.entries(titles))
    for (const column of proved) found[column] = [`main-job/clients/${file}.test.ts`, title];
  return found;
}

const answers = ['plain', 'streamed'] as const;
const files = ['images', 'documents'] as const;
const allBut = (...kept: Column[]): Column[] => columns.filter((column) => !kept.includes(column));

const openAiClient = {
  'has the client’s own errors (stream: %s)': ['errors'],
  'takes the call to the model along when it leaves (stream: %s)': ['abort'],
  'throws where a stream breaks by %s, and nobody answers twice': ['broken stream'],
} as const;
const aiSdkOpenAi = {
  'generates text, and streams the same': answers,
  'runs a tool over several steps (stream: %s)': ['tools'],
  'generates and streams objects': ['JSON schema'],
  'carries images and documents': files,
  'has the errors of its own kind, with their codes': ['errors'],
  'takes the call to the model along when it leaves': ['abort'],
  'is told of a stream that breaks, and nobody answers twice': ['broken stream'],
} as const;
const langChainOpenAi = {
  'answers, and streams the same with the same usage': answers,
  'goes through a tool loop (stream: %s, messages as of %s)': ['tools'],
  'gives structured output by %s': ['JSON schema'],
  'carries images and documents': files,
  'has the errors of the client under it': ['errors'],
  'takes the call to the model along when it leaves': ['abort'],
  'throws where a stream breaks, and nobody answers twice': ['broken stream'],
} as const;

export const clientCoverage: readonly CoverageRow[] = [
  {
    format: 'OpenAI chat completions',
    client: 'openai',
    proofs: {
      ...proofs('openai', {
        'ends a stream with a usage like the plain answer’s': answers,
        'runs tools until the answer': ['tools'],
        'parses an answer that satisfies a schema': ['JSON schema'],
        'carries images, documents and a tier': files,
        ...openAiClient,
      }),
      ...proofs('openai-thoughts', {
        'are shown in chat completions, where the format has no place for their proof': ['thoughts'],
      }),
    },
  },
  {
    format: 'OpenAI chat completions',
    client: 'AI SDK',
    proofs: proofs('ai-sdk-openai', aiSdkOpenAi),
    absent: ['thoughts'],
    notes: {
      thoughts: 'The client does not read `reasoning_content`, in which the format shows thoughts.',
    },
  },
  {
    format: 'OpenAI chat completions',
    client: 'LangChain',
    proofs: {
      ...proofs('langchain-openai', langChainOpenAi),
      ...proofs('openai-thoughts', { 'are shown to LangChain in chat completions': ['thoughts'] }),
    },
    notes: { thoughts: 'In `additional_kwargs.reasoning_content`.' },
  },
  {
    format: 'OpenAI responses',
    client: 'openai',
    proofs: {
      ...proofs('openai', {
        'answers a text plainly, in the shape and with the usage that the client knows': ['plain'],
        'streams the events in their order, numbered without a gap, to the same response': ['streamed'],
        'calls the tool that is forced, and only tools that are allowed': ['tools'],
        'parses an answer that satisfies a schema': ['JSON schema'],
        'carries images and documents': files,
        ...openAiClient,
      }),
      ...proofs('openai-thoughts', { 'come back whole through the official client': ['thoughts'] }),
    },
  },
  {
    format: 'OpenAI responses',
    client: 'AI SDK',
    proofs: {
      ...proofs('ai-sdk-openai', aiSdkOpenAi),
      ...proofs('openai-thoughts', { 'come back whole through the AI SDK': ['thoughts'] }),
    },
  },
  {
    format: 'OpenAI responses',
    client: 'LangChain',
    proofs: {
      ...proofs('langchain-openai', langChainOpenAi),
      ...proofs('openai-thoughts', { 'come through LangChain': ['thoughts'] }),
    },
  },
  {
    format: 'OpenAI batches',
    client: 'openai',
    proofs: proofs('batches', {
      'embeds by batch, and finds in the error file what its own lines did wrong': ['plain'],
      'learns everything that is wrong with a file, line by line': ['errors'],
      'cancels, and keeps what was answered': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'OpenAI embeddings',
    client: 'openai',
    proofs: proofs('embeddings', {
      'gets vectors that are near where texts are, with exact usage, in base64 (its default) and as floats': [
        'plain',
      ],
      'is told what is wrong in its own error type, all of it at once': ['errors'],
      'takes all calls to the model along': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'OpenAI embeddings',
    client: 'AI SDK',
    proofs: proofs('embeddings', {
      'gets vectors by embedMany, with their usage': ['plain'],
      'has errors of its own kind, with their codes': ['errors'],
      'takes its call to the model along': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'OpenAI embeddings',
    client: 'LangChain',
    proofs: proofs('embeddings', {
      'gets vectors by OpenAIEmbeddings, of documents and of a query': ['plain'],
      'has errors of the client under it': ['errors'],
      'takes the call to the model along when the fetch under it is aborted': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
    notes: { abort: 'The client takes no signal; the `fetch` that it is given does.' },
  },
  {
    format: 'Anthropic messages',
    client: '@anthropic-ai/sdk',
    proofs: proofs('anthropic', {
      'are answered plainly, in the shape that the client knows, with exact usage': ['plain'],
      'are streamed in Anthropic’s order, to the same message': ['streamed'],
      'run the client’s own loop of tools': ['tools'],
      'answer JSON that satisfies a schema': ['JSON schema'],
      'carry images, documents and marks for the cache': files,
      'comes signed and is taken back (stream: %s)': ['thoughts'],
      'have the client’s class of each status (stream: %s)': ['errors'],
      'takes the call to the model along (stream: %s)': ['abort'],
      'throws where a stream breaks by %s, and nobody answers twice': ['broken stream'],
    }),
  },
  {
    format: 'Anthropic messages',
    client: 'AI SDK',
    proofs: proofs('ai-sdk-anthropic', {
      'generates text, and streams the same with the same usage': answers,
      'runs a tool over several steps (stream: %s, thinking: %s)': ['tools', 'thoughts'],
      'generates and streams objects by %s': ['JSON schema'],
      'marks what may be cached, and carries images and documents': files,
      'has the errors of its own kind, with their codes': ['errors'],
      'takes the call to the model along when it leaves': ['abort'],
      'is told of a stream that breaks, and nobody answers twice': ['broken stream'],
    }),
  },
  {
    format: 'Anthropic messages',
    client: 'LangChain',
    proofs: proofs('langchain-anthropic', {
      'answers, and streams the same with the same usage': answers,
      'goes through a tool loop (stream: %s, thinking: %s)': ['tools', 'thoughts'],
      'gives structured output by %s': ['JSON schema'],
      'carries images and documents': files,
      'has the errors of the client under it': ['errors'],
      'takes the call to the model along when it leaves': ['abort'],
      'throws where a stream breaks, and nobody answers twice': ['broken stream'],
    }),
  },
  {
    format: 'Anthropic count_tokens',
    client: '@anthropic-ai/sdk',
    proofs: proofs('bedrock-invoke', {
      'of Anthropic’s client, which a container of one’s own cannot answer': ['plain'],
      'throws Anthropic’s own errors': ['errors'],
      'ends when Anthropic’s client leaves': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'Bedrock Converse',
    client: 'AWS SDK',
    proofs: proofs('bedrock', {
      'needs the endpoint and the key in the environment, and gets a whole answer': ['plain'],
      'gets the same text in a stream, in the order of events that AWS has': ['streamed'],
      'are called, answered and told of (stream: %s)': ['tools'],
      'gets JSON that satisfies its schema': ['JSON schema'],
      'carries images and documents as bytes': files,
      'gets thoughts and gives them back as they were (stream: %s)': ['thoughts'],
      '429, 502: what targets refuse': ['errors'],
      'takes the call to the model along when it leaves': ['abort'],
      'throws a typed error where a stream breaks by %s, and nobody answers twice': ['broken stream'],
    }),
  },
  {
    format: 'Bedrock Converse',
    client: 'AI SDK',
    proofs: proofs('ai-sdk-bedrock', {
      'gets a text, and the same in a stream, with its usage': answers,
      'runs tools until the answer': ['tools'],
      'gets an object, and carries images and documents': ['JSON schema', ...files],
      'shows thoughts and gives them back': ['thoughts'],
      'has %s as its own error with our code in the body': ['errors'],
      'takes the call to the model along when it leaves': ['abort'],
      'is told of a cut stream, and nobody answers twice': ['broken stream'],
    }),
  },
  {
    format: 'Bedrock Converse',
    client: 'LangChain',
    proofs: proofs('langchain-bedrock', {
      'gets a text, and the same in a stream, with its usage': answers,
      'goes through a tool loop': ['tools'],
      'gives structured output': ['JSON schema'],
      'carries images and documents': files,
      'shows thoughts and gives them back': ['thoughts'],
      "gets AWS's typed errors, of refusals and of a cut stream": ['errors', 'broken stream'],
      'takes the call to the model along when it leaves': ['abort'],
    }),
  },
  {
    format: 'InvokeModel, Anthropic’s bodies',
    client: 'AWS SDK',
    proofs: proofs('bedrock-invoke', {
      'answers a message, its counts in headers too': ['plain'],
      'streams the events of Anthropic as chunks, with the same text and Bedrock’s metrics at the end': [
        'streamed',
      ],
      'goes round a tool: call, result, answer': ['tools'],
      'answers JSON that satisfies a schema': ['JSON schema'],
      'carries images and documents': files,
      'thinks, signed, and takes its thoughts back': ['thoughts'],
      'throws AWS’s exceptions': ['errors'],
      'goes on to the next target before the first content and ends in an exception after it': [
        'broken stream',
      ],
      'is left within a second when its caller leaves': ['abort'],
    }),
  },
  {
    format: 'InvokeModel, Nova’s bodies',
    client: 'AWS SDK',
    proofs: proofs('bedrock-invoke', {
      'answers and streams in it': answers,
      'goes round a tool and carries images and documents': ['tools', ...files],
      'says what is wrong in it': ['errors'],
      'ends a stream that breaks in it in an exception, and nobody answers twice': ['broken stream'],
      'takes the call to the model along (stream: %s)': ['abort'],
    }),
    absent: ['JSON schema', 'thoughts'],
    notes: {
      thoughts:
        'How much a model thinks (`reasoningConfig`) is refused by name in these bodies; Converse hands it on.',
    },
  },
  {
    format: 'InvokeModel, embeddings',
    client: 'AWS SDK',
    proofs: proofs('bedrock-invoke', {
      'in Titan’s format, by the body’s and the header’s count': ['plain'],
      'throw AWS’s exceptions': ['errors'],
      'take the call to the model along when AWS’s client leaves': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'InvokeModel, embeddings',
    client: 'AI SDK',
    proofs: proofs('bedrock-invoke', {
      'of the AI SDK’s Bedrock provider': ['plain'],
      'have errors of the AI SDK’s own kind, with our codes in their bodies': ['errors'],
      'take the call to the model along when the AI SDK leaves': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
  {
    format: 'InvokeModel, embeddings',
    client: 'LangChain',
    proofs: proofs('bedrock-invoke', {
      'of LangChain’s BedrockEmbeddings': ['plain'],
      'have errors that LangChain wraps, with our reasons in them': ['errors'],
      'take the call to the model along when the transport under LangChain is aborted': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
    notes: {
      errors: 'The client prints AWS’s exception, and throws a plain error with its message.',
      abort: 'The client takes no signal; the transport of the AWS client that it is given does.',
    },
  },
  {
    format: 'Bedrock CountTokens',
    client: 'AWS SDK',
    proofs: proofs('bedrock-invoke', {
      'of AWS’s client, of both forms': ['plain'],
      'throws AWS’s own exceptions': ['errors'],
      'ends when AWS’s client leaves': ['abort'],
    }),
    absent: allBut('plain', 'errors', 'abort'),
  },
];
