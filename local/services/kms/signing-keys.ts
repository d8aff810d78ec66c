/** Pairs of keys for signatures, and the names that they go by: in memory, each in one account and region. */
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { WireError } from '../../wire/wire-error.ts';

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

export class SigningKeys {
  readonly #pairs = new Map<string, KeyPair>();
  readonly #aliases = new Map<string, string>();

  /** @param id @default - a new one @returns its ARN */
  create({ account, region }: Place, id: string = randomUUID()): string {
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    this.#pairs.set(arn, generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    return arn;
  }

  remove(arn: string): void {
    this.#pairs.delete(arn);
  }

  /** @param target the key's ARN, or its id in the alias's place. @throws WireError where there is no such key */
  name(alias: string, target: string, place: Place): void {
    const key = this.arnOf(target, place);
    if (this.#aliases.has(aliasArn(alias, place)))
      throw new WireError('AlreadyExistsException', 400, `An alias with the name ${alias} already exists`);
    this.#aliases.set(aliasArn(alias, place), key);
  }

  /** As `name` does, where the target is a key that signs; nothing where it is another. */
  nameIfThere(alias: string, target: string, place: Place): void {
    if (this.#pairs.has(target)) this.#aliases.set(aliasArn(alias, place), target);
  }

  /** Of the key that goes by an ARN, an id or an alias. @throws WireError where there is none */
  arnOf(keyId: string, place: Place): string {
    const full = keyId.startsWith('arn:')
      ? keyId
      : keyId.startsWith('alias/')
        ? aliasArn(keyId, place)
        : `arn:aws:kms:${place.region}:${place.account}:key/${keyId}`;
    const arn = this.#aliases.get(full) ?? full;
    if (this.#pairs.has(arn)) return arn;
    throw new WireError('NotFoundException', 400, `Key '${full}' does not exist`);
  }

  /** ECDSA over SHA-256 of the message, DER. */
  sign(arn: string, message: Uint8Array): Uint8Array {
    return sign('sha256', message, this.#pairOf(arn).privateKey);
  }

  /** DER (SPKI). */
  publicKey(arn: string): Uint8Array {
    return this.#pairOf(arn).publicKey.export({ type: 'spki', format: 'der' });
  }

  #pairOf(arn: string): KeyPair {
    const pair = this.#pairs.get(arn);
    if (pair === undefined) throw new WireError('NotFoundException', 400, `Key '${arn}' does not exist`);
    return pair;
  }
}

const aliasArn = (alias: string, { account, region }: Place): string =>
  `arn:aws:kms:${region}:${account}:${alias}`;
