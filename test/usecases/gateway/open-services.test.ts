import { expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';
import { openServices } from '#usecases/gateway/open-services.ts';

it('touches nothing until it is asked', () => {
  const { dependencies, clock, events, saved } = aGateway();
  const before = clock.monotonicMs();
  const touched: string[] = [];
  const routes = new Proxy(dependencies.routes, {
    get: (store, name: string) => {
      touched.push(name);
      return Reflect.get(store, name);
    },
  });
  const services = openServices({ ...dependencies, routes });
  expect([clock.monotonicMs() - before, events, saved, touched]).toEqual([0, [], [], []]);
  expect([...services.policies.keys()]).toEqual(['us', 'eu', 'japan', 'frankfurt', 'anywhere']);
});

it('has a line for those who wait only where a process serves many', () => {
  const { dependencies } = aGateway();
  expect(openServices(dependencies).lines).toBeUndefined();
  expect(openServices({ ...dependencies, servesMany: true }).lines).toBeDefined();
});
