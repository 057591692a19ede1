import { Controller, Get } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '#libs/eventing-nest';
import { asyncApi } from '#libs/messages';

/** What cities are sent, for programs: open as the API's own description is. */
@ApiExcludeController()
@Controller()
export class MessagesController {
  @Get('asyncapi.json')
  @Public()
  describe(): object {
    return asyncApi();
  }
}
