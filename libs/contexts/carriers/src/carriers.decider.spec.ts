import fc from 'fast-check';
import type { Regions } from '#libs/contexts/topology';
import { isRefusal, evolve, type Actor } from '#libs/eventing';
import { specification } from '#libs/testing';
import * as commands from './carriers.commands.js';
import { carrier, type CarrierState } from './carriers.decider.js';
import type { CarrierEvent } from './carriers.events.js';
import * as steps from './carriers.steps.js';

const world: Regions = {
  has: (region) => ['xianyang', 'baoji', 'xixian', 'fengdong'].includes(region),
  inHub: (region) => ['xixian', 'fengdong'].includes(region),
  rules: [],
  atLevel: () => [],
};
const { given } = specification(carrier, { ...commands, ...steps }, world);
const operator = (region: string): Actor => ({ id: `o@${region}`, role: 'operator', region });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-03-01';
const basis = { document: 'd', clause: 'c' };
const identity = { carrier: 'x', name: '咸阳飞地', kind: '飞地孵化器', home: 'xianyang', host: 'xixian' } as const;

const proposed: CarrierEvent = { type: 'carrier.proposed.v1', data: { ...identity, basis } };
const byHome: CarrierEvent = { type: 'carrier.signed-by-home.v1', data: identity };
const byHost: CarrierEvent = { type: 'carrier.signed-by-host.v1', data: identity };
const filed: CarrierEvent = { type: 'carrier.filed.v2', data: { ...identity, filing: 'f', agreementUntil: null } };
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
  it('is filed with the end of the agreement, which lies ahead, or without one', () => {
    const file = (agreementUntil: string) =>
      given(proposed, byHost, byHome).when('FileCarrier', { on, carrier: 'x', filing: 'f', agreementUntil }, province);
    file('2026-03-01').then({
      type: 'carrier.filed.v2',
      data: { ...identity, filing: 'f', agreementUntil: '2026-03-01' },
    });
    file(on).refused('period.order');
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

  it('is free entirely when an allocation ends as it begins, and can be withdrawn', () => {
    const released = { type: 'space.released.v1', data: let_('b', 100, 10, '2023-06-01', '2023-06-01').data };
    const history = [let_('b', 100, 10, '2023-06-01', null), released as CarrierEvent];
    const release = { on, carrier: 'x', allocation: 'b', until: '2023-06-01' };
    given(...open, unit(100, 10), history[0]!)
      .when('ReleaseSpace', release, operator('xianyang'))
      .then(history[1]!);
    expect(ask(history, 100, 10, '2023-05-01', '2023-07-01').events()).toHaveLength(1);
    const withdraw = { on, carrier: 'x', unit: 'u', until: '2023-05-01' };
    const decision = given(...open, unit(100, 10), ...history).when('WithdrawSpaceUnit', withdraw, operator('xixian'));
    expect(decision.events()).toHaveLength(1);
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
          const there = state.space.allocations.toList().filter((a) => a.from <= today && today < (a.until ?? '9999'));
          expect(there.reduce((sum, a) => sum + a.desks, 0)).toBeLessThanOrEqual(10);
          expect(there.reduce((sum, a) => sum + Math.round(a.areaSquareMetres * 100), 0)).toBeLessThanOrEqual(10_000);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('winding up', () => {
  const give = { on, carrier: 'x', closesOn: '2023-09-01' };
  const let_ = (allocation: string, from: string, until: string | null) =>
    ({
      type: 'space.allocated.v1',
      data: { ...identity, allocation, unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres: 1, desks: 1, from, until },
    }) as const satisfies CarrierEvent;
  const lets = [
    let_('open', '2023-02-01', null),
    let_('over', '2023-02-01', '2023-06-01'),
    let_('on-the-day', '2023-02-01', '2023-09-01'),
    let_('later', '2023-10-01', null),
  ];
  const there = [...open, unit(100, 10), ...lets];
  const notice = { ...identity, notice: 1, closesOn: '2023-09-01' };
  const noticed: CarrierEvent = { type: 'carrier.winding-up.v1', data: { ...notice, allocations: ['later', 'open'] } };
  const revoked: CarrierEvent = { type: 'carrier.notice-revoked.v1', data: { ...notice, status: 'open' } };

  it('begins with a notice of either side or the province, which names what is open on the day', () => {
    for (const by of [operator('xianyang'), operator('xixian'), province]) {
      given(...there)
        .when('GiveNotice', give, by)
        .then(noticed);
    }
    given(...there)
      .when('GiveNotice', give, operator('baoji'))
      .refused('region.not-yours');
    given(...there)
      .when('GiveNotice', { ...give, closesOn: on }, province)
      .refused('period.order');
    given(...there, noticed)
      .when('GiveNotice', give, province)
      .refused('carrier.winding-up');
  });
  it('lets nothing more in', () => {
    const space = { on, carrier: 'x', unit: 'v', areaSquareMetres: 1, desks: 1, from: on };
    const tenant = { ...space, unit: 'u', allocation: 'n', uscc: 'c', firm: 'f' };
    given(...there, noticed)
      .when('AllocateSpace', tenant, operator('xianyang'))
      .refused('carrier.winding-up');
    given(...there, noticed)
      .when('AddSpaceUnit', space, operator('xianyang'))
      .refused('carrier.winding-up');
  });
  it('can be revoked until the day, and then everything is as it was', () => {
    given(...there, noticed)
      .when('RevokeNotice', { on: '2023-08-31', carrier: 'x' }, operator('xixian'))
      .then(revoked);
    given(...there, noticed)
      .when('RevokeNotice', { on: '2023-09-01', carrier: 'x' }, province)
      .refused('carrier.closing');
    given(...there, noticed, revoked)
      .when('RevokeNotice', { on, carrier: 'x' }, province)
      .refused('carrier.no-notice');
    const again = given(...there, noticed, revoked).when('GiveNotice', give, province);
    expect(again.events()).toMatchObject([{ data: { notice: 2 } }]);
  });
  it('does not lift a suspension when it is revoked', () => {
    const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
    given(...there, suspended, noticed)
      .when('RevokeNotice', { on, carrier: 'x' }, province)
      .then({ ...revoked, data: { ...revoked.data, status: 'suspended' } });
  });
  it('ends at once all that is left on the day, the carrier with it, and leaves alone what ended before', () => {
    const windUp = { on: '2023-09-01', carrier: 'x', notice: 1 };
    const released = ({ data }: (typeof lets)[number], until: string) =>
      ({ type: 'space.released.v1', data: { ...data, until } }) as CarrierEvent;
    const units = { ...(unit(100, 10) as Extract<CarrierEvent, { type: 'space.added.v1' }>).data, until: '2023-09-01' };
    const closing: CarrierEvent[] = [
      released(lets[0]!, '2023-09-01'),
      released(lets[3]!, '2023-10-01'),
      { type: 'space.withdrawn.v1', data: units },
      { type: 'carrier.wound-up.v1', data: notice },
    ];
    given(...there, noticed)
      .when('WindUpCarrier', windUp, province)
      .then(...closing);
    given(...there, noticed, ...closing)
      .when('WindUpCarrier', windUp, province)
      .refused('carrier.no-notice');
    given(...there, noticed, revoked)
      .when('WindUpCarrier', windUp, province)
      .refused('carrier.no-notice');
    given(...there, noticed, ...closing)
      .when('GiveNotice', give, province)
      .refused('carrier.wound-up');
  });
});

describe('an agreement with an end', () => {
  const until = '2026-03-01';
  const agreed = { ...filed, data: { ...filed.data, agreementUntil: until } } as CarrierEvent;
  const running = [proposed, byHome, byHost, agreed, opened, unit(100, 10)];
  const expired: CarrierEvent = {
    type: 'carrier.agreement-expired.v1',
    data: { ...identity, term: 1, agreementUntil: until, status: 'expired' },
  };
  const renewed = (term: number, agreementUntil = '2029-03-01'): CarrierEvent => ({
    type: 'carrier.renewed.v1',
    data: { ...identity, term, agreementUntil, status: 'open' },
  });
  const expire = { on: until, carrier: 'x', until };
  const renew = { on: '2026-04-01', carrier: 'x', until: '2029-03-01' };
  const tenant = { on, carrier: 'x', allocation: 'a', unit: 'u', uscc: 'c', firm: 'f', areaSquareMetres: 1, desks: 1 };
  const allocate = { ...tenant, from: on };

  it('expires once, unless it has been renewed', () => {
    given(...running)
      .when('ExpireAgreement', expire, province)
      .then(expired);
    given(...running, expired)
      .when('ExpireAgreement', expire, province)
      .refused('carrier.renewed');
    given(...running, renewed(1))
      .when('ExpireAgreement', expire, province)
      .refused('carrier.renewed');
  });
  it('lets nobody in when it has expired, until it is renewed: that is another term', () => {
    given(...running, expired)
      .when('AllocateSpace', allocate, operator('xianyang'))
      .refused('carrier.expired');
    given(...running, expired)
      .when('RenewAgreement', renew, province)
      .then(renewed(2));
    const after = given(...running, expired, renewed(2)).when('AllocateSpace', allocate, operator('xianyang'));
    expect(after.events()).toHaveLength(1);
  });
  it('is renewed in time within its term, and not to an earlier end', () => {
    given(...running)
      .when('RenewAgreement', renew, province)
      .then(renewed(1));
    given(...running)
      .when('RenewAgreement', { ...renew, on, until }, province)
      .refused('period.order');
  });
  it('stays suspended when it expires and is renewed', () => {
    const suspended: CarrierEvent = { type: 'carrier.suspended.v1', data: { ...identity, reason: 'r' } };
    const at = { ...expired, data: { ...expired.data, status: 'suspended' } } as CarrierEvent;
    given(...running, suspended)
      .when('ExpireAgreement', expire, province)
      .then(at);
    given(...running, suspended, at)
      .when('ResumeCarrier', { on, carrier: 'x' }, province)
      .refused('carrier.expired');
    given(...running, suspended, at)
      .when('RenewAgreement', renew, province)
      .then({ ...renewed(2), data: { ...renewed(2).data, status: 'suspended' } } as CarrierEvent);
  });
  it('does not open the carrier when it expired before', () =>
    given(proposed, byHome, byHost, agreed, { ...expired, data: { ...expired.data, status: 'filed' } })
      .when('OpenCarrier', { on, carrier: 'x' }, operator('xixian'))
      .refused('carrier.expired'));
});
