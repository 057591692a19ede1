import { refusals } from '#libs/eventing';
import type { NaturalKey } from '#libs/eventing-nest';

const refuse = refusals({
  'firm.other-name': [
    'conflict',
    '{uscc} 此前登记的名称是“{known}”；确已更名的请确认（nameConfirmed）',
    '{uscc} is known as “{known}”: confirm it (nameConfirmed) where it has another name now',
  ],
});

/** The refusals of whoever names a firm. */
export const ofFirms = { texts: refuse.texts };

/**
 * A firm is known by its code under one name. Another is asked back, since most are slips of the pen; once it is confirmed, the
 * firm is known by that.
 *
 * @param field the field of the command that says the name
 */
export function nameOfFirm(uscc: string, name: string, isConfirmed: boolean | undefined, field = 'firm'): NaturalKey {
  const held = (known: string) => ({ ...refuse('firm.other-name', { uscc, known }), field });
  return {
    kind: 'firm',
    value: uscc,
    holder: name,
    held,
    uses: async () => ({ times: 0, isInForce: true }),
    isConfirmed,
  };
}
