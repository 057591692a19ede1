import { basis, day, nullable, oneOf, text, uscc } from './field.js';
import { list } from './list.js';
import { called } from './notes.js';
import type { Texts } from './said.js';

export const admissionStatuses = {
  admitted: ['已承认', 'Admitted'],
  withdrawn: ['已撤回', 'Withdrawn'],
} as const satisfies Texts;

export const admittedCodes = list({
  name: 'admitted-codes',
  zh: '获承认的代码',
  en: 'A registered code that fails the check of GB 32100-2015 and that the province admits',
  heading: ['获承认的代码', 'Admitted credit codes'],
  type: 'cn.liandong.admitted-code.changed.v1',
  key: ['uscc'],
  visibleTo: 'all',
  filter: ['status'],
  sort: ['name', 'admittedOn'],
  search: ['name', 'uscc'],
  row: {
    uscc: called('Credit code', uscc('统一社会信用代码', 'As it was registered')),
    name: called('Organisation', text(100, '单位名称', 'Name of the organisation', '示例企业')),
    evidence: text(200, '证明', 'Evidence', '营业执照副本（登记机关核对）'),
    status: called('Status', oneOf(admissionStatuses, '状态', 'Where it stands')),
    admittedOn: called('Admitted on', day('承认日', 'The day on which it was admitted')),
    withdrawnOn: nullable(called('Withdrawn on', day('撤回日', 'The day on which that was withdrawn'))),
    reason: nullable(called('Why it was withdrawn', text(200, '撤回原因', 'Why it was withdrawn'))),
    basis: basis(),
  },
  example: {
    uscc: '91610400MA6Y0A0024',
    name: '示例企业',
    evidence: '营业执照副本（登记机关核对）',
    status: 'admitted',
    admittedOn: '2023-06-01',
    withdrawnOn: null,
    reason: null,
    basis: { document: '示例', clause: '一' },
  },
});
