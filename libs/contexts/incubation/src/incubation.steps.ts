import { On, Slug, Text, Uscc, Whole } from '#libs/fields';

// What only a process sends: checked as a command is, but without a door. Nobody settles a firm that has no space.

const Carrier = () => Slug({ zh: '载体标识' });
const Firm = () => Uscc({ zh: '企业统一社会信用代码' });
const Spell = () => Whole(1, 1e6, { zh: '第几次入孵' });

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
  @Text(100, { zh: '拒绝代码' }) readonly code!: string;
  @Text(1000, { zh: '原因' }) readonly reason!: string;
  @Text(1000, { zh: '原因（英文）' }) readonly reasonEn!: string;
}

/** The longest stay is over and the firm is still there. */
export class FlagOverstay {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Firm() readonly uscc!: string;
  @Spell() readonly spell!: number;
}
