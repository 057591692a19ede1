import { done, passed, processSpecification, refused } from '#libs/testing';
import type { CarrierEvent } from './carriers.events.js';
import { agreementExpiry, linking, windingUp } from './carriers.process-managers.js';

const identity = { carrier: 'x', name: '咸阳飞地', kind: '飞地孵化器', home: 'xianyang', host: 'xixian' } as const;

describe('winding up', () => {
  const { given } = processSpecification(windingUp);
  const notice = { ...identity, notice: 1, closesOn: '2023-09-01' };
  const noticed: CarrierEvent = { type: 'carrier.winding-up.v1', data: { ...notice, allocations: ['a', 'b'] } };
  const revoked: CarrierEvent = { type: 'carrier.notice-revoked.v1', data: { ...notice, status: 'open' } };
  const windUp = ['wind-up', 'WindUpCarrier', { on: '2023-09-01', carrier: 'x', notice: 1 }] as const;

  it('waits for the day of closing, as it begins in China', () => {
    given(noticed).waitsFor('closes', '2023-08-31T16:00:00.000Z');
    given(noticed).wants();
  });
  it('winds the carrier up on that day, and ends', () => {
    given(noticed, passed('closes')).wants(windUp);
    given(noticed, passed('closes'), done('wind-up')).ends('wound-up');
  });
  it('ends when the notice is revoked in time', () => given(noticed, revoked).ends('revoked'));
  it('ends when the notice was given by mistake', () => {
    const reversed: CarrierEvent = {
      type: 'carrier.notice-reversed.v1',
      data: { ...notice, status: 'open', reason: 'r' },
    };
    given(noticed, reversed).ends('reversed');
  });
  it('leaves it to the carrier which came first, the revocation or the closing', () => {
    given(noticed, passed('closes'), revoked).goesOn();
    given(noticed, passed('closes'), revoked, refused('wind-up', 'carrier.no-notice')).ends('revoked');
    given(noticed, passed('closes'), refused('wind-up', 'carrier.no-notice'), revoked).ends('revoked');
  });
});

describe('the end of an agreement', () => {
  const { given } = processSpecification(agreementExpiry);
  const filed = (agreementUntil: string | null): CarrierEvent => ({
    type: 'carrier.filed.v2',
    data: { ...identity, filing: 'f', agreementUntil },
  });
  const renewed = (agreementUntil: string, term = 1): CarrierEvent => ({
    type: 'carrier.renewed.v1',
    data: { ...identity, term, agreementUntil, status: 'open' },
  });
  const expire = (until: string) => ['expire', 'ExpireAgreement', { on: until, carrier: 'x', until }] as const;

  it('is waited for where there is one', () => {
    given(filed('2026-03-01')).waitsFor('agreement-ends', '2026-02-28T16:00:00.000Z');
    expect(given(filed(null)).row()).toBeUndefined();
    given(filed(null), renewed('2027-03-01')).waitsFor('agreement-ends', '2027-02-28T16:00:00.000Z');
  });
  it('ends the agreement', () => {
    given(filed('2026-03-01'), passed('agreement-ends')).wants(expire('2026-03-01'));
    given(filed('2026-03-01'), passed('agreement-ends'), done('expire')).ends('expired');
  });
  it('is moved on by a renewal, and does not come at the old time', () => {
    given(filed('2026-03-01'), renewed('2029-03-01')).waitsFor('agreement-ends', '2029-02-28T16:00:00.000Z');
    given(filed('2026-03-01'), renewed('2029-03-01'), passed('agreement-ends')).wants(expire('2029-03-01'));
  });
  it('is moved on by a renewal that comes while it is being ended', () => {
    const late = [filed('2026-03-01'), passed('agreement-ends'), renewed('2029-03-01')] as const;
    given(...late, refused('expire', 'carrier.renewed')).waitsFor('agreement-ends', '2029-02-28T16:00:00.000Z');
    given(...late, refused('expire', 'carrier.renewed')).goesOn();
  });
  it('is noticed as void when a renewal in time is recorded only after it, and the new end is waited for', () => {
    const over = [filed('2026-03-01'), passed('agreement-ends'), done('expire')] as const;
    const voiding = { on: '2023-03-01', carrier: 'x', until: '2026-03-01', fact: 'event-3' };
    given(...over, renewed('2029-03-01')).wants(['void', 'VoidExpiry', voiding]);
    given(...over, renewed('2029-03-01')).goesOn();
    given(...over, renewed('2029-03-01')).waitsFor('agreement-ends', '2029-02-28T16:00:00.000Z');
    given(...over, renewed('2029-03-01'), done('void'), passed('agreement-ends')).wants(expire('2029-03-01'));
    given(...over, renewed('2029-03-01'), done('void'), passed('agreement-ends'), done('expire')).ends('expired');
    // The carrier says whether it was in time.
    given(...over, renewed('2029-03-01'), refused('void', 'carrier.expired')).goesOn();
  });
  it('is void as well when the renewal is seen while the end is being noticed', () => {
    const late = [filed('2026-03-01'), passed('agreement-ends'), renewed('2029-03-01')] as const;
    given(...late, done('expire')).goesOn();
    expect(
      given(...late, done('expire'))
        .row()
        ?.pending.map(({ command }) => command),
    ).toEqual(['VoidExpiry', 'VoidExpiry']);
  });
  it('is moved by a correction, to no end at all, or back to one that had passed', () => {
    const corrected = (agreementUntil: string | null): CarrierEvent => ({
      type: 'carrier.agreement-corrected.v1',
      data: { ...identity, term: 1, agreementUntil, reason: 'r', status: 'open' },
    });
    given(filed(null), corrected('2026-03-01')).waitsFor('agreement-ends', '2026-02-28T16:00:00.000Z');
    expect(given(filed('2026-03-01'), corrected(null)).row()).toMatchObject({ due: null, end: null });
    const over = [filed('2026-03-01'), passed('agreement-ends'), done('expire'), corrected('2027-03-01')] as const;
    expect(
      given(...over)
        .row()
        ?.pending.map(({ command }) => command),
    ).toEqual(['VoidExpiry']);
    given(...over, done('void'), corrected('2026-03-01'), passed('agreement-ends')).wants(expire('2026-03-01'));
  });
  it('comes to nothing where a renewal after a gap began another term', () =>
    given(filed('2026-03-01'), passed('agreement-ends'), refused('expire', 'carrier.renewed')).ends('renewed'));
  it('comes to nothing for a carrier that is no more', () =>
    given(filed('2026-03-01'), passed('agreement-ends'), refused('expire', 'carrier.wound-up')).ends('wound-up'));
  it('begins anew with a renewal after it ended', () =>
    expect(given(renewed('2029-03-01', 2)).row()).toMatchObject({ status: 'running', state: { until: '2029-03-01' } }));
});

