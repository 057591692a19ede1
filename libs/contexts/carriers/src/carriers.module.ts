import { Module } from '@nestjs/common';
import { TopologyDirectory, TopologyModule } from '#libs/contexts/topology';
import { contextModule } from '#libs/eventing-nest';
import * as commands from './carriers.commands.js';
import { carrier } from './carriers.decider.js';
import { GetCapacity, GetCapacityHandler } from './read/capacity.query.js';
import { GetCarriers, GetCarriersHandler, GetCoverage, GetCoverageHandler } from './read/carriers.query.js';

@Module(
  contextModule({
    path: 'carriers',
    decider: carrier,
    commands,
    world: TopologyDirectory,
    imports: [TopologyModule],
    queries: [GetCapacity, GetCarriers, GetCoverage],
    providers: [GetCapacityHandler, GetCarriersHandler, GetCoverageHandler],
  }),
)
export class CarriersModule {}
