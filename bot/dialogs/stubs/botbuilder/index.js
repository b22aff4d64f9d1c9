// Botkit requires "botbuilder" for one class it subclasses and two names it never calls with a foreign
// adapter. The real package brings the Azure cloud clients; this one brings the core alone.
const core = require('botbuilder-core')

class BotFrameworkAdapter extends core.BotAdapter {
  constructor() {
    super()
    throw new Error('the Bot Framework channel is not part of this product: hand Botkit an adapter')
  }
}

module.exports = { ...core, BotFrameworkAdapter, TeamsInfo: {}, TeamsActivityHandler: class {} }
