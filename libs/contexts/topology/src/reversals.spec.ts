import { knownCodes } from '#libs/contexts/codes';
import { evolve, type Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import type { HubStep, LinkStep, TopologyEvent, ZoneStep } from './topology.events.js';
import { topologyMessages } from './topology.messages.js';

const { given } = specification(topology, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const basis = { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、2' };
const reason = '登记有误';

const region = (name: string, level: 'province' | 'city' | 'park', parent: string | null): TopologyEvent => ({
  type: 'region.registered.v1',
  data: { region: name, name, level, parent, basis },
});
const tree = [
  region('shaanxi', 'province', null),
  region('xianyang', 'city', 'shaanxi'),
  region('xian', 'city', 'shaanxi'),
  region('xixian', 'park', 'shaanxi'),
];
const ended = (name: string) =>
  at<TopologyEvent>('2024-12-01', { type: 'region.ended.v1', data: { region: name, into: [], basis } });

/** What the list shows of a thing after these facts, in the order in which they were recorded. */
const shown = (...history: (TopologyEvent & { readonly on?: string })[]) =>
  history.reduce<object | undefined>((row, { type, data, on = '2000-01-01' }) => {
    const told = topologyMessages[type] as {
      apply(data: object, day: string): (before?: object) => object | undefined;
    };
    return told.apply(data, on)(row);
  }, undefined);

describe('the last step of a zone', () => {
  const zone = { zone: 'z', region: 'xianyang', kind: '先行区', name: '咸阳先行区', theme: null, basis };
  const planned = at<TopologyEvent>('2023-02-09', { type: 'zone.planned.v1', data: { ...zone, stage: 'planned' } });
  const designated = at<TopologyEvent>('2024-05-01', { type: 'zone.designated.v1', data: { ...zone, name: '错名' } });
  const themed = at<TopologyEvent>('2024-06-01', {
    type: 'zone.theme-changed.v1',
    data: { zone: 'z', region: 'xianyang', theme: 't', basis },
  });
  const revoked = at<TopologyEvent>('2024-11-01', {
    type: 'zone.revoked.v1',
    data: { zone: 'z', region: 'xianyang', basis },
  });
  const reverse = (reverses: ZoneStep, on: string, ...more: TopologyEvent[]) =>
    given(...tree, ...more).when('ReverseZoneStep', { on, zone: 'z', reverses, reason }, province);
  const undone = (reverses: ZoneStep, ...more: TopologyEvent[]) =>
    at('2024-12-02', reverse(reverses, '2024-12-02', ...more).events()[0]!);

  it.each([
    ['planned', [planned]],
    ['designated', [planned, designated]],
    ['designated', [designated]],
    ['theme-changed', [planned, designated, themed]],
    ['revoked', [planned, designated, themed, revoked]],
    ['revoked', [planned, revoked]],
    ['designated', [designated, revoked, at('2024-11-15', designated)]],
  ] as const)('%s is taken back: its row is as it was before', (step, history) => {
    const before = history.slice(0, -1);
    const reversal = undone(step, ...history);
    const row = shown(...before) ?? { ...shown(...history), status: 'reversed', until: history[0].on };
    expect(reversal).toMatchObject({ type: 'zone.step-reversed.v1', data: { reverses: step, reason } });
    expect(shown(...history, reversal)).toEqual(row);
    // So are the rules: what followed the step before may follow again.
    const [state, without] = [[...history, reversal], before].map((facts) =>
      facts.reduce((s, { on, ...e }) => evolve(topology, s, e, on), topology.initial),
    );
    expect(state!.zones.toJS()).toEqual(without!.zones.toJS());
  });
  it('is named, and only that is taken back, once', () => {
    reverse('planned', '2024-05-01', planned, designated).refused('zone.other-step');
    expect(reverse('planned', '2024-05-01', planned, designated).refusal().zh).toBe(
      '区 z 的最近一步是设立（designated），只能先冲销这一步',
    );
    reverse('designated', '2024-12-02').refused('zone.no-step');
    reverse('planned', '2024-12-02', planned, undone('planned', planned)).refused('zone.no-step');
    reverse('designated', '2024-04-30', planned, designated).refused('fact.too-early');
  });
  it('is followed by what is right; the id of one that never was is free for another', () => {
    const designate = (on: string, fields: object, ...more: TopologyEvent[]) =>
      given(...tree, ...more).when('DesignateZone', { ...zone, theme: undefined, on, ...fields }, province);
    const never = undone('planned', planned);
    const earlier = designate('2024-03-01', {}, planned, designated, undone('designated', planned, designated));
    expect(earlier.events()).toHaveLength(1);
    designate('2023-01-01', { region: 'xian' }, planned).refused('fact.too-early');
    const anew = designate('2022-01-01', { region: 'xian', kind: '示范区' }, planned, never).events()[0]!;
    expect(shown(planned, never, at('2022-01-01', anew))).toMatchObject({
      region: 'xian',
      plannedOn: null,
      until: null,
    });
  });
  it('that ended it is taken back while its region is there', () => {
    reverse('revoked', '2024-12-02', designated, revoked, ended('xianyang')).refused('region.ended');
    expect(reverse('designated', '2024-12-02', designated, ended('xian')).events()).toHaveLength(1);
  });
});

describe('the last step of a link', () => {
  const hub = at<TopologyEvent>('2023-01-01', { type: 'hub.designated.v1', data: { region: 'xixian', basis } });
  const link = { link: 'l', kind: 'collaboration-base', from: 'xixian', to: 'xianyang', basis };
  const planned = at<TopologyEvent>('2023-02-09', { type: 'link.planned.v1', data: { ...link, stage: 'under-way' } });
  const opened = (byCarrier = false) =>
    at<TopologyEvent>('2024-05-01', { type: 'link.opened.v2', data: { ...link, byCarrier } });
  const closed = at<TopologyEvent>('2024-11-01', { type: 'link.closed.v1', data: link });
  const reverse = (reverses: LinkStep, on: string, ...more: TopologyEvent[]) =>
    given(...tree, hub, ...more).when('ReverseLinkStep', { on, link: 'l', reverses, reason }, province);
  const undone = (reverses: LinkStep, ...more: TopologyEvent[]) =>
    at('2024-12-02', reverse(reverses, '2024-12-02', ...more).events()[0]!);

  it.each([
    ['under-way', [planned]],
    ['opened', [planned, opened()]],
    ['opened', [opened()]],
    ['closed', [planned, opened(), closed]],
  ] as const)('%s is taken back: its row is as it was before', (step, history) => {
    const before = history.slice(0, -1);
    const reversal = undone(step, ...history);
    const row = shown(...before) ?? { ...shown(...history), status: 'reversed', closedOn: history[0].on };
    expect(reversal).toMatchObject({ type: 'link.step-reversed.v1', data: { reverses: step, reason } });
    expect(shown(...history, reversal)).toEqual(row);
    const [state, without] = [[...history, reversal], before].map((facts) =>
      facts.reduce((s, { on, ...e }) => evolve(topology, s, e, on), topology.initial),
    );
    expect(state!.links.toJS()).toEqual(without!.links.toJS());
  });
  it('is named, and only that is taken back, once', () => {
    reverse('under-way', '2024-12-02', planned, opened()).refused('link.other-step');
    reverse('opened', '2024-12-02').refused('link.no-step');
    reverse('opened', '2024-12-02', opened(), undone('opened', opened())).refused('link.no-step');
    reverse('opened', '2024-04-30', opened()).refused('fact.too-early');
  });
  it('is followed by what is right; the id of one that never was is free for another', () => {
    const open = { ...link, on: '2023-06-01', kind: 'pairing', to: 'xian' };
    const history = [opened(), undone('opened', opened())];
    const [anew] = given(...tree, hub, ...history)
      .when('OpenLink', open, province)
      .events();
    expect(shown(...history, at(open.on, anew!))).toMatchObject({
      to: 'xian',
      plannedOn: null,
      openedOn: '2023-06-01',
    });
  });
  it('that closed it is taken back where the link may lie still', () => {
    const revoked = at<TopologyEvent>('2024-11-02', { type: 'hub.revoked.v1', data: { region: 'xixian', basis } });
    reverse('closed', '2024-12-02', opened(), closed, revoked).refused('hub.none');
    reverse('closed', '2024-12-02', opened(), closed, ended('xianyang')).refused('region.ended');
  });
  it('of a carrier is that of the carrier: nobody takes it back or closes it here', () => {
    reverse('opened', '2024-12-02', opened(true)).refused('link.of-carrier');
    const close = (by: Actor) =>
      given(...tree, hub, opened(true)).when('CloseLink', { on: '2024-11-01', link: 'l', basis }, by);
    close(province).refused('link.of-carrier');
    expect(close({ id: 'process:link', role: 'province' }).events()).toHaveLength(1);
    reverse('closed', '2024-12-02', opened(true), closed).refused('link.of-carrier');
  });
});

describe('the last step of the hub', () => {
  const designated = (name: string, on = '2023-01-01') =>
    at<TopologyEvent>(on, { type: 'hub.designated.v1', data: { region: name, basis } });
  const revoked = (name: string) =>
    at<TopologyEvent>('2024-01-01', { type: 'hub.revoked.v1', data: { region: name, basis } });
  const reverse = (name: string, reverses: HubStep, ...more: TopologyEvent[]) =>
    given(...tree, ...more).when('ReverseHubStep', { on: '2024-12-02', region: name, reverses, reason }, province);
  const row = { region: 'xixian', from: '2023-01-01', basis };

  it('is taken back, and the right one can be stated', () => {
    const [reversal] = reverse('xixian', 'designated', designated('xixian')).events();
    expect(reversal!.data).toEqual({ ...row, until: '2023-01-01', reverses: 'designated', reason });
    const right = { on: '2022-01-01', region: 'xian', basis };
    const history = [designated('xixian'), at('2024-12-02', reversal!)];
    expect(
      given(...tree, ...history)
        .when('DesignateHub', right, province)
        .events(),
    ).toHaveLength(1);
    const again = [designated('xixian'), revoked('xixian')];
    expect(reverse('xixian', 'revoked', ...again).events()).toMatchObject([{ data: { ...row, until: null } }]);
    const [back] = reverse('xixian', 'designated', ...again, designated('xixian', '2024-06-01')).events();
    expect(back!.data).toMatchObject({ ...row, until: '2024-01-01' });
  });
  it('is named, and what rests on it or has gone stands in the way', () => {
    reverse('xixian', 'designated').refused('hub.no-step');
    reverse('xian', 'designated', designated('xixian')).refused('hub.no-step');
    reverse('xixian', 'revoked', designated('xixian')).refused('hub.other-step');
    const data = { link: 'l', kind: 'collaboration-base', from: 'xixian', to: 'xianyang', basis, byCarrier: false };
    const tied = reverse('xixian', 'designated', designated('xixian'), { type: 'link.opened.v2', data });
    expect(tied.refusal()).toMatchObject({ code: 'region.in-use', zh: '须先了结：联动关系 l' });
    reverse('xixian', 'revoked', designated('xixian'), revoked('xixian'), ended('xixian')).refused('region.ended');
  });
});
