import { cl100kPrices, o200kPrices, type PiecePrices } from './piece-prices.ts';
import { pieceKinds } from './text-shape.ts';

export interface TokenFamily {
  readonly name: string;
  /** In the order of `pieceKinds`. */
  readonly prices: readonly number[];
  /** Pixels of the longer edge to which an image is scaled down first. */
  readonly imageEdgeMax: number;
  readonly imageTokensMax: number;
}

/** Tools that split numbers into their digits. */
const SINGLE_DIGITS = { 'digit-group': 0, digit: 1 };

/** "A token represents about 3.5 English characters" (Anthropic's glossary), where the public encodings have about 4. */
const CLAUDE = 4 / 3.5;
/** Opus 4.7 and later: "1.0 to 1.35 times as many tokens, depending on the content" (Anthropic's migration guide). */
const LATER_CLAUDE = CLAUDE * 1.18;

function family(
  name: string,
  prices: PiecePrices,
  other: { readonly factor?: number; readonly edge?: number; readonly image?: number } = {},
): TokenFamily {
  const { factor = 1, edge = 1_568, image = 1_600 } = other;
  return {
    name,
    prices: pieceKinds.map((kind) => prices[kind] * factor),
    imageEdgeMax: edge,
    imageTokensMax: image,
  };
}

const unknown = family('unknown', cl100kPrices);

/** The first pattern that fits a model's id or name decides. Where nothing is published, a family counts as cl100k. */
const families: readonly (readonly [RegExp, TokenFamily])[] = [
  [
    /claude-(3|instant|v2)|claude-[a-z]+-4(-[0-6])?(-v\d|-2025|$)/,
    family('claude', cl100kPrices, { factor: CLAUDE }),
  ],
  [/claude/, family('later-claude', cl100kPrices, { factor: LATER_CLAUDE, edge: 2_576, image: 4_784 })],
  [/gpt|openai/, family('o200k', o200kPrices)],
  [/llama/, family('llama', cl100kPrices)],
  // Of cl100k's words, digits one by one, and many more Chinese ones.
  [/qwen|qwq/, family('qwen', { ...cl100kPrices, ...SINGLE_DIGITS, han: o200kPrices.han })],
  [
    /mistral|mixtral|ministral|magistral|devstral|pixtral|voxtral/,
    family('mistral', { ...o200kPrices, ...SINGLE_DIGITS }),
  ],
  // "One Chinese character is about 0.6 tokens" (DeepSeek's API documentation).
  [/deepseek/, family('deepseek', { ...cl100kPrices, han: 0.65 })],
  [/nova/, family('nova', cl100kPrices)],
  [/embed/, family('embedding', cl100kPrices)],
];

const known = new Map<string, TokenFamily>();

/** By a Bedrock model id, or the name under which a container serves a model. */
export function tokenFamilyOf(modelId: string): TokenFamily {
  const before = known.get(modelId);
  if (before !== undefined) return before;
  const name = modelId.toLowerCase();
  const found = families.find(([pattern]) => pattern.test(name))?.[1] ?? unknown;
  // Models are those of routes: there is no end of names only where somebody invents them.
  if (known.size < 10_000) known.set(modelId, found);
  return found;
}
