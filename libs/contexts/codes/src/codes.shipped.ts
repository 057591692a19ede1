import type { DefinedCode } from './codes.events.js';

const POINTS = '秦创原创新驱动平台建设2023年工作要点';
const PLAN = '秦创原创新驱动平台建设三年行动计划（2024—2026年）';
const XIAN = '西安市科学技术局2018年度工作要点';
const ACTION = '关于新时代深化科技创新体制机制改革加快科技成果转化应用体系建设行动方案';
const CHENGDU = '成都2023年科技创新工作（科创四川）';

const basis = (document: string, clause: string) => ({ document, clause });
const NOTHING = { fromEnd: null, toEnd: null, level: null, link: null, beyond: null } as const;

const kindOfCarrier = (
  code: string,
  name: string,
  of: DefinedCode['basis'],
  more: Partial<DefinedCode> = {},
): DefinedCode => ({ list: 'carrier-kinds', code, name, ...NOTHING, ...more, basis: of });
const kindOfZone = (code: string, name: string, of: DefinedCode['basis']): DefinedCode => {
  return { list: 'zone-kinds', code, name, ...NOTHING, basis: of };
};
const kindOfLink = (
  code: string,
  name: string,
  [fromEnd, toEnd]: readonly [DefinedCode['fromEnd'], DefinedCode['toEnd']],
  of: DefinedCode['basis'],
): DefinedCode => ({ list: 'link-kinds', code, name, ...NOTHING, fromEnd, toEnd, basis: of });

/**
 * What the platform knows before the province has stated a code: the kinds that its documents name, each with the clause that
 * does. A platform of an earlier release goes on with them, and the province's own definition takes the place of each.
 */
export const shippedCodes: readonly DefinedCode[] = [
  kindOfCarrier('incubator', '孵化器', basis(POINTS, '一、3')),
  kindOfCarrier('accelerator', '加速器', basis(POINTS, '一、3')),
  kindOfCarrier('promoter', '促进器', basis(POINTS, '一、3')),
  kindOfCarrier('enclave-incubator', '飞地孵化器', basis(POINTS, '一、3'), { link: 'enclave-incubator' }),
  kindOfCarrier('offshore-centre', '离岸研发中心', basis(POINTS, '一、3'), {
    link: 'offshore-centre',
    beyond: 'either',
  }),
  kindOfCarrier('collaboration-base', '协同创新基地', basis(POINTS, '一、3'), { link: 'collaboration-base' }),
  kindOfCarrier('university-park', '大学科技园', basis(POINTS, '三、8')),
  kindOfCarrier('mass-makerspace', '众创空间', basis(POINTS, '三、8')),
  kindOfCarrier('innovation-base', '小微企业创业创新基地', basis(POINTS, '三、8')),
  kindOfCarrier('proof-of-concept-centre', '概念验证中心', basis(POINTS, '二、6')),
  kindOfCarrier('pilot-base', '中试基地', basis(POINTS, '二、6')),
  kindOfCarrier('talent-base', '引智基地', basis(POINTS, '五、14')),
  kindOfCarrier('overseas-centre', '海外离岸创新中心', basis(POINTS, '五、14'), { beyond: 'abroad' }),
  kindOfCarrier('talent-station', '引智服务站', basis(POINTS, '五、14')),
  kindOfCarrier('collaboration-platform', '协同创新平台', basis(PLAN, '12')),
  kindOfCarrier('remote-centre', '异地研发中心', basis(ACTION, '二、(三)5'), { beyond: 'elsewhere' }),
  kindOfCarrier('offshore-innovation-centre', '离岸科创中心', basis(ACTION, '二、(三)5'), { beyond: 'either' }),
  kindOfZone('pioneer', '先行区', basis(POINTS, '一、2')),
  kindOfZone('demonstration', '示范区', basis(POINTS, '一、2')),
  kindOfZone('trial', '试验区', basis(POINTS, '一、2')),
  kindOfZone('leading', '引领区', basis(POINTS, '一、2')),
  kindOfZone('main-base', '主阵地', basis(POINTS, '一、2')),
  kindOfZone('general-base', '总基地', basis(POINTS, '一、1')),
  kindOfZone('demonstration-base', '示范基地', basis(POINTS, '一、1')),
  kindOfZone('high-tech-zone', '高新区', basis(POINTS, '四、13')),
  kindOfZone('window', '示范窗口', basis(PLAN, '11')),
  kindOfZone('cooperation-park', '合作园区', basis(XIAN, '七、(二)')),
  kindOfLink('collaboration-base', '协同创新基地', ['hub', 'outside-hub'], basis(POINTS, '一、3')),
  kindOfLink('enclave-incubator', '飞地孵化器', ['outside-hub', 'hub'], basis(POINTS, '一、3')),
  kindOfLink('offshore-centre', '离岸研发中心', ['outside-hub', 'hub'], basis(POINTS, '一、3')),
  kindOfLink('integration', '一体化发展', ['outside-hub', 'outside-hub'], basis(PLAN, '12')),
  kindOfLink('cooperation-park', '合作园区', ['any', 'any'], basis(XIAN, '七、(二)')),
  kindOfLink('cross-province', '创新协同', ['any', 'beyond'], basis(PLAN, '13')),
  kindOfLink('pairing', '结对', ['any', 'any'], basis(CHENGDU, '结对合作')),
];
