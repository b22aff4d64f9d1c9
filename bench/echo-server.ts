/** The control: a bare socket.io server that acknowledges what it gets. Prints its port. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
io.on('connection', (socket) => {
  socket.on('echo', (text: string, acknowledge: (text: string) => void) => acknowledge(text))
})
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
