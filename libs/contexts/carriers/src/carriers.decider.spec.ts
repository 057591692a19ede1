import fc from 'fast-check';
import type { Regions } from '#libs/contexts/topology';
import { isRefusal, evolve, type Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './carriers.commands.js';
import { carrier, type CarrierState } from './carriers.decider.js';
import type { CarrierEvent } from './carriers.events.js';

const world: Regions = {
  has: (region) => ['xianyang', 'baoji', 'xixian', 'fengdong'].includes(region),
  inHub: (region) => ['xixian', 'fengdong'].includes(region),
  rules: [],
  atLevel: () => [],
};
const { given } = specification(carrier, commands, world);
const operator = (region: string): Actor => ({ id: `o@${region}`, role: 'operator', region });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-03-01';
const basis = { document: 'd', clause: 'c' };
const identity = { carrier: 'x', name: '咸阳飞地', kind: '飞地孵化器', home: 'xianyang', host: 'xixian' } as const;

const proposed: CarrierEvent = { type: 'carrier.proposed.v1', data: { ...identity, basis } };
const byHome: CarrierEvent = { type: 'carrier.signed-by-home.v1', data: identity };
const byHost: CarrierEvent = { type: 'carrier.signed-by-host.v1', data: identity };
const filed: CarrierEvent = { type: 'carrier.filed.v1', data: { ...identity, filing: 'f' } };
const opened: CarrierEvent = { type: 'carrier.opened.v1', data: identity };
const open = [proposed, byHome, byHost, filed, opened];
const unit = (areaSquareMetres: number, desks: number): CarrierEvent => ({
  type: 'space.added.v1',
  data: { ...identity, unit: 'u', areaSquareMetres, desks, from: '2023-01-01', until: null },
});

describe('registering an enclave takes both sides', () => {
  const proposal = { on, ...identity, basis };
  it('is proposed by the home region', () => {
    given().when('ProposeCarrier', proposal, operator('xianyang')).then(proposed);
  });
  it.each(['xixian', 'baoji'])('is not proposed by %s', (region) => {
    given().when('ProposeCarrier', proposal, operator(region)).refused('region.not-yours');
  });
  it('lies in the hub or inside it, and not at home', () => {
    given()
      .when('ProposeCarrier', { ...proposal, host: 'baoji' }, operator('xianyang'))
      .refused('carrier.host-in-hub');
    given()
      .when('ProposeCarrier', { ...proposal, home: 'fengdong' }, operator('fengdong'))
      .refused('carrier.host-in-hub');
    expect(
      given()
        .when('ProposeCarrier', { ...proposal, host: 'fengdong' }, operator('xianyang'))
        .events(),
    ).toHaveLength(1);
  });
  it('is signed by each side for itself only', () => {
    given(proposed).when('SignAsHome', { on, carrier: 'x' }, operator('xianyang')).then(byHome);
    given(proposed).when('SignAsHost', { on, carrier: 'x' }, operator('xixian')).then(byHost);
    given(proposed).when('SignAsHost', { on, carrier: 'x' }, operator('xianyang')).refused('region.not-yours');
    given(proposed).when('SignAsHome', { on, carrier: 'x' }, operator('xixian')).refused('region.not-yours');
  });
  it('is filed only when both have signed', () => {
    const file = { on, carrier: 'x', filing: 'f' };
    for (const history of [[proposed], [proposed, byHome], [proposed, byHost]]) {
      given(...history)
        .when('FileCarrier', file, province)
        .refused('carrier.not-signed');
    }
    given(proposed, byHost, byHome).when('FileCarrier', file, province).then(filed);
  });
  it('opens only when it is filed', () => {
    given(proposed, byHome, byHost)
      .when('OpenCarrier', { on, carrier: 'x' }, operator('xixian'))
      .refused('carrier.not-filed');
    given(proposed, byHome, byHost, filed).when('OpenCarrier', { on, carrier: 'x' }, operator('xixian')).then(opened);
  });
  it('does not come about by the one-sided registration', () => {
    const fields = { on, carrier: 'x', name: 'n', kind: '飞地孵化器', region: 'xixian', basis };
    given().when('RegisterCarrier', fields, operator('xixian')).refused('carrier.bilateral');
  });
});

describe('space', () => {
  const wanted = { on, carrier: 'x', allocation: 'a', unit: 'u', uscc: 'c', firm: 'f' };
  const let_ = (allocation: string, areaSquareMetres: number, desks: number, from: string, until: string | null) =>
    ({
      type: 'space.allocated.v1',
      data: { ...identity, allocation, unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres, desks, from, until },
    }) as CarrierEvent;
  const ask = (history: CarrierEvent[], areaSquareMetres: number, desks: number, from: string, until?: string) =>
    given(...open, unit(100, 10), ...history).when(
      'AllocateSpace',
      { ...wanted, areaSquareMetres, desks, from, until },
      operator('xianyang'),
    );

  it('is let up to the last desk and the last square metre', () => {
    expect(ask([let_('b', 60, 6, '2023-02-01', null)], 40, 4, '2023-03-01').events()).toHaveLength(1);
    ask([let_('b', 60, 6, '2023-02-01', null)], 40, 5, '2023-03-01').refused('space.no-desks');
    ask([let_('b', 60, 6, '2023-02-01', null)], 40.01, 4, '2023-03-01').refused('space.no-area');
  });
  it('counts hundredths of a square metre exactly', () => {
    const tenth = Array.from({ length: 9 }, (_, i) => let_(`t${i}`, 11.1, 0, '2023-02-01', null));
    expect(ask(tenth, 0.1, 0, '2023-03-01').events()).toHaveLength(1);
    ask(tenth, 0.11, 0, '2023-03-01').refused('space.no-area');
  });
  it('is free again on the day that an allocation ends, not before', () => {
    const until = [let_('b', 100, 10, '2023-02-01', '2023-06-01')];
    expect(ask(until, 100, 10, '2023-06-01').events()).toHaveLength(1);
    ask(until, 1, 1, '2023-05-31').refused('space.no-desks');
  });
  it('sees a shortage that begins in the middle of the period', () => {
    ask([let_('b', 1, 10, '2023-09-01', '2023-10-01')], 1, 1, '2023-03-01').refused('space.no-desks');
  });
  it('is let by the home region only', () => {
    given(...open, unit(100, 10))
      .when('AllocateSpace', { ...wanted, areaSquareMetres: 1, desks: 1, from: '2023-03-01' }, operator('xixian'))
      .refused('region.not-yours');
  });
  it('is not withdrawn while it is let', () => {
    const withdraw = { on, carrier: 'x', unit: 'u', until: '2023-05-01' };
    given(...open, unit(100, 10), let_('b', 1, 1, '2023-02-01', '2023-06-01'))
      .when('WithdrawSpaceUnit', withdraw, operator('xixian'))
      .refused('unit.occupied');
  });

  it('is never let twice, whatever is asked for', () => {
    const day = fc.integer({ min: 1, max: 28 }).map((d) => `2023-02-${String(d).padStart(2, '0')}`);
    const request = fc.record({
      areaSquareMetres: fc.integer({ min: 0, max: 6000 }).map((n) => n / 100),
      desks: fc.nat(6),
      from: day,
      until: fc.option(day, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 25 }), (requests) => {
        let state = [...open, unit(100, 10)].reduce<CarrierState>((s, e) => evolve(carrier, s, e), carrier.initial);
        for (const [i, fields] of requests.entries()) {
          const asked = { ...wanted, allocation: `a${i}`, ...fields };
          const decision = carrier.decide.AllocateSpace(asked, state, { by: operator('xianyang'), world });
          if (!isRefusal(decision)) for (const event of decision) state = evolve(carrier, state, event);
        }
        for (let d = 1; d <= 29; d++) {
          const today = `2023-02-${String(d).padStart(2, '0')}`;
          const there = Object.values(state.allocations).filter((a) => a.from <= today && today < (a.until ?? '9999'));
          expect(there.reduce((sum, a) => sum + a.desks, 0)).toBeLessThanOrEqual(10);
          expect(there.reduce((sum, a) => sum + Math.round(a.areaSquareMetres * 100), 0)).toBeLessThanOrEqual(10_000);
        }
      }),
      { numRuns: 300 },
    );
  });
});
