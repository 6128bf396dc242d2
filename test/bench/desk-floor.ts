/**
 * The floor under the desk, on the restify we use: it stores nothing and decides nothing. `POST /bytes` keeps an answer
 * that `GET /bytes` gives from then on; `GET /events` opens a stream of server-sent events; `POST /said` tells all of
 * them. Prints `listening PORT` when ready.
 */
import type { ServerResponse } from 'node:http';
import restify from 'restify';

let answer = '';
const streams = new Set<ServerResponse>();
const server = restify.createServer();
server.use(restify.plugins.bodyParser({ mapParams: false, maxBodySize: 10_000_000 }));

server.post('/bytes', async (req, res) => {
  answer = JSON.stringify(req.body);
  res.sendRaw(200, '{}', { 'content-type': 'application/json' });
});
server.get('/bytes', async (_req, res) => {
  res.sendRaw(200, answer, { 'content-type': 'application/json' });
});
server.get('/events', async (_req, res) => {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.flushHeaders();
  streams.add(res);
  res.once('close', () => streams.delete(res));
});
server.post('/said', async (req, res) => {
  const { conversationId } = req.body as { conversationId: string };
  const told = `event: changed\ndata: ${JSON.stringify({ conversationId, seq: 1, status: 'assigned', agentId: '' })}\n\n`;
  for (const stream of streams) stream.write(told);
  res.sendRaw(200, '{}', { 'content-type': 'application/json' });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening ${String((server.address() as { port: number }).port)}\n`);
});
