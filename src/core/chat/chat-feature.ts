/** What a chat uses that a target may turn out not to have: known from the request alone, refused in words. */
export const chatFeatureNames = [
  'tools',
  /** Any answer but the model's own choice: a forced call. */
  'tool-choice',
  /** A turn of the conversation calls several tools at once. */
  'parallel-tools',
  /** Tools are known, and none may be called. */
  'forbidden-tools',
  /** The input of a call must satisfy the tool's schema to the letter. */
  'strict-tools',
  'images',
  'documents',
  'videos',
  'system-prompts',
  'prompt-caching',
  /** The answer goes on where the assistant's last message ends. */
  'assistant-prefix',
  /** Bedrock's own structured outputs; without them a tool makes the JSON. */
  'native-json',
  /** A target without it is called plainly. */
  'streaming',
  'streaming-tools',
] as const;

export type ChatFeature = (typeof chatFeatureNames)[number];
