/** A key that never leaves its place: what it signed can be checked by anybody with its public half. */
export interface RootSigner {
  /** ECDSA over P-256 and SHA-256 of the text's UTF-8 bytes, DER in base64. @throws HouseError */
  sign(text: string): Promise<string>;
  /** As PEM (SPKI). @throws HouseError */
  publicKey(): Promise<string>;
}

/** Whether a text was signed by the private half of a key. False for what is no key or no signature. */
export type SignatureCheck = (signed: {
  /** PEM (SPKI). */
  readonly publicKey: string;
  readonly text: string;
  /** As `RootSigner` makes it. */
  readonly signature: string;
}) => boolean;
