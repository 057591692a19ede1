import { knownCodes } from '#libs/contexts/codes';
import type { Actor } from '#libs/eventing';
import type { RegionLevel } from '#libs/messages';
import { specification } from '#libs/testing';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import type { TopologyEvent } from './topology.events.js';

const { given } = specification(topology, commands, { codes: knownCodes() });
const province: Actor = { id: 'p', role: 'province' };
const on = '2023-02-09';
const basis = { document: 'GB/T 2260—2007', clause: '610000' };
const region = (name: string, parent: string | null, level: RegionLevel): TopologyEvent => ({
  type: 'region.registered.v1',
  data: { region: name, name, level, parent, basis },
});
const code = (of: string, number: string, from: string, until: string | null = null): TopologyEvent => ({
  type: 'region.code-mapped.v1',
  data: { region: of, code: number, from, until, basis },
});
const tree = [
  region('shaanxi', null, 'province'),
  region('ankang', 'shaanxi', 'city'),
  region('xianyang', 'shaanxi', 'city'),
  region('qindu', 'xianyang', 'county'),
  region('xixian', 'shaanxi', 'city'),
  region('changan', 'xixian', 'county'),
  region('park', 'xianyang', 'park'),
  code('shaanxi', '610000', '1949-10-01'),
];
const map = (of: string, number: string, from = '2008-02-01', until?: string, ...more: TopologyEvent[]) =>
  given(...tree, ...more).when('MapRegionCode', { on, region: of, code: number, from, until, basis }, province);
const xianyang = code('xianyang', '610400', '1984-01-01', '2000-01-01');

describe('a division code', () => {
  it('in force is one of the standard, at its level, inside the code above', () => {
    expect(map('xianyang', '610400').events()).toHaveLength(1);
    expect(
      map('qindu', '610402', '2008-02-01', undefined, code('xianyang', '610400', '2008-02-01')).events(),
    ).toHaveLength(1);
    map('xianyang', '999900').refused('code.not-current');
    map('qindu', '999999').refused('code.not-current');
    map('qindu', '110101').refused('code.outside-parent');
    map('xianyang', '440100').refused('code.outside-parent');
    map('qindu', '610302', '2008-02-01', undefined, code('xianyang', '610400', '2008-02-01')).refused(
      'code.outside-parent',
    );
    map('xianyang', '610402').refused('code.level');
    map('qindu', '610400').refused('code.level');
    map('park', '610400').refused('code.level');
  });

  it('of a town has nine digits, of which six are those of what it lies in', () => {
    const town = (number: string, ...more: TopologyEvent[]) =>
      map('town', number, '2008-02-01', undefined, region('town', 'qindu', 'town'), ...more);
    const above = [code('xianyang', '610400', '2008-02-01'), code('qindu', '610402', '2008-02-01')];
    expect(town('610402001', ...above).events()).toMatchObject([{ data: { code: '610402001' } }]);
    // Of a city without a code below it no more can be asked than that it lies in the city.
    expect(town('610404100', above[0]!).events()).toHaveLength(1);
    town('610403001', ...above).refused('code.outside-parent');
    town('610499001', above[0]!).says('610499');
    town('610402', ...above).refused('code.level');
    map('qindu', '610402001', '2008-02-01', undefined, above[0]!).refused('code.level');
    town('440402001').refused('code.outside-parent');
  });

  it('that is no more says until when it was one, and lies inside the code above all the same', () => {
    map('ankang', '612400', '1969-01-01').refused('code.not-current');
    expect(map('ankang', '612400', '1969-01-01', '2000-12-01').events()).toHaveLength(1);
    map('ankang', '422400', '1969-01-01', '2000-12-01').refused('code.outside-parent');
  });

  it('lies inside that of the nearest region above that has one, as functional areas have none', () => {
    expect(map('changan', '610116').events()).toHaveLength(1);
    given(...tree.slice(0, 3))
      .when('MapRegionCode', { on, region: 'xianyang', code: '610400', from: on, basis }, province)
      .refused('code.parent-first');
  });

  it('belongs to one region at a time, and a region has one at a time', () => {
    map('ankang', '610400', '1999-12-31', undefined, xianyang).refused('code.taken');
    expect(map('ankang', '610400', '2000-01-01', undefined, xianyang).events()).toHaveLength(1);
    map('xianyang', '610500', '1999-12-31', undefined, xianyang).refused('code.second');
    expect(map('xianyang', '610500', '2000-01-01', undefined, xianyang).events()).toHaveLength(1);
    map('xianyang', '610400', '2001-01-01', '2001-01-01').refused('code.period');
  });

  it('ends, and passes to another region then', () => {
    const open = code('xianyang', '610400', '1984-01-01');
    const end = (until: string, ...more: TopologyEvent[]) =>
      given(...tree, open, ...more).when(
        'EndRegionCode',
        { on, region: 'xianyang', from: '1984-01-01', until, basis },
        province,
      );
    const data = { region: 'xianyang', code: '610400', from: '1984-01-01', until: '2020-01-01', basis };
    const ended: TopologyEvent = { type: 'region.code-ended.v1', data };
    end('2020-01-01').then(ended);
    end('2020-01-01', ended).then();
    end('1984-01-01').refused('code.period');
    given(...tree)
      .when('EndRegionCode', { on, region: 'xianyang', from: '1984-01-01', until: on, basis }, province)
      .refused('code.not-mapped');
    map('ankang', '610400', '2020-01-01', undefined, open).refused('code.taken');
    expect(map('ankang', '610400', '2020-01-01', undefined, open, ended).events()).toHaveLength(1);
  });

  it('that was recorded by mistake is reversed and never was, unless others lie inside it', () => {
    const wrong = code('qindu', '610404', '2008-02-01');
    const above = code('xianyang', '610400', '1984-01-01');
    const reverse = (region: string, from: string, day: string, ...more: TopologyEvent[]) =>
      given(...tree, ...more).when('ReverseRegionCode', { on: day, region, from, reason: '错' }, province);
    const data = { region: 'qindu', code: '610404', from: '2008-02-01', reason: '错' };
    const reversed: TopologyEvent = { type: 'region.code-reversed.v1', data };
    reverse('qindu', '2008-02-01', on, above, wrong).then(reversed);
    reverse('qindu', '2008-02-02', on, above, wrong).refused('code.not-mapped');
    reverse('qindu', '2008-02-01', '1999-12-31', above, wrong).refused('fact.too-early');
    reverse('qindu', '2008-02-01', on, above, wrong, reversed).refused('code.not-mapped');
    reverse('xianyang', '1984-01-01', on, above, wrong).says('610404');
    expect(reverse('xianyang', '1984-01-01', on, above, wrong, reversed).events()).toHaveLength(1);
    expect(map('qindu', '610402', '2008-02-01', undefined, above, wrong, reversed).events()).toHaveLength(1);
  });
});
