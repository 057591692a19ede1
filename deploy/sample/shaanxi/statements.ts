import { POINTS, type Quoted } from './documents.js';
import { statementsOfOthers } from './statements-of-others.js';

/**
 * What the documents say of zones, bases, centres, rules and shared instruments, word for word. They designate and open nothing:
 * what is under way is recorded as that, what is supported, encouraged or aimed at remains a statement (docs/domain.md §7).
 */
export interface Statement {
  readonly of: Quoted;
  readonly statement: string;
  readonly clause: string;
  readonly modality: string;
  readonly wording: string;
  readonly subjectKind: string;
  readonly subject: string;
  /** Only where the document says which it is. */
  readonly subjectId?: string;
}

const FIVE =
  '培育建设宝鸡“两链”融合产业示范区、铜川“三项改革”成果转化试验区、安康协同创新示范区、榆林能源革命创新示范区、杨凌旱区农业创新引领区等';
const ABLE = '支持有条件的市(区)建设成果转化“加速器”、两链融合“促进器”';
const UPGRADED = '积极推进延安、商洛等升建国家高新区';

/** Zones that are under way: where, of what kind, and what they are called. */
export const underWay = [
  ['fengdong-incubators', '一、1', 'fengdong', '总基地', '沣东立体联动“孵化器”总基地', '孵化器'],
  ['fengxi-accelerators', '一、1', 'fengxi', '总基地', '沣西成果转化“加速器”总基地', '加速器'],
  ['xianyang-pioneer', '一、2', 'xianyang', '先行区', '咸阳科技成果转化先行区', '科技成果转化'],
  ['baoji-demonstration', '一、2', 'baoji', '示范区', '宝鸡“两链”融合产业示范区', '“两链”融合'],
  ['tongchuan-pilot', '一、2', 'tongchuan', '试验区', '铜川“三项改革”成果转化试验区', '“三项改革”成果转化'],
  ['ankang-demonstration', '一、2', 'ankang', '示范区', '安康协同创新示范区', '协同创新'],
  ['yulin-demonstration', '一、2', 'yulin', '示范区', '榆林能源革命创新示范区', '能源革命'],
  ['yangling-leading', '一、2', 'yangling', '引领区', '杨凌旱区农业创新引领区', '旱区农业'],
  ['yanan-high-tech', '四、13', 'yanan', '高新区', '延安国家高新区', undefined],
  ['shangluo-high-tech', '四、13', 'shangluo', '高新区', '商洛国家高新区', undefined],
  ['hub-talent-reform', '五、16', 'xixian', '试验区', '总窗口省级人才发展改革试验区', '人才发展改革'],
].map(([zone, clause, region, kind, name, theme]) => ({
  zone: zone!,
  clause: clause!,
  region: region!,
  kind: kind!,
  name: name!,
  ...(theme === undefined ? {} : { theme }),
}));

const zone = (id: string, wording: string, modality = 'under-way'): Omit<Statement, 'of'> => {
  const { clause, name } = underWay.find((one) => one.zone === id)!;
  return {
    statement: `points-2023-${id}`,
    clause,
    modality,
    wording,
    subjectKind: 'zone',
    subject: name,
    subjectId: id,
  };
};

const ofPoints: readonly Omit<Statement, 'of'>[] = [
  zone('fengdong-incubators', '打造沣东立体联动“孵化器”总基地建设样板'),
  zone('fengxi-accelerators', '加快推进沣西成果转化“加速器”总基地建设'),
  {
    statement: 'points-2023-promoter-bases',
    clause: '一、1',
    modality: 'under-way',
    wording: '培育一批两链融合“促进器”示范基地',
    subjectKind: 'zone',
    subject: '促进器示范基地，未给数字',
  },
  {
    statement: 'points-2023-hub-transfer',
    clause: '一、1',
    modality: 'supports-application',
    wording: '支持总窗口申报国家科技成果转移转化示范区',
    subjectKind: 'hub',
    subject: '总窗口',
  },
  {
    statement: 'points-2023-hub-firms',
    clause: '一、1',
    modality: 'target',
    wording: '全年新增科技成果转化企业300家',
    subjectKind: 'target',
    subject: '总窗口 科技成果转化企业，当年新增',
  },
  {
    statement: 'points-2023-main-base',
    clause: '一、2',
    modality: 'has',
    wording: '依托高新区主阵地',
    subjectKind: 'zone',
    subject: '高新区 主阵地',
  },
  {
    statement: 'points-2023-xian-centres',
    clause: '一、2',
    modality: 'supports',
    wording: '支持西安高标准建设综合性科学中心和科技创新中心',
    subjectKind: 'region',
    subject: '西安',
    subjectId: 'xian',
  },
  zone('xianyang-pioneer', '推进咸阳科技成果转化先行区建设'),
  zone('baoji-demonstration', FIVE),
  zone('tongchuan-pilot', FIVE),
  zone('ankang-demonstration', FIVE),
  zone('yulin-demonstration', FIVE),
  zone('yangling-leading', FIVE),
  {
    statement: 'points-2023-incubators',
    clause: '一、3',
    modality: 'requires',
    wording: '在每个市(区)布局建设1个特色化立体联动“孵化器”',
    subjectKind: 'rule',
    subject: '每个市(区) 孵化器',
    subjectId: 'incubator-per-city',
  },
  {
    statement: 'points-2023-accelerators',
    clause: '一、3',
    modality: 'supports',
    wording: ABLE,
    subjectKind: 'rule',
    subject: '有条件的市(区) 加速器',
    subjectId: 'accelerator-where-able',
  },
  {
    statement: 'points-2023-promoters',
    clause: '一、3',
    modality: 'supports',
    wording: ABLE,
    subjectKind: 'rule',
    subject: '有条件的市(区) 促进器',
    subjectId: 'promoter-where-able',
  },
  {
    statement: 'points-2023-bases',
    clause: '一、3',
    modality: 'supports',
    wording: '支持总窗口在各地市建立协同创新基地',
    subjectKind: 'link',
    subject: '协同创新基地（总窗口→各地市），未指明何市',
  },
  {
    statement: 'points-2023-enclaves',
    clause: '一、3',
    modality: 'encourages',
    wording: '鼓励各地市在总窗口建立离岸研发中心、飞地孵化器等',
    subjectKind: 'link',
    subject: '离岸研发中心、飞地孵化器等（各地市→总窗口），未指明何市',
  },
  zone('yanan-high-tech', UPGRADED),
  zone('shangluo-high-tech', UPGRADED),
  {
    statement: 'points-2023-overseas',
    clause: '五、14',
    modality: 'target',
    wording: '新建和认定20个引智基地、海外离岸创新中心、引智服务站等引智服务平台',
    subjectKind: 'target',
    subject: '引智服务平台，三类合计，新建和认定',
  },
  zone('hub-talent-reform', '推进总窗口建设省级人才发展改革试验区'),
  {
    statement: 'points-2023-xian-finance',
    clause: '六、18',
    modality: 'supports',
    wording: '支持西安创建科创金融改革创新试验区',
    subjectKind: 'zone',
    subject: '西安 科创金融改革创新试验区',
  },
];

/** Those of the document of 2023 first. */
export const statements: readonly Statement[] = [
  ...ofPoints.map((said) => ({ of: POINTS, ...said })),
  ...statementsOfOthers,
];
