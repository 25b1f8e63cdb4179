// The npm package telegram-test-api as a Bot API server both Telegram libraries accept.
//
// usage: node telegram_server.js FOLDER_WITH_NODE_MODULES
// Prints its port, serves until standard input closes.
//
// The package keeps the chats and answers most methods; in front of it stands what it lacks:
// results in the shape of the Bot API, updates that stay until an offset confirms them, webhooks
// with their secret and repeats, files, and a few endpoints under /test/ for the tests themselves.
'use strict';

const http = require('node:http');
const { createRequire } = require('node:module');
const path = require('node:path');

const installed = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'));
const express = installed('express');
const TelegramServer = installed('telegram-test-api');

const server = new TelegramServer();
const storage = server.storage;
const calls = []; // every Bot API call: {token, method, params}
const files = new Map(); // file id -> {name, mime, bytes, token}
const arrivals = new Map(); // token -> callbacks of long polls that wait
const deliveries = new Map(); // token -> the webhook delivery in progress

const seconds = () => Math.floor(Date.now() / 1000);
const bot = (token) => ({
  id: Number(token.split(':')[0]), is_bot: true, first_name: 'Test bot', username: 'TestNameBot',
});
const parsed = (value) => (typeof value === 'string' ? JSON.parse(value) : value);

class Refusal extends Error {
  constructor(code, description) {
    super(description);
    this.code = code;
  }
}

// ---- updates: their shape, and when they leave the queue

function formatUpdate(update) {
  if (update.raw) return { update_id: update.updateId, ...update.raw };
  if (update.callbackQuery) {
    const { botToken, ...query } = update.callbackQuery;
    return {
      update_id: update.updateId,
      callback_query: { ...query, id: String(update.callbackId), chat_instance: '1' },
    };
  }
  const { botToken, ...message } = update.message;
  return {
    update_id: update.updateId,
    message: { date: seconds(), ...message, message_id: update.messageId },
  };
}

function pending(token) {
  return storage.userMessages.filter((update) => update.botToken === token && !update.isRead);
}

// A callback query is no message: without a message id of its own it cannot be taken for one.
server.addUserUpdate = async (update) => {
  if (update.callbackQuery) update.messageId = -update.callbackId;
  update.updateId = server.updateId++;
  storage.userMessages.push(update);
  (arrivals.get(update.botToken) || []).splice(0).forEach((wake) => wake());
  deliver(update.botToken);
};

// In order, one at a time, again until accepted: as Telegram does, only faster.
function deliver(token) {
  if (deliveries.has(token) || !server.webhooks[token] || !pending(token).length) return;
  const work = (async () => {
    for (let [update] = pending(token); update && server.webhooks[token]; [update] = pending(token)) {
      const { url, secret_token: secret } = server.webhooks[token];
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(secret ? { 'X-Telegram-Bot-Api-Secret-Token': secret } : {}),
        },
        body: JSON.stringify(formatUpdate(update)),
      }).catch(() => ({ ok: false }));
      if (response.ok) update.isRead = true;
      else await new Promise((again) => setTimeout(again, 100));
    }
  })();
  deliveries.set(token, work.finally(() => deliveries.delete(token)));
}

async function getUpdates(token, { offset, limit = 100, timeout = 0 }, gone) {
  if (server.webhooks[token]) {
    throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active");
  }
  for (const update of pending(token)) {
    if (offset !== undefined && update.updateId < Number(offset)) update.isRead = true;
  }
  if (!pending(token).length && Number(timeout) > 0) {
    if (!arrivals.has(token)) arrivals.set(token, []);
    await new Promise((wake) => {
      arrivals.get(token).push(wake);
      gone.addEventListener('abort', wake);
      setTimeout(wake, Number(timeout) * 1000).unref();
    });
  }
  return pending(token).slice(0, Number(limit)).map(formatUpdate);
}

// ---- messages of the bot

function botMessage(token, entry) {
  const { text, caption, reply_markup: markup, ...sent } = entry.message;
  return {
    message_id: entry.messageId,
    date: Math.floor(entry.time / 1000),
    from: bot(token),
    chat: { id: Number(sent.chat_id), first_name: 'Applicant', type: 'private' },
    ...(text === undefined ? {} : { text }),
    ...(caption === undefined ? {} : { caption }),
    ...(sent.document ? { document: sent.document } : {}),
    ...(sent.photo ? { photo: sent.photo } : {}),
    ...(markup && markup.inline_keyboard ? { reply_markup: markup } : {}),
  };
}

function find(params) {
  const entry = storage.botMessages.find((one) => String(one.messageId) === String(params.message_id)
    && String(one.message.chat_id) === String(params.chat_id));
  if (!entry) throw new Refusal(400, 'Bad Request: message to edit not found');
  return entry;
}

// An edit without a keyboard takes the keyboard away; the package would keep the old one.
function edit(token, params, method) {
  const entry = find(params);
  const before = JSON.stringify(botMessage(token, entry));
  entry.message.reply_markup = undefined;
  server[method](params);
  const after = botMessage(token, entry);
  if (JSON.stringify(after) === before) {
    throw new Refusal(400, 'Bad Request: message is not modified');
  }
  return after;
}

function lastOf(token) {
  return storage.botMessages.filter((one) => one.botToken === token).at(-1);
}

