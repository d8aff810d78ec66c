import { expect, it } from 'vitest';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { sealMessages } from '#usecases/audit/seal-messages.ts';

function aSealer(fails = false) {
  const sealed: HandedRecord[] = [];
  const told: string[] = [];
  return {
    ...{ sealed, told, region: 'eu-central-1' },
    sealer: {
      async seal(records: readonly HandedRecord[]) {
        if (fails) throw new Error('S3 is away');
        sealed.push(...records);
      },
    },
    log: { write: (_level: string, event: string) => void told.push(event) },
  };
}

const messageOf = (sequence: number, changes: object = {}) => {
  const handed = aHandedRecord(sequence);
  const body = JSON.stringify({ ...handed, record: { ...handed.record, ...changes } });
  return { id: `message-${sequence}`, body };
};

it('seals what messages hold, all at once', async () => {
  const services = aSealer();
  expect(await sealMessages(services, [messageOf(1), messageOf(2)])).toEqual([]);
  expect(services.sealed).toEqual([aHandedRecord(1), aHandedRecord(2)]);
});

it('leaves what is no record of its region to be put aside, and seals the rest', async () => {
  const services = aSealer();
  const messages = [messageOf(1), { id: 'odd', body: 'hello' }, messageOf(2, { region: 'us-east-1' })];
  expect(await sealMessages(services, messages)).toEqual(['odd', 'message-2']);
  expect(services.sealed).toEqual([aHandedRecord(1)]);
  expect(services.told).toEqual(['audit-message-unfit', 'audit-message-unfit']);
});

it('has all of them come again where the chain cannot be written', async () => {
  const services = aSealer(true);
  expect(await sealMessages(services, [messageOf(1), messageOf(2)])).toEqual(['message-1', 'message-2']);
  expect(services.told).toEqual(['audit-seal-failed']);
});
