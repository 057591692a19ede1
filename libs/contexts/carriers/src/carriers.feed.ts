import type { CarrierStatus, ContractData, FeedOf, Published } from '#libs/contracts';
import type { CarrierEvent } from './carriers.events.js';

type Identity = Extract<CarrierEvent, { type: 'carrier.opened.v1' }>['data'];

const moved =
  (status: ContractData<'cn.liandong.carrier.changed.v1'>['status']) =>
  ({ carrier, name, kind, home, host }: Identity): Published => ({
    type: 'cn.liandong.carrier.changed.v1',
    data: { carrier, name, kind, home, host, status },
  });

const stands = ({ carrier, name, kind, home, host }: Identity, status: CarrierStatus): Published => ({
  type: 'cn.liandong.carrier.changed.v2',
  data: { carrier, name, kind, home, host, status },
});

const space = (data: Extract<CarrierEvent, { type: 'space.added.v1' }>['data']): Published => {
  const { carrier, unit, areaSquareMetres, desks, from, until } = data;
  return { type: 'cn.liandong.space.changed.v1', data: { carrier, unit, areaSquareMetres, desks, from, until } };
};

const allocation = (data: Extract<CarrierEvent, { type: 'space.allocated.v1' }>['data']): Published => {
  const { carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until } = data;
  return {
    type: 'cn.liandong.allocation.changed.v1',
    data: { carrier, allocation, unit, uscc, firm, areaSquareMetres, desks, from, until },
  };
};

/** What home and host are told of a carrier. */
export const carriersFeed: FeedOf<CarrierEvent> = {
  'carrier.registered.v1': moved('open'),
  'carrier.proposed.v1': moved('proposed'),
  'carrier.signed-by-home.v1': moved('negotiating'),
  'carrier.signed-by-host.v1': moved('negotiating'),
  'carrier.filed.v2': moved('filed'),
  'carrier.opened.v1': moved('open'),
  'carrier.suspended.v1': moved('suspended'),
  'carrier.resumed.v1': moved('open'),
  'carrier.renewed.v1': (data) => stands(data, data.status),
  'carrier.agreement-expired.v1': (data) => stands(data, data.status),
  'carrier.winding-up.v1': (data) => stands(data, 'winding-up'),
  'carrier.notice-revoked.v1': (data) => stands(data, data.status),
  'carrier.wound-up.v1': (data) => stands(data, 'wound-up'),
  'space.added.v1': space,
  'space.withdrawn.v1': space,
  'space.allocated.v1': allocation,
  'space.released.v1': allocation,
};