describe('the link of a carrier of two regions', () => {
  const { given } = processSpecification(linking);
  const basis = { document: 'd', clause: 'c' };
  const tied = (link: string, answerBy: string | null = null, proposal = 1) =>
    ({
      type: 'carrier.proposed.v2',
      data: {
        ...identity,
        basis,
        proposal,
        tie: { link, fromEnd: 'outside-hub', toEnd: 'hub', level: null },
        answerBy,
      },
    }) satisfies CarrierEvent;
  const proposed = tied('enclave-incubator');
  const opened: CarrierEvent = { type: 'carrier.opened.v1', data: identity };
  const notice = { ...identity, notice: 1, closesOn: '2023-09-01' };
  const wound: CarrierEvent = { type: 'carrier.wound-up.v2', data: { ...notice, ended: [] } };
  const link = { on: '2023-03-01', link: 'x', kind: 'enclave-incubator', from: 'xianyang', to: 'xixian', basis };

  it('opens with it, from home to host, with the basis on which it was proposed', () => {
    given(proposed).wants();
    given(proposed, opened).wants(['open', 'OpenLink', link]);
    given(proposed, opened, done('open')).ends('opened');
    given(proposed, opened, refused('open', 'link.exists')).ends('refused');
  });
  it('ends with it', () => {
    const close = { on: '2023-09-01', link: 'x', basis };
    given(proposed, opened, done('open'), wound).wants(['close', 'CloseLink', close]);
    given(proposed, opened, done('open'), wound, done('close')).ends('closed');
  });
  it('is another when its winding up is void', () => {
    const voided: CarrierEvent = { type: 'carrier.winding-up-voided.v1', data: { ...notice, status: 'open' } };
    const again = { ...link, on: '2023-09-01', link: 'x-2' };
    given(proposed, opened, done('open'), wound, done('close'), voided).wants(['open', 'OpenLink', again]);
  });
  it('is of the kind that its proposal names', () =>
    given(tied('pairing'), opened).wants(['open', 'OpenLink', { ...link, kind: 'pairing' }]));
  describe('that is proposed until a day', () => {
    const answerBy = '2023-07-01';
    const asked = tied('enclave-incubator', answerBy);
    const byHost: CarrierEvent = { type: 'carrier.signed-by-host.v1', data: identity };
    const lapse = ['lapse', 'LapseProposal', { on: answerBy, carrier: 'x', until: answerBy }] as const;
    const commands = (after: ReturnType<typeof given>) => after.row()?.pending.map(({ command }) => command);

    it('waits for it, and has the lapse noticed', () => {
      given(asked).waitsFor('answer', '2023-06-30T16:00:00.000Z');
      given(asked, passed('answer')).wants(lapse);
      given(asked, passed('answer'), done('lapse')).ends('lapsed');
      given(asked, byHost).wants();
    });
    it('goes on where both had signed, or a side had ended it', () => {
      given(asked, passed('answer'), refused('lapse', 'carrier.in-time')).goesOn();
      given(asked, passed('answer'), refused('lapse', 'carrier.in-time'), opened).wants(['open', 'OpenLink', link]);
    });
    it('has the notice voided by a signature that is known later, and by no other', () => {
      const noticed = [asked, passed('answer'), done('lapse')] as const;
      expect(commands(given(...noticed, byHost))).toEqual(['VoidLapse']);
      given(...noticed, byHost, done('void')).goesOn();
      given(...noticed, byHost, refused('void', 'carrier.lapsed')).ends('lapsed');
      expect(commands(given(asked, passed('answer'), byHost))).toEqual(['LapseProposal', 'VoidLapse']);
    });
    it('begins anew with another proposal, or another day', () => {
      const noticed = [asked, passed('answer'), done('lapse')] as const;
      given(...noticed, tied('enclave-incubator', '2024-01-01', 2)).waitsFor('answer', '2023-12-31T16:00:00.000Z');
      const revised = { ...tied('enclave-incubator', null), type: 'carrier.revised.v1' } as const;
      expect(given(asked, revised).row()).toMatchObject({ due: null, end: null });
      expect(commands(given(...noticed, revised))).toEqual(['VoidLapse']);
    });
  });
  it('is none of a carrier of one region', () => {
    const own: CarrierEvent = { type: 'carrier.registered.v1', data: { ...identity, basis } };
    expect(given(own, wound).row()).toBeUndefined();
  });
});
