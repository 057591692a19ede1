import countries from 'i18n-iso-countries';
import { Map } from 'immutable';
import { lifecycle, refusals, type Refusal } from '#libs/eventing';
import { divisionOf, levelOf, liesIn } from './divisions.js';
import type { Province, Topology } from './topology.decider.js';
import type { Beyond } from './topology.events.js';

interface Place {
  readonly name: string;
  readonly lies: Beyond;
}
/** Those that were registered, by id. */
export type Places = Map<string, Place>;

const refuse = refusals({
  'place.form': [
    'invalid',
    '外省及其市须用行政区划代码（cn-310000），国家用两位代码（iso-de），其城市在其后注明（iso-de-munich）',
    'Must be cn- and a division code (another province or its city), iso- and a country code, or that and a city (iso-de-munich)',
    'place',
  ],
  'place.no-division': [
    'invalid',
    '现行 GB/T 2260 中没有省、市 {code}',
    'GB/T 2260 has no province or city {code}',
    'place',
  ],
  'place.inside': [
    'invalid',
    '{code} 在本省之内，须登记为区域',
    '{code} lies in the province: it is a region',
    'place',
  ],
  'place.no-country': ['invalid', 'ISO 3166-1 中没有 {code}', 'ISO 3166-1 has no {code}', 'place'],
  'place.chinese': ['invalid', '{code} 须按行政区划代码登记：{instead}', '{code} is registered as {instead}', 'place'],
  'place.name': ['invalid', '境外城市须给出名称', 'A city abroad is given with its name', 'name'],
  'place.exists': [
    'conflict',
    '地点 {place} 已登记为“{name}”；另一地点须另立标识',
    'Place {place} is registered as {name}: another has another id',
    'place',
  ],
});

/** ISO 3166-1 has codes for these beside that of China. They are 境外 all the same. */
const CHINESE: Readonly<Record<string, string>> = {
  CN: 'cn-<GB/T 2260>',
  TW: 'cn-710000',
  HK: 'cn-810000',
  MO: 'cn-820000',
};
const OVERSEAS = ['710000', '810000', '820000'];

/**
 * Places beyond the province (docs/decisions/0024): other provinces and their cities, countries and their cities. They have no
 * operator, no feed and no space of ours; contracts, uses and centres name them as they name a region.
 */
export const places = lifecycle<Places, Province>()({
  refuses: refuse,
  initial: Map(),
  decide: {
    RegisterPlace: ({ place, name, basis }, places, { whole }) => {
      const [, code] = /^cn-(\d{6})$/.exec(place) ?? [];
      const [, country, city] = /^iso-([a-z]{2})(?:-(.+))?$/.exec(place) ?? [];
      if (!code && !country) return refuse('place.form');
      const found = code ? division(code, whole) : state(country!.toUpperCase(), city, name);
      if ('refused' in found) return found;
      const known = places.get(place);
      if (known?.name === found.name) return [];
      if (known) return refuse('place.exists', { place, name: known.name });
      return [{ type: 'place.registered.v1', data: { place, ...found, basis } }];
    },
  },
  evolve: {
    'place.registered.v1': (places, { place, name, lies }) => places.set(place, { name, lies }),
  },
});

function division(code: string, { regions, codes }: Topology): Place | Refusal {
  const found = divisionOf(code);
  const ours = codes.find(({ region }) => regions.get(region)?.level === 'province');
  if (!found || levelOf(code) === 'county') return refuse('place.no-division', { code });
  if (ours && liesIn(code, ours.code)) return refuse('place.inside', { code });
  return { name: found.name, lies: OVERSEAS.some((one) => liesIn(code, one)) ? 'abroad' : 'elsewhere' };
}

function state(code: string, city: string | undefined, said?: string): Place | Refusal {
  const name = countries.getName(code, 'zh');
  const instead = CHINESE[code];
  if (instead !== undefined) return refuse('place.chinese', { code, instead });
  if (name === undefined) return refuse('place.no-country', { code });
  if (city !== undefined && said === undefined) return refuse('place.name');
  return { name: city === undefined ? name : said!, lies: 'abroad' };
}
