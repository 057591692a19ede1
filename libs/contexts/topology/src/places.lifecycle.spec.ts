import { knownCodes } from '#libs/contexts/codes';
import { evolve, type Actor } from '#libs/eventing';
import { isPlace } from '#libs/messages';
import { specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import { regionsOf } from './topology.directory.js';
import type { TopologyEvent } from './topology.events.js';

const { given } = specification(topology, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-02-09';
const basis = { document: 'GB/T 2260—2007', clause: '一' };
const ours: TopologyEvent[] = [
  { type: 'region.registered.v1', data: { region: 'shaanxi', name: '陕西省', level: 'province', parent: null, basis } },
  {
    type: 'region.code-mapped.v1',
    data: { region: 'shaanxi', code: '610000', from: '1949-10-01', until: null, basis },
  },
];
const register = (place: string, name?: string, ...more: TopologyEvent[]) =>
  given(...ours, ...more).when('RegisterPlace', { on, place, name, basis }, province);
const registered = (place: string, name: string, lies: 'elsewhere' | 'abroad'): TopologyEvent => ({
  type: 'place.registered.v1',
  data: { place, name, lies, basis },
});

it.each([
  ['cn-310000', undefined, '上海市', 'elsewhere'],
  ['cn-320500', undefined, '苏州市', 'elsewhere'],
  ['cn-710000', undefined, '台湾省', 'abroad'],
  ['cn-810000', undefined, '香港特别行政区', 'abroad'],
  ['iso-de', undefined, '德国', 'abroad'],
  ['iso-de-munich', '慕尼黑', '慕尼黑', 'abroad'],
] as const)('%s is a place, named by its standard or as it is given', (place, name, called, lies) => {
  register(place, name).then(registered(place, called, lies));
  register(place, name, registered(place, called, lies)).then();
  expect(isPlace(place)).toBe(true);
});

it.each([
  ['cn-999999', 'place.no-division'],
  ['cn-310101', 'place.no-division'],
  ['cn-610100', 'place.inside'],
  ['iso-zz', 'place.no-country'],
  ['iso-cn', 'place.chinese'],
  ['iso-hk', 'place.chinese'],
  ['iso-tw', 'place.chinese'],
  ['iso-de-munich', 'place.name'],
  ['shanghai', 'place.form'],
] as const)('%s is none: %s', (place, why) => register(place).refused(why));

it('one place has one name', () => {
  register('iso-de-munich', '明兴', registered('iso-de-munich', '慕尼黑', 'abroad')).refused('place.exists');
});

it('is known where it may be named, and is no region', () => {
  const events = [...ours, registered('iso-de', '德国', 'abroad')];
  const regions = regionsOf(events.reduce((state, event) => evolve(topology, state, event, on), topology.initial));
  expect(['shaanxi', 'iso-de', 'iso-fr'].map((id) => [regions.has(id), regions.knows(id), regions.lies(id)])).toEqual([
    [true, true, undefined],
    [false, true, 'abroad'],
    [false, false, undefined],
  ]);
});
