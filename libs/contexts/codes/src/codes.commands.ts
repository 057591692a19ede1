import { command } from '#libs/eventing-nest';
import { Basis, On, OneOf, Slug, Text, type LegalBasis } from '#libs/fields';
import { codeLists, hostsBeyond, linkEnds, regionLevels } from '#libs/messages';
import type { CodeList, HostBeyond, LinkEnd } from './codes.events.js';

const END = {
  help: [
    '仅联动类别填：总窗口内、总窗口以外、省内任一区域，或省外、境外',
    'Of link kinds only: in the hub, in the province outside it, any region, or beyond the province',
  ],
  optional: true,
} as const;

@command({
  zh: '增列或修订代码（载体、区、联动关系的类别）',
  en: 'Define a code, or revise what is said of it',
  roles: ['province'],
  acts: [{ list: 'codes', key: { list: 'list', code: 'code' } }],
})
export class DefineCode {
  @On() readonly on!: string;
  @OneOf(codeLists, { zh: '代码表', en: 'Code list' }) readonly list!: CodeList;
  @Slug({
    zh: '代码',
    en: 'Code',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    isNew: true,
    example: 'pilot-base',
  })
  readonly code!: string;
  @Text(20, {
    zh: '名称',
    en: 'Chinese name',
    help: ['不能更改；另名另立代码', 'Never changes: another name is another code'],
    example: '中试基地',
  })
  readonly name!: string;
  @OneOf(linkEnds, { zh: '起点', en: 'Where it starts', ...END }) readonly fromEnd?: LinkEnd;
  @OneOf(linkEnds, { zh: '终点', en: 'Where it ends', ...END }) readonly toEnd?: LinkEnd;
  @OneOf(regionLevels, {
    zh: '总窗口以外一端的层级',
    en: 'Level of an end outside the hub',
    help: ['仅联动类别填，不限则不填', 'Of link kinds only; leave out for any'],
    optional: true,
  })
  readonly level?: string;
  @Slug({
    zh: '所属联动类别',
    en: 'The kind of link that it is',
    help: ['仅由两个区域共同设立的载体类别填', 'Of carrier kinds that two regions register together only'],
    codes: 'link-kinds',
    optional: true,
  })
  readonly link?: string;
  @OneOf(hostsBeyond, {
    zh: '可设在省外、境外',
    en: 'May lie beyond the province',
    help: ['仅载体类别填，只在省内则不填', 'Of carrier kinds only; leave out where it stays in the province'],
    optional: true,
  })
  readonly beyond?: HostBeyond;
  @Basis() readonly basis!: LegalBasis;
}

@command({ zh: '停用代码（自当日起）', en: 'End a code: from that day on it is used no more', roles: ['province'] })
export class EndCode {
  @On() readonly on!: string;
  @OneOf(codeLists, { zh: '代码表', en: 'Code list' }) readonly list!: CodeList;
  @Slug({
    zh: '代码',
    en: 'Code',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'codes',
    example: 'mass-makerspace',
  })
  readonly code!: string;
  @Basis() readonly basis!: LegalBasis;
}
