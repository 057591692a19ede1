import { basis, day, nullable, oneOf, slug, text } from './field.js';
import { list } from './list.js';
import { called, codeOf, known } from './notes.js';
import type { Texts } from './said.js';
import { regionLevels } from './topology.js';

/** The lists of codes that rules and documents speak of (docs/domain.md §6). */
export const codeLists = {
  'carrier-kinds': ['载体类别', 'Kinds of carriers'],
  'zone-kinds': ['区的类别', 'Kinds of zones'],
  'link-kinds': ['联动类别', 'Kinds of links'],
} as const satisfies Texts;

/** Where an end of a link may lie: in the hub, in the province but not in the hub, anywhere in the province, or beyond it. */
export const linkEnds = {
  hub: ['总窗口内', 'In the hub'],
  'outside-hub': ['总窗口以外', 'In the province, outside the hub'],
  any: ['省内任一区域', 'Any region of the province'],
  beyond: ['省外、境外', 'Beyond the province'],
} as const satisfies Texts;

/** Where beyond the province a carrier may be hosted: 省外, 境外, or either. */
export const hostsBeyond = {
  elsewhere: ['省外', 'In another province'],
  abroad: ['境外', 'Abroad'],
  either: ['省外或境外', 'In another province or abroad'],
} as const satisfies Texts;

export const codes = list({
  name: 'codes',
  zh: '代码表（载体、区、联动关系的类别）',
  en: 'A code of a list: a kind of carriers, zones or links',
  heading: ['代码表', 'Code lists'],
  type: 'cn.liandong.code.changed.v1',
  key: ['list', 'code'],
  visibleTo: 'all',
  filter: ['name'],
  sort: ['name', 'since'],
  search: ['name'],
  row: {
    list: known(
      codeLists,
      called(
        ['代码表', 'Code list'],
        text(30, '代码表，现有 carrier-kinds、zone-kinds、link-kinds', 'The list; open', 'carrier-kinds'),
      ),
    ),
    code: slug('代码', 'Code', 'offshore-centre'),
    name: called('Name', text(20, '名称', 'Its Chinese name, by which carriers and zones name it', '离岸研发中心')),
    fromEnd: nullable(
      called(['起点', 'Starts'], oneOf(linkEnds, '起点（联动类别）', 'Of a kind of link: where it starts')),
    ),
    toEnd: nullable(called(['终点', 'Ends'], oneOf(linkEnds, '终点（联动类别）', 'Of a kind of link: where it ends'))),
    level: nullable(
      known(
        regionLevels,
        called(
          ['总窗口以外一端的层级', 'Level outside the hub'],
          text(20, '总窗口以外一端的层级（联动类别）', 'Of a kind of link: the level outside the hub', 'city'),
        ),
      ),
    ),
    link: nullable(
      codeOf(
        'link-kinds',
        called(
          ['所属联动类别', 'Kind of link'],
          slug(
            '所属联动类别（双方设立的载体）',
            'Of a carrier of two regions: the kind of link that it is',
            'offshore-centre',
          ),
        ),
      ),
    ),
    beyond: nullable(
      called(
        ['可设在省外、境外', 'May lie beyond the province'],
        oneOf(
          hostsBeyond,
          '可设在省外、境外或两者（载体）',
          'Of a kind of carrier: where beyond the province it may be hosted',
        ),
      ),
    ),
    since: called(['启用日', 'Since'], day('自', 'The day since when it is defined')),
    until: nullable(
      called('Until (exclusive)', day('停用日（不含）', 'The first day on which it is used no more; null while it is')),
    ),
    basis: basis(),
  },
  example: {
    list: 'carrier-kinds',
    code: 'offshore-centre',
    name: '离岸研发中心',
    fromEnd: null,
    toEnd: null,
    level: null,
    link: 'offshore-centre',
    beyond: 'either',
    since: '2023-02-09',
    until: null,
    basis: { document: '秦创原创新驱动平台建设2023年工作要点', clause: '一、3' },
  },
});