function keep(token, { name, mime, bytes }) {
  const id = `file-${files.size + 1}`;
  files.set(id, { token, name, mime, bytes });
  return { file_id: id, file_unique_id: id, file_name: name, mime_type: mime, file_size: bytes.length };
}

function asPhoto({ file_id, file_unique_id, file_size }) {
  return [{ file_id, file_unique_id, file_size, width: 1400, height: 990 }];
}

function sendFile(token, params, uploads, kind) {
  const upload = uploads[0];
  if (!upload) throw new Refusal(400, `Bad Request: there is no ${kind} in the request`);
  const kept = keep(token, upload);
  server.addBotMessage({ ...params, [kind]: kind === 'photo' ? asPhoto(kept) : kept }, token);
  return botMessage(token, lastOf(token));
}

// ---- the Bot API: methods the package lacks or answers in another shape

const nothing = () => true;
const methods = {
  getMe: (token) => bot(token),
  getUpdates: (token, params, _uploads, gone) => getUpdates(token, params, gone),
  sendDocument: (token, params, uploads) => sendFile(token, params, uploads, 'document'),
  sendPhoto: (token, params, uploads) => sendFile(token, params, uploads, 'photo'),
  getFile: (token, { file_id: id }) => {
    const file = files.get(id);
    if (!file || file.token !== token) throw new Refusal(400, 'Bad Request: invalid file_id');
    return {
      file_id: id, file_unique_id: id, file_size: file.bytes.length, file_path: `files/${id}`,
    };
  },
  editMessageText: (token, params) => edit(token, params, 'editMessageText'),
  editMessageReplyMarkup: (token, params) => edit(token, params, 'editMessageReplyMarkup'),
  getWebhookInfo: (token) => ({
    url: (server.webhooks[token] || {}).url || '',
    has_custom_certificate: false,
    pending_update_count: pending(token).length,
  }),
  sendChatAction: nothing,
  setMyCommands: nothing,
  deleteMyCommands: nothing,
  getMyCommands: () => [],
  setMyDescription: nothing,
  setMyShortDescription: nothing,
  setChatMenuButton: nothing,
};

function mended(token, method, body) {
  if (!('ok' in body)) {
    return { ok: false, error_code: 404, description: `Not Found: ${body.message}` };
  }
  if (body.ok && method === 'sendMessage') return { ok: true, result: botMessage(token, lastOf(token)) };
  if (body.ok && method === 'setWebhook') setImmediate(deliver, token);
  return body.ok && body.result === null ? { ok: true, result: true } : body;
}

// Uploads come as multipart forms, which the package does not read.
async function readForm(req) {
  const type = req.headers['content-type'] || '';
  if (!type.startsWith('multipart/form-data')) return [];
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const form = await new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } }).formData();
  const uploads = [];
  req.body = {};
  for (const [field, value] of form) {
    if (typeof value === 'string') req.body[field] = value;
    else {
      const bytes = Buffer.from(await value.arrayBuffer());
      uploads.push({ name: value.name, mime: value.type, bytes });
    }
  }
  return uploads;
}

const front = express();
front.use(express.json({ limit: '30mb' }), express.urlencoded({ extended: true }));

front.all('/bot:token/:method', async (req, res, next) => {
  const { token, method } = req.params;
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  try {
    const uploads = await readForm(req);
    const params = { ...req.query, ...req.body };
    if ('reply_markup' in params) params.reply_markup = parsed(params.reply_markup);
    calls.push({ token, method, params });
    if (methods[method]) {
      const result = await methods[method](token, params, uploads, gone.signal);
      return res.json({ ok: true, result });
    }
    req.body = params;
    const json = res.json.bind(res);
    res.json = (body) => {
      const answer = mended(token, method, body);
      return json.call(res.status(answer.ok ? 200 : answer.error_code), answer);
    };
    return next();
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 500;
    return res.status(code).json({ ok: false, error_code: code, description: error.message });
  }
});

front.get('/file/bot:token/files/:id', (req, res) => {
  const file = files.get(req.params.id);
  if (!file || file.token !== req.params.token) return res.status(404).json({ ok: false });
  return res.type(file.mime || 'application/octet-stream').send(file.bytes);
});

// ---- for the tests: what the bot called and shows, and updates the package cannot make

front.post('/test/calls', (req, res) => {
  res.json(calls.filter((call) => call.token === req.body.token));
});
front.post('/test/messages', (req, res) => {
  const { token, chat_id: chat } = req.body;
  const shown = storage.botMessages.filter(
    (one) => one.botToken === token && String(one.message.chat_id) === String(chat),
  );
  res.json(shown.map((one) => botMessage(token, one)));
});
front.post('/test/pending', (req, res) => res.json(pending(req.body.token).map(formatUpdate)));
front.post('/test/update', async (req, res) => {
  const { token, update } = req.body;
  const message = { chat_id: 'none' }; // the package looks for a chat in everything it keeps
  await server.addUserUpdate({ ...server.getCommonFields(token), message, raw: update });
  res.json({ ok: true });
});
front.post('/test/file', async (req, res) => {
  const { token, message, kind, name, mime, base64 } = req.body;
  const kept = keep(token, { name, mime, bytes: Buffer.from(base64, 'base64') });
  const content = { [kind]: kind === 'photo' ? asPhoto(kept) : kept };
  await server.addUserMessage({ ...message, botToken: token, ...content });
  res.json({ ok: true });
});

front.use(server.webServer);

const listening = http.createServer(front).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${listening.address().port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
