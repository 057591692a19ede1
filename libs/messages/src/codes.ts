import { basis, day, nullable, oneOf, slug, text } from './field.js';
import { list } from './list.js';

const ends = ['hub', 'outside-hub', 'any', 'beyond'] as const;

export const codes = list({
  name: 'codes',
  zh: '代码表（载体、区、联动关系的类别）',
  en: 'A code of a list: a kind of carriers, zones or links',
  type: 'cn.liandong.code.changed.v1',
  key: ['list', 'code'],
  visibleTo: 'all',
  filter: ['name'],
  sort: ['name', 'since'],
  search: ['name'],
  row: {
    list: text(30, '代码表，现有 carrier-kinds、zone-kinds、link-kinds', 'The list; open', 'carrier-kinds'),
    code: slug('代码', 'Code', 'offshore-centre'),
    name: text(20, '名称', 'Its Chinese name, by which carriers and zones name it', '离岸研发中心'),
    fromEnd: nullable(oneOf(ends, '起点（联动类别）', 'Of a kind of link: where it starts')),
    toEnd: nullable(oneOf(ends, '终点（联动类别）', 'Of a kind of link: where it ends')),
    level: nullable(
      text(20, '总窗口以外一端的层级（联动类别）', 'Of a kind of link: the level outside the hub', 'city'),
    ),
    link: nullable(
      slug(
        '所属联动类别（双方设立的载体）',
        'Of a carrier of two regions: the kind of link that it is',
        'offshore-centre',
      ),
    ),
    beyond: nullable(
      oneOf(
        ['elsewhere', 'abroad', 'either'],
        '可设在省外、境外或两者（载体）',
        'Of a kind of carrier: where beyond the province it may be hosted',
      ),
    ),
    since: day('自', 'The day since when it is defined'),
    until: nullable(day('停用日（不含）', 'The first day on which it is used no more; null while it is')),
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
