import { KnownUscc, On, Slug, Text, Whole } from '#libs/fields';

// What only a process sends: checked as a command is, but without a door. Nobody settles a firm that has no space.

const Carrier = () =>
  Slug({
    zh: '载体',
    en: 'Carrier',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'carriers',
  });
const Firm = () =>
  KnownUscc({
    zh: '统一社会信用代码',
    en: 'Unified social credit code',
    help: ['18 位，两个校验码均核对', '18 characters; both check characters are verified'],
    lookUp: 'incubatees',
  });
const Spell = () => Whole(1, 1e6, { zh: '第几次入孵', en: 'Which stay' });

/** The space has been allocated. */
export class ConfirmAdmission {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @Spell() readonly spell!: number;
}

/** The space has been refused; code and texts are those of that refusal. */
export class RejectAdmission {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @Spell() readonly spell!: number;
  @Text(100, { zh: '拒绝代码', en: 'Code of the refusal' }) readonly code!: string;
  @Text(1000, { zh: '原因', en: 'Reason' }) readonly reason!: string;
  @Text(1000, { zh: '原因（英文）', en: 'Reason in English' }) readonly reasonEn!: string;
}

/** The longest stay is over and the firm is still there: a notice of it. */
export class FlagOverstay {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @Spell() readonly spell!: number;
}

/** A later-known exit shows that the firm had left in time. */
export class VoidOverstay {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @Spell() readonly spell!: number;
  @Text(100, { zh: '据以更正的事件', en: 'The event that shows it' }) readonly fact!: string;
}
