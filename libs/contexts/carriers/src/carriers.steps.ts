import { Day, On, Slug, Text, Whole } from '#libs/fields';

// What only a process sends: checked as a command is, but without a door. Nobody can wind up a carrier by a request.

const Carrier = () =>
  Slug({
    zh: '载体',
    en: 'Carrier',
    help: ['小写字母、数字或连字符', 'Lower-case letters, digits and hyphens'],
    lookUp: 'carriers',
  });

/** Ends all that is still let or offered on the day of closing, and the carrier with it. */
export class WindUpCarrier {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Whole(1, 1e6, { zh: '第几次清退通知', en: 'Which notice' }) readonly notice!: number;
}

/** That the agreement of home and host ended on the day that it was to end, unless it has been renewed: a notice of it. */
export class ExpireAgreement {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '协议终止日（不含）', en: 'Day, exclusive, on which the agreement ends' }) readonly until!: string;
}

/** That the two had not both signed before the day by which they were to: a notice of it. */
export class LapseProposal {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '答复期限（不含）', en: 'Day, exclusive, by which both were to sign' }) readonly until!: string;
}

/** A later-known fact shows that the proposal went on on the day that was noticed as that of its lapse. */
export class VoidLapse {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '所记的失效日', en: 'Day that was noticed as that of its lapse' }) readonly until!: string;
  @Text(100, { zh: '据以更正的事件', en: 'The event that shows it' }) readonly fact!: string;
}

/** A later-known fact shows that the agreement went on on the day that was noticed as its end. */
export class VoidExpiry {
  @On() readonly on!: string;
  @Carrier() readonly carrier!: string;
  @Day({ zh: '所记的协议终止日（不含）', en: 'Day, exclusive, that was noticed as its end' }) readonly until!: string;
  @Text(100, { zh: '据以更正的事件', en: 'The event that shows it' }) readonly fact!: string;
}
