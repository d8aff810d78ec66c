/** Names of one's own: records of hosted zones, and the custom domain names of REST APIs that they lead to. */
import { createHash } from 'node:crypto';

export interface HostedZone {
  readonly account: string;
  /** `llm.example.com`. */
  readonly name: string;
}

/** One record, or one of several under the same name, told apart by where they lie. */
export interface NameRecord {
  readonly zoneId: string;
  /** Without the dot at its end. */
  readonly name: string;
  readonly type: 'A' | 'CNAME';
  /** Names that it leads to. */
  readonly targets: readonly string[];
  /** Of a latency record. */
  readonly region: string | undefined;
  readonly setIdentifier: string | undefined;
}

export interface CustomDomain {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** What answers there. Undefined until it is mapped. */
  mapping: { readonly apiId: string; readonly stage: string } | undefined;
}

/** A REST API's stage that a caller ends up at. */
export interface NamedPlace {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stage: string;
}

/** As long as any chain of names of ours is, with room. */
const hopsMax = 8;

export class NameBook {
  readonly #zones: ReadonlyMap<string, HostedZone>;
  readonly #records = new Set<NameRecord>();
  readonly #domains = new Map<string, CustomDomain>();

  /** @param zones by id: they stand before any stack does */
  constructor(zones: ReadonlyMap<string, HostedZone>) {
    this.#zones = zones;
  }

  /** @throws an Error where there is none of this account, or it does not hold the name */
  zoneFor(name: string, { zoneId, account }: { readonly zoneId: string; readonly account: string }): void {
    const zone = this.#zones.get(zoneId);
    if (zone === undefined) throw new Error(`NoSuchHostedZone: there is no hosted zone ${zoneId}`);
    if (zone.account !== account) throw new Error(`AccessDenied: the zone ${zoneId} is of ${zone.account}`);
    if (name === zone.name || name.endsWith(`.${zone.name}`)) return;
    throw new Error(`InvalidChangeBatch: ${name} is not permitted in zone ${zone.name}`);
  }

  /** @throws an Error for what Route 53 takes of no zone */
  add(record: NameRecord): void {
    const others = [...this.#records].filter(
      ({ zoneId, name }) => zoneId === record.zoneId && name === record.name,
    );
    for (const other of others) {
      if (other.type !== record.type && [other.type, record.type].includes('CNAME'))
        throw new Error(`InvalidChangeBatch: ${record.name} is a CNAME, and so nothing else`);
      if (other.type !== record.type) continue;
      if (other.setIdentifier === undefined || record.setIdentifier === undefined)
        throw new Error(`InvalidChangeBatch: ${record.name} ${record.type} exists without a SetIdentifier`);
      if (other.setIdentifier === record.setIdentifier || other.region === record.region)
        throw new Error(`InvalidChangeBatch: ${record.name} has a record for ${record.region} already`);
    }
    this.#records.add(record);
  }

  /** In the place of one that stands. @throws an Error as `add` does; then nothing has changed */
  change(before: NameRecord, after: NameRecord): void {
    this.#records.delete(before);
    try {
      this.add(after);
    } catch (error) {
      this.#records.add(before);
      throw error;
    }
  }

  remove(record: NameRecord): void {
    this.#records.delete(record);
  }

  /** @throws an Error where somebody has it in this region */
  addDomain(domain: Omit<CustomDomain, 'mapping'>): void {
    const key = regionalName(domain);
    if (this.#domains.has(key)) throw new Error(`BadRequestException: the domain name ${domain.name} exists`);
    this.#domains.set(key, { ...domain, mapping: undefined });
  }

  removeDomain(domain: Omit<CustomDomain, 'mapping'>): void {
    this.#domains.delete(regionalName(domain));
  }

  /** @throws an Error where there is none */
  domain(of: { readonly account: string; readonly region: string; readonly name: string }): CustomDomain {
    const found = this.#domains.get(regionalName(of));
    if (found === undefined || found.account !== of.account)
      throw new Error(`NotFoundException: there is no domain name ${of.name} in ${of.region}`);
    return found;
  }

  /** Whether a name is that of an endpoint of API Gateway. */
  isEndpoint(name: string): boolean {
    return this.#domains.has(name);
  }

  /**
   * Every stage that a caller of this name may end up at, wherever the caller is: all records of a name answer some caller.
   * An endpoint that the name leads to, and that does not know it, answers nobody.
   */
  resolve(name: string): readonly NamedPlace[] {
    const endpoints = this.#endpointsOf(name, hopsMax);
    return endpoints.flatMap(({ region }) => {
      const known = this.#domains.get(regionalName({ region, name }));
      return known?.mapping === undefined ? [] : [{ account: known.account, region, ...known.mapping }];
    });
  }

  #endpointsOf(name: string, hops: number): readonly CustomDomain[] {
    const endpoint = this.#domains.get(name);
    if (endpoint !== undefined) return [endpoint];
    if (hops === 0) throw new Error(`${name} leads in a circle`);
    return [...this.#records]
      .filter((record) => record.name === name)
      .flatMap(({ targets }) => targets.flatMap((target) => this.#endpointsOf(target, hops - 1)));
  }
}

/** `d-<id>.execute-api.<region>.amazonaws.com`: two accounts cannot have one name in a region. */
export function regionalName({ region, name }: { readonly region: string; readonly name: string }): string {
  const id = createHash('sha256').update(`${region}/${name}`).digest('hex').slice(0, 10);
  return `d-${id}.execute-api.${region}.amazonaws.com`;
}
