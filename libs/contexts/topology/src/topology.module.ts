import { Module } from '@nestjs/common';
import { contextModule } from '#libs/eventing-nest';
import { GetStructure, GetStructureHandler } from './read/structure.query.js';
import * as commands from './topology.commands.js';
import { topology } from './topology.decider.js';
import { TopologyDirectory } from './topology.directory.js';

@Module({
  ...contextModule({
    path: 'topology',
    decider: topology,
    commands,
    queries: [GetStructure],
    providers: [GetStructureHandler, TopologyDirectory],
  }),
  exports: [TopologyDirectory],
})
export class TopologyModule {}
