import type { CsvMapping } from './csv-mapping.ts';

/** The columns of traces that many have. */
export const knownTraces = {
  /** AzurePublicDataset, LLM inference 2023 (CC-BY-4.0; Patel et al., Splitwise, ISCA 2024), as published. */
  'azure-2023': {
    arrival: { column: 'TIMESTAMP', unit: 'iso' },
    inputTokens: { column: 'ContextTokens' },
    outputTokens: { column: 'GeneratedTokens' },
  },
  /** Requests with offsets in seconds, and whatever of region, model and tenant there is. */
  offsets: {
    arrival: { column: 'arrival_s', unit: 's' },
    inputTokens: { column: 'input_tokens' },
    outputTokens: { column: 'output_tokens' },
  },
  /** As `offsets`, of several regions, models and tenants. */
  'multi-region': {
    arrival: { column: 'arrival_s', unit: 's' },
    inputTokens: { column: 'input_tokens' },
    outputTokens: { column: 'output_tokens' },
    region: { column: 'region' },
    model: { column: 'model' },
    tenant: { column: 'tenant' },
  },
} as const satisfies Record<string, CsvMapping>;
