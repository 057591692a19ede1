import { command } from '#libs/eventing-nest';
import { Basis, OddUscc, On, Reason, Text, type LegalBasis } from '#libs/fields';

const CODE = {
  zh: '统一社会信用代码',
  en: 'Unified social credit code',
  help: ['如登记证所载，不合国家标准的校验', 'As the certificate has it, though it fails the check of the standard'],
  example: '91610400MA6Y0A0024',
} as const;

@command({
  zh: '承认不合校验的统一社会信用代码（凭登记证明），此后各处可用',
  en: 'Admit a registered code that fails the check of the standard, on its evidence: it may be used from then on',
  roles: ['province'],
})
export class AdmitCode {
  @On() readonly on!: string;
  @OddUscc({ ...CODE, isNew: true }) readonly uscc!: string;
  @Text(100, { zh: '单位名称', en: 'Name of the organisation', example: '示例企业' }) readonly name!: string;
  @Text(200, { zh: '证明', en: 'Evidence', example: '营业执照副本（登记机关核对）' }) readonly evidence!: string;
  @Basis() readonly basis!: LegalBasis;
}

@command({
  zh: '撤回对统一社会信用代码的承认；已登记的事实不变',
  en: 'Withdraw the admission of a code; what was recorded under it stays',
  roles: ['province'],
})
export class WithdrawCode {
  @On() readonly on!: string;
  @OddUscc({ ...CODE, lookUp: 'admitted-codes' }) readonly uscc!: string;
  @Reason() readonly reason!: string;
}
