import type { Role } from '../api/session';
import type { Told } from './language';

export const roles: Readonly<Record<Role, Told>> = {
  province: { zh: '省级', en: 'Province' },
  operator: { zh: '经办', en: 'Operator' },
  auditor: { zh: '审计', en: 'Auditor' },
  'sub-platform': { zh: '分平台', en: 'Sub-platform' },
};
